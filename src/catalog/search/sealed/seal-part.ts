import { hasBit } from '../index/bits.js'
import { buildSegment } from '../index/build-segment.js'
import { setIn, valuesOfSet } from '../index/facet-columns.js'
import type { SearchDocument } from '../index/search-document.js'
import { forMark, type Segment } from '../index/segment.js'
import { priceStepsOf } from '../query/price-steps.js'
import { type Knowledge, saveKnowledge } from './knowledge.js'
import { createNeighbourCounter } from './neighbour-counts.js'
import type { EpochPart, SealedDocument, SealedPostings } from './sealed-index.js'
import { firstValue, markOf } from './value-numbers.js'

/** A part of an epoch, and what is known of the epoch with it. */
export type SealedProducts = {
  readonly part: Pick<EpochPart, 'knowledge' | 'documents' | 'postings' | 'codes'>
  readonly knowledge: Knowledge
}

/**
 * Writes products as a part of an epoch. They come behind all that the epoch has already, in order of ids.
 *
 * @param before - what is known of the epoch so far; its vocabulary and its numbers grow
 */
export const sealPart = (before: Knowledge, products: readonly SearchDocument[]): SealedProducts => {
  const segment = buildSegment(before.vocabulary, products)
  const base = before.counted
  const values = segment.ids.map((_, document) => valuesIn(before, segment, document))
  const knowledge = knowledgeWith(before, segment, values)
  return {
    knowledge,
    part: {
      knowledge: saveKnowledge(knowledge),
      documents: segment.ids.map((_, document) => documentIn(segment, document, base, values[document] ?? [])),
      postings: [...wordPostings(segment, base), ...valuePostings(values, base)],
      codes: Array.from(segment.codes, (code, at) => ({ code, document: base + (segment.codeDocuments[at] ?? 0) })),
    },
  }
}

const attributeMark = 'attribute:'

const valuesIn = ({ vocabulary, numbers }: Knowledge, segment: Segment, document: number): readonly number[] => {
  const values: number[] = []
  for (const [facet, column] of segment.facets) {
    const stated = valuesOfSet(column, setIn(column, document))
    for (const local of stated) values.push(numbers.numberOf(facet, local))
    // Of attributes it is told how many products do not state them.
    const isAttribute = vocabulary.facets.list[facet]?.startsWith(attributeMark) === true
    if (isAttribute && stated.length > 0) values.push(markOf(facet))
  }
  const step = priceStepsOf(segment.prices).sets[document] ?? 0
  if (step > 0) values.push(step)
  return values
}

const titleOf = ({ titleOffsets, titleTerms }: Segment, document: number): readonly number[] =>
  // What the product is for has its highest bit set, and is below 0 as the database has numbers.
  Array.from(titleTerms.subarray(titleOffsets[document] ?? 0, titleOffsets[document + 1] ?? 0), (term) => term | 0)

const documentIn = (segment: Segment, document: number, base: number, values: readonly number[]): SealedDocument => {
  const price = segment.prices[document] ?? Number.NaN
  return {
    document: base + document,
    id: segment.ids[document] ?? '',
    price: Number.isNaN(price) ? null : price,
    columns: {
      createdAt: segment.createdAt[document] ?? 0,
      launchedAt: segment.launchedAt[document] ?? 0,
      sold: segment.sold[document] ?? 0,
      trend: segment.trend[document] ?? 0,
      recommendation: segment.recommendation[document] ?? 0,
    },
    values,
    title: titleOf(segment, document),
  }
}

/** Numbers of products are counted from `base` on, so that with what a word says of them they are 31 bits. */
const wordPostings = ({ terms, offsets, documents, impacts }: Segment, base: number): readonly SealedPostings[] =>
  Array.from(terms, (term, at) => ({
    term,
    base,
    entries: Array.from(
      documents.subarray(offsets[at] ?? 0, offsets[at + 1] ?? 0),
      (document, place) => document * 256 + (impacts[(offsets[at] ?? 0) + place] ?? 0),
    ),
  }))

const valuePostings = (values: readonly (readonly number[])[], base: number): readonly SealedPostings[] => {
  const entries = new Map<number, number[]>()
  for (const [document, all] of values.entries()) {
    for (const value of all) {
      if (value < firstValue) continue
      const held = entries.get(value)
      if (held === undefined) entries.set(value, [document * 256 + 1])
      else held.push(document * 256 + 1)
    }
  }
  return [...entries].map(([value, held]) => ({ term: -1 - value, base, entries: held }))
}

const knowledgeWith = (before: Knowledge, segment: Segment, values: readonly (readonly number[])[]): Knowledge => {
  const { vocabulary, numbers } = before
  const frequencies = new Uint32Array(vocabulary.terms.list.length)
  frequencies.set(before.frequencies)
  for (const [at, term] of segment.terms.entries()) {
    frequencies[term] = (frequencies[term] ?? 0) + (segment.offsets[at + 1] ?? 0) - (segment.offsets[at] ?? 0)
  }
  const neighbours = createNeighbourCounter(before.neighbours)
  const totals = new Uint32Array(firstValue + numbers.facets.length)
  totals.set(before.totals)
  const stating = new Uint32Array(vocabulary.facets.list.length)
  stating.set(before.stating)
  for (const [document, all] of values.entries()) {
    if (!hasBit(segment.alive, document)) continue
    const { titleOffsets, titleTerms } = segment
    neighbours.hear(titleTerms.subarray(titleOffsets[document] ?? 0, titleOffsets[document + 1] ?? 0))
    for (const value of all) {
      if (value < 0) stating[markOf(value)] = (stating[markOf(value)] ?? 0) + 1
      else totals[value] = (totals[value] ?? 0) + 1
    }
  }
  const counted = before.counted + segment.ids.length
  return { vocabulary, numbers, counted, frequencies, neighbours: neighbours.finish(), totals, stating }
}

/** A word of a title as an index in process has it. */
export const titleTerm = (stored: number): number => (stored < 0 ? stored + 2 * forMark : stored)
