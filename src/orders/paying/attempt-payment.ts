import { err, ok, type Result, safeTry } from 'neverthrow'
import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import { onDelivery } from '../../payments/offline.js'
import type { NextStep, PaymentGateway } from '../../payments/ports.js'
import type { StepUpRequired } from '../../shared/actor.js'
import type { Instant } from '../../shared/instant.js'
import type { MethodId } from '../../shared/payment-method.js'
import { type AttemptUnderway, attemptsToEnd } from '../money/attempt-underway.js'
import { type OpenOnDelivery, takeOnDelivery } from '../on-delivery/choose-on-delivery.js'
import type { OnDeliveryNotOffered } from '../on-delivery/on-delivery-terms.js'
import type { OrderPayer } from '../order.js'
import {
  draftNewPayment,
  draftOrder,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  orderIn,
  paymentsIn,
} from '../order-draft.js'
import type { PayOrderInput } from '../order-inputs.js'
import { editOf } from '../order-pieces.js'
import { checkMethod, type PricedForOtherMethods } from '../placing/priced-methods.js'
import type { ShopPolicy } from '../policy/shop-policy.js'
import { besideAttempt, checkInTime, ownAttempts, type PaymentOverdue } from './check-attempt.js'
import { keepWithOrder, keptFor } from './keep-for-method.js'
import type { GatewayUnknown, PaymentStanding } from './record-outcome.js'

/** An attempt that was written down before the gateway is asked; all that asking again under the same key needs. */
export type AttemptStep = {
  readonly orderId: string
  readonly orderNumber: string
  readonly paymentId: string
  readonly gatewayId: string
  readonly method: MethodId
  readonly amountMinor: number
  readonly currency: string
  readonly expiresAt: Instant
  /** Until when the order, or its dearer change, is kept for it; not known of those begun before that was told. */
  readonly payBy?: Instant
  /** Where the money is to be held first and taken as parcels leave. */
  readonly capture?: 'manual'
  /** Where the gateway is to divide the money among payees later. */
  readonly isSplit?: true
  /** Attempts that it takes the place of, which are to end. */
  readonly replacedIds?: readonly string[]
}

/** What became of an attempt to pay. */
export type PaidOrder = PaymentStanding &
  Omit<AttemptStep, 'isSplit' | 'replacedIds'> & {
    /** Why it failed; null unless it did. */
    readonly failure: GatewayErrorCode | null
    /** What the payer has to do; null where there is nothing to do or the gateway could not say. Never stored. */
    readonly next: NextStep | null
    /**
     * Why the payer is not shown where to go: the gateway would send them to a host that it does not declare. The attempt
     * stands, and they may turn to another method. Absent unless it is so; never stored.
     */
    readonly withheld?: 'undeclaredHost'
  }

/** The gateway does not carry the method, or not in the currency of the order. */
export type MethodNotOffered = {
  readonly type: 'MethodNotOffered'
  readonly gatewayId: string
  readonly method: MethodId
  readonly currency: string
}

/** Why no attempt to pay is made. */
export type PayOrderError =
  | AttemptUnderway
  | PaymentOverdue
  | MethodNotOffered
  | PricedForOtherMethods
  | OnDeliveryNotOffered
  | GatewayUnknown
  | StepUpRequired
  | OrderMoveError

/** The same, as it is kept. */
export type AttemptAnswer = Omit<PaidOrder, 'next' | 'withheld'> & Pick<AttemptStep, 'isSplit'>

/** By which gateway an attempt is made, and how. */
export type AttemptInput = Omit<PayOrderInput, 'orderId'>

/**
 * Begins an attempt to pay an order, the difference of a dearer change, or the share of one of several payers.
 *
 * @param by.payer - whose share it is to pay; the whole where absent
 * @param by.payingAs - the account of who pays; null of a visitor without one, the buyer where absent
 * @param by.openOnDelivery - how many orders of the buyer are open that are paid on delivery, as it was read
 * @errors PricedForOtherMethods naming the ways that its discounts are given for; PayOrderError
 */
