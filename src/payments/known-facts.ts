import type { Currency } from '../shared/currency.js'
import { compareCodePoints } from '../shared/json.js'
import type { KnownFacts, Mismatch, MoneyFact, Payment, PaymentFailure } from './payment.js'
import type { PaymentSnapshot } from './snapshot.js'
import { joinCaptures, keptOf } from './takings.js'

/** What a payment is held against. */
export type ExpectedPayment = Pick<Payment, 'orderId' | 'merchantAccount' | 'amountMinor' | 'currency' | 'capture'>

/** Before the gateway has said anything. */
export const nothingKnown: KnownFacts = {
  gatewayRef: null,
  stage: 'none',
  authorised: null,
  captured: null,
  feeMinor: 0,
  failure: null,
  mismatches: [],
  suspended: [],
}

/**
 * Reads a snapshot against what was asked for. Words that fit become facts; of words that do not, the mismatches are
 * kept and their money is counted as suspended.
 *
 * @param billedFeeMinor - what a bill says was kept of what was taken since the total before
 */
export const readSnapshot = (
  expected: ExpectedPayment,
  snapshot: PaymentSnapshot,
  billedFeeMinor?: number,
): KnownFacts => {
  const mismatches = findMismatches(expected, snapshot)
  const { gatewayRef, capturedMinor, authorisedMinor, feeMinor, at } = snapshot
  if (mismatches.length > 0) {
    const taken = Number.isSafeInteger(capturedMinor) && capturedMinor > 0
    const suspended = taken ? [{ currency: snapshot.total.currency, minor: capturedMinor }] : []
    // What was kept of it is known in the payment's own currency alone.
    const kept = taken && snapshot.total.currency === expected.currency ? [feeMinor ?? 0, billedFeeMinor ?? 0] : []
    const fee = Math.max(0, ...kept.filter(Number.isSafeInteger))
    return { ...nothingKnown, gatewayRef, feeMinor: fee, mismatches, suspended }
  }
  return {
    gatewayRef,
    stage: stageOf(snapshot.status),
    authorised: authorisedMinor > 0 ? { minor: authorisedMinor, at } : null,
    captured: capturedMinor > 0 ? { minor: capturedMinor, at } : null,
    ...captureIn(expected, snapshot, billedFeeMinor),
    feeMinor: Math.max(feeMinor ?? 0, billedFeeMinor ?? 0),
    failure: failureOf(snapshot),
    ...(endsHold(expected, snapshot) ? { restReleased: true } : {}),
    mismatches: [],
    suspended: [],
  }
}

/** Adds what is known on one side to what is known on the other; commutes, associates, and changes nothing twice. */
export const joinFacts = (left: KnownFacts, right: KnownFacts): KnownFacts => {
  const captures = joinCaptures(left, right)
  return {
    gatewayRef: joinText(left.gatewayRef, right.gatewayRef),
    stage: stages.indexOf(left.stage) >= stages.indexOf(right.stage) ? left.stage : right.stage,
    ...joinPoll(left, right),
    authorised: joinMoney(left.authorised, right.authorised, Math.max),
    captured: joinMoney(left.captured, right.captured, Math.min),
    ...captures,
    feeMinor: Math.max(left.feeMinor, right.feeMinor, keptOf(captures)),
    failure: laterFailure(left.failure, right.failure),
    ...(left.restReleased === true || right.restReleased === true ? { restReleased: true } : {}),
    mismatches: uniteSorted([...left.mismatches, ...right.mismatches], nameMismatch),
    suspended: joinSuspended([...left.suspended, ...right.suspended]),
  }
}

/**
 * What is known of a payment of which a person has accepted so much: what words that fit bring beyond that stands in suspense
 * with what does not, until a person has decided about it, too.
 */
export const setAside = (known: KnownFacts, currency: Currency, acceptedMinor: number): KnownFacts =>
  known.captured === null || known.captured.minor <= acceptedMinor
    ? known
    : {
        ...known,
        captured: { ...known.captured, minor: acceptedMinor },
        suspended: joinSuspended([...known.suspended, { currency, minor: known.captured.minor }]),
      }

type Poll = Pick<KnownFacts, 'pollAfterMs'>

/** Of two words on when to ask first the later. */
export const joinPoll = ({ pollAfterMs: left }: Poll, { pollAfterMs: right }: Poll): Poll =>
  left === undefined && right === undefined ? {} : { pollAfterMs: Math.max(left ?? 0, right ?? 0) }

