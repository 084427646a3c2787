import type { Instant } from '../../shared/instant.js'
import { boughtWith, countBasket } from './basket-count.js'

/** A product that is counted of somebody, and what was counted of them before it. It does not say who. */
export type ViewBatch = {
  readonly productId: string
  /** The last ones before it. */
  readonly alongside: readonly string[]
  /** Whether no other view of that person was counted before; not when absent. */
  readonly isFirst?: boolean
  /** When it is to be counted. */
  readonly dueAt: Instant
}

/** How many people looked at a product, and at which others as well. Nothing in it is of a person. */
export type ViewCount = {
  readonly productId: string
  readonly viewers: number
  /** Those it was looked at with most often; at most `mostPartners`. */
  readonly with: readonly { readonly productId: string; readonly viewers: number }[]
}

/** How many of the products that were looked at last count as looked at together with the next. */
export const mostAlongside = 10

/** What fewer people than these looked at together is no recommendation to others. */
export const viewerFloor = 5

type Counted = { readonly productId: string; readonly orders: number }

const viewersOf = ({ productId, orders }: Counted): { readonly productId: string; readonly viewers: number } => ({
  productId,
  viewers: orders,
})
const ordersOf = (each: { readonly productId: string; readonly viewers: number }): Counted => ({
  productId: each.productId,
  orders: each.viewers,
})
const asBasket = (count: ViewCount) => ({ ...ordersOf(count), with: count.with.map(ordersOf) })

/** The counts of a batch's products once it is counted: each that was looked at before is there already, and gains a partner. */
export const countView = (
  before: ReadonlyMap<string, ViewCount>,
  { productId, alongside }: Pick<ViewBatch, 'productId' | 'alongside'>,
): readonly ViewCount[] => {
  const next = (id: string, others: readonly string[], more: number): ViewCount => {
    const held = before.get(id)
    const counted = countBasket(held === undefined ? undefined : asBasket(held), id, others)
    return { productId: id, viewers: (held?.viewers ?? 0) + more, with: counted.with.map(viewersOf) }
  }
  return [next(productId, alongside, 1), ...alongside.map((id) => next(id, [productId], 0))]
}

/** A product that is looked at together with another more often than chance would have it. */
export type ViewedWith = { readonly productId: string; readonly viewers: number; readonly liftHundredths: number }

/**
 * What is looked at together with a product, by lift, as `boughtWith` tells it of purchases; what too few people looked at is
 * left out.
 *
 * @param of - the counts of the others
 * @param people - of how many people views were counted in all
 */
export const viewedWith = (count: ViewCount, of: readonly ViewCount[], people: number): readonly ViewedWith[] =>
  boughtWith(asBasket(count), of.map(asBasket), people).flatMap(({ productId, orders, liftHundredths }) =>
    orders < viewerFloor ? [] : [{ productId, viewers: orders, liftHundredths }],
  )
