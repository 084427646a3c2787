import type { Instant } from '../../shared/instant.js'
import { daysMs } from '../../shared/instant.js'
import type { Sealed } from '../../shared/personal-data.js'
import { fold } from '../search/analysis/fold.js'

/** Something a customer looked at or looked for. */
export type HistoryItem = { readonly itemId: string; readonly at: Instant } & (
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'search'; readonly text: string }
)

/** What was looked at or for. */
export type HistorySubject =
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'search'; readonly text: string }

/** What a customer looked at and for; the id of the row is the account's. */
export type BrowsingHistory = {
  readonly accountId: string
  /** Nothing is recorded while it is. */
  readonly paused: boolean
  /** The items, newest first, readable with the person's key only; null without any. */
  readonly items: Sealed | null
  /** When the oldest item is to go; null without any. */
  readonly endsAt: Instant | null
}

/** For how many days an item is kept. */
export const historyKeptDays = 90

/** How long an item is kept. */
export const historyKeptMs = historyKeptDays * daysMs

/** The most items of one person; the oldest make room. */
export const mostItems = 200

/** A searched text as it is compared: without case, width or spaces too many. */
export const searchedText = (text: string): string => fold(text).trim().replace(/\s+/g, ' ')

/** What makes two items one: what was looked at or for. */
const subjectOf = (item: HistorySubject): string =>
  item.kind === 'product' ? `product ${item.productId}` : `search ${searchedText(item.text)}`

/** Whether something was looked at or for before. */
export const isInHistory = (items: readonly HistoryItem[], subject: HistorySubject): boolean =>
  items.some((item) => subjectOf(item) === subjectOf(subject))

/**
 * Puts items together: newest first, of what stands twice the newest, nothing beyond its time, and no more than are kept.
 */
export const gatherItems = (items: readonly HistoryItem[], now: Instant): readonly HistoryItem[] => {
  const kept = new Map<string, HistoryItem>()
  const newestFirst = [...items].sort((left, right) => right.at - left.at)
  for (const item of newestFirst) {
    if (item.at > now - historyKeptMs && item.at <= now && !kept.has(subjectOf(item))) kept.set(subjectOf(item), item)
  }
  return [...kept.values()].slice(0, mostItems)
}

/** When the oldest of some items is to go. */
export const endOf = (items: readonly HistoryItem[]): Instant | null => {
  const oldest = items.at(-1)
  return oldest === undefined ? null : oldest.at + historyKeptMs
}
