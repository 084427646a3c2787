import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isUndecided, undecidedMinor } from '../../payments/payment-machine.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { Currency } from '../../shared/currency.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { payEdit } from '../editing/settle-edit.js'
import { endingPaymentIds } from '../money/order-money.js'
import { payerBy, restOfPart } from '../money/order-payers.js'
import { payInFull } from '../money/pay-in-full.js'
import { noticeTooLow } from '../notices/notify-buyer.js'
import type { Order } from '../order.js'
import {
  askOrderOfMoney,
  closeDraft,
  draftOrder,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
  paymentsIn,
} from '../order-draft.js'
import { parsePaymentId } from '../order-inputs.schema.js'
import type { OrderRow } from '../order-row.js'
import { awaitOthers, payPart } from '../payers/follow-share.js'
import { endAttempts, resolveRefund } from '../paying/resolve-money.js'
import type { MoneyPorts } from '../ports.js'
import { giveBackUnused } from '../refunds/give-back-unused.js'
import { type Acceptance, type AcceptHeldMoneyError, checkAcceptance } from './check-acceptance.js'
import { beginReturn } from './return-held-money.js'

/** Held money that counts for its order. */
export type AcceptedMoney = {
  readonly orderId: string
  readonly paymentId: string
  readonly currency: Currency
  /** What of it counts, minor units. */
  readonly acceptedMinor: number
  /** What is still owed of what it was for, minor units; 0 where it pays all of that. */
  readonly missingMinor: number
  readonly orderStatus: Order['status']
  /** The refund by which what came beyond that goes back; null where nothing did. */
  readonly returned: { readonly refundId: string; readonly amountMinor: number } | null
}

/**
 * Says that money which does not fit what was asked, and so stands in suspense (`integrityHold`), counts for its order as
 * far as that is still owed. What is beyond goes back by its gateway. Where less came than is owed it counts as a part, and
 * the rest is due from whoever was to pay, until the order is due. Money in another currency only goes back.
 *
 * @errors NotFound; PaymentStateForbids unless a person has to look at the payment; NothingOwed, HeldMoneyTooLow,
 * NoMoneyHeld, DisputeOpen; CommandError
 */
export const acceptHeldMoney = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly paymentId: string },
): ResultAsync<AcceptedMoney, AcceptHeldMoneyError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.acceptHeldMoney',
    parse: parsePaymentId,
    plan: ({ input: { paymentId } }) => ({
      found: row(payments, paymentId),
      ...askOrderOfMoney({ from: 'found', path: 'orderId' }),
    }),
    decide: ({ found, ...read }, { input: { paymentId }, actor, now: at }) =>
      found === undefined
        ? err<never, AcceptHeldMoneyError>({ type: 'NotFound', entity: 'payment', id: paymentId })
        : openDraft(read, found.state.orderId, at)
            .andThen((draft) =>
              accept(draft, found.state, () => ports.ids.next('pyr')).map((answer) => ({ draft, answer })),
            )
            .map(({ draft, answer }) => ({
              changes: [
                ...closeDraft(draft),
                auditEntry(ports.ids, {
                  ...{ actor, action: 'orders.acceptHeldMoney', subject: paymentId, at, outcome: 'done' },
                  detail: `${answer.currency} ${answer.acceptedMinor}`,
                }),
              ],
              answer: { ...answer, endingIds: endingPaymentIds(draft) },
            })),
  }).andThen(({ endingIds, ...accepted }) => {
    const { returned } = accepted
    // All of it is written down: the sweeps end what is to end, and send what is to go back.
    return endAttempts(ports, endingIds)
      .map(() => accepted)
      .orElse(() => okAsync<AcceptedMoney, AcceptHeldMoneyError | CommandError>(accepted))
      .andThen(() =>
        returned === null
          ? okAsync<AcceptedMoney, AcceptHeldMoneyError | CommandError>(accepted)
          : resolveRefund(ports, returned.refundId)
              .map(() => accepted)
              .orElse(() => okAsync<AcceptedMoney, AcceptHeldMoneyError | CommandError>(accepted)),
      )
  })

const accept = (
  draft: OrderDraft,
  payment: Payment,
  newId: () => string,
): Result<AcceptedMoney, AcceptHeldMoneyError> =>
  safeTry(function* () {
    const { at } = draft
    const { paymentId, orderId, currency } = payment
    const order = yield* orderIn(draft)
    const acceptance = yield* checkAcceptance(order, payment, at)
    const { amountMinor, missingMinor } = acceptance
    // Of a payment that pays its order more may be taken still; of any other nothing is expected beyond what came.
    const final = acceptance.pays === 'rest' ? {} : ({ final: true } as const)
    yield* draftPayment(draft, paymentId, [{ type: 'AcceptHeld', amountMinor, ...final, at }])
    if (missingMinor === 0) yield* payBy(draft, order, paymentId, acceptance)
    else if (acceptance.pays !== 'rest') yield* countAsPart(draft, order, payment, acceptance, newId)
    const after = draft.payments.get(paymentId)?.state ?? payment
    const overMinor = undecidedMinor(after, currency)
    const refundId = overMinor > 0 ? yield* beginReturn(draft, after, overMinor) : undefined
    yield* giveBackUnused(draft)
    const { status: orderStatus } = yield* orderIn(draft)
    return ok({
      ...{ orderId, paymentId, currency, acceptedMinor: amountMinor, missingMinor, orderStatus },
      returned: refundId === undefined ? null : { refundId, amountMinor: overMinor },
    })
  })

const payBy = (
  draft: OrderDraft,
  order: OrderRow,
  paymentId: string,
  { pays }: Acceptance,
): Result<void, AcceptHeldMoneyError> =>
  safeTry(function* () {
    const payment = draft.payments.get(paymentId)?.state
    switch (pays) {
      case 'order':
        return payInFull(draft, paymentId)
      case 'part': {
        const { payerId = '' } = restOfPart(order, paymentId) ?? payerBy(order, paymentId) ?? {}
        return payPart(draft, payerId, paymentId)
      }
      case 'change':
        return payment !== undefined && (yield* payEdit(draft, payment))
          ? ok(undefined)
          : err({ type: 'NothingOwed', orderId: order.orderId, paymentId })
      case 'rest':
        return ok(undefined)
    }
  })

// Whoever was to pay it pays the rest, by attempts for the rest.
const countAsPart = (
  draft: OrderDraft,
  order: OrderRow,
  payment: Payment,
  { amountMinor, missingMinor }: Acceptance,
  newId: () => string,
): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const { paymentId } = payment
    const own = payerBy(order, paymentId)?.paymentIds ?? order.paymentIds
    for (const other of paymentsIn(draft).filter(({ paymentId: id }) => own.includes(id))) {
      if (!isUndecided(other) || other.status === 'closing') continue
      yield* draftPayment(draft, other.paymentId, [{ type: 'RequestClose', reason: 'replacedByAnother', at }])
    }
    const payerIds = { part: newId(), rest: newId() }
    yield* draftOrder(draft, { type: 'AcceptPart', paymentId, amountMinor, payerIds, at })
    yield* awaitOthers(draft, paymentId)
    draft.further.push(...noticeTooLow(order, payment, { receiptId: paymentId, amountMinor, missingMinor }, at))
    return ok(undefined)
  })
