import type { Condition } from '../shared/read-plan.js'
import { type AmountBounds, type AmountRange, isWithinBounds, readAmountRange } from './attributes/amount-range.js'
import type { Product } from './product.js'
import { facetOf, facetsNamed, tagFacet } from './product-facets.js'
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
  /** Any of these tags. */
  readonly tags?: readonly string[]
  /**
   * Attributes and options by name, any of the values; amounts in any unit (`500 ml` finds 0.5 l). Null asks for products
   * that do not state it.
   */
  readonly attributes?: Readonly<Record<string, readonly (string | number | boolean | null)[]>>
  /** Amounts by the name of their attribute or option. */
  readonly amounts?: Readonly<Record<string, AmountRange>>
}

/** The part of a filter that a storage answers; only products on sale are meant. */
export const filterConditions = (filter: ProductFilter): readonly Condition[] => {
  const facets = choicesOf(filter).flatMap((choice) => {
    const [only, ...more] = choice
    return only === undefined || more.length > 0 || typeof only !== 'string' ? [] : [only]
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

/** A facet that is asked for, that none of a name may be stated, or that one of a name must be an amount within bounds. */
type Choice =
  | string
  | { readonly kind: 'notStated'; readonly named: string }
  | { readonly kind: 'amount'; readonly named: string; readonly bounds: AmountBounds | undefined }

/** What is asked for: of each list any. */
const choicesOf = (filter: ProductFilter): readonly (readonly Choice[])[] => [
  (filter.tags ?? []).map(tagFacet),
  ...Object.entries(filter.attributes ?? {}).map(([name, values]) =>
    values.map(
      (value): Choice => (value === null ? { kind: 'notStated', named: facetsNamed(name) } : facetOf(name, value)),
    ),
  ),
  ...Object.entries(filter.amounts ?? {}).map(([name, range]): readonly Choice[] => [
    { kind: 'amount', named: facetsNamed(name), bounds: readAmountRange(range) },
  ]),
]

const meets = (facets: readonly string[], choice: Choice): boolean => {
  if (typeof choice === 'string') return facets.includes(choice)
  const { named } = choice
  const values = facets.filter((facet) => facet.startsWith(named)).map((facet) => facet.slice(named.length))
  switch (choice.kind) {
    case 'notStated':
      return values.length === 0
    case 'amount': {
      const { bounds } = choice
      return bounds !== undefined && values.some((value) => isWithinBounds(value, bounds))
    }
  }
}

/** Whether `filterConditions` leave something to be looked at: one of several values of an attribute, or of several tags. */
export const hasChoices = (filter: ProductFilter): boolean =>
  choicesOf(filter).some((choices) => choices.length > 1 || choices.some((choice) => typeof choice !== 'string'))

/** Whether a product has one of the wanted values of each attribute, and one of the tags. */
export const meetsChoices = (product: Product, filter: ProductFilter): boolean =>
  choicesOf(filter).every((choices) => choices.length === 0 || choices.some((choice) => meets(product.facets, choice)))

/** A filter that asks for nothing. */
export const isOpenFilter = (filter: ProductFilter): boolean =>
  filterConditions(filter).length === 1 && !hasChoices(filter)
