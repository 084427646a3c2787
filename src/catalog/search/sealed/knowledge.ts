import { err, ok, Result } from 'neverthrow'
import type { CatalogFigures, EpochFigures } from '../index/catalog-figures.js'
import { createVocabulary, type Vocabulary } from '../index/vocabulary.js'
import {
  createSavedFile,
  type IndexUnreadable,
  type NumbersIn,
  openSavedFile,
  unreadable,
} from '../saved/saved-file.js'
import { type SavedKnowledge, savedKnowledgeSchema } from './knowledge.schema.js'
import { countOfPair, type NeighbourCounts } from './neighbour-counts.js'
import { createValueNumbers, type GrowingValueNumbers, markOf } from './value-numbers.js'

/** What a process keeps of an epoch: its words and names, and how often they are. */
export type Knowledge = {
  readonly vocabulary: Vocabulary
  /** How many products the epoch has. */
  readonly counted: number
  /** By word: in how many of them it occurs. */
  readonly frequencies: Uint32Array
  readonly neighbours: NeighbourCounts
  readonly numbers: GrowingValueNumbers
  /** By number of a value, and by facet: how many products have it, and state it. */
  readonly totals: Uint32Array
  readonly stating: Uint32Array
}

/** An epoch of no products. */
export const noKnowledge = (): Knowledge => ({
  vocabulary: createVocabulary(),
  counted: 0,
  frequencies: new Uint32Array(),
  neighbours: { pairs: new Float64Array(), counts: new Uint32Array() },
  numbers: createValueNumbers(),
  totals: new Uint32Array(),
  stating: new Uint32Array(),
})

/**
 * How often words were when the epoch was made. A word that came later counts as one of a single product.
 */
export const epochFigures = ({ counted, frequencies, neighbours }: Knowledge, outdated: number): EpochFigures => ({
  counted,
  outdated,
  frequencyOf: (term) => (term === undefined ? 0 : (frequencies[term] ?? 1)),
  titlesWith: (left, right, most = Number.POSITIVE_INFINITY) => Math.min(most, countOfPair(neighbours, left, right)),
})

/** How many products of the epoch are under a number. */
export const totalUnder = ({ totals, stating }: Knowledge, number: number): number =>
  (number < 0 ? stating[markOf(number)] : totals[number]) ?? 0

/** By the number of a value of a facet: how many products of the epoch have it. */
export const totalsOf = (
  knowledge: Knowledge,
  facet: number,
  less: ReadonlyMap<number, number>,
): ReturnType<CatalogFigures['countsOf']> => {
  const { names } = knowledge.vocabulary.valuesOf(facet)
  return Uint32Array.from(names.list, (_, local) => {
    const number = knowledge.numbers.find(facet, local)
    return number === undefined ? 0 : totalUnder(knowledge, number) - (less.get(number) ?? 0)
  })
}

/** Writes what is known of an epoch as bytes. */
export const saveKnowledge = ({ vocabulary, numbers, neighbours, ...known }: Knowledge): Uint8Array => {
  const file = createSavedFile()
  const heard = [...vocabulary.speller.heard()]
  const description: SavedKnowledge = {
    terms: vocabulary.terms.list,
    facets: vocabulary.facets.list.map((name, facet) => {
      const { names, labels } = vocabulary.valuesOf(facet)
      return { name, values: names.list, labels: names.list.map((value, at) => labels[at] ?? value) }
    }),
    heard: heard.map(([word]) => word),
    counted: known.counted,
    heardCounts: file.put(Uint32Array.from(heard, ([, count]) => count)),
    frequencies: file.put(known.frequencies),
    pairs: file.put(neighbours.pairs),
    pairCounts: file.put(neighbours.counts),
    valueFacets: file.put(Uint32Array.from(numbers.facets)),
    valueLocals: file.put(Uint32Array.from(numbers.locals)),
    totals: file.put(known.totals),
    stating: file.put(known.stating),
  }
  return file.finish(JSON.stringify(description))
}

const parseJson = /* @__PURE__ */ Result.fromThrowable(
  (text: string): unknown => JSON.parse(text),
  (): IndexUnreadable => unreadable('broken'),
)

/**
 * Reads it again.
 *
 * @errors IndexUnreadable: of another version, or not whole
 */
export const loadKnowledge = (bytes: Uint8Array): Result<Knowledge, IndexUnreadable> =>
  openSavedFile(bytes).andThen((file) =>
    parseJson(file.description).andThen((description): Result<Knowledge, IndexUnreadable> => {
      const parsed = savedKnowledgeSchema.safeParse(description)
      if (!parsed.success) return err(unreadable('broken'))
      const saved = parsed.data
      const whole = (held: NumbersIn): Uint32Array | undefined => {
        const numbers = file.numbers(held)
        return numbers instanceof Uint32Array ? numbers : undefined
      }
      const pairs = file.numbers(saved.pairs)
      const heardCounts = whole(saved.heardCounts)
      const frequencies = whole(saved.frequencies)
      const counts = whole(saved.pairCounts)
      const facets = whole(saved.valueFacets)
      const locals = whole(saved.valueLocals)
      const totals = whole(saved.totals)
      const stating = whole(saved.stating)
      if (
        !(pairs instanceof Float64Array) ||
        heardCounts === undefined ||
        frequencies === undefined ||
        counts === undefined ||
        facets === undefined ||
        locals === undefined ||
        totals === undefined ||
        stating === undefined
      )
        return err(unreadable('broken'))
      const heard = saved.heard.map((word, at) => [word, heardCounts[at] ?? 0] as const)
      return ok({
        vocabulary: createVocabulary({ terms: saved.terms, facets: saved.facets, heard }),
        counted: saved.counted,
        frequencies,
        neighbours: { pairs, counts },
        numbers: createValueNumbers({ facets, locals }),
        totals,
        stating,
      })
    }),
  )
