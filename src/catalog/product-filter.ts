import type { Condition } from '../shared/read-plan.js'
import type { Product } from './product.js'
import { facetOf } from './product-facets.js'
import { gradeFloor } from './product-standing.js'

/** Which products are wanted: all of it holds, of a list any. */
export type ProductFilter = {
  /** In this category or below it. */
  readonly categoryId?: string
  readonly brands?: readonly string[]
  /** The lowest list price, minor units, both ends included. */
  readonly minPriceMinor?: number
  readonly maxPriceMinor?: number
  /** The mean of its reviews is so many stars at least, 1 to 5; one without a review is left out. */
  readonly minRating?: number
  /** Its recommendation grade at least, 1 to 5 (`gradeOf`); one without a good review has none and is left out. */
  readonly minGrade?: number
  /** Attributes and options by name, any of the values. */
  readonly attributes?: Readonly<Record<string, readonly (string | number | boolean)[]>>
}

/** The part of a filter that a storage answers; only products on sale are meant. */
export const filterConditions = (filter: ProductFilter): readonly Condition[] => {
  const facets = Object.entries(filter.attributes ?? {}).flatMap(([name, values]) => {
    const [only, ...more] = values
    return only === undefined || more.length > 0 ? [] : [facetOf(name, only)]
  })
  return [
    { field: 'status', is: 'eq', value: 'active' },
    ...(filter.categoryId === undefined
      ? []
      : [{ field: 'categoryIds', is: 'containsAll', values: [filter.categoryId] } as const]),
    ...(filter.brands === undefined || filter.brands.length === 0
      ? []
      : [{ field: 'brand', is: 'in', values: filter.brands } as const]),
    ...(filter.minPriceMinor === undefined
      ? []
      : [{ field: 'minPriceMinor', is: 'gte', value: filter.minPriceMinor } as const]),
    ...(filter.maxPriceMinor === undefined
      ? []
      : [{ field: 'minPriceMinor', is: 'lte', value: filter.maxPriceMinor } as const]),
    ...(filter.minRating === undefined
      ? []
      : [{ field: 'ratingTenths', is: 'gte', value: 10 * filter.minRating } as const]),
    ...(filter.minGrade === undefined
      ? []
      : [{ field: 'recommendation', is: 'gte', value: gradeFloor(filter.minGrade) } as const]),
    ...(facets.length === 0 ? [] : [{ field: 'facets', is: 'containsAll', values: facets } as const]),
  ]
}

/** Whether `filterConditions` leave something to be looked at: one of several values of an attribute. */
export const hasChoices = (filter: ProductFilter): boolean =>
  Object.values(filter.attributes ?? {}).some((values) => values.length > 1)

/** Whether a product has one of the wanted values of each attribute. */
export const meetsChoices = (product: Product, filter: ProductFilter): boolean =>
  Object.entries(filter.attributes ?? {}).every(
    ([name, values]) => values.length === 0 || values.some((value) => product.facets.includes(facetOf(name, value))),
  )

/** A filter that asks for nothing. */
export const isOpenFilter = (filter: ProductFilter): boolean =>
  filterConditions(filter).length === 1 && !hasChoices(filter)
