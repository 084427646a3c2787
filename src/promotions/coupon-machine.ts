import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import { daysMs, type Instant } from '../shared/instant.js'
import type {
  Coupon,
  CouponCommand,
  CouponError,
  CouponEvent,
  CouponFacts,
  EndedCoupon,
  HeldCoupon,
  RevokeReason,
} from './coupon.js'

/** A coupon, or the moment before there is one. */
export type CouponState = Coupon | { readonly status: 'absent' }

export type CouponStatus = CouponState['status']
/** Days that a coupon holds which comes back by the seller's doing when its own time is nearly or wholly over. */
export const couponGraceDays = 7

type Decision = Result<readonly CouponEvent[], CouponError>
type CommandOf<Type extends CouponCommand['type']> = Extract<CouponCommand, { type: Type }>

/** Which command leads a coupon where. */
export const couponTable: TransitionTable<CouponStatus, CouponCommand['type'], CouponEvent['type']> = [
  { from: 'absent', command: 'IssueCoupon', events: 'CouponIssued', to: 'issued' },
  { from: 'issued', command: 'ClaimCoupon', events: 'CouponClaimed', to: 'claimed' },
  { from: 'claimed', command: 'ClaimCoupon', events: [], to: 'claimed', guard: 'by its holder' },
  { from: 'claimed', command: 'LockCoupon', events: 'CouponLocked', to: 'locked' },
  { from: 'locked', command: 'LockCoupon', events: [], to: 'locked', guard: 'by the same order' },
  {
    from: 'locked',
    command: 'LockCoupon',
    events: 'CouponLockProlonged',
    to: 'locked',
    guard: 'by the same order, for longer',
  },
  { from: 'locked', command: 'UseCoupon', events: 'CouponUsed', to: 'used' },
  { from: 'used', command: 'UseCoupon', events: [], to: 'used', guard: 'by the same order' },
  { from: 'locked', command: 'ReleaseCoupon', events: 'CouponReleased', to: 'claimed', guard: 'still valid' },
  {
    from: 'locked',
    command: 'ReleaseCoupon',
    events: ['CouponReleased', 'CouponExpired'],
    to: 'expired',
    guard: 'its time is over',
  },
  {
    from: 'locked',
    command: 'ReleaseCoupon',
    events: ['CouponReleased', 'CouponRevoked'],
    to: 'revoked',
    guard: 'revoked meanwhile',
  },
  { from: 'claimed', command: 'ReleaseCoupon', events: [], to: 'claimed', guard: 'released before' },
  { from: 'used', command: 'ReturnCoupon', events: 'CouponReturned', to: 'claimed', guard: 'still valid, or by grace' },
  {
    from: 'used',
    command: 'ReturnCoupon',
    events: ['CouponReturned', 'CouponExpired'],
    to: 'expired',
    guard: 'its time is over',
  },
  {
    from: 'used',
    command: 'ReturnCoupon',
    events: ['CouponReturned', 'CouponRevoked'],
    to: 'revoked',
    guard: 'revoked meanwhile',
  },
  { from: ['issued', 'claimed'], command: 'RevokeCoupon', events: 'CouponRevoked', to: 'revoked' },
  { from: 'locked', command: 'RevokeCoupon', events: 'RevocationNoted', to: 'locked', guard: 'not noted yet' },
  { from: 'locked', command: 'RevokeCoupon', events: [], to: 'locked', guard: 'noted before' },
  { from: 'revoked', command: 'RevokeCoupon', events: [], to: 'revoked' },
  { from: 'claimed', command: 'RemindOfCoupon', events: 'CouponReminded', to: 'claimed', guard: 'due' },
  { from: 'claimed', command: 'RemindOfCoupon', events: [], to: 'claimed', guard: 'not due, or told before' },
  {
    from: ['issued', 'claimed'],
    command: 'ExpireCoupon',
    events: 'CouponExpired',
    to: 'expired',
    guard: 'its time is over',
  },
]

