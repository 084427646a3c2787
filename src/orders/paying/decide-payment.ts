import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { InventoryPorts } from '../../inventory/ports.js'
import type { HeldReceipt } from '../../payments/held-receipt.js'
import { heldReceipts } from '../../payments/held-receipt.schema.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { unheardSince } from '../../payments/payment-status.js'
import { surelyTakenMinor, takenAsAsked } from '../../payments/said-payment.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type Change, claim } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { claims, row, type Stored } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { checkDecidable } from '../decidable-from.js'
import { askOrderOfMoney, closeDraft, type OrderMoveError, openDraft } from '../order-draft.js'
import { learnOfPayment } from '../order-moves.js'
import { ownerOf } from '../suspense/fit-receipt.js'
import { partsKeyOf, receiptAmountSpace, receiptKeyOf, receiptSpace, releaseReceipt } from '../suspense/hold-money.js'
import type { ReceiptReferenceUsed } from '../suspense/record-receipt.js'
import { type DecidePaymentInput, parseDecidePayment } from './decide-payment.schema.js'
import { type PaymentStanding, standingOf } from './record-outcome.js'
import { askRetake, retakeOf } from './reinstate-order.js'

/** What came of a payment is known, or its gateway has not kept silent about it for long enough. */
export type PaymentNotUnheard = {
  readonly type: 'PaymentNotUnheard'
  readonly paymentId: string
  readonly status: Payment['status']
  /** From when a person may say it, where nothing is heard until then; null where its gateway owes no answer. */
  readonly decidableAt: Instant | null
}

/** Why a person's word on a payment is not taken. */
export type DecidePaymentError = PaymentNotUnheard | ReceiptReferenceUsed | OrderMoveError | CommandError

type Refusal = Exclude<DecidePaymentError, CommandError>

const action = 'orders.decidePayment'

/**
 * Takes the word of a person who looked at a statement, on a payment, its end or a capture of which the gateway has said
 * nothing for three days, or on what a gateway holds that the shop has had no more for as long. Money that was taken counts
 * as if the gateway had said so: it pays the order, or goes back where that has no use for it. What was not is at its end,
 * and a capture is under way no more. What the gateway says later, asked once a day about what was, counts
 * before it: money that comes all the same is money that came late, and of what was not there the order is held and the loss
 * is booked as one by a dispute.
 *
 * @errors NotFound, PaymentNotUnheard; ReceiptReferenceUsed where the line stands for something else; PaymentStateForbids
 * where nothing was asked for that could have been paid, or a transfer is to be recorded (`recordReceipt`); CommandError
 */
export const decidePayment = (
  ports: InventoryPorts,
  context: CommandContext,
  input: DecidePaymentInput,
): ResultAsync<PaymentStanding, DecidePaymentError> =>
  runCommand(ports, context, input, {
    action,
    parse: parseDecidePayment,
    plan: ({ now, input: { paymentId, ...said } }) => {
      const suffix = `:${said.paid ? said.reference : ''}`
      const line = { from: 'found', path: 'gatewayId', suffix } as const
      return {
        found: row(payments, paymentId),
        takenBy: claims(receiptSpace, line),
        takenInParts: claims(receiptSpace, { ...line, suffix: `${suffix}:*` }),
        unexplained: row(heldReceipts, line),
        ...askOrderOfMoney({ from: 'found', path: 'orderId' }),
        ...askRetake(ports, now),
      }
    },
    decide: ({ found, takenBy, takenInParts, unexplained, ...read }, { input, actor, now: at }) =>
      safeTry(function* () {
        const { paymentId, paid, note } = input
        if (found === undefined) return err<never, Refusal>({ type: 'NotFound', entity: 'payment', id: paymentId })
        const payment = found.state
        yield* checkUnheard(payment, at)
        const draft = yield* openDraft(read, payment.orderId, at)
        let detail = 'not paid'
        if (paid) {
          const taken = new Map([...takenBy, ...takenInParts])
          const line = yield* takeLine(payment, { taken, unexplained }, input.reference, at)
          draft.further.push(...line.changes)
          detail = `paid, ${line.amount} ${input.reference}`
        }
        yield* learnOfPayment(draft, paymentId, [{ type: 'DecidePayment', paid, at }], retakeOf(ports, read))
        const entry = { actor, action, subject: paymentId, at, outcome: 'done', detail: `${detail}: ${note}` } as const
        return ok({
          changes: [...closeDraft(draft), auditEntry(ports.ids, entry)],
          answer: standingOf(draft, paymentId),
        })
      }),
  })

/**
 * Whether a person may say what came of a payment: its gateway has kept silent for as long as it takes to be named for it
 * (`PaymentUnheard`), and nothing is on its way to it.
 *
 * @errors PaymentNotUnheard
 */
export const checkUnheard = (payment: Payment, at: Instant): Result<void, PaymentNotUnheard> => {
  const { paymentId, status, askedAt, capturing } = payment
  const sent = [askedAt, ...(capturing === undefined ? [] : [capturing.sentAt])]
  return checkDecidable({ since: unheardSince(payment), sent }, at, (decidableAt) => ({
    ...{ type: 'PaymentNotUnheard', paymentId, status, decidableAt },
  }))
}

type Line = {
  readonly taken: ReadonlyMap<string, string>
  /** The line as it is held, where nobody knew what it was for. */
  readonly unexplained: Stored<HeldReceipt> | undefined
}

// A line counts once, whatever it was recorded as; one that is held as unexplained is put to its payment whole.
const takeLine = (
  payment: Payment,
  { taken, unexplained }: Line,
  reference: string,
  at: Instant,
): Result<{ readonly changes: readonly Change[]; readonly amount: string }, ReceiptReferenceUsed> => {
  const { paymentId, gatewayId, currency, orderId } = payment
  const key = receiptKeyOf({ gatewayId, reference })
  const amountMinor = (takenAsAsked(payment, at)?.capturedMinor ?? 0) - surelyTakenMinor(payment)
  const amount = `${currency} ${amountMinor}`
  const owner = taken.get(key) ?? taken.get(partsKeyOf({ gatewayId, reference }))
  const cameTo = claim({ space: receiptAmountSpace, key, owner: amount })
  if (owner === undefined) {
    return ok({ changes: [claim({ space: receiptSpace, key, owner: paymentId }), cameTo], amount })
  }
  const held = unexplained?.state
  const isWhole = owner === key && held?.status === 'held' && held.currency === currency
  if (unexplained === undefined || !isWhole || unexplained.state.amountMinor !== amountMinor) {
    return err({
      type: 'ReceiptReferenceUsed',
      reference,
      paymentId: owner === key ? (held?.paymentId ?? null) : owner,
    })
  }
  const explained = { ...unexplained, state: { ...unexplained.state, paymentId, orderId, ...ownerOf(payment) } }
  return ok({ changes: [...releaseReceipt(explained, { status: 'applied', at }), cameTo], amount })
}
