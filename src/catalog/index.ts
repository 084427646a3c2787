export { catalogAccess } from './access.js'
export { archiveProduct } from './archive-product.js'
export type { AmountBounds, AmountRange } from './attributes/amount-range.js'
export type { AttributeDefinition, EnumValue } from './attributes/attribute-definition.js'
export type { DescribedAttribute } from './attributes/described-attributes.js'
export { type ReadAttributes, readAttributes } from './attributes/read-attributes.js'
export { readyAttributes } from './attributes/ready-attributes.js'
export type { ListProductsInput, ProductSort, SearchProductsInput, SuggestInput } from './browse.js'
export type {
  Category,
  CategoryCycle,
  CategoryError,
  CategoryEvent,
  CategoryTooDeep,
} from './category.js'
export type { SaveCategoryInput } from './category.schema.js'
export { categories } from './category.schema.js'
export { missingForSale } from './compose-product.js'
export { historyAccess } from './history/access.js'
export {
  type BrowsingHistory,
  type HistoryItem,
  type HistorySubject,
  historyKeptDays,
  type SealedMarks,
} from './history/browsing-history.js'
export {
  browsingHistories,
  type ClearHistoryInput,
  type MergeHistoryInput,
  type PauseHistoryInput,
  type RecordHistoryInput,
} from './history/browsing-history.schema.js'
export type { HistoryStanding } from './history/change-history.js'
export { clearHistory } from './history/clear-history.js'
export { forgetHistory } from './history/forget-history.js'
export { mergeHistory } from './history/merge-history.js'
export { type MyHistory, myHistory } from './history/my-history.js'
export { pauseHistory } from './history/pause-history.js'
export { historyPersonalRecords } from './history/personal-records.js'
export { type PopularQuery, type PopularText, queryTallies, type RareText } from './history/popular-query.js'
export { popularQueries } from './history/popular-query.schema.js'
export type { HistoryPorts } from './history/read-history.js'
export { type RecordPorts, recordHistory } from './history/record-history.js'
export { sweepHistories } from './history/sweep-histories.js'
export type { ColumnMapping } from './import/csv-rows.js'
export { csvColumns } from './import/csv-rows.js'
export type {
  ImportError,
  ImportedStock,
  ImportInterrupted,
  ImportProgress,
  ImportReport,
  ImportRequest,
  ImportRunsElsewhere,
  ImportSource,
  StockNotReceived,
} from './import/import-products.js'
export { importProducts } from './import/import-products.js'
export type { ImportRow, ImportText, ImportVariant, RowError, RowIssue } from './import/import-row.js'
export type { ImportCounts, ImportRun } from './import/import-run.js'
export type { ImportOptions } from './import/import-run.schema.js'
export { importRuns } from './import/import-run.schema.js'
export type { CategoryNode } from './list-categories.js'
export { listCategories } from './list-categories.js'
export { type Goods, type GoodsPage, listGoods } from './list-goods.js'
export type { ListGoodsInput } from './list-goods.schema.js'
export type { ListCounts, ProductPage as ProductListPage } from './list-products.js'
export { listProducts } from './list-products.js'
export type { LocalText } from './local-text.js'
export { isEmptyText, textIn } from './local-text.js'
export type { ProductLifecycle } from './machine.js'
export { productMachine, productTransitions } from './machine.js'
export { type CatalogError, catalogMessages } from './messages.js'
export type { CatalogPorts } from './ports.js'
export type {
  AttributeValue,
  KitPart,
  KitPartUnknown,
  Manual,
  Media,
  Product,
  ProductChanged,
  ProductCommand,
  ProductContent,
  ProductError,
  ProductEvent,
  ProductFacts,
  ProductIncomplete,
  ProductStatus,
  SkuTaken,
  Variant,
} from './product.js'
export { productIdOf } from './product.js'
export type { SaveProductInput } from './product.schema.js'
export { products } from './product.schema.js'
export type { ProductCard } from './product-card.js'
export type { ProductFilter } from './product-filter.js'
export type { ProductStanding, StandingMark } from './product-standing.js'
export { gradeOf } from './product-standing.js'
export { productStandings } from './product-standing.schema.js'
export { type ProductCount, productTallies } from './product-tally.js'
export { publishProduct } from './publish-product.js'
export { rankProducts } from './rank-products.js'
export { halfLifeDays, type RecentSales, soldLately } from './recent-sales.js'
export { type BasketCount, type BoughtWith, boughtWith, supportFloor } from './recommend/basket-count.js'
export { basketCounts } from './recommend/basket-count.schema.js'
export { countViews } from './recommend/count-views.js'
export { type ComparableProduct, mostSimilar, type Similarity } from './recommend/similarity.js'
export { type ViewBatch, type ViewCount, viewerFloor } from './recommend/view-count.js'
export { viewBatches, viewCounts } from './recommend/view-count.schema.js'
export { reviewsAccess } from './reviews/access.js'
export type { ChangeReviewError, ReviewStanding } from './reviews/change-review.js'
export { editReview } from './reviews/edit-review.js'
export { forgetAuthor } from './reviews/forget-author.js'
export { hidingReasons } from './reviews/hiding-reasons.js'
export { type ListedReview, listReviews, type ReviewList } from './reviews/list-reviews.js'
export { hidingReasonTexts, reviewMessages } from './reviews/messages.js'
export { hideReview, showReview } from './reviews/moderate-review.js'
export { reviewsPersonalData } from './reviews/personal-data.js'
export { reviewsPersonalRecords } from './reviews/personal-records.js'
export { type ProductReviews, type PublicReview, productReviews } from './reviews/product-reviews.js'
export { replyToReview } from './reviews/reply-to-review.js'
export { reviews } from './reviews/review.collection.schema.js'
export type {
  AnyReviewError,
  HidingReason,
  HidingReasonUnlawful,
  LineNotReviewable,
  LineReviewed,
  NothingToHide,
  OwnReview,
  Rating,
  Review,
  ReviewCommand,
  ReviewDetails,
  ReviewEditClosed,
  ReviewError,
  ReviewEvent,
  ReviewFacts,
  ReviewRow,
  ReviewStateForbids,
  ReviewVoteGiven,
  ReviewWords,
} from './reviews/review.js'
export type {
  EditReviewInput,
  HideReviewInput,
  ListReviewsInput,
  ProductReviewsInput,
  ReplyToReviewInput,
  ReviewContent,
  ReviewCursor,
  VoteOnReviewInput,
  WriteReviewInput,
} from './reviews/review-inputs.schema.js'
export { type ReviewState, reviewMachine, reviewTable } from './reviews/review-machine.js'
export { type ReviewSummary, summarise } from './reviews/review-summary.js'
export type { ReviewVote } from './reviews/review-vote.js'
export { reviewVotes } from './reviews/review-vote.schema.js'
export { type VotedReview, type VoteOnReviewError, voteOnReview } from './reviews/vote-on-review.js'
export { wilsonBasisPoints } from './reviews/wilson.js'
export { withdrawReview } from './reviews/withdraw-review.js'
export type { SavedCategory } from './save-category.js'
export { saveCategory } from './save-category.js'
export type { SavedProduct } from './save-product.js'
export { saveProduct } from './save-product.js'
export type { Term, TermKind } from './search/analysis/analyse.js'
export { analyse } from './search/analysis/analyse.js'
export type { CatalogShelf } from './search/catalog-shelf.js'
export { createCatalogShelf, createSealedShelf } from './search/catalog-shelf.js'
export type { AskEach, CatalogSource, FollowError } from './search/catalog-source.js'
export { facetTallies } from './search/facet-order.js'
export type { FollowPorts } from './search/follow-products.js'
export type { CatalogFigures, EpochFigures } from './search/index/catalog-figures.js'
export type { CatalogIndex, IndexChanges } from './search/index/catalog-index.js'
export { emptyIndex, updateIndex } from './search/index/catalog-index.js'
export type { DocumentFacet, IndexedVariant, SearchDocument, SearchedProduct } from './search/index/search-document.js'
export { documentOf } from './search/index/search-document.js'
export type { SearchedField } from './search/index/settings.js'
export type { Arrangement, BrandShare } from './search/query/arrangement.js'
export type {
  AttributeCounts,
  CatalogAnswer,
  CatalogQuery,
  FacetCounts,
  FilterEffect,
  FoundProduct,
  OrderEnd,
  SearchSort,
} from './search/query/catalog-query.js'
export type { ScorePart } from './search/query/explain-score.js'
export type { FilterPart, WithinPart } from './search/query/filter-documents.js'
export type { TextRange } from './search/query/highlight.js'
export { highlight } from './search/query/highlight.js'
export type { CoverCount } from './search/query/score-segments.js'
export { searchIndex } from './search/query/search-index.js'
export type { PreparedWords, SearchWords, SynonymTable } from './search/query/search-words.js'
export { prepareWords } from './search/query/search-words.js'
export type { ViewerPrices } from './search/query/viewer-prices.js'
export { loadIndex } from './search/saved/load-index.js'
export { saveIndex } from './search/saved/save-index.js'
export type { IndexUnreadable } from './search/saved/saved-file.js'
export type { SealOptions, SealPorts, SealReport } from './search/sealed/seal-catalog.js'
export { sealCatalog } from './search/sealed/seal-catalog.js'
export type {
  EpochDraft,
  EpochPart,
  EpochPlace,
  SealedColumns,
  SealedDocument,
  SealedEpoch,
  SealedFindings,
  SealedIndex,
  SealedPart,
  SealedPlace,
  SealedPostings,
  SealedQuestion,
  SealedRow,
  SealedSort,
  SealedWithin,
  SealedWords,
} from './search/sealed/sealed-index.js'
export type { PopularPolicy, SearchPolicy, SearchRule } from './search/search-policy.js'
export type { SearchedProducts, SearchHit } from './search/search-products.js'
export { searchProducts } from './search/search-products.js'
export type { MeantQuery } from './search/spelling/did-you-mean.js'
export { didYouMean } from './search/spelling/did-you-mean.js'
export type { Suggestion } from './search/suggest/complete.js'
export type { Suggestions } from './search/suggest/suggest.js'
export { suggest } from './search/suggest/suggest.js'
export type { KnownName, Lexicon } from './search/understanding/lexicon.js'
export { lexiconOf } from './search/understanding/lexicon.js'
export type { PriceInText } from './search/understanding/price-in-text.js'
export { priceInText } from './search/understanding/price-in-text.js'
export type { QuerySpan, UnderstoodPart, UnderstoodQuery } from './search/understanding/understand-query.js'
export { understandQuery } from './search/understanding/understand-query.js'
export type { GoodsPromotion, GoodsPromotions, PromotionViewer } from './sections/goods-promotions.js'
export { listSections, type SectionList } from './sections/list-sections.js'
export { publishSections } from './sections/publish-sections.js'
export {
  defaultSections,
  type Section,
  type SectionBook,
  type SectionRule,
  type SectionSort,
} from './sections/section.js'
export { type PublishSectionsInput, type SectionInput, sectionBooks } from './sections/section.schema.js'
export { type SectionPage, type SectionProduct, sectionPage } from './sections/section-page.js'
export type { HeldPromotion, SectionReason } from './sections/section-reason.js'
export type { SettleReport } from './settle-categories.js'
export { settleCategories } from './settle-categories.js'
export { type ShownProduct, showProduct } from './show-product.js'
export type { StockItem, StockSource } from './stock-source.js'
