import type { ProductContent } from '../product.js'
import { analyse } from './analyse.js'

/** The most search words kept for one product; those of the title come first. */
export const mostTerms = 480

/** Put before a search word that stands in the title or is the brand. */
export const titleMark = 't:'

/** The parts of a product that are searched, by how much a word in them says. */
export type SearchedField = 'title' | 'brand' | 'sku' | 'attributes' | 'description'

/** The texts of a product by searched field. */
export const searchedTexts = (
  product: Pick<ProductContent, 'title' | 'description' | 'brand' | 'variants' | 'attributes'>,
): Readonly<Record<SearchedField, string>> => ({
  title: `${product.title.en}\n${product.title['zh-CN']}`,
  brand: product.brand,
  sku: product.variants.map(({ sku }) => sku).join('\n'),
  attributes: [
    ...Object.values(product.attributes).filter((value) => typeof value === 'string'),
    ...product.variants.flatMap(({ options }) => Object.values(options)),
  ].join('\n'),
  description: `${product.description.en}\n${product.description['zh-CN']}`,
})

/** The search words a product is found by; words of title and brand stand twice, once marked. */
export const indexTerms = (
  product: Pick<ProductContent, 'title' | 'description' | 'brand' | 'variants' | 'attributes'>,
): readonly string[] => {
  const texts = searchedTexts(product)
  const first = analyse(`${texts.title}\n${texts.brand}`).map(({ term }) => term)
  const rest = analyse(`${texts.sku}\n${texts.attributes}\n${texts.description}`).map(({ term }) => term)
  return [...new Set([...first.map((term) => titleMark + term), ...first, ...rest])].slice(0, mostTerms)
}

/** A facet of a product as it is stored and asked for. */
export const facetOf = (name: string, value: string | number | boolean): string =>
  `${plain(name)}=${plain(String(value))}`

/** The facets of a product: its attributes and the options of its variants, sorted. */
export const indexFacets = (product: Pick<ProductContent, 'variants' | 'attributes'>): readonly string[] => {
  const facets = new Set<string>()
  for (const [name, value] of Object.entries(product.attributes)) facets.add(facetOf(name, value))
  for (const { options } of product.variants) {
    for (const [name, value] of Object.entries(options)) facets.add(facetOf(name, value))
  }
  return [...facets].sort()
}

const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()
