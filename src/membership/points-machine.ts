import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import type { Decider, TransitionTable } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import {
  availablePoints,
  type LotPart,
  type OpenPointsAccount,
  type PendingPoints,
  type PointsAccount,
  type PointsCommand,
  type PointsError,
  type PointsEvent,
} from './points-account.js'
import { evolvePoints, isRemembered, sumOfPoints } from './points-evolve.js'

/** A points account, or the moment before the first points. */
export type PointsState = PointsAccount | { readonly status: 'absent' }

type Decision = Result<readonly PointsEvent[], PointsError>
type CommandOf<Type extends PointsCommand['type']> = Extract<PointsCommand, { type: Type }>

/** Which command leads a points account where. */
export const pointsTable: TransitionTable<PointsState['status'], PointsCommand['type'], PointsEvent['type']> = [
  {
    from: 'absent',
    command: 'GrantPoints',
    events: ['PointsAccountOpened', 'PointsGranted'],
    to: 'open',
    guard: 'at once',
  },
  {
    from: 'absent',
    command: 'GrantPoints',
    events: ['PointsAccountOpened', 'PointsPromised'],
    to: 'open',
    guard: 'later',
  },
  { from: 'absent', command: 'PromisePoints', events: ['PointsAccountOpened', 'PointsPromised'], to: 'open' },
  { from: 'open', command: 'GrantPoints', events: 'PointsGranted', to: 'open', guard: 'at once' },
  { from: 'open', command: 'GrantPoints', events: 'PointsPromised', to: 'open', guard: 'later' },
  { from: 'open', command: 'GrantPoints', events: [], to: 'open', guard: 'given before' },
  { from: 'open', command: 'PromisePoints', events: 'PointsPromised', to: 'open' },
  { from: 'open', command: 'PromisePoints', events: [], to: 'open', guard: 'given before' },
  { from: 'open', command: 'ActivatePoints', events: 'PointsActivated', to: 'open' },
  { from: 'open', command: 'ActivatePoints', events: [], to: 'open', guard: 'activated before' },
  { from: 'open', command: 'HoldPoints', events: 'PointsHeld', to: 'open' },
  { from: 'open', command: 'HoldPoints', events: [], to: 'open', guard: 'held before' },
  { from: 'open', command: 'SettleHold', events: 'HoldSettled', to: 'open' },
  { from: 'open', command: 'SettleHold', events: [], to: 'open', guard: 'settled before' },
  { from: 'open', command: 'ReleaseHold', events: 'HoldReleased', to: 'open' },
  { from: 'open', command: 'RestorePoints', events: 'PointsRestored', to: 'open' },
  { from: 'open', command: 'RestorePoints', events: [], to: 'open', guard: 'given back before' },
  { from: 'open', command: 'ClawBackPoints', events: 'PointsClawedBack', to: 'open' },
  { from: 'open', command: 'ClawBackPoints', events: [], to: 'open', guard: 'taken back before' },
  { from: 'open', command: 'SweepPoints', events: [], to: 'open', guard: 'nothing is due' },
  { from: 'open', command: 'SweepPoints', events: 'PointsActivated', to: 'open', guard: 'some begin' },
  { from: 'open', command: 'SweepPoints', events: 'PointsExpired', to: 'open', guard: 'some end' },
  { from: 'open', command: 'SweepPoints', events: ['PointsActivated', 'PointsExpired'], to: 'open', guard: 'both' },
  { from: 'open', command: 'NoticeExpiry', events: 'PointsExpiryNoticed', to: 'open' },
  { from: 'open', command: 'NoticeExpiry', events: [], to: 'open', guard: 'nothing new ends' },
  { from: 'open', command: 'ClosePoints', events: 'PointsAccountClosed', to: 'closed' },
]

