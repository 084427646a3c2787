import type { ProductContent } from './product.js'

/** A name or a value as it is compared: without case, width or spaces around it. */
export const comparable = (text: string | number | boolean): string =>
  String(text).normalize('NFKC').trim().toLowerCase()

/** A facet of a product as it is stored and asked for. */
export const facetOf = (name: string, value: string | number | boolean): string =>
  `${comparable(name)}=${comparable(value)}`

/** The facets of a product: its attributes and the options of its variants, sorted. */
export const facetsOf = (product: Pick<ProductContent, 'variants' | 'attributes'>): readonly string[] => {
  const facets = new Set<string>()
  for (const [name, value] of Object.entries(product.attributes)) facets.add(facetOf(name, value))
  for (const { options } of product.variants) {
    for (const [name, value] of Object.entries(options)) facets.add(facetOf(name, value))
  }
  return [...facets].sort()
}
