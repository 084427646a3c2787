import type { Messages } from '../shared/messages.js'
import type { PriceCartError } from './priced-cart.js'
import type { RatesUnavailable } from './rate-sources.js'
import type { RefundSplitError } from './refund-of.js'
import type { CurrencyNotShown, ExchangeRateUnavailable } from './show-in.js'
import type { CurrencyNotSold } from './sold-currency.js'

/** What is said of every refusal of pricing. */
export const pricingMessages: Messages<
  (
    | PriceCartError
    | CurrencyNotSold
    | RatesUnavailable
    | RefundSplitError
    | CurrencyNotShown
    | ExchangeRateUnavailable
  )['type']
> = {
  CartEmpty: { 'zh-CN': '没有可结算的商品。', en: 'There is nothing to price.' },
  AmountTooLarge: { 'zh-CN': '订单金额或重量超出可处理范围。', en: 'The amount or weight of the order is too large.' },
  LineInvalid: { 'zh-CN': '商品行 {lineId} 的数据无效。', en: 'Line {lineId} is not valid.' },
  ShippingMethodUnknown: { 'zh-CN': '没有配送方式 {methodId}。', en: 'There is no shipping method {methodId}.' },
  RegionNotServed: { 'zh-CN': '{methodId} 不配送到 {region}。', en: '{methodId} does not deliver to {region}.' },
  CarriageInOtherCurrency: {
    'zh-CN': '商品以 {currency} 计价，运费却以 {carriageCurrency} 计价，不能合计。',
    en: 'The goods are priced in {currency} and carriage in {carriageCurrency}; they do not add up.',
  },
  NotSoldInCurrency: {
    'zh-CN': '{sku} 不以 {currency} 销售。',
    en: '{sku} is not sold in {currency}.',
  },
  CurrencyNotSold: {
    'zh-CN': '本店不以 {currency} 销售。',
    en: 'Nothing is sold in {currency} here.',
  },
  TooHeavy: { 'zh-CN': '{methodId} 限重 {mostGrams} 克。', en: '{methodId} carries at most {mostGrams} g.' },
  TaxRegionUnknown: { 'zh-CN': '地区 {region} 没有设置税率。', en: 'No tax is set for region {region}.' },
  TaxClassUnknown: {
    'zh-CN': '地区 {region} 没有税类 {taxClass}。',
    en: 'Region {region} has no tax class {taxClass}.',
  },
  CarriageRatesUnavailable: {
    'zh-CN': '暂时无法取得运费报价，请稍后再试。',
    en: 'Carriage cannot be quoted at the moment; please try again later.',
  },
  TaxRatesUnavailable: {
    'zh-CN': '暂时无法取得税率，请稍后再试。',
    en: 'Tax cannot be quoted at the moment; please try again later.',
  },
  CurrencyNotShown: {
    'zh-CN': '本店不以 {currency} 显示价格。',
    en: 'Prices are not shown in {currency} here.',
  },
  ExchangeRateUnavailable: {
    'zh-CN': '暂时无法取得汇率，请稍后再试。',
    en: 'There is no exchange rate at the moment; please try again later.',
  },
  LineUnknown: { 'zh-CN': '订单中没有商品行 {lineId}。', en: 'The order has no line {lineId}.' },
  PiecesExceeded: {
    'zh-CN': '商品行 {lineId} 最多还可退 {remaining} 件。',
    en: 'At most {remaining} more of line {lineId} can be returned.',
  },
  PiecesInvalid: { 'zh-CN': '退货数量 {requested} 无效。', en: '{requested} is not a number of pieces to return.' },
}