const decide = (state: PointsState, command: PointsCommand): Decision => {
  if (state.status === 'closed') return err({ type: 'PointsAccountIsClosed', accountId: state.accountId })
  if (state.status === 'absent') {
    if (command.type !== 'GrantPoints' && command.type !== 'PromisePoints') return err({ type: 'PointsAccountMissing' })
    const given = command.type === 'GrantPoints' ? grant(undefined, command) : promise(undefined, command)
    const opened = { type: 'PointsAccountOpened', accountId: command.accountId, at: command.now } as const
    return given.map((events) => [opened, ...events])
  }
  return match(command)
    .returnType<Decision>()
    .with({ type: 'GrantPoints' }, (given) => grant(state, given))
    .with({ type: 'PromisePoints' }, (given) => promise(state, given))
    .with({ type: 'ActivatePoints' }, (given) => activate(state, given))
    .with({ type: 'HoldPoints' }, (given) => hold(state, given))
    .with({ type: 'SettleHold' }, (given) => settle(state, given))
    .with({ type: 'ReleaseHold' }, (given) => release(state, given))
    .with({ type: 'RestorePoints' }, (given) => restore(state, given))
    .with({ type: 'ClawBackPoints' }, (given) => clawBack(state, given))
    .with({ type: 'SweepPoints' }, (given) => sweep(state, given))
    .with({ type: 'NoticeExpiry' }, (given) => notice(state, given))
    .with({ type: 'ClosePoints' }, (given) => close(state, given))
    .exhaustive()
}

const isCount = (points: number): boolean => Number.isSafeInteger(points) && points >= 1

const grant = (account: OpenPointsAccount | undefined, command: CommandOf<'GrantPoints'>): Decision => {
  const { grantId, source, points, activatesAt, expiresAt, now } = command
  const begins = Math.max(now, activatesAt ?? now)
  if (!isCount(points) || expiresAt <= begins) return err({ type: 'PointsInvalid', command: command.type })
  if (isGiven(account, grantId)) return ok([])
  if (begins > now) {
    const terms = { activatesAt: begins, expiresAt }
    return ok([{ type: 'PointsPromised', grantId, source, points, terms, at: now }])
  }
  const repaid = Math.min(points, account?.debt ?? 0)
  return ok([{ type: 'PointsGranted', grantId, source, points, repaid, expiresAt, at: now }])
}

const isGiven = (account: OpenPointsAccount | undefined, grantId: string): boolean =>
  account !== undefined &&
  (account.lots.some((lot) => lot.lotId === grantId) || account.pending.some((each) => each.grantId === grantId))

