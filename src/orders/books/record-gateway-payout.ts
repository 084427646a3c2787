import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { appendEntries } from '../../payments/move-payment.js'
import { postGatewayPayout } from '../../payments/posting.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { claim, type DecidedChange } from '../../shared/commit.js'
import { claims } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { askPastGateway, checkGatewayOfBooks } from '../paying/past-gateway.js'
import type { GatewayUnknown } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { parseRecordGatewayPayout, type RecordGatewayPayoutInput } from './record-gateway-payout.schema.js'

/** A payout of a gateway in the books. */
export type RecordedGatewayPayout = Required<RecordGatewayPayoutInput> & {
  /** False where it stood there already. */
  readonly recorded: boolean
}

/** The payout was recorded before, with other amounts. */
export type PayoutReferenceUsed = {
  readonly type: 'PayoutReferenceUsed'
  readonly reference: string
  /** What was recorded, minor units. */
  readonly amountMinor: number
  readonly feeMinor: number
}

/** Why a payout of a gateway is not recorded. */
export type RecordGatewayPayoutError = GatewayUnknown | PayoutReferenceUsed | CommandError

const payoutSpace = 'gatewayPayout'

/**
 * Records that a gateway has paid money out to the shop's bank account, as its settlement file or the bank's statement
 * says: it is the gateway's no more, and what the gateway kept of it is a fee. A reference in a currency counts once. The
 * shop may have the gateway no more.
 *
 * @errors GatewayUnknown where nobody ever paid by it either, PayoutReferenceUsed when it was recorded with other amounts, CommandError
 */
export const recordGatewayPayout = (
  ports: MoneyPorts,
  context: CommandContext,
  input: RecordGatewayPayoutInput,
): ResultAsync<RecordedGatewayPayout, RecordGatewayPayoutError> =>
  runCommand(ports, context, input, {
    action: 'orders.recordGatewayPayout',
    ofWholeShop: true,
    parse: parseRecordGatewayPayout,
    plan: ({ input: payout }) => ({
      recordedAs: claims(payoutSpace, [keyOf(payout)]),
      ...askPastGateway(ports, payout.gatewayId),
    }),
    decide: (
      { recordedAs, ...past },
      { input: payout, actor, now },
    ): Result<{ changes: readonly DecidedChange[]; answer: RecordedGatewayPayout }, RecordGatewayPayoutError> => {
      const { gatewayId, currency, amountMinor, feeMinor = 0, reference } = payout
      const gateway = checkGatewayOfBooks(ports, gatewayId, past)
      if (gateway.isErr()) return err(gateway.error)
      const key = keyOf(payout)
      const answer = { gatewayId, currency, amountMinor, feeMinor, reference }
      const before = recordedAs.get(key)
      if (before !== undefined) {
        const [paidMinor = 0, keptMinor = 0] = before.split('/').map(Number)
        return paidMinor === amountMinor && keptMinor === feeMinor
          ? ok({ changes: [], answer: { ...answer, recorded: false } })
          : err({ type: 'PayoutReferenceUsed', reference, amountMinor: paidMinor, feeMinor: keptMinor })
      }
      return ok({
        changes: [
          claim({ space: payoutSpace, key, owner: `${amountMinor}/${feeMinor}` }),
          ...appendEntries(
            postGatewayPayout({ payoutId: reference, gatewayId, currency, amountMinor, feeMinor, at: now }),
          ),
          auditEntry(ports.ids, {
            actor,
            action: 'orders.recordGatewayPayout',
            subject: key,
            at: now,
            outcome: 'done',
            detail: `${currency} ${amountMinor}, ${feeMinor} kept`,
          }),
        ],
        answer: { ...answer, recorded: true },
      })
    },
  })

const keyOf = ({ gatewayId, currency, reference }: RecordGatewayPayoutInput): string =>
  `${gatewayId}:${currency}:${reference}`