export const beginAttempt = (
  draft: OrderDraft,
  gateway: PaymentGateway,
  input: AttemptInput,
  paymentId: string,
  by: {
    readonly payer?: OrderPayer | undefined
    readonly payingAs?: string | null
    readonly openOnDelivery: OpenOnDelivery
  },
): Result<AttemptStep, PayOrderError> =>
  safeTry(function* () {
    const { at } = draft
    const { payer, payingAs, openOnDelivery } = by
    const { gatewayId, method } = input
    const order = yield* orderIn(draft)
    const { orderId, orderNumber, accountId, merchantId, currency, totals } = order
    const { edit } = editOf(order)
    const own = ownAttempts(order, payer)
    const promised = method === onDelivery
    const before = yield* checkInTime(order, at)
    yield* checkMethod(order, method)
    const { methods, currencies } = gateway.capabilities
    if (!methods.includes(method) || (currencies !== 'any' && !currencies.includes(currency))) {
      return err<never, PayOrderError>({ type: 'MethodNotOffered', gatewayId, method, currency })
    }
    if (promised) yield* takeOnDelivery(draft, order, gateway, openOnDelivery)
    const replacedIds = yield* attemptsToEnd(orderId, besideAttempt(paymentsIn(draft), own))
    for (const replacedId of replacedIds) {
      yield* draftPayment(draft, replacedId, [{ type: 'RequestClose', reason: 'replacedByAnother', at }])
    }
    const { payerId } = payer ?? {}
    const payBy = keptFor(order, method, before)
    yield* draftOrder(draft, {
      type: 'StartAttempt',
      paymentId,
      ...(payerId === undefined ? {} : { payerId }),
      ...(payBy === undefined || payBy === before ? {} : { payBy }),
      at,
    })
    if (payBy !== undefined && payBy !== before) yield* keepWithOrder(draft, payBy)
    // A checkout that is to be divided is paid by money that is there, so that its orders owe each other nothing.
    // So are a change of an order that is paid, and a share.
    const inSteps =
      promised ||
      (order.details.apart === undefined && own === undefined && takesInSteps(gateway, order.details.policy))
    const { holdMs } = gateway.capabilities
    const expiresAt = payBy === undefined ? at : expiryOf(gateway, payBy, at)
    const isSplit = gateway.splits !== undefined && order.details.policy.settlement !== undefined
    const amountMinor = payer?.amountMinor ?? edit?.differenceMinor ?? totals.payableMinor
    yield* draftNewPayment(draft, {
      paymentId,
      orderId,
      accountId,
      ...(payingAs === undefined || payingAs === accountId ? {} : { payerAccountId: payingAs }),
      merchantId,
      gatewayId,
      merchantAccount: gateway.merchantAccount,
      method,
      attempt: order.paymentIds.length + 1,
      amountMinor,
      currency,
      capture: inSteps ? 'manual' : 'automatic',
      isSplit,
      expiresAt,
      queryable: gateway.capabilities.query,
      ...(inSteps && holdMs !== null ? { holdUntil: at + holdMs } : {}),
      at,
    })
    return ok({
      ...{ orderId, orderNumber, paymentId, gatewayId, method, amountMinor, currency, expiresAt },
      ...(payBy === undefined ? {} : { payBy }),
      ...(inSteps ? { capture: 'manual' } : {}),
      ...(isSplit ? { isSplit } : {}),
      ...(replacedIds.length > 0 ? { replacedIds } : {}),
    })
  })

const takesInSteps = ({ capabilities, capture }: PaymentGateway, policy: ShopPolicy): boolean =>
  policy.capture === 'onShipment' && capabilities.capture !== 'automatic' && capture !== undefined

// The gateway should give up when the order does; where it cannot wait so short or so long, its own bound holds.
const expiryOf = ({ capabilities }: PaymentGateway, payBy: Instant, now: Instant): Instant => {
  const { expiry } = capabilities
  return expiry === null ? payBy : Math.min(Math.max(payBy, now + expiry.minMs), now + expiry.maxMs)
}
