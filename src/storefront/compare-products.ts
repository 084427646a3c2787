import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import { askCart } from '../cart/change-cart.js'
import { type DescribedAttribute, describeAttributes } from '../catalog/attributes/described-attributes.js'
import { definitionsOf } from '../catalog/attributes/read-attributes.js'
import { categories } from '../catalog/category.schema.js'
import type { LocalText } from '../catalog/local-text.js'
import type { AttributeValue } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { cardOf } from '../catalog/product-card.js'
import { comparableValue } from '../catalog/product-facets.js'
import { isProductIn } from '../catalog/product-scope.js'
import { askPartStock, askStock } from '../catalog/stock-source.js'
import { askListPrices, defaultChannel } from '../pricing/list-price-facts.js'
import { type CurrencyNotSold, currencySold } from '../pricing/sold-currency.js'
import { customerIdOf, groupsOf } from '../shared/actor.js'
import type { NotFound } from '../shared/errors.js'
import { known, rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { lowestPrice } from './card-prices.js'
import { type CompareProductsInput, parseCompareProducts } from './page-inputs.schema.js'
import type { CardPorts, PricedCard } from './priced-cards.js'

/** What a product states, as it is compared. */
export type ComparedValue = { readonly value: AttributeValue; readonly valueTitle: LocalText | null }

/** One attribute of several products, side by side. */
export type ComparedAttribute = {
  readonly name: string
  /** What it is called; null where no category defines it. */
  readonly title: LocalText | null
  /** In the order of the products; null where one does not state it. */
  readonly values: readonly (ComparedValue | null)[]
  /** Whether they do not all state the same; amounts are compared across units. */
  readonly differs: boolean
}

/** Products side by side. */
export type ComparedProducts = {
  /** In the order asked for, with price, rating and stock. */
  readonly products: readonly PricedCard[]
  /** Attributes that any of them states: those that a category defines first. */
  readonly attributes: readonly ComparedAttribute[]
}

/**
 * Sets products, or the products of cart lines, side by side: price, rating, stock, and their attributes aligned, with
 * what differs marked.
 *
 * @errors NotFound of what is not on sale or not in the cart, CurrencyNotSold, QueryError
 */
export const compareProducts = (
  ports: CardPorts,
  context: QueryContext,
  input: CompareProductsInput,
): ResultAsync<ComparedProducts, NotFound | CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.compare',
    parse: parseCompareProducts,
    plan: ({ input: { productIds }, actor }) => ({
      cart: productIds === undefined ? askCart(actor) : known(undefined),
      products: rows(products, productIds ?? { from: 'cart', path: 'lines.*.productId' }),
      branch: rows(categories, { from: 'products', path: 'categoryIds.*' }),
      ...askStock(ports.stock, { from: 'products', path: 'variants.*.sku' }),
      ...askPartStock(ports.stock, 'products'),
    }),
    own: ({ actor, now }) => askListPrices(ports, customerIdOf(actor), now),
    answer: (
      { cart, products: found, branch, ...read },
      { input: asked, actor, scope, now },
    ): Result<ComparedProducts, NotFound | CurrencyNotSold> => {
      const lines = cart?.state.status === 'open' ? cart.state.lines : []
      return wantedIds(asked, lines).andThen((productIds): Result<ComparedProducts, NotFound | CurrencyNotSold> => {
        const compared = productIds.flatMap((productId) => {
          const product = found.find(({ id }) => id === productId)?.state
          return product?.status === 'active' && isProductIn(product, scope) ? [product] : []
        })
        const missing = productIds.find((productId) => !compared.some((each) => each.productId === productId))
        if (missing !== undefined) return err({ type: 'NotFound', entity: 'product', id: missing })
        const own = [...new Set(compared.flatMap(({ variants }) => variants.map((each) => each.listPrice.currency)))]
        const { channel = defaultChannel, region = null } = asked
        const described = compared.map((product) => {
          const places = branch.filter(({ id }) => product.categoryIds.includes(id)).map(({ state }) => state)
          return describeAttributes(product, definitionsOf(places))
        })
        return currencySold(ports, asked.currency, own).map((currency): ComparedProducts => {
          const viewer = { groups: groupsOf(actor), channel, region, currency, now }
          return {
            products: compared.flatMap((product): readonly PricedCard[] => {
              const { price: _, ...card } = cardOf(product, ports.stock, read)
              const [priced] = lowestPrice(product, read, viewer) ?? []
              if (priced === undefined) return []
              const { price, originalPrice, listId } = priced
              return [{ ...card, price, originalPrice, listId }]
            }),
            attributes: alignAttributes(described),
          }
        })
      })
    },
  })

const wantedIds = (
  { productIds, lineIds = [] }: CompareProductsInput,
  lines: readonly { readonly lineId: string; readonly productId: string }[],
): Result<readonly string[], NotFound> => {
  if (productIds !== undefined) return ok(productIds)
  const ids: string[] = []
  for (const lineId of lineIds) {
    const line = lines.find((each) => each.lineId === lineId)
    if (line === undefined) return err({ type: 'NotFound', entity: 'cartLine', id: lineId })
    ids.push(line.productId)
  }
  return ok([...new Set(ids)])
}

/** Puts what several products state into rows, one a name. */
export const alignAttributes = (
  described: readonly (readonly DescribedAttribute[])[],
): readonly ComparedAttribute[] => {
  const names = new Map<string, LocalText | null>()
  for (const { name, title } of described.flat()) names.set(name, names.get(name) ?? title)
  const ordered = [...names].sort(([, left], [, right]) => Number(left === null) - Number(right === null))
  return ordered.map(([name, title]) => {
    const values = described.map((stated): ComparedValue | null => {
      const found = stated.find((each) => each.name === name)
      return found === undefined ? null : { value: found.value, valueTitle: found.valueTitle }
    })
    const distinct = new Set(values.map((each) => (each === null ? null : comparableValue(each.value))))
    return { name, title, values, differs: distinct.size > 1 }
  })
}
