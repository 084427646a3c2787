import type { CounterFamily } from '../shared/collection.js'
import { type Asked, counters, type IdsFrom } from '../shared/read-plan.js'

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
 * The pieces of a SKU over all warehouses.
 *
 * @param name - the same as when it was asked
 * @returns null where stock is not kept
 */
export const stockOf = (source: StockSource | undefined, facts: StockFacts, sku: string, name = ''): number | null => {
  if (source === undefined) return null
  return source.warehouses.reduce(
    (sum, warehouse) => sum + (facts[`stock:${name}${warehouse}`]?.get(`${sku}@${warehouse}`) ?? 0),
    0,
  )
}
