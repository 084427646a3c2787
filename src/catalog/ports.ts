import type { CorePorts } from '../shared/ports.js'
import type { CatalogShelf } from './search/catalog-shelf.js'
import type { ViewerPrices } from './search/query/viewer-prices.js'
import type { SealedIndex } from './search/sealed/sealed-index.js'
import type { SearchPolicy } from './search/search-policy.js'
import type { GoodsPromotions } from './sections/goods-promotions.js'
import type { StockSource } from './stock-source.js'

/** What the catalog's workflows need of the world. */
export type CatalogPorts = CorePorts & {
  /** The index of the products on sale. */
  readonly shelf: CatalogShelf
  /** Where the index is kept; in process when absent. */
  readonly catalogIndex?: SealedIndex
  /** How searches are answered; by relevance and brand share alone when absent. */
  readonly search?: SearchPolicy
  /** What pieces cost whoever asks, where lists are theirs; as the catalog says when absent. */
  readonly prices?: ViewerPrices
  /** Which goods are sold for less; none are where it is absent. */
  readonly promotions?: GoodsPromotions
  /** Where stock is kept; without it everything counts as in stock. */
  readonly stock?: StockSource
}