const decide = (state: CouponState, command: CouponCommand): Decision =>
  allowsCommand(couponTable, { status: state.status, command: command.type })
    ? match(command)
        .returnType<Decision>()
        .with({ type: 'IssueCoupon' }, ({ type: _, now, ...facts }) =>
          ok([{ type: 'CouponIssued', ...facts, at: now }]),
        )
        .with({ type: 'ClaimCoupon' }, (given) => claim(state, given))
        .with({ type: 'LockCoupon' }, (given) => lock(state, given))
        .with({ type: 'UseCoupon' }, (given) => use(state, given))
        .with({ type: 'ReleaseCoupon' }, (given) => release(state, given))
        .with({ type: 'ReturnCoupon' }, (given) => giveBack(state, given))
        .with({ type: 'RevokeCoupon' }, ({ reason, now }) => ok(revoke(state, reason, now)))
        .with({ type: 'RemindOfCoupon' }, ({ now }) => ok(remind(state, now)))
        .with({ type: 'ExpireCoupon' }, (given) => expire(state, given))
        .exhaustive()
    : notReady(state, command)

const claim = (state: CouponState, command: CommandOf<'ClaimCoupon'>): Decision => {
  const { accountId, validFrom, validTo, now } = command
  if (state.status === 'claimed') return state.holderId === accountId ? ok([]) : notReady(state, command)
  if (state.status !== 'issued') return notReady(state, command)
  const { couponId, offerId } = state
  const last = Math.min(state.claimableTo, validTo)
  if (now >= last) return err({ type: 'CouponNoLongerValid', couponId, validTo: last })
  return ok([{ type: 'CouponClaimed', couponId, offerId, holderId: accountId, validFrom, validTo, at: now }])
}

const lock = (state: CouponState, command: CommandOf<'LockCoupon'>): Decision => {
  const { orderId, lockedUntil, now } = command
  if (state.status === 'locked') {
    if (state.orderId !== orderId) return heldByOther(state)
    if (lockedUntil <= state.lockedUntil) return ok([])
    return ok([{ type: 'CouponLockProlonged', couponId: state.couponId, orderId, lockedUntil, at: now }])
  }
  if (state.status !== 'claimed') return notReady(state, command)
  const { couponId, validFrom, validTo } = state
  if (now < validFrom) return err({ type: 'CouponNotYetValid', couponId, validFrom })
  if (now >= validTo) return err({ type: 'CouponNoLongerValid', couponId, validTo })
  return ok([{ type: 'CouponLocked', couponId, orderId, lockedUntil, at: now }])
}

const use = (state: CouponState, command: CommandOf<'UseCoupon'>): Decision => {
  if (state.status !== 'locked' && state.status !== 'used') return notReady(state, command)
  if (state.orderId !== command.orderId) return heldByOther(state)
  if (state.status === 'used') return ok([])
  return ok([{ type: 'CouponUsed', couponId: state.couponId, orderId: command.orderId, at: command.now }])
}

const release = (state: CouponState, command: CommandOf<'ReleaseCoupon'>): Decision => {
  if (state.status !== 'locked') return ok([])
  if (state.orderId !== command.orderId) return heldByOther(state)
  const { couponId } = state
  return ok([
    { type: 'CouponReleased', couponId, orderId: command.orderId, at: command.now },
    ...endingOf(state, state.validTo, command.now),
  ])
}

const giveBack = (state: CouponState, command: CommandOf<'ReturnCoupon'>): Decision => {
  if (state.status !== 'used') return notReady(state, command)
  if (state.orderId !== command.orderId) return heldByOther(state)
  const { couponId } = state
  const validTo = Math.max(state.validTo, command.graceTo ?? state.validTo)
  return ok([
    { type: 'CouponReturned', couponId, orderId: command.orderId, validTo, at: command.now },
    ...endingOf(state, validTo, command.now),
  ])
}

const revoke = (state: CouponState, reason: RevokeReason, now: Instant): readonly CouponEvent[] => {
  if (state.status === 'revoked') return []
  if (state.status !== 'locked') return [{ type: 'CouponRevoked', couponId: idOf(state), reason, at: now }]
  return state.revocation === null ? [{ type: 'RevocationNoted', couponId: state.couponId, reason, at: now }] : []
}

const remind = (state: CouponState, now: Instant): readonly CouponEvent[] =>
  state.status === 'claimed' && state.remindAt !== null && now >= state.remindAt && now < state.validTo
    ? [{ type: 'CouponReminded', couponId: state.couponId, at: now }]
    : []

// What an order lets go of is its holder's again, unless it was revoked meanwhile or its time is over.
const endingOf = (
  { couponId, revocation }: Extract<Coupon, { status: 'locked' | 'used' }>,
  validTo: Instant,
  now: Instant,
): readonly CouponEvent[] =>
  revocation === null
    ? expiryOf(couponId, validTo, now)
    : [{ type: 'CouponRevoked', couponId, reason: revocation, at: now }]

