import { err, ok, type Result } from 'neverthrow'
import type { CatalogLine, LinePriceList, PriceCartInput, PriceLine } from './priced-cart.js'
import { findPrices, priceAmong } from './resolve-list-price.js'
import type { NotSoldInCurrency } from './sold-currency.js'

/** What a price is made of once every line has its list price; the lists have given what they had to give. */
export type ListedInput = Omit<PriceCartInput, 'lines' | 'priceLists'> & { readonly lines: readonly PriceLine[] }

/** A cart whose lines stand at the prices that hold for the buyer. */
export type ListedCart = {
  readonly input: ListedInput
  /** By place of the line, which list gave its price; nothing where the price is the catalog's. */
  readonly from: readonly (LinePriceList | undefined)[]
}

/**
 * Brings every line to its list price; the first step of a price.
 *
 * @errors NotSoldInCurrency where neither the catalog nor a list has a price
 */
export const applyPriceLists = (given: PriceCartInput): Result<ListedCart, NotSoldInCurrency> => {
  const { priceLists, ...input } = given
  const { now, currency, channel, buyer } = input
  if (priceLists === undefined) return listed(input, input.lines, [])
  const { lists, groups, region } = priceLists
  const context = { now, currency, channel, levelId: buyer.levelId, groups, region }
  const prices = findPrices(lists, context, new Set(input.lines.map(({ sku }) => sku)))
  if (prices.size === 0) return listed(input, input.lines, [])
  const resolved = input.lines.map(({ sku, quantity, listUnitMinor: catalogUnitMinor }) =>
    priceAmong(prices, { sku, quantity, catalogUnitMinor }),
  )
  return listed(
    input,
    input.lines.map((line, place) => ({ ...line, listUnitMinor: resolved[place]?.unitMinor ?? line.listUnitMinor })),
    resolved.map((price) =>
      price === undefined || price.listId === null || price.kind === null
        ? undefined
        : { listId: price.listId, kind: price.kind, originalUnitMinor: price.originalUnitMinor },
    ),
  )
}

const listed = (
  input: Omit<PriceCartInput, 'priceLists'>,
  lines: readonly CatalogLine[],
  from: ListedCart['from'],
): Result<ListedCart, NotSoldInCurrency> => {
  const unpriced = lines.find((line) => !isPriced(line))
  if (unpriced !== undefined) {
    return err({ type: 'NotSoldInCurrency', sku: unpriced.sku, currency: input.currency })
  }
  return ok({ input: { ...input, lines: lines.filter(isPriced) }, from })
}

const isPriced = (line: CatalogLine): line is PriceLine => line.listUnitMinor !== null
