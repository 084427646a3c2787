import { type AmountBounds, isWithinBounds, readAmountRange } from '../../attributes/amount-range.js'
import { comparable, comparableValue } from '../../product-facets.js'
import type { ProductFilter } from '../../product-filter.js'
import { addBit, allBits, type Bits, bothOf, eitherOf, noBits, removeBit, restOf } from '../index/bits.js'
import { attributeFacet } from '../index/search-document.js'
import type { FacetColumn, Segment } from '../index/segment.js'
import { placeOfLeast, sortedColumnOf } from '../index/sorted-column.js'
import type { Vocabulary } from '../index/vocabulary.js'
import { withIds } from './candidates.js'

/** One part of a filter: a product must have one of some values of a facet, or a price within bounds. */
export type FilterPart =
  | {
      readonly kind: 'facet'
      readonly facet: string
      readonly values: ReadonlySet<string>
      /** What states nothing of the facet meets it too; not so when absent. */
      readonly orNotStated?: boolean
      /** What is an amount within these meets it too. */
      readonly amounts?: AmountBounds
    }
  | { readonly kind: 'price'; readonly fromMinor: number; readonly toMinor: number }

/** What the products in question must meet at all; of it nothing is told. */
export type WithinPart =
  | FilterPart
  /** No earlier, no less. */
  | { readonly kind: 'atLeast'; readonly column: 'launchedAt' | 'trend'; readonly least: number }
  | { readonly kind: 'products'; readonly ids: readonly string[] }
  /** To have a price for whoever asks. */
  | { readonly kind: 'priced' }
  /** All parts of one choice; without a choice nothing meets it. */
  | { readonly kind: 'anyOf'; readonly choices: readonly (readonly WithinPart[])[] }

/** Takes a filter apart; of an empty list of values nothing is asked. */
export const partsOf = (filter: ProductFilter): readonly FilterPart[] => {
  const facet = (name: string, values: readonly string[]): readonly FilterPart[] =>
    values.length === 0 ? [] : [{ kind: 'facet', facet: name, values: new Set(values) }]
  const { minPriceMinor, maxPriceMinor } = filter
  return [
    ...facet('category', filter.categoryId === undefined ? [] : [filter.categoryId]),
    ...facet('brand', filter.brands ?? []),
    ...facet('tag', (filter.tags ?? []).map(comparable)),
    ...facet('rating', atLeast(filter.minRating)),
    ...facet('grade', atLeast(filter.minGrade)),
    ...Object.entries(filter.attributes ?? {}).flatMap(([name, values]) =>
      values.length === 0
        ? []
        : [
            {
              kind: 'facet',
              facet: attributeFacet(name),
              values: new Set(values.flatMap((value) => (value === null ? [] : [comparableValue(value)]))),
              orNotStated: values.includes(null),
            } as const,
          ],
    ),
    ...Object.entries(filter.amounts ?? {}).flatMap(([name, range]): readonly FilterPart[] => {
      const amounts = readAmountRange(range)
      const values = new Set<string>()
      const named = attributeFacet(name)
      return [{ kind: 'facet', facet: named, values, ...(amounts === undefined ? {} : { amounts }) }]
    }),
    ...(minPriceMinor === undefined && maxPriceMinor === undefined
      ? []
      : [
          {
            kind: 'price',
            fromMinor: minPriceMinor ?? 0,
            toMinor: maxPriceMinor ?? Number.POSITIVE_INFINITY,
          } as const,
        ]),
  ]
}

/** The whole numbers from a least one to five. */
const atLeast = (least: number | undefined): readonly string[] =>
  least === undefined ? [] : ['1', '2', '3', '4', '5'].slice(Math.max(0, least - 1))

/** How products in question stand to a filter. */
export type Filtered = {
  readonly segment: Segment
  /** Those that meet all parts. */
  readonly open: Bits
  /** Those that meet all parts but, maybe, the one with a number: what that part leaves to choose from. */
  readonly without: (part: number) => Bits
  /** Those in question that meet the part with a number, whatever they are to the others. */
  readonly meeting: (part: number) => Bits
}

/** The most parts of a filter; more than any door lets in, with what a scope and a section ask. */
export const mostParts = 64

/** Judges products by every part of a filter. */
export const filterDocuments = (
  vocabulary: Vocabulary,
  { segment, held }: { readonly segment: Segment; readonly held: Bits },
  parts: readonly WithinPart[],
): Filtered => {
  if (parts.length === 0) return { segment, open: held, without: () => held, meeting: () => held }
  const meeting = parts.slice(0, mostParts).map((part) => meetingPart(vocabulary, segment, part))
  // Of those in question: which meet all, and which fail one part and no other.
  const open = new Int32Array(held.length)
  const failingOne = new Int32Array(held.length)
  for (let at = 0; at < held.length; at += 1) {
    const asked = held[at] ?? 0
    let once = 0
    let twice = 0
    for (let part = 0; part < meeting.length; part += 1) {
      const missed = asked & ~(meeting[part]?.[at] ?? 0)
      twice |= once & missed
      once |= missed
    }
    open[at] = asked & ~once
    failingOne[at] = once & ~twice
  }
  return {
    segment,
    open,
    without: (part) => {
      const own = meeting[part]
      if (own === undefined) return open
      const wider = new Int32Array(open.length)
      for (let at = 0; at < wider.length; at += 1)
        wider[at] = (open[at] ?? 0) | ((failingOne[at] ?? 0) & ~(own[at] ?? 0))
      return wider
    },
    meeting: (part) => bothOf(held, meeting[part] ?? held),
  }
}

