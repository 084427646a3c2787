import type { LinePriceList, PriceCartInput } from './priced-cart.js'
import { findPrices, priceAmong } from './resolve-list-price.js'

/** A cart whose lines stand at the prices that hold for the buyer. */
export type ListedCart = {
  /** Without price lists: they have given what they had to give. */
  readonly input: PriceCartInput
  /** By place of the line, which list gave its price; nothing where the price is the catalog's. */
  readonly from: readonly (LinePriceList | undefined)[]
}

/** Brings every line to its list price; the first step of a price. */
export const applyPriceLists = (given: PriceCartInput): ListedCart => {
  if (given.priceLists === undefined) return { input: given, from: [] }
  const {
    priceLists: { lists, groups, region },
    ...input
  } = given
  const { now, currency, channel, buyer } = input
  const context = { now, currency, channel, levelId: buyer.levelId, groups, region }
  const prices = findPrices(lists, context, new Set(input.lines.map(({ sku }) => sku)))
  if (prices.size === 0) return { input, from: [] }
  const resolved = input.lines.map(({ sku, quantity, listUnitMinor: catalogUnitMinor }) =>
    priceAmong(prices, { sku, quantity, catalogUnitMinor }),
  )
  return {
    input: {
      ...input,
      lines: input.lines.map((line, place) => ({
        ...line,
        listUnitMinor: resolved[place]?.unitMinor ?? line.listUnitMinor,
      })),
    },
    from: resolved.map((price) =>
      price === undefined || price.listId === null || price.kind === null
        ? undefined
        : { listId: price.listId, kind: price.kind, originalUnitMinor: price.originalUnitMinor },
    ),
  }
}
