import { ok, type Result, safeTry } from 'neverthrow'
import { collectionOnDelivery } from '../../payments/offline.js'
import type { Payment } from '../../payments/payment.js'
import { untakenMinor } from '../../payments/payment-machine.js'
import { payingsOf } from '../money/order-money.js'
import { endPromise, isOnDelivery } from '../money/promised-money.js'
import { draftOrder, draftPayment, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { dueOnDelivery, handedOnDelivery } from '../order-dues.js'
import type { OrderRow } from '../order-row.js'
import { giveBackBeyond } from '../refunds/give-back-beyond.js'
import { settleAwaitedMoney } from './settle-awaited-money.js'

type Move = Result<void, OrderMoveError>

/** By which parcels money was collected, and what they were to bring. */
export type CollectedBy = {
  readonly parcelId: string | null
  readonly collectMinor: number
  /** What of that was handed over before. */
  readonly handedMinor: number
}

/**
 * The payments of an order that are collected on delivery, that of its placing first. What a checkout promised that is
 * divided among its merchants is theirs to collect, each its own.
 */
export const promisesOf = (draft: OrderDraft, order: OrderRow): readonly Payment[] =>
  order.status === 'divided' ? [] : payingsOf(draft, order).filter(isOnDelivery)

/** The most that can still be collected of an order, minor units: what is due, and what was given up and may come all the same. */
export const collectableMinor = (draft: OrderDraft, order: OrderRow): number =>
  promisesOf(draft, order).reduce((sum, payment) => sum + roomIn(payment), 0)

const roomIn = ({ amountMinor, known }: Payment): number => amountMinor - (known.captured?.minor ?? 0)

/**
 * Notes money that was collected for an order that goes out unpaid: what is due is met first, the promise of its placing
 * before those of later changes; what comes beyond goes back.
 *
 * @param amountMinor - at most `collectableMinor`
 * @errors OrderMoveError
 */
export const collectMoney = (draft: OrderDraft, amountMinor: number, by: CollectedBy): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const promises = promisesOf(draft, order)
    const due = fill(
      amountMinor,
      promises.map((payment) => Math.max(0, untakenMinor(payment))),
    )
    const dueMinor = due.reduce((sum, each) => sum + each, 0)
    const beyond = fill(
      amountMinor - dueMinor,
      promises.map((payment, place) => roomIn(payment) - (due[place] ?? 0)),
    )
    for (const [place, payment] of promises.entries()) {
      const more = (due[place] ?? 0) + (beyond[place] ?? 0)
      if (more === 0) continue
      const takenMinor = (payment.known.captured?.minor ?? 0) + more
      const isLast = untakenMinor(payment) - more <= 0
      const snapshot = collectionOnDelivery(payment, { takenMinor, isLast, at: draft.at })
      yield* draftPayment(draft, payment.paymentId, [{ type: 'RecordSnapshot', snapshot }])
      yield* giveBackBeyond(draft, payment)
    }
    yield* noteCollected(draft, amountMinor, by)
    return settleAwaitedMoney(draft)
  })

// So much of an amount as fits in each, the first first.
const fill = (amountMinor: number, rooms: readonly number[]): readonly number[] => {
  let leftMinor = amountMinor
  return rooms.map((room) => {
    const part = Math.min(leftMinor, room)
    leftMinor -= part
    return part
  })
}

const noteCollected = (
  draft: OrderDraft,
  amountMinor: number,
  { parcelId, collectMinor, handedMinor }: CollectedBy,
): Move =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const met = Math.min(amountMinor, dueOnDelivery(order))
    const { partOf } = order.details
    // Should others have brought more than they were to, no more can come for what is with couriers than was ever promised.
    const beyondMinor = handedOnDelivery(order) - collectableMinor(draft, order)
    if (met > 0) {
      const of = partOf === undefined ? {} : { checkoutId: partOf.checkoutId }
      const brought = { parcelId, amountMinor: met, collectMinor, handedMinor: Math.max(handedMinor, beyondMinor) }
      yield* draftOrder(draft, { type: 'Collect', ...of, ...brought, at: draft.at })
    }
    return ok(undefined)
  })

/**
 * Lets an order that goes out unpaid follow what its courier says itself of a payment.
 *
 * @returns whether the payment is one that is collected for it
 * @errors OrderMoveError
 */
export const followCollection = (draft: OrderDraft, before: Payment, after: Payment): Result<boolean, OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    const { paymentId } = after
    if (!isOnDelivery(after) || !promisesOf(draft, order).some((each) => each.paymentId === paymentId)) return ok(false)
    const moreMinor = (after.known.captured?.minor ?? 0) - (before.known.captured?.minor ?? 0)
    if (moreMinor <= 0) return ok(false)
    yield* giveBackBeyond(draft, before)
    // Whose it is the courier has not said; it was brought by what is out.
    yield* noteCollected(draft, moreMinor, { parcelId: null, collectMinor: moreMinor, handedMinor: moreMinor })
    yield* settleAwaitedMoney(draft)
    if (untakenMinor(after) <= 0) yield* endPromise(draft, after, 'orderCancelled')
    return ok(true)
  })
