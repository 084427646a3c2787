import { compareCodePoints } from '../../../shared/json.js'
import { type Asked, counters, find, type Stored } from '../../../shared/read-plan.js'
import { countedText, type PopularQuery, popularFloor, queryTallies } from '../../history/popular-query.js'
import { popularQueries } from '../../history/popular-query.schema.js'
import { fold } from '../analysis/fold.js'
import type { PopularPolicy } from '../search-policy.js'

/** What is read of what many searched for. */
export type PopularRead = {
  readonly popular: readonly Stored<PopularQuery>[]
  readonly searched: ReadonlyMap<string, number>
}

/** The most texts with one beginning that are looked at, those that most people searched for. */
const mostLooked = 30

/** Asks for what many searched for that begins as a typed text. */
export const askPopular = (typed: string): { readonly [Name in keyof PopularRead]: Asked<PopularRead[Name]> } => {
  const text = beginningOf(typed)
  return {
    popular: find(popularQueries, {
      where: [
        { field: 'text', is: 'gte', value: text },
        { field: 'text', is: 'lt', value: `${text}\u{10ffff}` },
      ],
      orderBy: { field: 'people', direction: 'descending' },
      limit: mostLooked,
    }),
    searched: counters(queryTallies, { from: 'popular', path: 'queryId' }),
  }
}

/** What many searched for, most people first; without what is blocked, and what is typed already. */
export const popularOf = (
  { popular, searched }: PopularRead,
  typed: string,
  { leastPeople = popularFloor, blocked = [] }: PopularPolicy = {},
): readonly string[] => {
  const least = Math.max(popularFloor, leastPeople)
  const shut = blocked.map((each) => fold(each).trim()).filter((each) => each !== '')
  const whole = countedText(typed)
  return popular
    .flatMap(({ id, state: { text } }) => (text === null ? [] : [{ text, people: searched.get(id) ?? 0 }]))
    .filter(({ text, people }) => people >= least && text !== whole && !shut.some((each) => text.includes(each)))
    .sort((a, b) => b.people - a.people || compareCodePoints(a.text, b.text))
    .map(({ text }) => text)
}

const beginningOf = (typed: string): string => fold(typed).trimStart().replace(/\s+/g, ' ')
