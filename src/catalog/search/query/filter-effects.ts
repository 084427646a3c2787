import { type Bits, countBits } from '../index/bits.js'
import type { FilterEffect } from './catalog-query.js'
import type { Filtered, FilterPart } from './filter-documents.js'

const nameOf = (part: FilterPart): string => (part.kind === 'price' ? 'price' : part.facet)

const countOf = (filtered: readonly Filtered[], held: (of: Filtered) => Bits): number =>
  filtered.reduce((sum, each) => sum + countBits(held(each)), 0)

/** What each part of a filter took away. */
export const effectsOf = (filtered: readonly Filtered[], parts: readonly FilterPart[]): readonly FilterEffect[] => {
  const open = countOf(filtered, (each) => each.open)
  return parts.map((part, at) => ({
    filter: nameOf(part),
    removed: countOf(filtered, (each) => each.without(at)) - open,
  }))
}

/**
 * Which part of a filter to lift first where it leaves nothing: the one without which most is found; where no single one
 * helps, the one that fewest meet.
 */
export const partToRelax = (
  filtered: readonly Filtered[],
  parts: readonly FilterPart[],
  effects: readonly FilterEffect[],
): string | null => {
  if (countOf(filtered, (each) => each.open) > 0) return null
  const most = effects.reduce<FilterEffect | undefined>(
    (best, each) => (each.removed > (best?.removed ?? 0) ? each : best),
    undefined,
  )
  if (most !== undefined) return most.filter
  const met = parts.map((part, at) => ({ part, count: countOf(filtered, (each) => each.meeting(at)) }))
  const fewest = met.reduce<(typeof met)[number] | undefined>(
    (least, each) => (least === undefined || each.count < least.count ? each : least),
    undefined,
  )
  return fewest === undefined ? null : nameOf(fewest.part)
}