const promise = (account: OpenPointsAccount | undefined, command: CommandOf<'PromisePoints'>): Decision => {
  const { grantId, source, points, replaces, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  if (isGiven(account, grantId)) return ok([])
  const anew = replaces === undefined ? {} : { replaces }
  return ok([{ type: 'PointsPromised', grantId, source, points, ...anew, terms: null, at: now }])
}

const activate = (account: OpenPointsAccount, command: CommandOf<'ActivatePoints'>): Decision => {
  const { grantId, expiresAt, now } = command
  if (expiresAt <= now) return err({ type: 'PointsInvalid', command: command.type })
  const pending = account.pending.find((each) => each.grantId === grantId)
  if (pending !== undefined) return ok([begin(pending, expiresAt, account.debt, now)])
  return isGiven(account, grantId) ? ok([]) : err({ type: 'PointsGrantUnknown', grantId })
}

const begin = ({ grantId, points }: PendingPoints, expiresAt: Instant, debt: number, now: Instant) =>
  ({ type: 'PointsActivated', grantId, points, repaid: Math.min(debt, points), expiresAt, at: now }) as const

const hold = (account: OpenPointsAccount, command: CommandOf<'HoldPoints'>): Decision => {
  const { holdId, points, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  const held = heldUnder(account, holdId)
  if (held !== undefined) {
    return held === points ? ok([]) : err({ type: 'PointsHoldDiffers', holdId, held, requested: points })
  }
  const available = availablePoints(account, now)
  if (available < points) return err({ type: 'PointsInsufficient', available, requested: points })
  return ok([{ type: 'PointsHeld', holdId, parts: takeFirst(freeLots(account, now), points), at: now }])
}

/** How many points a hold set aside, settled or not. */
const heldUnder = (account: OpenPointsAccount, holdId: string): number | undefined => {
  const hold = account.holds.find((each) => each.holdId === holdId)
  if (hold !== undefined) return sumOfPoints(hold.parts)
  return account.spends.find((each) => each.holdId === holdId)?.spent
}

const freeLots = (account: OpenPointsAccount, now: Instant): readonly LotPart[] =>
  account.lots.filter((lot) => lot.expiresAt > now && lot.points > 0)

/** Parts of the lots, in their order, that sum to the points, as far as the lots reach. */
const takeFirst = (lots: readonly LotPart[], points: number): readonly LotPart[] => {
  const parts: LotPart[] = []
  let missing = points
  for (const lot of lots) {
    const taken = Math.min(lot.points, missing)
    if (taken > 0) parts.push({ ...lot, points: taken })
    missing -= taken
  }
  return parts
}

const settle = (account: OpenPointsAccount, { holdId, now }: CommandOf<'SettleHold'>): Decision => {
  const held = account.holds.find((each) => each.holdId === holdId)
  if (held !== undefined) return ok([{ type: 'HoldSettled', holdId, points: sumOfPoints(held.parts), at: now }])
  return account.spends.some((each) => each.holdId === holdId) ? ok([]) : err({ type: 'PointsHoldUnknown', holdId })
}

const release = (account: OpenPointsAccount, { holdId, now }: CommandOf<'ReleaseHold'>): Decision => {
  const held = account.holds.find((each) => each.holdId === holdId)
  if (held === undefined) return err({ type: 'PointsHoldUnknown', holdId })
  const repaid = Math.min(account.debt, sumOfPoints(held.parts))
  return ok([{ type: 'HoldReleased', holdId, parts: takeFromEnd(held.parts, repaid), repaid, at: now }])
}

/** What is left of parts when so many points are taken from the last of them. */
const takeFromEnd = (parts: readonly LotPart[], points: number): readonly LotPart[] =>
  takeFirst(parts, sumOfPoints(parts) - points)

const restore = (account: OpenPointsAccount, command: CommandOf<'RestorePoints'>): Decision => {
  const { holdId, restoreId, points, graceTo, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  const spent = account.spends.find((each) => each.holdId === holdId)
  if (spent === undefined) return restoreForgotten(account, command)
  if (spent.restoreIds.includes(restoreId)) return ok([])
  const left = sumOfPoints(spent.parts)
  if (points > left) return err({ type: 'PointsRestoreTooLarge', holdId, left, requested: points })
  const back = takeFirst([...spent.parts].reverse(), points)
  const repaid = Math.min(account.debt, points)
  const parts = takeFromEnd(back, repaid).map((part) =>
    part.expiresAt > now
      ? part
      : { ...part, lotId: `${part.lotId}+${restoreId}`, expiresAt: Math.max(part.expiresAt, graceTo) },
  )
  return ok([{ type: 'PointsRestored', holdId, restoreId, parts, repaid, at: now }])
}

// The order holds to what it spent in all; its lots have ended since or are not known any more, so all of it has the grace.
const restoreForgotten = (account: OpenPointsAccount, command: CommandOf<'RestorePoints'>): Decision => {
  const { holdId, restoreId, points, placedAt, graceTo, now } = command
  const isHeld = account.holds.some((each) => each.holdId === holdId)
  if (isHeld || isRemembered(placedAt, now)) return err({ type: 'PointsHoldUnknown', holdId })
  const lotId = `${holdId}+${restoreId}`
  if (isGiven(account, lotId)) return ok([])
  const repaid = Math.min(account.debt, points)
  const parts = repaid === points ? [] : [{ lotId, points: points - repaid, expiresAt: Math.max(now, graceTo) }]
  return ok([{ type: 'PointsRestored', holdId, restoreId, parts, repaid, at: now }])
}

const clawBack = (account: OpenPointsAccount, command: CommandOf<'ClawBackPoints'>): Decision => {
  const { grantId, clawId, points, policy, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  if (account.claws.some((each) => each.clawId === clawId)) return ok([])
  const pending = account.pending.find((each) => each.grantId === grantId)?.points ?? 0
  const fromPending = Math.min(pending, points)
  const parts = policy === 'pendingOnly' ? [] : takeFirst(lotsToClaw(account, grantId, now), points - fromPending)
  const short = points - fromPending - sumOfPoints(parts)
  const owed = policy === 'debt' ? short : 0
  return ok([{ type: 'PointsClawedBack', grantId, clawId, fromPending, parts, owed, waived: short - owed, at: now }])
}

// The grant's own lot first, so that what other orders brought is touched only when it has to be.
const lotsToClaw = (account: OpenPointsAccount, grantId: string, now: Instant): readonly LotPart[] => {
  const free = freeLots(account, now)
  return [...free.filter((lot) => lot.lotId === grantId), ...free.filter((lot) => lot.lotId !== grantId)]
}

const sweep = (account: OpenPointsAccount, { now }: CommandOf<'SweepPoints'>): Decision => {
  const begun: PointsEvent[] = []
  // What begins too late ends in the same sweep, so that a second finds nothing.
  const lots: LotPart[] = [...account.lots]
  let debt = account.debt
  for (const pending of account.pending) {
    const { terms } = pending
    if (terms === null || terms.activatesAt > now) continue
    const event = begin(pending, terms.expiresAt, debt, now)
    debt -= event.repaid
    begun.push(event)
    lots.push({ lotId: pending.grantId, points: pending.points - event.repaid, expiresAt: terms.expiresAt })
  }
  const ended = lots.flatMap(({ lotId, points, expiresAt }): readonly PointsEvent[] =>
    expiresAt <= now && points > 0 ? [{ type: 'PointsExpired', lotId, points, at: now }] : [],
  )
  return ok([...begun, ...ended])
}

const notice = (account: OpenPointsAccount, { until, now }: CommandOf<'NoticeExpiry'>): Decision => {
  const ending = freeLots(account, now).filter(({ expiresAt }) => expiresAt <= until && expiresAt > account.noticedTo)
  const [first] = ending
  const last = ending.at(-1)
  if (first === undefined || last === undefined) return ok([])
  return ok([
    {
      type: 'PointsExpiryNoticed',
      points: sumOfPoints(ending),
      firstAt: first.expiresAt,
      lastAt: last.expiresAt,
      noticedTo: until,
      at: now,
    },
  ])
}

const close = (account: OpenPointsAccount, { now }: CommandOf<'ClosePoints'>): Decision => {
  if (account.holds.length > 0)
    return err({ type: 'PointsStillHeld', holdIds: account.holds.map((each) => each.holdId) })
  const { balance: lost, debt: forgiven } = account
  return ok([{ type: 'PointsAccountClosed', lost, lostPending: sumOfPoints(account.pending), forgiven, at: now }])
}

/** The points of a member: lots that end first are spent first, and every point given back goes to where it came from. */
export const pointsMachine: Decider<PointsState, PointsCommand, PointsEvent, PointsError> = {
  initial: { status: 'absent' },
  decide,
  evolve: (state, event): PointsState => {
    if (event.type === 'PointsAccountOpened') return openAccount(event.accountId)
    return state.status === 'open' ? evolvePoints(state, event) : state
  },
}

const openAccount = (accountId: string): OpenPointsAccount => ({
  status: 'open',
  accountId,
  lots: [],
  pending: [],
  holds: [],
  spends: [],
  claws: [],
  debt: 0,
  balance: 0,
  nextDueAt: null,
  noticedTo: 0,
  nextUnnoticedAt: null,
})
