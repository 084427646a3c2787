import { daysMs } from './instant.js'
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
  const last = numberOf(to)
  // By numbers: the names of days do not stand in their order past the year 9999.
  for (let day = numberOf(from); day <= last; ) {
    const name = nameOf(day)
    const endOfMonth = lastOfMonth(day)
    const isWhole = name.endsWith('-01') && endOfMonth <= last
    buckets.push(isWhole ? `@${name.slice(0, -3)}` : `@${name}`)
    day = (isWhole ? endOfMonth : day) + 1
  }
  return buckets
}

/** The day after a day, by their names. */
export const dayAfter = (day: string): string => nameOf(numberOf(day) + 1)

/** Days since 1970-01-01. */
const numberOf = (day: string): number => Date.parse(day) / daysMs

const nameOf = (day: number): string => new Date(day * daysMs).toISOString().slice(0, -'T00:00:00.000Z'.length)

const lastOfMonth = (day: number): number => {
  const at = new Date(day * daysMs)
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0) / daysMs
}
