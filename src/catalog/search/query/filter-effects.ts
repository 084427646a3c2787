import type { FilterEffect } from './catalog-query.js'
import type { FilterPart } from './filter-documents.js'
import type { Tally } from './tally.js'

const nameOf = (part: FilterPart): string => (part.kind === 'price' ? 'price' : part.facet)

/** What each part of a filter took away. */
export const effectsOf = (tally: Tally, parts: readonly FilterPart[]): readonly FilterEffect[] => {
  const open = tally.countOf(-1)
  return parts.map((part, at) => ({ filter: nameOf(part), removed: tally.countOf(at) - open }))
}

/**
 * Which part of a filter to lift first where it leaves nothing: the one without which most is found; where no single one
 * helps, the one that fewest meet.
 */
export const partToRelax = (
  tally: Tally,
  parts: readonly FilterPart[],
  effects: readonly FilterEffect[],
): string | null => {
  if (tally.countOf(-1) > 0) return null
  const most = effects.reduce<FilterEffect | undefined>(
    (best, each) => (each.removed > (best?.removed ?? 0) ? each : best),
    undefined,
  )
  if (most !== undefined) return most.filter
  const met = parts.map((part, at) => ({ part, count: tally.meeting(at) }))
  const fewest = met.reduce<(typeof met)[number] | undefined>(
    (least, each) => (least === undefined || each.count < least.count ? each : least),
    undefined,
  )
  return fewest === undefined ? null : nameOf(fewest.part)
}
