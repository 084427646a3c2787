import type { Instant } from '../shared/instant.js'
import { readSnapshot } from './known-facts.js'
import type { Payment, PaymentCommand, PaymentEvent } from './payment.js'
import { unheardSince } from './payment-status.js'
import type { PaymentSnapshot } from './snapshot.js'

/**
 * What its gateway would say of a payment whose money was taken, as it was asked for: all of it, or by the capture under way;
 * of what is held by one that is gone, all that was still to be taken.
 *
 * @returns null where it owes no answer to that: nothing was asked of it that takes money, as of what is only held until it is
 * taken, or it is not the gateway who knows
 */
export const takenAsAsked = (payment: Payment, at: Instant): PaymentSnapshot | null => {
  const { status, paymentId, merchantAccount, known, amountMinor, currency, capture, capturing, queryable } = payment
  const asksForAll = capture === 'automatic' && (status === 'unknown' || status === 'closing')
  const isLeft = isLeftWithGateway(payment)
  // What was to be taken at once is taken whole or not.
  const isAsked = capturing !== undefined && (capture === 'manual' || capturing.targetMinor === amountMinor)
  if (!queryable || unheardSince(payment) === null || !(asksForAll || isLeft || isAsked)) return null
  const isAll = asksForAll || capturing?.final !== false
  return {
    kind: 'payment',
    attemptRef: paymentId,
    orderRef: null,
    gatewayRef: known.gatewayRef,
    merchantAccount,
    status: isAll ? 'captured' : 'authorised',
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

type Weighed = Pick<Extract<PaymentCommand, { type: 'WeighWord' }>, 'takenMinor' | 'heldMinor'>

/** What a payment comes to by what its gateway says that it has taken, where a person has said how much that is. */
export const weighWord = (
  { said }: Payment,
  { takenMinor, heldMinor = 0 }: Weighed,
  at: Instant,
): readonly PaymentEvent[] => {
  if (said === undefined) return []
  const { minor, deniedMinor: before = minor } = said
  // Once it has said that some was taken, an older word of less takes nothing of that back.
  const deniedMinor = Math.min(before, minor - takenMinor)
  if (deniedMinor <= 0) return [{ type: 'PaymentConfirmed', at }]
  const stillMinor = Math.min(heldMinor, deniedMinor)
  if (deniedMinor === said.deniedMinor && stillMinor === (said.heldMinor ?? 0)) return []
  return [{ type: 'PaymentDenied', deniedMinor, ...(stillMinor > 0 ? { heldMinor: stillMinor } : {}), at }]
}

/** What was taken of a payment by words that fit, without what its gateway denies, minor units. */
export const surelyTakenMinor = ({ known, said }: Pick<Payment, 'known' | 'said'>): number =>
  (known.captured?.minor ?? 0) - (said?.deniedMinor ?? 0)

/** What a person said was taken, and its gateway says that it holds still, as far as it is not being taken, minor units. */
export const stillHeldMinor = (payment: Payment): number => {
  const { said, capturing, closing } = payment
  if (closing !== null) return 0
  const beingTakenMinor = capturing === undefined ? 0 : capturing.targetMinor - surelyTakenMinor(payment)
  return Math.max(0, (said?.heldMinor ?? 0) - beingTakenMinor)
}

/**
 * How much a gateway says that it has taken, and holds, of a payment of which a person has said that it was taken.
 *
 * @returns undefined where nobody has, or where it may take it yet
 */
export const takenBy = (
  payment: Payment,
  {
    snapshot,
    askedAt = snapshot.at,
  }: Pick<Extract<PaymentCommand, { type: 'RecordSnapshot' }>, 'snapshot' | 'askedAt'>,
): Weighed | undefined => {
  const { said, currency } = payment
  if (said === undefined) return undefined
  const { captured, suspended, authorised } = readSnapshot(payment, snapshot)
  const takenMinor = captured?.minor ?? suspended.find((each) => each.currency === currency)?.minor ?? 0
  // What it had denied and has taken since counts, though it may take more yet.
  const isMore = takenMinor > said.minor - (said.deniedMinor ?? 0)
  if (takenMinor < said.minor && !isMore && !isLast(snapshot.status, askedAt >= said.at)) return undefined
  const isHeld = snapshot.status === 'authorised' && authorised !== null
  return { takenMinor, ...(isHeld ? { heldMinor: Math.max(0, authorised.minor - takenMinor) } : {}) }
}

const isLast = (status: PaymentSnapshot['status'], isSince: boolean): boolean => {
  switch (status) {
    case 'captured':
    case 'failed':
    case 'closed':
      return true
    // Held still, once it was to have been taken. Of its own accord a gateway tells of a hold by when it was made.
    case 'authorised':
      return isSince
    case 'requiresAction':
    case 'processing':
      return false
  }
}
