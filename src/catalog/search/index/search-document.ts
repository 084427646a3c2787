import { launchOf } from '../../launch-of.js'
import type { Product } from '../../product.js'
import { comparable, comparableValue, statedOf } from '../../product-facets.js'
import { gradeOf, noStanding, type ProductStanding } from '../../product-standing.js'
import type { SearchedField } from './settings.js'

/** What a product is sold as: a SKU at the catalog's price. */
export type IndexedVariant = {
  readonly sku: string
  readonly currency: string
  readonly minor: number
}

/** A value under which a product is counted and filtered. */
export type DocumentFacet = {
  /** `merchant`, `brand`, `category`, `currency`, `tag`, `rating` (whole stars), `grade`, or `attribute:` and the name of an attribute or option. */
  readonly facet: string
  /** As it is compared: without case, width or spaces around it. */
  readonly value: string
  /** As it is shown; of a category its names, one a line. */
  readonly label: string
}

/** What is searched, filtered and sorted of one product. */
export type SearchDocument = {
  readonly id: string
  readonly texts: Readonly<Record<SearchedField, readonly string[]>>
  readonly facets: readonly DocumentFacet[]
  /** Null where it has none. */
  readonly priceMinor: number | null
  /** What it is sold as, for prices that are not everybody's; nothing is known of it when absent. */
  readonly variants?: readonly IndexedVariant[]
  readonly createdAt: number
  /** Pieces sold; none when absent. */
  readonly sold?: number
  /** The Wilson lower bound of the good rate, basis points; 0 when absent. */
  readonly recommendation?: number
  /** How much it sold lately, to be compared with others; 0 when absent. */
  readonly trend?: number
  /** When it was launched; when it was made, when absent. */
  readonly launchedAt?: number
}

/** The facet of an attribute or option. */
export const attributeFacet = (name: string): string => `attribute:${comparable(name)}`

/** Whole stars and grade of a product; none where it has none. */
const standingFacets = (standing: ProductStanding): readonly DocumentFacet[] => {
  const facet = (name: string, value: number): readonly DocumentFacet[] =>
    value < 1 ? [] : [{ facet: name, value: String(value), label: String(value) }]
  return [...facet('rating', Math.floor(standing.ratingTenths / 10)), ...facet('grade', gradeOf(standing))]
}

const codeNames: ReadonlySet<string> = /* @__PURE__ */ new Set(
  'model,model number,part number,mpn,gtin,ean,upc,isbn,barcode,型号,货号,条码,条形码,编号'.split(','),
)

/** The part of a product that is searched and filtered. */
export type SearchedProduct = Pick<
  Product,
  | 'productId'
  | 'externalId'
  | 'merchantId'
  | 'title'
  | 'description'
  | 'brand'
  | 'categoryIds'
  | 'variants'
  | 'attributes'
  | 'tags'
  | 'minPriceMinor'
  | 'standing'
  | 'createdAt'
  | 'launchedAt'
>

/**
 * Makes of a product what is searched of it.
 *
 * @param namesOf - names of its categories and their ancestors by id, in every language
 */
export const documentOf = (
  product: SearchedProduct,
  namesOf: ReadonlyMap<string, readonly string[]>,
): SearchDocument => {
  const currency = product.variants[0]?.listPrice.currency
  const stated = statedOf(product)
  return {
    id: product.productId,
    texts: {
      title: [product.title.en, product.title['zh-CN']],
      brand: [product.brand],
      category: product.categoryIds.flatMap((id) => namesOf.get(id) ?? []),
      codes: [
        ...product.variants.map(({ sku }) => sku),
        product.externalId,
        ...stated.flatMap(([name, value]) => (codeNames.has(comparable(name)) ? [String(value)] : [])),
      ],
      attributes: [
        ...new Set([
          ...stated.flatMap(([, value]) => (typeof value === 'string' ? [value] : [])),
          ...(product.tags ?? []),
        ]),
      ],
      description: [product.description.en, product.description['zh-CN']],
    },
    facets: [
      { facet: 'merchant', value: product.merchantId, label: product.merchantId },
      ...(product.brand === '' ? [] : [{ facet: 'brand', value: product.brand, label: product.brand }]),
      ...product.categoryIds.map((id) => ({
        facet: 'category',
        value: id,
        label: (namesOf.get(id) ?? [id]).join('\n'),
      })),
      ...standingFacets(product.standing ?? noStanding),
      ...(product.tags ?? []).map((tag) => ({ facet: 'tag', value: comparable(tag), label: tag.trim() })),
      ...(currency === undefined ? [] : [{ facet: 'currency', value: currency, label: currency }]),
      ...stated.map(([name, value]) => ({
        facet: attributeFacet(name),
        value: comparableValue(value),
        label: String(value).trim(),
      })),
    ],
    priceMinor: product.minPriceMinor,
    variants: product.variants.map(({ sku, listPrice }) => ({ sku, ...listPrice })),
    createdAt: product.createdAt,
    sold: product.standing?.sold ?? 0,
    recommendation: product.standing?.recommendationBasisPoints ?? 0,
    trend: product.standing?.recent?.trend ?? 0,
    launchedAt: launchOf(product),
  }
}
