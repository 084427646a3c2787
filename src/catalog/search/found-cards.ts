import type { ResultAsync } from 'neverthrow'
import type { Scope } from '../../shared/actor.js'
import { eachAlone, type ReadAlone, readable } from '../../shared/read-alone.js'
import { readFacts } from '../../shared/read-facts.js'
import { counters, rows, type Stored } from '../../shared/read-plan.js'
import type { QueryError } from '../../shared/run-query.js'
import type { CatalogPorts } from '../ports.js'
import type { Product } from '../product.js'
import { products } from '../product.schema.js'
import { cardOf, type ProductCard } from '../product-card.js'
import { askPartStock, askStock, type StockFacts } from '../stock-source.js'
import { facetTallies } from './facet-order.js'
import type { FoundProduct } from './query/catalog-query.js'
import type { FilterPart } from './query/filter-documents.js'

/** Reads the cards of products that an index found; of those that are still on sale. */
export const cardsOf = (
  ports: CatalogPorts,
  found: readonly Pick<FoundProduct, 'productId'>[],
  asked: { readonly scope: Scope; readonly now: number },
): ResultAsync<readonly ProductCard[], QueryError> =>
  readFound(ports, found, asked).map((products) => products.map(({ card }) => card))

/**
 * Reads the cards of products that an index found, and beside them what the order of facets hangs on.
 *
 * @param habits - `viewed`: ids of products that the shopper looked at; `facets`: whose use is asked for
 */
export const cardsWithHabits = (
  ports: CatalogPorts,
  found: readonly Pick<FoundProduct, 'productId'>[],
  { scope, now }: { readonly scope: Scope; readonly now: number },
  habits: { readonly viewed: readonly string[]; readonly facets: readonly string[] },
): ResultAsync<
  {
    readonly cards: readonly ProductCard[]
    readonly viewed: readonly Product[]
    readonly uses: ReadonlyMap<string, number>
  },
  QueryError
> => {
  const plan = {
    ...cardPlan(ports, found),
    viewed: rows(eachAlone(products), habits.viewed),
    uses: counters(facetTallies, habits.facets),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).map(({ viewed, uses, ...facts }) => ({
    cards: shownIn(ports, facts).map(({ card }) => card),
    viewed: readable(viewed).map(({ state }) => state),
    uses,
  }))
}

const cardPlan = (ports: CatalogPorts, found: readonly Pick<FoundProduct, 'productId'>[]) => ({
  cardsOf: rows(
    eachAlone(products),
    found.map(({ productId }) => productId),
  ),
  ...askStock(ports.stock, { from: 'cardsOf', path: 'variants.*.sku' }),
  ...askPartStock(ports.stock, 'cardsOf'),
})

type CardFacts = StockFacts & { readonly cardsOf: readonly Stored<ReadAlone<Product>>[] }

const shownIn = (ports: CatalogPorts, facts: CardFacts) =>
  readable(facts.cardsOf).flatMap(({ state }) =>
    state.status === 'active' ? [{ product: state, card: cardOf(state, ports.stock, facts) }] : [],
  )

/** Reads products that an index found, with their cards; those that are still on sale. */
export const readFound = (
  ports: CatalogPorts,
  found: readonly Pick<FoundProduct, 'productId'>[],
  { scope, now }: { readonly scope: Scope; readonly now: number },
): ResultAsync<readonly { readonly product: Product; readonly card: ProductCard }[], QueryError> => {
  const plan = cardPlan(ports, found)
  return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).map((facts) => shownIn(ports, facts))
}

/** What a scope leaves of the catalog, which belongs to nobody; a field that the index does not know leaves nothing. */
export const withinScope = (scope: Scope): readonly FilterPart[] => {
  switch (scope.kind) {
    case 'all':
    case 'own':
    case 'merchant':
      return []
    case 'fields':
      return Object.entries(scope.fields).map(([field, values]) => ({
        kind: 'facet',
        facet: indexedFields.get(field) ?? '',
        values: new Set(values),
      }))
  }
}

const indexedFields: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['merchantId', 'merchant'],
  ['brand', 'brand'],
  ['categoryIds', 'category'],
])
