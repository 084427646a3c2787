import type { Instant } from '../shared/instant.js'
import { localDayName, localDayOf, startOfLocalDay } from '../shared/local-day.js'
import { type Birthday, lastBirthday } from './birthday.js'
import type { MemberBenefit } from './membership-terms.js'

/** What a benefit depends on. */
export type BenefitFacts = {
  readonly levelId: string | null
  /** Null where it is not told. */
  readonly birthday: Birthday | null
  readonly now: Instant
  readonly timeZone: string
}

/** Whether a member may have a benefit now, taken or not. */
export type BenefitChance =
  /** Once in this period (`once`, `2026`, `2026-11`). */
  { readonly kind: 'open'; readonly period: string } | { readonly kind: 'needsLevel' } | { readonly kind: 'notNow' }

/** Whether a member may have a benefit now. */
export const chanceOf = (benefit: MemberBenefit, facts: BenefitFacts): BenefitChance => {
  if (facts.levelId === null || !benefit.levels.includes(facts.levelId)) return { kind: 'needsLevel' }
  const day = occasionOf(benefit, facts)
  if (day === null) return { kind: 'notNow' }
  return { kind: 'open', period: periodOf(benefit, day) }
}

/** The day of the occasion that now belongs to (`2026-11-11`); null where it belongs to none. */
const occasionOf = ({ occasion }: MemberBenefit, { birthday, now, timeZone }: BenefitFacts): string | null => {
  const today = localDayOf(now, timeZone)
  switch (occasion.kind) {
    case 'any':
      return localDayName(today)
    case 'memberDay':
      return occasion.daysOfMonth.includes(today.day) ? localDayName(today) : null
    case 'birthday': {
      if (birthday === null) return null
      const last = lastBirthday(birthday, today)
      const end = startOfLocalDay({ ...last, day: last.day + occasion.days }, timeZone)
      return now < end ? localDayName(last) : null
    }
  }
}

const periodOf = ({ occasion, period }: MemberBenefit, day: string): string => {
  // A birthday comes once a year, also to whoever tells another day each month.
  switch (occasion.kind === 'birthday' && period === 'month' ? 'year' : period) {
    case 'once':
      return 'once'
    case 'year':
      return day.slice(0, 4)
    case 'month':
      return day.slice(0, 7)
  }
}