/** The products of a segment that meet a part of a filter. */
const meetingPart = (vocabulary: Vocabulary, segment: Segment, part: WithinPart): Bits => {
  switch (part.kind) {
    case 'atLeast':
      return notBelow(segment, part.column, part.least)
    case 'products':
      return withIds(segment, part.ids)
    case 'priced':
      return havingPrice(segment)
    case 'anyOf':
      return part.choices.reduce(
        (held, choice) =>
          eitherOf(
            held,
            choice.reduce(
              (all, each) => bothOf(all, meetingPart(vocabulary, segment, each)),
              allBits(segment.ids.length),
            ),
          ),
        noBits(segment.ids.length),
      )
    case 'price':
      return pricedWithin(segment, part)
    case 'facet': {
      const { facets, valuesOf } = vocabulary
      const id = facets.find(part.facet)
      const column = id === undefined ? undefined : segment.facets.get(id)
      const size = segment.ids.length
      if (id === undefined || column === undefined) return part.orNotStated === true ? allBits(size) : noBits(size)
      const { names } = valuesOf(id)
      const wanted = new Set([...part.values].flatMap((value) => names.find(value) ?? []))
      const { amounts } = part
      if (amounts !== undefined) {
        for (const [value, name] of names.list.entries()) if (isWithinBounds(name, amounts)) wanted.add(value)
      }
      const held = havingValues(column, wanted, size)
      return part.orNotStated === true ? eitherOf(held, restOf(statingIt(column, size), size)) : held
    }
  }
}

/** The products that state a facet at all. */
const statingIt = ({ documents, sets }: FacetColumn, size: number): Bits => {
  const held = noBits(size)
  for (let at = 0; at < sets.length; at += 1)
    if (sets[at] !== 0) addBit(held, documents === null ? at : (documents[at] ?? 0))
  return held
}

const havingValues = (column: FacetColumn, wanted: ReadonlySet<number>, size: number): Bits => {
  const { documents, sets, offsets, values } = column
  const isWanted = new Uint8Array(offsets.length)
  for (let set = 1; set + 1 < offsets.length; set += 1) {
    const end = offsets[set + 1] ?? 0
    for (let at = offsets[set] ?? 0; at < end; at += 1) if (wanted.has(values[at] ?? 0)) isWanted[set] = 1
  }
  const held = noBits(size)
  if (documents !== null) {
    for (let at = 0; at < documents.length; at += 1) if (isWanted[sets[at] ?? 0] === 1) addBit(held, documents[at] ?? 0)
    return held
  }
  for (let word = 0; word < held.length; word += 1) {
    const first = word << 5
    const count = Math.min(32, size - first)
    let bits = 0
    for (let bit = 0; bit < count; bit += 1) bits |= (isWanted[sets[first + bit] ?? 0] ?? 0) << bit
    held[word] = bits
  }
  return held
}

/** What is known of a product in an epoch is its price in the catalog alone. */
const havingPrice = ({ ids, prices, variants }: Segment): Bits => {
  const held = noBits(ids.length)
  if (variants === null) return held
  for (let at = 0; at < prices.length; at += 1) if (!Number.isNaN(prices[at])) addBit(held, at)
  return held
}

const notBelow = (segment: Segment, column: 'launchedAt' | 'trend', least: number): Bits => {
  const { values, offsets, documents } = sortedColumnOf(segment[column])
  const held = noBits(segment.ids.length)
  const begin = offsets[placeOfLeast(values, least)] ?? documents.length
  for (let at = begin; at < documents.length; at += 1) addBit(held, documents[at] ?? 0)
  return held
}

const pricedWithin = (
  { prices, ids }: Segment,
  { fromMinor, toMinor }: Extract<FilterPart, { kind: 'price' }>,
): Bits => {
  const { values, offsets, documents } = sortedColumnOf(prices)
  const begin = offsets[placeOfLeast(values, fromMinor)] ?? documents.length
  const after = placeOfLeast(values, toMinor)
  const end = Math.max(begin, offsets[values[after] === toMinor ? after + 1 : after] ?? documents.length)
  const isFew = 2 * (end - begin) < documents.length
  const held = isFew ? noBits(ids.length) : allBits(ids.length)
  if (isFew) for (let at = begin; at < end; at += 1) addBit(held, documents[at] ?? 0)
  else {
    for (let at = 0; at < begin; at += 1) removeBit(held, documents[at] ?? 0)
    for (let at = end; at < documents.length; at += 1) removeBit(held, documents[at] ?? 0)
  }
  // What has no price stands with what costs nothing.
  const free = (values[0] ?? 0) === 0 ? (offsets[1] ?? 0) : 0
  for (let at = begin; at < Math.min(end, free); at += 1) {
    if (Number.isNaN(prices[documents[at] ?? 0])) removeBit(held, documents[at] ?? 0)
  }
  return held
}