const expire = (state: CouponState, command: CommandOf<'ExpireCoupon'>): Decision => {
  if (state.status !== 'issued' && state.status !== 'claimed') return notReady(state, command)
  const last = state.status === 'issued' ? state.claimableTo : state.validTo
  // Asked too early it is refused, so that a sweep which is wrong about the time is heard of.
  return command.now >= last ? ok(expiryOf(state.couponId, last, command.now)) : notReady(state, command)
}

const expiryOf = (couponId: string, validTo: Instant, now: Instant): readonly CouponEvent[] =>
  now >= validTo ? [{ type: 'CouponExpired', couponId, at: now }] : []

const idOf = (state: CouponState): string => (state.status === 'absent' ? '' : state.couponId)

const notReady = (state: CouponState, command: CouponCommand): Decision =>
  err({ type: 'CouponNotReady', couponId: idOf(state), status: state.status, command: command.type })

const heldByOther = (state: Coupon): Decision => err({ type: 'CouponHeldByOtherOrder', couponId: state.couponId })

const evolve = (state: CouponState, event: CouponEvent): CouponState => {
  if (event.type === 'CouponIssued') {
    const { couponId, offerId, campaignId, batchId, code, claimableTo, at } = event
    return { status: 'issued', couponId, offerId, campaignId, batchId, code, claimableTo, issuedAt: at }
  }
  if (state.status === 'absent') return state
  switch (event.type) {
    case 'CouponClaimed': {
      const { holderId, validFrom, validTo, at } = event
      const remindAt = remindAtOf(Math.max(validFrom, at), validTo)
      return { ...factsOf(state), status: 'claimed', holderId, claimedAt: at, validFrom, validTo, remindAt }
    }
    case 'CouponLocked': {
      const { orderId, lockedUntil } = event
      return isHeld(state) ? { ...heldOf(state), status: 'locked', orderId, lockedUntil, revocation: null } : state
    }
    case 'CouponLockProlonged':
      return state.status === 'locked' ? { ...state, lockedUntil: event.lockedUntil } : state
    case 'CouponUsed': {
      const { orderId, at } = event
      const revocation = state.status === 'locked' ? state.revocation : null
      return isHeld(state) ? { ...heldOf(state), status: 'used', orderId, usedAt: at, revocation } : state
    }
    case 'CouponReleased':
      return isHeld(state) ? { ...heldOf(state), status: 'claimed' } : state
    case 'CouponReturned': {
      if (!isHeld(state)) return state
      const { validTo, at } = event
      // Of one end its holder is told once.
      const isTold = state.remindAt === null && state.validTo === validTo
      const remindAt = isTold ? null : remindAtOf(at, validTo)
      return { ...heldOf(state), status: 'claimed', validTo, remindAt }
    }
    case 'CouponReminded':
      return isHeld(state) ? { ...state, remindAt: null } : state
    case 'RevocationNoted':
      return state.status === 'locked' ? { ...state, revocation: event.reason } : state
    case 'CouponExpired':
      return { ...endedOf(state), status: 'expired', expiredAt: event.at }
    case 'CouponRevoked':
      return { ...endedOf(state), status: 'revoked', reason: event.reason, revokedAt: event.at }
  }
}

// Three days before the end, and never in the first three quarters of the time that the holder has.
const remindAtOf = (from: Instant, to: Instant): Instant =>
  to - Math.min(3 * daysMs, Math.max(0, Math.floor((to - from) / 4)))

type Held = Extract<Coupon, { validTo: Instant }>

const isHeld = (state: Coupon): state is Held => 'validTo' in state

const factsOf = ({ couponId, offerId, campaignId, batchId, code, issuedAt }: Coupon): CouponFacts => ({
  couponId,
  offerId,
  campaignId,
  batchId,
  code,
  issuedAt,
})

const heldOf = (state: Held): HeldCoupon => ({
  ...factsOf(state),
  holderId: state.holderId,
  claimedAt: state.claimedAt,
  validFrom: state.validFrom,
  validTo: state.validTo,
  remindAt: state.remindAt,
})

const endedOf = (state: Coupon): EndedCoupon => ({
  ...factsOf(state),
  holderId: 'holderId' in state ? state.holderId : null,
  claimedAt: 'claimedAt' in state ? state.claimedAt : null,
})

/** The life of a coupon. */
export const couponMachine: Decider<CouponState, CouponCommand, CouponEvent, CouponError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}
