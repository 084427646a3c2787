import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import { settlements } from '../../payments/settlement.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { row, rows } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { orders } from '../order.collection.schema.js'
import type { MoneyPorts } from '../ports.js'
import { type GiveUpSplitInput, parseGiveUpSplit } from './give-up-split.schema.js'
import { findSplits } from './split-accounts.js'
import { isDivided, payingOf } from './split-shares.js'

/** Nothing that was paid for the order waits to be divided by a gateway that the shop lacks; or it is given up already. */
export type NoSplitToGiveUp = { readonly type: 'NoSplitToGiveUp'; readonly orderId: string }

/** Why a division is not given up. */
export type GiveUpSplitError = CommandError | NotFound | NoSplitToGiveUp

/** An order whose money waits for no gateway any more that the shop lacks. */
export type GivenUpSplit = { readonly orderId: string }

const action = 'orders.giveUpSplit'

/**
 * Lets the payees of an order wait no longer for a gateway that was to divide its payment and that the shop lacks, or that
 * divides nothing any more. With the next turn of `splitShares` what is due to them stands to their accounts, and is paid
 * by `payOut`. A gateway that is back before that divides it all the same; after that it is only told that nothing more is
 * divided, so that what it kept is the shop's. What it was told to give somebody already is for `decidePayout`.
 *
 * @errors NotFound, NoSplitToGiveUp, CommandError
 */
export const giveUpSplit = (
  ports: MoneyPorts,
  context: CommandContext,
  input: GiveUpSplitInput,
): ResultAsync<GivenUpSplit, GiveUpSplitError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseGiveUpSplit,
    plan: ({ input: { orderId } }) => ({
      settlement: row(settlements, orderId),
      order: row(orders, orderId),
      paidBy: rows(payments, { from: 'order', path: 'paymentIds.*' }),
    }),
    decide: (
      { settlement, order, paidBy },
      { input: { orderId, note }, actor, now },
    ): Result<Decision<GivenUpSplit>, NotFound | NoSplitToGiveUp> => {
      if (settlement === undefined || order === undefined)
        return err({ type: 'NotFound', entity: 'order', id: orderId })
      const { lackingSince: _, ...state } = settlement.state
      const isLacking = payingOf(order.state, paidBy).some(
        (payment) => isDivided(ports, order.state, payment) && findSplits(ports, payment.gatewayId).isErr(),
      )
      if (!('splitAt' in state) || state.givenUpAt !== undefined || !isLacking) {
        return err({ type: 'NoSplitToGiveUp', orderId })
      }
      const { id, version } = settlement
      return ok({
        changes: [
          put(settlements, { id, version, state: { ...state, splitAt: now, givenUpAt: now } }),
          auditEntry(ports.ids, { actor, action, subject: orderId, at: now, outcome: 'done', detail: note }),
        ],
        answer: { orderId },
      })
    },
  })
