import { compareCodePoints } from '../../../shared/json.js'
import { countBits, hasBit, listBits } from '../index/bits.js'
import type { Segment } from '../index/segment.js'
import { sortedColumnOf } from '../index/sorted-column.js'
import type { Candidates } from './candidates.js'
import type { OrderEnd, SearchSort } from './catalog-query.js'
import { firstOf, type Placed, selectTop } from './select-top.js'

/** An order that hangs on the product and not on the query. */
export type StandingSort = Exclude<SearchSort, 'relevance'>

/**
 * The first products in question by such an order; what has no price stands with what costs nothing.
 *
 * @param after - those behind it alone
 */
export const sortBy = (
  found: readonly Candidates[],
  sort: StandingSort,
  most: number,
  after?: OrderEnd,
): readonly Placed[] =>
  firstOf(
    found.map((each) => firstIn(each, sort, most, after)),
    most,
  )

const firstIn = (
  { segment, held }: Candidates,
  sort: StandingSort,
  most: number,
  after: OrderEnd | undefined,
): readonly Placed[] => {
  const column = columnOf(segment, sort)
  const sign = sort === 'priceAscending' ? -1 : 1
  const count = countBits(held)
  const isBehind = (key: number, document: number): boolean =>
    after === undefined ||
    key < after.key ||
    (key === after.key && compareCodePoints(segment.ids[document] ?? '', after.id) > 0)
  // Few are looked at each; of many enough are met soon by whoever goes through all in order.
  if (count * count < most * segment.ids.length) {
    const keyOf = (document: number): number => sign * numberOf(column[document] ?? 0)
    const documents = listBits(held, count).filter((document) => isBehind(keyOf(document), document))
    return selectTop([{ segment, documents, keys: Float64Array.from(documents, keyOf) }], most)
  }
  const { values, offsets, documents } = sortedColumnOf(column)
  const placed: Placed[] = []
  for (let step = 0; step < values.length && placed.length < most; step += 1) {
    const group = sign < 0 ? step : values.length - 1 - step
    const key = sign * (values[group] ?? 0)
    if (after !== undefined && key > after.key) continue
    const end = offsets[group + 1] ?? 0
    for (let at = offsets[group] ?? 0; at < end && placed.length < most; at += 1) {
      const document = documents[at] ?? 0
      if (hasBit(held, document) && isBehind(key, document)) placed.push({ segment, document, key })
    }
  }
  return placed
}

const columnOf = (segment: Segment, sort: StandingSort): Float64Array => {
  switch (sort) {
    case 'newest':
      return segment.createdAt
    case 'priceAscending':
    case 'priceDescending':
      return segment.prices
    case 'launched':
      return segment.launchedAt
    case 'sales':
      return segment.sold
    case 'hot':
      return segment.trend
    case 'rating':
      return segment.recommendation
  }
}

const numberOf = (value: number): number => (Number.isNaN(value) ? 0 : value)
