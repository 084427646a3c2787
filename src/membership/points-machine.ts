import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import type { Decider, TransitionTable } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import {
  availablePoints,
  type LotPart,
  type OpenPointsAccount,
  type PointsAccount,
  type PointsCommand,
  type PointsError,
  type PointsEvent,
} from './points-account.js'
import { evolvePoints, sumOfPoints } from './points-evolve.js'

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
  { from: 'open', command: 'GrantPoints', events: 'PointsGranted', to: 'open', guard: 'at once' },
  { from: 'open', command: 'GrantPoints', events: 'PointsPromised', to: 'open', guard: 'later' },
  { from: 'open', command: 'GrantPoints', events: [], to: 'open', guard: 'given before' },
  { from: 'open', command: 'HoldPoints', events: 'PointsHeld', to: 'open' },
  { from: 'open', command: 'HoldPoints', events: [], to: 'open', guard: 'held before' },
  { from: 'open', command: 'SettleHold', events: 'HoldSettled', to: 'open' },
  { from: 'open', command: 'SettleHold', events: [], to: 'open', guard: 'settled before' },
  { from: 'open', command: 'ReleaseHold', events: 'HoldReleased', to: 'open' },
  { from: 'open', command: 'RestorePoints', events: 'PointsRestored', to: 'open' },
  { from: 'open', command: 'ClawBackPoints', events: 'PointsClawedBack', to: 'open' },
  { from: 'open', command: 'SweepPoints', events: [], to: 'open', guard: 'nothing is due' },
  { from: 'open', command: 'SweepPoints', events: 'PointsActivated', to: 'open', guard: 'some begin' },
  { from: 'open', command: 'SweepPoints', events: 'PointsExpired', to: 'open', guard: 'some end' },
  { from: 'open', command: 'SweepPoints', events: ['PointsExpired', 'PointsActivated'], to: 'open', guard: 'both' },
  { from: 'open', command: 'ClosePoints', events: 'PointsAccountClosed', to: 'closed' },
]

const decide = (state: PointsState, command: PointsCommand): Decision => {
  if (state.status === 'closed') return err({ type: 'PointsAccountIsClosed', accountId: state.accountId })
  if (state.status === 'absent') {
    return command.type === 'GrantPoints'
      ? grant(undefined, command).map((events) => [
          { type: 'PointsAccountOpened', accountId: command.accountId, at: command.now },
          ...events,
        ])
      : err({ type: 'PointsAccountMissing' })
  }
  return match(command)
    .returnType<Decision>()
    .with({ type: 'GrantPoints' }, (given) => grant(state, given))
    .with({ type: 'HoldPoints' }, (given) => hold(state, given))
    .with({ type: 'SettleHold' }, (given) => settle(state, given))
    .with({ type: 'ReleaseHold' }, (given) => release(state, given))
    .with({ type: 'RestorePoints' }, (given) => restore(state, given))
    .with({ type: 'ClawBackPoints' }, (given) => clawBack(state, given))
    .with({ type: 'SweepPoints' }, (given) => sweep(state, given))
    .with({ type: 'ClosePoints' }, (given) => close(state, given))
    .exhaustive()
}

const isCount = (points: number): boolean => Number.isSafeInteger(points) && points >= 1

const grant = (account: OpenPointsAccount | undefined, command: CommandOf<'GrantPoints'>): Decision => {
  const { grantId, source, points, activatesAt, expiresAt, now } = command
  const begins = Math.max(now, activatesAt ?? now)
  if (!isCount(points) || expiresAt <= begins) return err({ type: 'PointsInvalid', command: command.type })
  const known =
    account?.lots.some((lot) => lot.lotId === grantId) === true ||
    account?.pending.some((each) => each.grantId === grantId) === true
  if (known) return ok([])
  if (begins > now) {
    return ok([{ type: 'PointsPromised', grantId, source, points, activatesAt: begins, expiresAt, at: now }])
  }
  const repaid = Math.min(points, account?.debt ?? 0)
  return ok([{ type: 'PointsGranted', grantId, source, points, repaid, expiresAt, at: now }])
}

const hold = (account: OpenPointsAccount, command: CommandOf<'HoldPoints'>): Decision => {
  const { holdId, points, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  const held = [...account.holds, ...account.spends].find((each) => each.holdId === holdId)
  if (held !== undefined) {
    const sum = sumOfPoints(held.parts)
    return sum === points ? ok([]) : err({ type: 'PointsHoldDiffers', holdId, held: sum, requested: points })
  }
  const available = availablePoints(account, now)
  if (available < points) return err({ type: 'PointsInsufficient', available, requested: points })
  return ok([{ type: 'PointsHeld', holdId, parts: takeFirst(freeLots(account, now), points), at: now }])
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
  if (spent === undefined) return err({ type: 'PointsHoldUnknown', holdId })
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

const clawBack = (account: OpenPointsAccount, command: CommandOf<'ClawBackPoints'>): Decision => {
  const { grantId, clawId, points, now } = command
  if (!isCount(points)) return err({ type: 'PointsInvalid', command: command.type })
  const pending = account.pending.find((each) => each.grantId === grantId)?.points ?? 0
  const fromPending = Math.min(pending, points)
  const free = freeLots(account, now)
  // The grant's own lot first, so that what other orders brought is touched only when it has to be.
  const ordered = [...free.filter((lot) => lot.lotId === grantId), ...free.filter((lot) => lot.lotId !== grantId)]
  const parts = takeFirst(ordered, points - fromPending)
  const owed = points - fromPending - sumOfPoints(parts)
  return ok([{ type: 'PointsClawedBack', grantId, clawId, fromPending, parts, owed, at: now }])
}

const sweep = (account: OpenPointsAccount, { now }: CommandOf<'SweepPoints'>): Decision => {
  const events: PointsEvent[] = []
  for (const { lotId, points, expiresAt } of account.lots) {
    if (expiresAt <= now && points > 0) events.push({ type: 'PointsExpired', lotId, points, at: now })
  }
  let debt = account.debt
  for (const { grantId, points, activatesAt, expiresAt } of account.pending) {
    if (activatesAt > now) continue
    const repaid = Math.min(debt, points)
    debt -= repaid
    events.push({ type: 'PointsActivated', grantId, points, repaid, expiresAt, at: now })
  }
  return ok(events)
}

const close = (account: OpenPointsAccount, { now }: CommandOf<'ClosePoints'>): Decision => {
  if (account.holds.length > 0)
    return err({ type: 'PointsStillHeld', holdIds: account.holds.map((each) => each.holdId) })
  const lost = account.balance + account.pending.reduce((sum, each) => sum + each.points, 0)
  return ok([{ type: 'PointsAccountClosed', lost, forgiven: account.debt, at: now }])
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
  debt: 0,
  balance: 0,
  nextDueAt: null,
})
