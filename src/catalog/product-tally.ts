import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import { type Asked, counters, type IdsFrom } from '../shared/read-plan.js'
import type { Rating } from './reviews/review.js'

/**
 * What is counted of products: reviews that are seen by their stars (`ID/1` to `ID/5`), reviews that are hidden (`ID/hidden`)
 * and pieces sold (`ID/sold`); `orders`, how many were paid; and `viewers`, of how many people views were counted. Each moves in the commit of what it counts.
 */
export const productTallies: CounterFamily = { name: 'productTally', rank: 10, minimum: -1_000_000_000 }

/** What is counted of a product. */
export type ProductCount = Rating | 'hidden' | 'sold'

/** Everything that is counted of a product. */
export const productCounts: readonly ProductCount[] = [1, 2, 3, 4, 5, 'hidden', 'sold']

const tallyId = (productId: string, count: ProductCount): string => `${productId}/${count}`

/** Moves what is counted of a product; nothing by 0. */
export const moveProductTally = (productId: string, count: ProductCount, by: number): readonly Change[] =>
  by === 0 ? [] : [adjust(productTallies, { id: tallyId(productId, count), by })]

/** The questions of what is counted of products. */
export type TallyPlan = { readonly [Name in `tally:${ProductCount}`]: Asked<ReadonlyMap<string, number>> }

/** The answers to them. */
export type TallyFacts = { readonly [Name in `tally:${ProductCount}`]: ReadonlyMap<string, number> }

/** Asks what is counted of products, given or found by another query of the plan. */
export const askTallies = (productIds: readonly string[] | IdsFrom): TallyPlan => {
  const ask = (count: ProductCount) => {
    const suffix = `/${count}`
    const ids = 'from' in productIds ? { ...productIds, suffix } : productIds.map((id) => id + suffix)
    return counters(productTallies, ids)
  }
  return {
    'tally:1': ask(1),
    'tally:2': ask(2),
    'tally:3': ask(3),
    'tally:4': ask(4),
    'tally:5': ask(5),
    'tally:hidden': ask('hidden'),
    'tally:sold': ask('sold'),
  }
}

/** What was counted of a product; never below 0. */
export const tallyOf = (facts: TallyFacts, productId: string, count: ProductCount): number =>
  Math.max(0, facts[`tally:${count}`].get(tallyId(productId, count)) ?? 0)

/** Under what paid orders are counted in all. */
const allOrders = 'orders'

/** Moves how many paid orders were counted. */
export const moveOrderTally = (by: number): Change => adjust(productTallies, { id: allOrders, by })

/** Asks how many paid orders were counted. */
export const askOrderTally = (): Asked<ReadonlyMap<string, number>> => counters(productTallies, [allOrders])

/** How many paid orders were counted. */
export const ordersIn = (counted: ReadonlyMap<string, number>): number => counted.get(allOrders) ?? 0

/** Under what people are counted whose views are. */
const allViewers = 'viewers'

/** Moves of how many people views were counted. */
export const moveViewerTally = (by: number): Change => adjust(productTallies, { id: allViewers, by })

/** Asks of how many people views were counted. */
export const askViewerTally = (): Asked<ReadonlyMap<string, number>> => counters(productTallies, [allViewers])

/** Of how many people views were counted. */
export const viewersIn = (counted: ReadonlyMap<string, number>): number => counted.get(allViewers) ?? 0
