import type { CatalogFigures } from '../index/catalog-figures.js'
import { type CatalogIndex, indexOver } from '../index/catalog-index.js'
import { epochFigures, type Knowledge, totalsOf } from './knowledge.js'
import type { SealedPlace } from './sealed-index.js'

/** A catalog of which most stands in an epoch elsewhere, and what changed since in an index in process. */
export type SealedCatalog = {
  readonly shop: string
  readonly epoch: number
  readonly knowledge: Knowledge
  /** What changed since the epoch was made, as it is now. */
  readonly changed: CatalogIndex
  /** Products of the epoch that are no more what they were. */
  readonly dead: ReadonlyMap<string, SealedPlace>
  /** Their numbers. */
  readonly deadDocuments: readonly number[]
  /** How many of these are under a number. */
  readonly deadUnder: ReadonlyMap<number, number>
  readonly figures: CatalogFigures
}

/** The catalog as the epoch has it. */
export const openSealedCatalog = (shop: string, epoch: number, knowledge: Knowledge): SealedCatalog =>
  catalogOf({
    shop,
    epoch,
    knowledge,
    changed: indexOver(knowledge.vocabulary, [], epochFigures(knowledge, 0)),
    dead: new Map(),
  })

/** The same with further changes. */
export const changeSealedCatalog = (
  catalog: SealedCatalog,
  changed: CatalogIndex,
  dead: readonly SealedPlace[],
): SealedCatalog => {
  const all = new Map(catalog.dead)
  for (const place of dead) all.set(place.id, place)
  return catalogOf({ ...catalog, changed, dead: all })
}

const catalogOf = (held: Omit<SealedCatalog, 'deadDocuments' | 'deadUnder' | 'figures'>): SealedCatalog => {
  const { knowledge, changed, dead } = held
  const deadUnder = new Map<number, number>()
  for (const { values } of dead.values()) {
    for (const value of values) deadUnder.set(value, (deadUnder.get(value) ?? 0) + 1)
  }
  const figures: CatalogFigures = {
    vocabulary: knowledge.vocabulary,
    ...epochFigures(knowledge, dead.size),
    countsOf: (facet) => {
      const counts = totalsOf(knowledge, facet, deadUnder)
      for (const [value, count] of changed.countsOf(facet).entries()) counts[value] = (counts[value] ?? 0) + count
      return counts
    },
  }
  return { ...held, deadDocuments: [...dead.values()].map(({ document }) => document), deadUnder, figures }
}
