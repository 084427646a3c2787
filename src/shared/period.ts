import { type LocalDay, localDayName } from './local-day.js'

/** Days from the first to the last, both included, as ISO 8601 writes them (`2026-11-01`). */
export type Period = { readonly from: string; readonly to: string }

/** What a count of a day is kept under beside the count of all time: the day and its month, each put after its id. */
export const bucketsOfDay = (day: LocalDay): readonly string[] => {
  const name = localDayName(day)
  return [`@${name.slice(0, 7)}`, `@${name}`]
}

/** What the counts of a period are the sum of: its whole months, and the days before and after them. */
export const bucketsOfPeriod = ({ from, to }: Period): readonly string[] => {
  const buckets: string[] = []
  for (let day = from; day <= to; ) {
    const month = day.slice(0, 7)
    const isWhole = day.endsWith('-01') && lastOfMonth(day) <= to
    buckets.push(isWhole ? `@${month}` : `@${day}`)
    day = dayAfter(isWhole ? lastOfMonth(day) : day)
  }
  return buckets
}

/** The day after a day, by their names. */
export const dayAfter = (day: string): string => nameOf(Date.parse(day) + 86_400_000)

const lastOfMonth = (day: string): string => nameOf(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0))

const nameOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