// What is taken at once is taken whole: of that there is one capture, and its fee is the payment's.
const captureIn = (
  { capture }: ExpectedPayment,
  { capturedMinor: minor, feeMinor, at }: PaymentSnapshot,
  billedFeeMinor: number | undefined,
): Pick<KnownFacts, 'captures'> => {
  const kept = feeMinor !== null && feeMinor > 0 ? { keptMinor: feeMinor } : {}
  const billed = billedFeeMinor !== undefined && billedFeeMinor > 0 ? { billedFeeMinor } : {}
  const isPlain = feeMinor === null || feeMinor <= 0 ? billedFeeMinor === undefined || billedFeeMinor <= 0 : false
  return capture === 'automatic' || minor <= 0 || isPlain ? {} : { captures: [{ minor, at, ...kept, ...billed }] }
}

/** Of two failures the later; of one moment, the one whose code comes first. */
export const laterFailure = <Failure extends PaymentFailure>(
  left: Failure | null,
  right: Failure | null,
): Failure | null => {
  if (left === null) return right
  if (right === null) return left
  if (left.at !== right.at) return left.at > right.at ? left : right
  return compareCodePoints(left.code, right.code) <= 0 ? left : right
}

/** Of two references the one that comes first; adapters name a payment once, so there is seldom a choice. */
export const joinText = (left: string | null, right: string | null): string | null => {
  if (left === null) return right
  if (right === null) return left
  return compareCodePoints(left, right) <= 0 ? left : right
}

const stages: readonly KnownFacts['stage'][] = ['none', 'requiresAction', 'processing']

const stageOf = (status: PaymentSnapshot['status']): KnownFacts['stage'] => {
  switch (status) {
    case 'requiresAction':
    case 'processing':
      return status
    case 'authorised':
    case 'captured':
      return 'processing'
    case 'failed':
    case 'closed':
      return 'none'
  }
}

// Held money of which part was taken is `authorised` for as long as the rest is held.
const endsHold = ({ capture }: ExpectedPayment, { status, capturedMinor }: PaymentSnapshot): boolean =>
  capture === 'manual' && capturedMinor > 0 && ['captured', 'failed', 'closed'].includes(status)

const failureOf = ({ status, failure, at }: PaymentSnapshot): PaymentFailure | null => {
  switch (status) {
    case 'requiresAction':
    case 'processing':
    case 'authorised':
    case 'captured':
      return null
    case 'failed':
      return { code: failure ?? 'InstrumentDeclined', at }
    case 'closed':
      return { code: failure ?? 'Expired', at }
  }
}

const findMismatches = (expected: ExpectedPayment, snapshot: PaymentSnapshot): readonly Mismatch[] => {
  const found: Mismatch[] = []
  const compare = (kind: Mismatch['kind'], wanted: string, actual: string) => {
    if (wanted !== actual) found.push({ kind, expected: wanted, actual })
  }
  compare('currency', expected.currency, snapshot.total.currency)
  compare('merchantAccount', expected.merchantAccount, snapshot.merchantAccount)
  if (snapshot.orderRef !== null) compare('order', expected.orderId, snapshot.orderRef)
  compare('amount', String(expected.amountMinor), String(snapshot.total.minor))
  if (!amountsFit(expected, snapshot)) {
    const said = `${snapshot.status} ${snapshot.capturedMinor} of ${snapshot.total.minor}, ${snapshot.authorisedMinor} held`
    found.push({ kind: 'amount', expected: String(expected.amountMinor), actual: said })
  }
  return uniteSorted(found, nameMismatch)
}

// Captured at once means captured whole; in steps, it may be part of the amount but never nothing or more.
const amountsFit = (expected: ExpectedPayment, snapshot: PaymentSnapshot): boolean => {
  const { authorisedMinor: held, capturedMinor: taken, feeMinor } = snapshot
  const whole = [held, taken, feeMinor ?? 0].every((minor) => Number.isSafeInteger(minor) && minor >= 0)
  if (!whole || held > expected.amountMinor || taken > expected.amountMinor) return false
  if (snapshot.status === 'captured' && taken === 0) return false
  if (snapshot.status === 'authorised' && held === 0) return false
  return expected.capture === 'manual' || taken === 0 || taken === expected.amountMinor
}

const joinMoney = (
  left: MoneyFact | null,
  right: MoneyFact | null,
  pickMoment: (left: number, right: number) => number,
): MoneyFact | null => {
  if (left === null) return right
  if (right === null) return left
  return { minor: Math.max(left.minor, right.minor), at: pickMoment(left.at, right.at) }
}

const nameMismatch = ({ kind, expected, actual }: Mismatch): string => `${kind}\n${expected}\n${actual}`

const uniteSorted = <Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] =>
  [...new Map(items.map((item) => [nameOf(item), item]))]
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([, item]) => item)

const joinSuspended = (all: KnownFacts['suspended']): KnownFacts['suspended'] => {
  const highest = new Map<string, number>()
  for (const { currency, minor } of all) highest.set(currency, Math.max(minor, highest.get(currency) ?? 0))
  return [...highest]
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([currency, minor]) => ({ currency, minor }))
}
