import { daysMs, type Instant } from '../shared/instant.js'
import { addMonths, endOfLocalDay, type LocalDay, localDayOf, startOfLocalDay } from '../shared/local-day.js'
import { type Ladder, type LevelActivity, type LevelStanding, type LevelWeights, metricOf, rankOf } from './level.js'
import type { LevelEntry } from './level-entry.js'

/** Which of the past counts toward a level. */
export type LevelWindow =
  /** The last so many calendar months. */
  | { readonly kind: 'rolling'; readonly months: number }
  /** The cycle of so many months that began last, the first in the month; a level also holds through the cycle after. */
  | { readonly kind: 'calendar'; readonly months: number; readonly startMonth: number }

/** How levels fall: never, to what is reached, or one step at a time. */
export type LevelDowngrade = 'none' | 'auto' | 'oneDown'

/** How a level comes about. */
export type LevelRules = {
  readonly ladder: Ladder
  readonly weights: LevelWeights
  readonly window: LevelWindow
  /** Days that a level stays unmet before it falls; the day on which it is first unmet is the first of them. */
  readonly graceDays: number
  readonly downgrade: LevelDowngrade
  /** IANA name; whose days. */
  readonly timeZone: string
}

/** From a moment on the member stands on a level; -1 is below the ladder. */
export type LevelStep = { readonly from: Instant; readonly rank: number }

/** The moment before all others. */
const always = Number.MIN_SAFE_INTEGER

/**
 * Every level that the entries bring, in order: those of the past, and those to come if nothing more is done. Up at
 * once; down after the grace.
 *
 * @param entries - of one member, in any order
 * @returns at least one step, the first from before all time
 */
export const levelHistory = (entries: readonly LevelEntry[], rules: LevelRules): readonly LevelStep[] => {
  const held = heldLevels(reachedLevels(entries, rules), rules)
  return rules.downgrade === 'oneDown' ? oneAtATime(held, rules) : held
}

/**
 * A moment before which nothing that was done can matter to a level from now on: it counts through two windows at most,
 * and what it brought falls a step with each grace at the slowest. Where levels never fall, whoever asks knows what was reached.
 */
export const firstCounting = ({ ladder, window, graceDays, timeZone }: LevelRules, now: Instant): Instant => {
  const falling = localDayOf(now - ladder.length * (graceDays + 1) * daysMs, timeZone)
  return startOfLocalDay({ ...addMonths(falling, -2 * window.months), day: 1 }, timeZone)
}

/** The step that holds at a moment. */
export const stepAt = (steps: readonly LevelStep[], at: Instant): LevelStep => {
  let found: LevelStep = { from: always, rank: -1 }
  for (const step of steps) if (step.from <= at) found = step
  return found
}

/** Where a member stands, and why. */
export type MemberStanding = LevelStanding & {
  /** What counts now. */
  readonly metric: number
  readonly activity: LevelActivity
  /** When the level falls if nothing more is done, and to which; null when it does not. */
  readonly falls: { readonly at: Instant; readonly levelId: string | null } | null
}

/**
 * A member's level at a moment, from what was known up to it.
 *
 * @param entries - of one member, in any order; later ones are left out
 */
export const standingAt = (entries: readonly LevelEntry[], rules: LevelRules, at: Instant): MemberStanding => {
  const { ladder } = rules
  const known = entries.filter((entry) => entry.at <= at)
  const steps = levelHistory(known, rules)
  const { rank } = stepAt(steps, at)
  const activity = activityAt(known, rules, at)
  const metric = metricOf(activity, rules.weights)
  const next = ladder[rank + 1] ?? null
  const fall = steps.find((step) => step.from > at && step.rank < rank)
  return {
    level: ladder[rank] ?? null,
    next,
    missing: next === null ? 0 : Math.max(0, next.from - metric),
    metric,
    activity,
    falls: fall === undefined ? null : { at: fall.from, levelId: ladder[fall.rank]?.levelId ?? null },
  }
}

const activityAt = (known: readonly LevelEntry[], rules: LevelRules, at: Instant): LevelActivity => {
  const sums = noSums()
  for (const entry of known) {
    const counts = spansOf(entry, rules).some(({ slot, from, to }) => slot === 'current' && from <= at && at < to)
    if (counts) sums[entry.kind] += entry.amount
  }
  return toActivity(sums)
}

type Sums = Record<LevelEntry['kind'], number>

const noSums = (): Sums => ({ spent: 0, signIn: 0, contribution: 0 })

const toActivity = ({ spent, signIn, contribution }: Sums): LevelActivity => ({
  spentMinor: spent,
  signIns: signIn,
  contributions: contribution,
})

