import { comparableMeasure } from './attributes/measure.js'
import type { AttributeValue, ProductContent } from './product.js'

/** A name or a value as it is compared: without case, width or spaces around it. */
export const comparable = (text: string | number | boolean): string =>
  String(text).normalize('NFKC').trim().toLowerCase()

/** A value as it is compared: as `comparable`, and of one unit, so that 0.5 l is 500 ml. */
export const comparableValue = (value: string | number | boolean): string => {
  const plain = comparable(value)
  return comparableMeasure(plain) ?? plain
}

/** A facet of a product as it is stored and asked for. */
export const facetOf = (name: string, value: string | number | boolean): string =>
  facetsNamed(name) + comparableValue(value)

/** The facet of a tag; no attribute has its name. */
export const tagFacet = (tag: string): string => `#=${comparable(tag)}`

/** What facets of an attribute begin with, and no others. */
export const facetsNamed = (name: string): string => `${comparable(name).replace(/[=\\]|^#$/g, '\\$&')}=`

/** What is said of a product under a name; an empty value says nothing. */
export const statedOf = ({
  attributes,
  variants,
}: Pick<ProductContent, 'variants' | 'attributes'>): readonly (readonly [string, AttributeValue])[] =>
  [...Object.entries(attributes), ...variants.flatMap(({ options }) => Object.entries(options))].filter(
    ([, value]) => comparable(value) !== '',
  )

/** The facets of a product: its attributes, the options of its variants and its tags, sorted. */
export const facetsOf = (product: Pick<ProductContent, 'variants' | 'attributes' | 'tags'>): readonly string[] => {
  const facets = new Set<string>()
  for (const [name, value] of statedOf(product)) facets.add(facetOf(name, value))
  for (const tag of product.tags ?? []) facets.add(tagFacet(tag))
  return [...facets].sort()
}
