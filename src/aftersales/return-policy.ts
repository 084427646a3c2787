import type { LineQuantity } from '../inventory/reservation.js'
import { askedBackQuantity, quantityOf, returnableQuantity } from '../orders/order-pieces.js'
import type { OrderRow } from '../orders/order-row.js'
import { isFault, noReturnGroundOf, returnableUntil } from '../orders/policy/return-window.js'
import {
  type NoReturnGround,
  type ReturnReason,
  returnFloorDays,
  type ShopPolicy,
} from '../orders/policy/shop-policy.js'
import type { Instant } from '../shared/instant.js'
import { endOfLocalDay } from '../shared/local-day.js'
import type { Money } from '../shared/money.js'
import type { FreightPayer, ReturnKind, ReturnRequest } from './return-request.js'

/** Why a return cannot be asked for. */
export type ReturnNotPossible =
  /** The days to return it are over; `endedAt` was the end of the last. */
  | { readonly type: 'ReturnWindowPassed'; readonly endedAt: Instant }
  /** The goods have not arrived yet; what has not arrived can be refunded without a return. */
  | { readonly type: 'NotSignedYet'; readonly lineId: string }
  /** These pieces have not left yet: they are taken out of the order, which frees them too. */
  | { readonly type: 'NotShippedYet'; readonly lineId: string; readonly asked: number; readonly left: number }
  /** These goods cannot be returned without reason. */
  | { readonly type: 'NotReturnable'; readonly lineId: string; readonly ground: NoReturnGround }

/** Days after the approval within which goods that may come back are to be here, where the terms say nothing of it. */
const sendWithinDays = 15

/** Who pays the way back: the buyer, unless the shop is at fault. */
export const freightPayerOf = (reason: ReturnReason): FreightPayer => (isFault(reason) ? 'merchant' : 'buyer')

/** By when the money has to be back: seven calendar days after the goods came in, or after the approval where none come. */
export const refundDeadline = (from: Instant, policy: ShopPolicy): Instant =>
  endOfLocalDay(from, returnFloorDays, policy.timeZone)

/** By when goods have to be here that may come back: what is not sent holds its order no longer. */
export const sendDeadline = (approvedAt: Instant, { returns, timeZone }: ShopPolicy): Instant =>
  endOfLocalDay(approvedAt, returns.sendWithinDays ?? sendWithinDays, timeZone)

// Of what a buyer has received, the pieces that money went back for, or that they ask it for.
const spokenFor = ({ refunds }: OrderRow, lineId: string, open: readonly ReturnRequest[]): number => {
  const back = refunds.filter(({ received }) => received === true)
  const asked = open.filter(({ kind, reason }) => kind === 'returnAndRefund' || reason !== 'notReceived')
  return [...back, ...asked].reduce((sum, { lines }) => sum + quantityOf(lines, lineId), 0)
}

/**
 * Why a return is not possible under the terms that the order was placed under; undefined when it is.
 *
 * @param open - the returns of the order that are open
 */
export const findReturnObstacle = (
  order: OrderRow,
  request: {
    readonly kind: ReturnKind
    readonly reason: ReturnReason
    readonly lines: readonly LineQuantity[]
    /** The shop's own ask: what they may take back is for them to say. */
    readonly byStaff: boolean
  },
  open: readonly ReturnRequest[],
  now: Instant,
): ReturnNotPossible | undefined => {
  if (request.kind === 'returnAndRefund') {
    for (const { lineId, quantity } of request.lines) {
      const line = order.lines.find((each) => each.lineId === lineId)
      if (line !== undefined && line.signedQuantity - spokenFor(order, lineId, open) < quantity) {
        return { type: 'NotSignedYet', lineId }
      }
    }
  }
  for (const { lineId, quantity: asked } of request.lines) {
    const line = order.lines.find((each) => each.lineId === lineId)
    const left =
      line === undefined ? 0 : Math.max(0, returnableQuantity(order, line) - askedBackQuantity(order, lineId))
    if (asked > left) return { type: 'NotShippedYet', lineId, asked, left }
  }
  if (request.byStaff) return undefined
  const endedAt = returnableUntil(order, request.reason)
  if (endedAt !== null && now >= endedAt) return { type: 'ReturnWindowPassed', endedAt }
  if (isFault(request.reason)) return undefined
  for (const { lineId } of request.lines) {
    const ground = noReturnGroundOf(order, lineId)
    if (ground !== undefined) return { type: 'NotReturnable', lineId, ground }
  }
  return undefined
}

/** Whether a request needs no person. A rule only ever approves; what it does not approve waits for a person. */
export const approvesAlone = (
  policy: ShopPolicy,
  request: { readonly reason: ReturnReason; readonly kind: ReturnKind; readonly amount: Money },
): boolean => {
  const { reasons, upToMinor } = policy.returns.approveAlone
  const { reason, kind, amount } = request
  const isComparable = policy.currency === undefined || policy.currency === amount.currency
  return kind === 'returnAndRefund' && reasons.includes(reason) && isComparable && amount.minor <= upToMinor
}
