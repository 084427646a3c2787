import type { Segment } from '../index/segment.js'
import { type Candidates, thoseOf } from './candidates.js'
import { documentsByCode, exactCodeWorth } from './exact-code.js'
import { type Matches, matchSegment } from './match-segment.js'
import { sharedScore, shareOf } from './relevance.js'
import type { Slot } from './slot.js'

/** The products of a segment that have anything of a query, before it is known how much of it is enough. */
export type Matched = Matches & { readonly segment: Segment }

/** Looks every word up in every segment. */
export const matchSegments = (segments: readonly Segment[], slots: readonly Slot[]): readonly Matched[] =>
  segments.map((segment) => ({ segment, ...matchSegment(segment, slots) }))

/** How many products have how much of a query. */
export type CoverCount = { readonly covered: number; readonly count: number }

/** The same of matched products. */
export const coversOf = (matched: readonly Matched[]): readonly CoverCount[] => {
  let most = 0
  for (const { covered } of matched) {
    for (let at = 0; at < covered.length; at += 1) most = Math.max(most, covered[at] ?? 0)
  }
  const counts = new Uint32Array(most + 1)
  for (const { covered } of matched) {
    for (let at = 0; at < covered.length; at += 1) {
      const each = covered[at] ?? 0
      counts[each] = (counts[each] ?? 0) + 1
    }
  }
  const found: CoverCount[] = []
  for (let each = 0; each < counts.length; each += 1) {
    const count = counts[each] ?? 0
    if (count > 0) found.push({ covered: each, count })
  }
  return found
}

/**
 * How much of a query is enough: at least half of the most that any product has. Where few have that, what has less is
 * found as well, behind them.
 */
export const enoughOf = (covers: readonly CoverCount[]): number => {
  const most = covers.reduce((held, { covered }) => Math.max(held, covered), 0)
  const usual = covers.reduce((sum, { covered, count }) => sum + (covered >= most * usualShare ? count : 0), 0)
  return usual >= enough ? most * usualShare : most * leastShare
}

/** Half of the most, and what is taken where fewer than `enough` products have that. */
export const usualShare = 0.5
export const leastShare = 0.12
export const enough = 60

/** Scores what has enough of a query. */
export const scoreMatched = (
  { segment, documents, sums, covered }: Matched,
  { least, total, text }: { readonly least: number; readonly total: number; readonly text: string },
): Candidates => {
  const kept = new Uint32Array(documents.length)
  const scores = new Float64Array(documents.length)
  const byCode = documentsByCode(segment, text)
  let count = 0
  // Many have as much of the query as the one before.
  let last = -1
  let share = 0
  for (let at = 0; at < documents.length; at += 1) {
    const has = covered[at] ?? 0
    const document = documents[at] ?? 0
    const isCode = byCode.length > 0 && byCode.includes(document)
    if (has < least && !isCode) continue
    if (has !== last) {
      last = has
      share = shareOf(has, total)
    }
    kept[count] = document
    scores[count] = sharedScore(sums[at] ?? 0, share) + (isCode ? exactCodeWorth : 0)
    count += 1
  }
  return thoseOf(segment, kept.subarray(0, count), scores.subarray(0, count))
}

/** The rarity of all words of a query that are missed where they are not. */
export const totalOf = (slots: readonly Slot[]): number =>
  slots.reduce((sum, { rarity, isExtra }) => sum + (isExtra ? 0 : rarity), 0)
