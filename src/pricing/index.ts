export { pricingAccess } from './access.js'
export {
  type PublishShippingBookInput,
  type PublishTaxBookInput,
  shippingBookId,
  shippingBooks,
  taxBookId,
  taxBooks,
} from './books.schema.js'
export { type BuyerPrice, type BuyerPriceLine, priceForBuyer, tellsWhoBears } from './buyer-price.js'
export {
  explainPrice,
  type OfferExplanation,
  type PriceExplanation,
  type PriceHint,
  type WaterfallStep,
} from './explain-price.js'
export { giftHoldback, lostGifts } from './gift-holdback.js'
export { listShippingMethods, type OfferedShipping, type OfferedShippings } from './list-shipping-methods.js'
export type { ListShippingMethodsInput } from './list-shipping-methods.schema.js'
export { pricingMessages } from './messages.js'
export { type PriceOptions, priceCart } from './price-cart.js'
export { parsePriceInput } from './price-cart-input.schema.js'
export type {
  ListedItem,
  ListedPrice,
  PriceList,
  PriceListBook,
  PriceListContext,
  PriceListTerms,
  PriceTier,
  ResolvedPrice,
} from './price-list.js'
export { type PublishPriceListsInput, priceListBookId, priceListBooks } from './price-list-book.schema.js'
export type { KeptPrice } from './price-of-rest.js'
export type {
  AppliedOffer,
  BuyerFacts,
  CatalogLine,
  LinePriceList,
  LineShare,
  OfferRefusal,
  OfferTrace,
  OfferUsesLeft,
  PriceCartError,
  PriceCartInput,
  PriceCoupon,
  PricedCart,
  PricedGift,
  PricedLine,
  PricedShipping,
  PricedTax,
  PriceLine,
  PriceTotals,
} from './priced-cart.js'
export { publishShippingBook, publishTaxBook } from './publish-books.js'
export { publishPriceLists } from './publish-price-lists.js'
export { noRates, type QuotedRates, quoteRates, ratesValidUntil } from './quote-rates.js'
export { createQuoteShelf } from './quote-shelf.js'
export type {
  CarriageRate,
  CarriageRates,
  ExchangePorts,
  ExchangeRates,
  ExchangeRequest,
  QuotedTaxes,
  QuoteShelf,
  RatedLine,
  RatePorts,
  RateQuote,
  RateRequest,
  RateSourceFailed,
  RatesUnavailable,
  ShownCurrencies,
  TaxRates,
} from './rate-sources.js'
export { type PiecesBack, reevaluatedRefundOf } from './reevaluated-refund.js'
export {
  type LinePieces,
  type LineRefund,
  type RefundAmounts,
  type RefundShare,
  type RefundSplit,
  type RefundSplitError,
  refundOf,
} from './refund-of.js'
export { describeRefusal } from './refusal-text.js'
export { renderExplanation } from './render-explanation.js'
export { type PriceNames, type PriceRow, renderPrice } from './render-price.js'
export { listPriceTiers, resolveListPrice } from './resolve-list-price.js'
export type { ShippingBook, ShippingMethod, ShippingRate, ShippingTier, ShippingZone } from './shipping-book.js'
export { showPriceLists, showShippingBook, showTaxBook } from './show-books.js'
export {
  type CurrencyNotShown,
  type ExchangeRateUnavailable,
  type ShowInError,
  type ShownAmounts,
  showIn,
} from './show-in.js'
export type { ShowInInput } from './show-in.schema.js'
export type { CurrencyNotSold, CurrencyPorts, NotSoldInCurrency } from './sold-currency.js'
export { stagePresets } from './stages.js'
export type { TaxBook, TaxRate, TaxRegion } from './tax-book.js'
export { type UnitLine, type UnitShare, type UnitTable, unitTableOf } from './unit-table.js'
