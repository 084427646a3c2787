import { daysMs, type Instant } from '../shared/instant.js'
import { nothingKnown } from './known-facts.js'
import type { Closed, Closing, Doubt, KnownFacts, Payment, PaymentEvent } from './payment.js'
import { nextQueryAt } from './query-schedule.js'

type Base = Omit<Payment, 'status' | 'known' | 'doubt' | 'closing' | 'closed' | 'queryAt'>

/** What a status is worked out from: what stays, what the gateway said, what was lost on the way, what was asked. */
export type Layers = {
  readonly base: Base
  readonly known: KnownFacts
  readonly doubt: Doubt | null
  readonly closing: Closing | null
  readonly closed: Closed | null
}

/** A payment as it begins. */
export const begin = ({ type: _, at, ...start }: Extract<PaymentEvent, { type: 'PaymentStarted' }>): Payment =>
  place({
    base: {
      ...start,
      startedAt: at,
      askedAt: at,
      queries: 0,
      nextKind: null,
      refunds: [],
      refundReservedMinor: 0,
      refundedMinor: 0,
    },
    known: nothingKnown,
    doubt: null,
    closing: null,
    closed: null,
  })

/** What the status of a payment was worked out from. */
export const layersOf = (state: Payment): Layers => {
  const { status: _, queryAt: __, known, doubt: lost, closing, ...rest } = state
  if (!('closed' in rest)) return { base: rest, known, doubt: lost, closing, closed: null }
  const { closed, ...base } = rest
  return { base, known, doubt: lost, closing, closed }
}

/** Works out the status: words that do not fit weigh most, then money, then our own end, then the gateway's, then doubt. */
export const place = ({ base: whole, known, doubt: lost, closing, closed }: Layers): Payment => {
  const { capturing, ...base } = whole
  const settled = { ...base, queryAt: saidQueryAt(base), doubt: null } as const
  const open = {
    ...base,
    queryAt: base.queryable ? nextQueryAt(base.askedAt, base.queries, known.pollAfterMs) : null,
  }
  const { captured, authorised, failure } = known
  const taken = captured?.minor ?? 0
  const isUnderway = capturing !== undefined && capturing.targetMinor > taken - (base.said?.deniedMinor ?? 0)
  const held = { ...base, ...(isUnderway ? { capturing } : {}), queryAt: holdQueryAt(base) }
  // Where no money came of what does not fit, there is nothing to look at once it is to end.
  if (known.mismatches.length > 0 && (closing === null || hasTaken(known))) {
    return { ...settled, status: 'integrityHold', known, closing, closed }
  }
  if (captured !== null) {
    const paid = { ...known, captured }
    if (closed === null && base.capture === 'manual' && taken < base.amountMinor && known.restReleased !== true) {
      return { ...held, status: 'partlyCaptured', known: paid, doubt: null, closing }
    }
    if (closing !== null && closed !== null) {
      return { ...settled, status: 'capturedAfterClose', known: paid, closing, closed }
    }
    // What a person said was taken, and is held still, may be being taken.
    const isSaid = base.said?.heldMinor !== undefined && capturing !== undefined && capturing.targetMinor <= taken
    const isTakenAgain = isUnderway && isSaid && closing === null
    return { ...(isTakenAgain ? held : settled), status: 'captured', known: paid, doubt: null, closing }
  }
  if (closing !== null) {
    // Also where asking tells nothing, the gateway can be told to end it.
    const ending = { ...base, queryAt: nextQueryAt(base.askedAt, base.queries) }
    return closed === null || isHeldSince(known, closed)
      ? { ...ending, status: 'closing', known, doubt: lost, closing }
      : { ...settled, status: 'closed', known, closing, closed }
  }
  // Held again after a failure counts as held; a failure at the same moment as the hold ends it.
  if (failure !== null && (authorised === null || failure.at >= authorised.at)) {
    return { ...settled, status: 'failed', known: { ...known, failure }, closing }
  }
  if (authorised !== null)
    return { ...held, status: 'authorised', known: { ...known, authorised }, doubt: lost, closing }
  if (lost !== null) return { ...open, status: 'unknown', known, doubt: lost, closing }
  const status = known.stage === 'none' ? 'created' : known.stage
  return { ...open, status, known, doubt: null, closing }
}

/** Whether the gateway has taken anything, in whatever currency, by words that fit or by words that do not. */
export const hasTaken = ({ captured, suspended }: KnownFacts): boolean => captured !== null || suspended.length > 0

// What is held after its end is still to be given up: the gateway is asked to end it once more.
const isHeldSince = ({ authorised, failure }: KnownFacts, { at, heldAt = at }: Closed): boolean =>
  authorised !== null && authorised.at > Math.max(at, heldAt) && (failure === null || failure.at < authorised.at)

// Banks take days: what a person says is held against the gateway's word once a day.
const saidQueryAt = ({ queryable, askedAt, said }: Omit<Base, 'capturing'>): Instant | null =>
  queryable && said !== undefined ? Math.max(askedAt, said.at) + daysMs : null

/** Since when the gateway of a payment has owed an answer; null while it owes none. */
export const unheardSince = ({ status, doubt: lost, closing, capturing, goneSince }: Payment): Instant | null => {
  if (status === 'unknown') return lost?.since ?? null
  if (status === 'closing') return closing?.at ?? null
  // What was said to be taken, and is being taken since.
  if (status === 'captured') return capturing?.since ?? null
  // What a gateway holds that the shop has no more nobody can take or give up.
  const isHeld = status === 'authorised' || status === 'partlyCaptured'
  return isHeld ? (closing?.at ?? capturing?.since ?? goneSince ?? null) : null
}

// Asked about at the latest when the gateway may have given it up.
const holdQueryAt = ({ queryable, askedAt, queries, holdUntil }: Omit<Base, 'capturing'>): Instant | null => {
  if (!queryable) return null
  const next = nextQueryAt(askedAt, queries)
  return holdUntil === undefined || holdUntil <= askedAt ? next : Math.min(next, holdUntil)
}
