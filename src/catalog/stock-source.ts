import type { CounterFamily } from '../shared/collection.js'
import { type Asked, counters, type IdsFrom } from '../shared/read-plan.js'
import type { KitPart, Variant } from './product.js'

/** Where the pieces of a SKU are counted: a counter family of the inventory and its warehouses. */
export type StockSource = {
  readonly family: CounterFamily
  /** A counter stands under `SKU@warehouse`. */
  readonly warehouses: readonly string[]
}

/** The questions about stock in a read plan, one for each warehouse. */
export type StockPlan = { readonly [name: `stock:${string}`]: Asked<ReadonlyMap<string, number>> }

/** The answers to them. */
export type StockFacts = { readonly [name: `stock:${string}`]: ReadonlyMap<string, number> }

/** Asks for the stock of SKUs, given or found by another query of the plan. */
export const askStock = (source: StockSource | undefined, skus: readonly string[] | IdsFrom, name = ''): StockPlan => {
  const plan: Record<`stock:${string}`, Asked<ReadonlyMap<string, number>>> = {}
  for (const warehouse of source?.warehouses ?? []) {
    const suffix = `@${warehouse}`
    const ids = 'from' in skus ? { ...skus, suffix } : skus.map((sku) => sku + suffix)
    if (source !== undefined) plan[`stock:${name}${warehouse}`] = counters(source.family, ids)
  }
  return plan
}

/**
 * Asks for the stock of the parts of kits, beside that of their own SKUs.
 *
 * @param products - the query of the plan that holds the products
 * @param name - the same as of `askStock`
 */
export const askPartStock = (source: StockSource | undefined, products: string, name = ''): StockPlan =>
  askStock(source, { from: products, path: 'variants.*.parts.*.sku' }, `${name}${partStock}`)

/** What the names of questions about parts end with. */
export const partStock = 'parts '

/** What stock is taken of something: a variant, or a line of one. */
export type StockItem = Pick<Variant, 'sku' | 'parts'>

/** What one piece takes of the stock: of its own SKU, or of those of its parts. */
export const partsOf = ({ sku, parts }: StockItem): readonly KitPart[] => parts ?? [{ sku, quantity: 1 }]

/** Pieces that can be made of what is free. */
export const piecesOf = (item: StockItem, freeOf: (sku: string) => number): number =>
  item.parts === undefined
    ? freeOf(item.sku)
    : Math.min(...item.parts.map(({ sku, quantity }) => Math.floor(freeOf(sku) / quantity)))

/**
 * The pieces of an item over all warehouses; those of a kit are made of what lies in one.
 *
 * @param name - the same as when it was asked
 * @returns null where stock is not kept
 */
export const stockOf = (
  source: StockSource | undefined,
  facts: StockFacts,
  item: StockItem,
  name = '',
): number | null => {
  if (source === undefined) return null
  const asked = item.parts === undefined ? name : `${name}${partStock}`
  return source.warehouses.reduce(
    (sum, warehouse) =>
      sum + piecesOf(item, (sku) => facts[`stock:${asked}${warehouse}`]?.get(`${sku}@${warehouse}`) ?? 0),
    0,
  )
}
