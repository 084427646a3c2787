import type { Instant } from '../shared/instant.js'
import { readSnapshot } from './known-facts.js'
import type { Payment, PaymentEvent } from './payment.js'
import { unheardSince } from './payment-status.js'
import type { PaymentSnapshot } from './snapshot.js'

/**
 * What its gateway would say of a payment whose money was taken, as it was asked for: all of it, or by the capture under way;
 * of what is held by one that is gone, all that was still to be taken.
 *
 * @returns null where it owes no answer to that: nothing was asked of it that takes money, or it is not the gateway who knows
 */
export const takenAsAsked = (payment: Payment, at: Instant): PaymentSnapshot | null => {
  const { status, paymentId, merchantAccount, known, amountMinor, currency, capturing, queryable } = payment
  const asksForAll = status === 'unknown' || status === 'closing'
  const isLeft = isLeftWithGateway(payment)
  if (!queryable || unheardSince(payment) === null || !(asksForAll || isLeft || capturing !== undefined)) return null
  const isLast = asksForAll || capturing?.final !== false
  return {
    kind: 'payment',
    attemptRef: paymentId,
    orderRef: null,
    gatewayRef: known.gatewayRef,
    merchantAccount,
    status: isLast ? 'captured' : 'authorised',
    total: { minor: amountMinor, currency },
    authorisedMinor: asksForAll ? 0 : (known.authorised?.minor ?? amountMinor),
    capturedMinor: asksForAll ? amountMinor : (capturing?.targetMinor ?? amountMinor - (payment.forgoneMinor ?? 0)),
    feeMinor: null,
    failure: null,
    at,
  }
}

/** What follows where a person says that nothing was taken of what the gateway owes an answer to. */
export const notTaken = (payment: Payment, at: Instant): readonly PaymentEvent[] => {
  const { status, capturing, closing } = payment
  const ended = { type: 'PaymentClosed', evidence: 'saidByStaff', at } as const
  if (status === 'closing') return [ended]
  if (status === 'partlyCaptured' && (closing !== null || isLeftWithGateway(payment))) return [{ type: 'HoldReleased' }]
  if (status === 'unknown' || isLeftWithGateway(payment)) {
    return [{ type: 'PaymentCloseRequested', reason: 'staffSayUnpaid', at }, ended]
  }
  return capturing === undefined ? [] : [{ type: 'CaptureFailed', captureId: capturing.captureId, code: 'Network' }]
}

// Held by a gateway that the shop has no more, and nothing was asked of it.
const isLeftWithGateway = ({ status, capturing, closing, goneSince }: Payment): boolean =>
  (status === 'authorised' || status === 'partlyCaptured') &&
  closing === null &&
  capturing === undefined &&
  goneSince !== undefined

/** What a payment comes to by what its gateway says that it has taken, where a person has said how much that is. */
export const weighWord = ({ said }: Payment, takenMinor: number, at: Instant): readonly PaymentEvent[] => {
  if (said === undefined) return []
  const { minor, deniedMinor: before = minor } = said
  // Once it has said that some was taken, an older word of less takes nothing of that back.
  const deniedMinor = Math.min(before, minor - takenMinor)
  if (deniedMinor <= 0) return [{ type: 'PaymentConfirmed', at }]
  return deniedMinor === said.deniedMinor ? [] : [{ type: 'PaymentDenied', deniedMinor, at }]
}

/**
 * How much a gateway says that it has taken of a payment of which a person has said so, minor units.
 *
 * @returns undefined where nobody has, or where it may take it yet
 */
export const takenBy = (payment: Payment, snapshot: PaymentSnapshot): number | undefined => {
  const { said, currency } = payment
  if (said === undefined) return undefined
  const { captured, suspended } = readSnapshot(payment, snapshot)
  const takenMinor = captured?.minor ?? suspended.find((each) => each.currency === currency)?.minor ?? 0
  return takenMinor >= said.minor || isLast(snapshot, said.at) ? takenMinor : undefined
}

const isLast = ({ status, at }: PaymentSnapshot, saidAt: Instant): boolean => {
  switch (status) {
    case 'captured':
    case 'failed':
    case 'closed':
      return true
    // Held still, at a moment by which it was to have been taken.
    case 'authorised':
      return at >= saidAt
    case 'requiresAction':
    case 'processing':
      return false
  }
}
