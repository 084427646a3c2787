import { currencyExponent } from '../../../shared/currency.js'
import { comparable } from '../../product-facets.js'
import type { ProductFilter } from '../../product-filter.js'
import type { UnderstoodPart } from './understand-query.js'

/** A filter with what a query states added to it, and which parts those were. */
export type AppliedParts = { readonly filter: ProductFilter; readonly applied: ReadonlySet<UnderstoodPart> }

/**
 * Adds to a filter what a query states; what the filter says of the same stays, and what was only inferred is left to
 * whoever searches.
 *
 * @param currencies - those that something is sold in; a price in another, or without one where there are several, is not
 *   applied
 */
export const applyUnderstood = (
  filter: ProductFilter,
  parts: readonly UnderstoodPart[],
  currencies: readonly string[],
): AppliedParts => {
  const applied = new Set<UnderstoodPart>()
  let held = filter
  for (const part of parts) {
    const more = part.source === 'stated' ? filterOf(part, filter, currencies) : undefined
    if (more === undefined) continue
    applied.add(part)
    held = {
      ...held,
      ...more,
      ...(more.attributes === undefined ? {} : { attributes: { ...held.attributes, ...more.attributes } }),
      ...(more.brands === undefined
        ? {}
        : { brands: [...(filter.brands ?? []), ...(held.brands ?? []), ...more.brands] }),
    }
  }
  return { filter: held, applied }
}

const filterOf = (
  part: UnderstoodPart,
  given: ProductFilter,
  currencies: readonly string[],
): ProductFilter | undefined => {
  switch (part.kind) {
    case 'brand':
      return given.brands === undefined ? { brands: [part.brand] } : undefined
    case 'category':
      return given.categoryId === undefined ? { categoryId: part.categoryId } : undefined
    case 'attribute': {
      const isGiven = Object.keys(given.attributes ?? {}).some((name) => comparable(name) === comparable(part.name))
      return isGiven ? undefined : { attributes: { [part.name]: [part.value] } }
    }
    case 'price':
      return given.minPriceMinor === undefined && given.maxPriceMinor === undefined
        ? priceFilter(part, currencies)
        : undefined
  }
}

const priceFilter = (
  { from, to, currency }: Extract<UnderstoodPart, { kind: 'price' }>,
  currencies: readonly string[],
): ProductFilter | undefined => {
  const [only] = currencies
  if (only === undefined || currencies.length > 1 || (currency !== null && currency !== only)) return undefined
  const power = currencyExponent(only).match(
    (exponent) => 10 ** exponent,
    () => undefined,
  )
  if (power === undefined) return undefined
  // Beyond what a price can be nothing is left out.
  const minor = (amount: number): number => Math.min(Number.MAX_SAFE_INTEGER, amount * power)
  return {
    ...(from === null ? {} : { minPriceMinor: Math.ceil(minor(from) - 1e-6) }),
    ...(to === null ? {} : { maxPriceMinor: Math.floor(minor(to) + 1e-6) }),
  }
}
