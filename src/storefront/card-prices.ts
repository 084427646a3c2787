import type { ResultAsync } from 'neverthrow'
import type { Product } from '../catalog/product.js'
import { products } from '../catalog/product.schema.js'
import { isProductIn } from '../catalog/product-scope.js'
import {
  askListPrices,
  defaultChannel,
  type ListPriceRead,
  listPriceOf,
  type PriceViewer,
} from '../pricing/list-price-facts.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { customerIdOf, groupsOf } from '../shared/actor.js'
import { compareCodePoints } from '../shared/json.js'
import type { Money } from '../shared/money.js'
import type { CorePorts } from '../shared/ports.js'
import { rows } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { checkCurrency, type SoldPorts } from './check-currency.js'
import type { CardPricesInput } from './page-inputs.schema.js'
import { parseCardPrices } from './page-inputs.schema.js'

/** What a product costs whoever looks, beside its card. */
export type CardPrice = {
  readonly productId: string
  /** The lowest of its variants, for a single piece, before any offer. */
  readonly price: Money
  /** Of that variant before a sale; the price itself without one. */
  readonly originalPrice: Money
  /** Null: the price of the catalog. */
  readonly listId: string | null
}

/**
 * Tells what products of a list or search cost whoever looks: the catalog's price, or that of the price list that holds
 * for them. Products that are not on sale are left out, and those not sold in the currency asked for.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const cardPrices = (
  ports: CorePorts & SoldPorts,
  context: QueryContext,
  input: CardPricesInput,
): ResultAsync<readonly CardPrice[], CurrencyNotSold | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.cardPrices',
    parse: parseCardPrices,
    plan: ({ input: { productIds } }) => ({
      products: rows(products, productIds),
    }),
    own: ({ actor, now }) => askListPrices(ports, customerIdOf(actor), now),
    answer: ({ products: found, ...read }, { input: { productIds, currency: asked, ...where }, actor, scope, now }) => {
      const { channel = defaultChannel, region = null } = where
      return checkCurrency(ports, asked).map(() => {
        const viewer = { groups: groupsOf(actor), channel, region, currency: asked, now }
        return productIds.flatMap((productId): readonly CardPrice[] => {
          const product = found.find(({ id }) => id === productId)?.state
          return product?.status === 'active' && isProductIn(product, scope)
            ? (lowestPrice(product, read, viewer) ?? [])
            : []
        })
      })
    },
  })

/** The lowest price of a product's variants for a single piece, as whoever looks is shown it; nothing where it is not sold so. */
export const lowestPrice = (
  product: Product,
  read: ListPriceRead,
  viewer: PriceViewer,
): readonly [CardPrice] | undefined => {
  const [lowest] = product.variants
    .flatMap((variant): readonly CardPrice[] => {
      const listed = listPriceOf(read, variant, 1, viewer)
      if (listed === undefined) return []
      const { unitMinor, originalUnitMinor, listId, currency } = listed
      const price = { minor: unitMinor, currency }
      return [{ productId: product.productId, price, originalPrice: { minor: originalUnitMinor, currency }, listId }]
    })
    .sort((a, b) => a.price.minor - b.price.minor || compareCodePoints(a.listId ?? '', b.listId ?? ''))
  return lowest === undefined ? undefined : [lowest]
}