/** A time in which an entry counts, in the window that is open or, of cycles, in the one before it. */
type CountingSpan = { readonly slot: 'current' | 'previous'; readonly from: Instant; readonly to: Instant }

const spansOf = ({ countsAt, at }: LevelEntry, { window, timeZone }: LevelRules): readonly CountingSpan[] => {
  const day = localDayOf(countsAt, timeZone)
  if (window.kind === 'rolling') {
    return spanOf('current', at, startOfLocalDay(addMonths(day, window.months), timeZone))
  }
  const next = cycleAfter(day, window)
  const end = startOfLocalDay(next, timeZone)
  const last = startOfLocalDay(cycleAfter(next, window), timeZone)
  return [...spanOf('current', at, end), ...spanOf('previous', Math.max(at, end), last)]
}

const spanOf = (slot: CountingSpan['slot'], from: Instant, to: Instant): readonly CountingSpan[] =>
  from < to ? [{ slot, from, to }] : []

/** The first day of the cycle after the one that a day is in. */
const cycleAfter = (day: LocalDay, { months, startMonth }: Extract<LevelWindow, { kind: 'calendar' }>): LocalDay => {
  const place = day.year * 12 + (day.month - startMonth)
  const next = Math.floor(place / months) * months + months + (startMonth - 1)
  return { year: Math.floor(next / 12), month: (next % 12) + 1, day: 1 }
}

/** The levels that the metric reaches, without any grace. */
const reachedLevels = (entries: readonly LevelEntry[], rules: LevelRules): readonly LevelStep[] => {
  const moves = entries
    .flatMap((entry) =>
      spansOf(entry, rules).flatMap(({ slot, from, to }) => [
        { at: from, slot, kind: entry.kind, by: entry.amount },
        { at: to, slot, kind: entry.kind, by: 0 - entry.amount },
      ]),
    )
    .sort((a, b) => a.at - b.at)
  const sums = { current: noSums(), previous: noSums() }
  const rankOfSums = (slot: Sums): number => rankOf(metricOf(toActivity(slot), rules.weights), rules.ladder)
  const reached = (): number => Math.max(rankOfSums(sums.current), rankOfSums(sums.previous))
  const steps: LevelStep[] = [{ from: always, rank: reached() }]
  for (const [place, { at, slot, kind, by }] of moves.entries()) {
    sums[slot][kind] += by
    // Moves of one moment count together.
    if (moves[place + 1]?.at !== at) addStep(steps, { from: at, rank: reached() })
  }
  return steps
}

/** The levels that hold: each until its grace is over. */
const heldLevels = (reached: readonly LevelStep[], rules: LevelRules): readonly LevelStep[] =>
  highest(
    reached.map(({ from, rank }, place) => {
      const unmet = reached[place + 1]?.from
      return { from, to: unmet === undefined || rules.downgrade === 'none' ? null : graceEnd(unmet, rules), rank }
    }),
  )

/** The first moment after the grace of a level that is unmet from a moment on. */
const graceEnd = (unmet: Instant, { graceDays, timeZone }: LevelRules): Instant =>
  graceDays === 0 ? unmet : endOfLocalDay(unmet, graceDays - 1, timeZone)

type Span = { readonly from: Instant; readonly to: Instant | null; readonly rank: number }

/** At each moment the highest rank of the spans that hold then; the last span never ends. */
const highest = (spans: readonly Span[]): readonly LevelStep[] => {
  const moments = [...new Set(spans.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))].sort(
    (a, b) => a - b,
  )
  const steps: LevelStep[] = []
  for (const at of moments) {
    let rank = -1
    for (const span of spans) {
      if (span.from <= at && (span.to === null || at < span.to)) rank = Math.max(rank, span.rank)
    }
    addStep(steps, { from: at, rank })
  }
  return steps
}

/** Falls one step, and the next when that one's grace is over too, whatever was reached meanwhile short of a rise. */
const oneAtATime = (held: readonly LevelStep[], rules: LevelRules): readonly LevelStep[] => {
  const slow = { ...rules, graceDays: Math.max(1, rules.graceDays) }
  const steps: LevelStep[] = []
  let rank = -1
  let nextFall = always
  for (const [place, { from, rank: target }] of held.entries()) {
    const until = held[place + 1]?.from ?? Number.MAX_SAFE_INTEGER
    if (target > rank || place === 0) {
      rank = target
      nextFall = always
      addStep(steps, { from, rank })
    }
    for (let at = Math.max(from, nextFall); rank > target && at < until; at = nextFall) {
      rank -= 1
      nextFall = graceEnd(at, slow)
      addStep(steps, { from: at, rank })
    }
  }
  return steps
}

const addStep = (steps: LevelStep[], step: LevelStep): void => {
  if (steps.at(-1)?.rank !== step.rank) steps.push(step)
}
