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
  /** What was counted of them; absent where nothing is, or its period is over. */
  readonly counted?: SealedMarks
  /** When the oldest item is to go, or the marks of what was counted; null without any. */
  readonly endsAt: Instant | null
}

/**
 * What was counted of a person in a period, by keyed digests, readable with the person's key only. It outlasts the items and
 * the consent: else whoever clears their history would be counted again, and one person could pass for many.
 */
export type SealedMarks = {
  readonly marks: Sealed
  /** When the period is over. */
  readonly endsAt: Instant
}

/** What was counted of a person in a period: keyed digests that only this person's row has, of products and of texts. */
export type CountedMarks = { readonly products: readonly string[]; readonly texts: readonly string[] }

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

/**
 * Puts items together: newest first, of what stands twice the newest, nothing beyond its time, and no more than are kept. What
 * a machine whose clock is ahead has written counts as of now.
 */
export const gatherItems = (items: readonly HistoryItem[], now: Instant): readonly HistoryItem[] => {
  const kept = new Map<string, HistoryItem>()
  const newestFirst = items
    .map((item) => (item.at <= now ? item : { ...item, at: now }))
    .sort((left, right) => right.at - left.at)
  for (const item of newestFirst) {
    if (item.at > now - historyKeptMs && !kept.has(subjectOf(item))) kept.set(subjectOf(item), item)
  }
  return [...kept.values()].slice(0, mostItems)
}

/** When the oldest of some items is to go, or the marks of what was counted. */
export const endOf = (items: readonly HistoryItem[], counted: SealedMarks | undefined): Instant | null => {
  const oldest = items.at(-1)
  const ends = [...(oldest === undefined ? [] : [oldest.at + historyKeptMs]), ...(counted ? [counted.endsAt] : [])]
  return ends.length === 0 ? null : Math.min(...ends)
}
