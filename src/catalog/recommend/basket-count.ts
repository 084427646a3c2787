import { compareCodePoints } from '../../shared/json.js'

/** In how many paid orders a product was, and with which others. Nothing in it is of a person. */
export type BasketCount = {
  readonly productId: string
  readonly orders: number
  /** Those it was bought with most often; at most `mostPartners`. */
  readonly with: readonly { readonly productId: string; readonly orders: number }[]
}

/** The most others that are remembered of a product; where there are more, those it was with least often are forgotten. */
export const mostPartners = 100

/** The most products of an order that are counted with each other; of a larger one the first by id. */
export const mostInBasket = 20

/** The products of an order that are counted with each other. */
export const basketOf = (productIds: readonly string[]): readonly string[] =>
  [...new Set(productIds)].sort(compareCodePoints).slice(0, mostInBasket)

/** Counts an order in which a product was with others. */
export const countBasket = (
  before: BasketCount | undefined,
  productId: string,
  basket: readonly string[],
): BasketCount => {
  const counted = new Map(before?.with.map((each) => [each.productId, each.orders]))
  for (const other of basket) if (other !== productId) counted.set(other, (counted.get(other) ?? 0) + 1)
  const partners = [...counted]
    .map(([id, orders]) => ({ productId: id, orders }))
    .sort((a, b) => b.orders - a.orders || compareCodePoints(a.productId, b.productId))
  return { productId, orders: (before?.orders ?? 0) + 1, with: partners.slice(0, mostPartners) }
}

/** A product that is bought with another more often than chance would have it. */
export type BoughtWith = {
  readonly productId: string
  /** In how many orders both were. */
  readonly orders: number
  /** How much more often than if neither had to do with the other, in hundredths: 250 is two and a half times. */
  readonly liftHundredths: number
}

/** In fewer orders than these nobody's purchase is a recommendation to others, and chance says more than habit. */
export const supportFloor = 3

/**
 * What is bought with a product, by lift: how much more often both are in an order than if they had nothing to do with each
 * other. What was together in too few orders, or no more often than by chance, is left out.
 *
 * @param orders - how many orders were counted in all
 * @param of - the counts of the others
 */
export const boughtWith = (count: BasketCount, of: readonly BasketCount[], orders: number): readonly BoughtWith[] =>
  count.with
    .flatMap((each): readonly BoughtWith[] => {
      const other = of.find(({ productId }) => productId === each.productId)
      // Of one side less may be counted than of both: of what was no product at first, or waits to be counted.
      const both = Math.min(each.orders, count.orders, other?.orders ?? 0)
      if (other === undefined || both < supportFloor) return []
      const lift = Math.floor((100 * both * orders) / (count.orders * other.orders))
      return lift > 100 ? [{ productId: each.productId, orders: both, liftHundredths: lift }] : []
    })
    .sort(
      (a, b) =>
        b.liftHundredths - a.liftHundredths || b.orders - a.orders || compareCodePoints(a.productId, b.productId),
    )
