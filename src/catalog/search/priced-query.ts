import type { CatalogFigures } from './index/catalog-figures.js'
import type { CatalogQuery } from './query/catalog-query.js'
import type { WithinPart } from './query/filter-documents.js'
import type { ViewerPrices } from './query/viewer-prices.js'
import { lexiconOf } from './understanding/lexicon.js'

/** A query at the prices of whoever asks: what is not sold in the currency that they pay in is neither found nor counted. */
export const pricedQuery = <Query extends Pick<CatalogQuery, 'within'>>(
  figures: CatalogFigures,
  prices: ViewerPrices | undefined,
  query: Query,
): Query & Pick<CatalogQuery, 'prices'> =>
  prices === undefined ? query : { ...query, within: [...query.within, ...soldIn(figures, prices)], prices }

/** What has a price in the catalog's only currency is sold in it. */
const soldIn = (figures: CatalogFigures, { currency }: ViewerPrices): readonly WithinPart[] => {
  if (currency === null || lexiconOf(figures).currencies.every((each) => each === currency)) return []
  return [
    {
      kind: 'anyOf',
      choices: [[{ kind: 'facet', facet: 'currency', values: new Set([currency]) }], [{ kind: 'priced' }]],
    },
  ]
}
