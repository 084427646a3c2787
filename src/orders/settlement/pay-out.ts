import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Payout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, put } from '../../shared/commit.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { type PayeeInput, parsePayee } from './pay-out.schema.js'
import { askPayable, choosePayable, movedShares, type PayableChoice, payableParts } from './payable-shares.js'
import {
  type BegunPayout,
  begunOf,
  type PayoutNotOffered,
  type PayoutPorts,
  retryMs,
  tellPayout,
} from './tell-payout.js'

/** What a payout passes over. */
export type PassedOver = {
  /**
   * Orders that cannot be read, or of which nobody can read what is whose: nothing of them is paid or set off. Told to whoever
   * may see all orders, and empty to others.
   */
  readonly unreadable: readonly string[]
}

/** A payout that was begun, and what it passes over. */
export type PaidOut = BegunPayout & PassedOver

/** A payee has nothing to get: nothing that can be read is due, a return or a dispute is open of it, or it owes as much. */
export type NothingToPayOut = PassedOver & {
  readonly type: 'NothingToPayOut'
  readonly payee: string
  readonly currency: string
}

/** Why a payee is not paid. */
export type PayOutError = CommandError | PayoutNotOffered | NothingToPayOut

/**
 * Pays a payee what stands to its account, less what it owes: written down first, then told to be sent under a reference
 * that never changes. What is due of orders of which a return or a dispute is open is held back; what is owed of them is not. A payout is for at most a
 * hundred orders; what a payee owes beyond what those bring is set off before. What cannot be read is passed over, and named.
 * What came of a payout is asked again by `settlePayouts`, until it is known.
 *
 * @errors PayoutNotOffered, NothingToPayOut, CommandError
 */
export const payOut = (
  ports: PayoutPorts,
  context: CommandContext,
  input: PayeeInput,
): ResultAsync<PaidOut, PayOutError> => {
  // What an earlier try wrote down may have been told.
  const made = new Set<string>()
  return send(ports, context, input, null, made)
    .orElse((error) =>
      error.type === 'NothingToPayOut'
        ? choosePayable(ports, { payee: error.payee, currency: error.currency }).andThen((choice) =>
            choice.chosen === null ? err<PaidOut, PayOutError>(error) : send(ports, context, input, choice, made),
          )
        : err(error),
    )
    .andThen((begun) =>
      tellPayout(ports, begun.payoutId, made.has(begun.payoutId))
        .map((told): PaidOut => ({ ...told, unreadable: begun.unreadable }))
        .orElse(() => okAsync<PaidOut, PayOutError>(begun)),
    )
}

const send = (
  ports: PayoutPorts,
  context: CommandContext,
  input: unknown,
  choice: PayableChoice | null,
  made: Set<string>,
): ResultAsync<PaidOut, PayOutError> =>
  runCommand(ports, context, input, {
    action: 'orders.payOut',
    parse: parsePayee,
    plan: ({ input: asked }) => askPayable(asked, choice?.chosen ?? null),
    decide: (
      read,
      { now, input: asked, actor, scope },
    ): Result<{ changes: readonly DecidedChange[]; answer: PaidOut }, PayOutError> => {
      if (ports.payouts === undefined) return err({ type: 'PayoutNotOffered' })
      const { parts, amountMinor, isAll, unreadable: unread } = payableParts(read, asked)
      const unreadable = scope.kind === 'all' ? [...new Set([...unread, ...(choice?.unreadable ?? [])])] : []
      // Of what is owed beyond what was looked at, all is set off first.
      if (amountMinor <= 0 || (choice === null && !isAll)) return err({ type: 'NothingToPayOut', ...asked, unreadable })
      const { payee, currency } = asked
      const payoutId = ports.ids.next('payout')
      made.add(payoutId)
      const payout: Payout = {
        status: 'submitted',
        payoutId,
        payee,
        currency,
        amountMinor,
        parts: parts.map(({ settlement, amountMinor: part }) => ({ orderId: settlement.id, amountMinor: part })),
        submittedAt: now,
        // It is told at once by who begins it: nobody else does so meanwhile.
        tellAt: now + retryMs,
        isAsked: true,
      }
      return ok({
        changes: [
          put(payouts, { id: payoutId, version: 0, state: payout }),
          ...movedShares(parts, { payee, payoutId, at: now }),
          auditEntry(ports.ids, {
            actor,
            action: 'orders.payOut',
            subject: payoutId,
            at: now,
            outcome: 'done',
            detail: `${currency} ${amountMinor} ${payee}`,
          }),
        ],
        answer: { ...begunOf(payout), unreadable },
      })
    },
  })
