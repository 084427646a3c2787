import type { IndexedVariant, SearchDocument } from './search-document.js'

/** The variants of the products of a segment, one product's after the other's. */
export type VariantColumn = {
  /** Where those of each product begin. */
  readonly offsets: Uint32Array
  readonly skus: readonly string[]
  readonly currencies: readonly string[]
  readonly minors: Float64Array
}

/** Puts the variants of products into a column; null where none states any. */
export const variantColumnOf = (
  documents: readonly (Pick<SearchDocument, 'variants'> | undefined)[],
): VariantColumn | null => {
  const all = documents.map((each) => each?.variants ?? [])
  const variants = all.flat()
  if (variants.length === 0) return null
  const offsets = new Uint32Array(all.length + 1)
  for (const [document, { length }] of all.entries()) offsets[document + 1] = (offsets[document] ?? 0) + length
  return {
    offsets,
    skus: variants.map(({ sku }) => sku),
    currencies: variants.map(({ currency }) => currency),
    minors: Float64Array.from(variants, ({ minor }) => minor),
  }
}

/** The variant at a place. */
export const variantAt = ({ skus, currencies, minors }: VariantColumn, at: number): IndexedVariant => ({
  sku: skus[at] ?? '',
  currency: currencies[at] ?? '',
  minor: minors[at] ?? 0,
})

/** The variants of a product. */
export const variantsIn = (column: VariantColumn, document: number): readonly IndexedVariant[] => {
  const { offsets } = column
  const variants: IndexedVariant[] = []
  for (let at = offsets[document] ?? 0; at < (offsets[document + 1] ?? 0); at += 1) variants.push(variantAt(column, at))
  return variants
}
