import type { Messages } from '../shared/messages.js'
import type { CartError } from './cart.js'
import type { PriceInputError } from './price-input.js'
import type { CartReminder } from './reminders.js'
import type { LineProblem } from './view-cart.js'

/** What each refusal of the cart is called; `NotFound` stands with the errors of the core, what is sold in no price list with those of pricing. */
export const cartMessages: Messages<
  Exclude<
    (CartError | PriceInputError | LineProblem | CartReminder)['type'],
    'NotFound' | 'NotSoldInCurrency' | 'CurrencyNotSold'
  >
> = {
  QuantityInvalid: { en: 'The quantity must be a whole number of at least 1.', 'zh-CN': '数量必须是不小于 1 的整数。' },
  QuantityAboveMaximum: {
    en: 'At most {maximum} pieces of this item fit in one line.',
    'zh-CN': '该商品单行最多可购 {maximum} 件。',
  },
  StockInsufficient: { en: 'Only {available} pieces are left.', 'zh-CN': '库存仅剩 {available} 件。' },
  PersonLimitExceeded: {
    en: 'You may buy {remaining} pieces of this product.',
    'zh-CN': '该商品每人限购 {remaining} 件。',
  },
  CartFull: {
    en: 'The cart holds {maxLines} items at most; take something out first.',
    'zh-CN': '购物车最多可放 {maxLines} 种商品，请先清理。',
  },
  LineIdTaken: { en: 'The id of the line is in use.', 'zh-CN': '该行编号已被占用。' },
  ItemUnavailable: { en: 'This item is not on sale.', 'zh-CN': '该商品已下架。' },
  TooManyCoupons: {
    en: 'At most {maximum} coupons can be used at once.',
    'zh-CN': '一次最多可使用 {maximum} 张优惠券。',
  },
  CouponNotUsable: { en: 'This coupon cannot be used.', 'zh-CN': '该优惠券不可用。' },
  CartAlreadyMerged: {
    en: 'This cart was moved to an account; sign in to go on.',
    'zh-CN': '该购物车已并入账号，请登录后继续。',
  },
  LineCurrencyDiffers: {
    en: 'This item is priced in {actual}, not in {expected}.',
    'zh-CN': '该商品以 {actual} 计价，而非 {expected}。',
  },
  NothingSelected: { en: 'No item is selected.', 'zh-CN': '尚未选择商品。' },
  NotOnSale: { en: 'No longer on sale', 'zh-CN': '已下架' },
  SoldOut: { en: 'Sold out', 'zh-CN': '已售罄' },
  CartNearlyFull: {
    en: 'The cart holds {lineCount} of at most {maxLines} items',
    'zh-CN': '购物车已有 {lineCount} 种商品，最多可放 {maxLines} 种',
  },
  PriceDropped: { en: 'Was {before}, now {price}', 'zh-CN': '已由 {before} 降至 {price}' },
  LowStock: { en: 'Only {available} left', 'zh-CN': '库存紧张，仅剩 {available} 件' },
  CartAbandoned: { en: 'These items are still in your cart', 'zh-CN': '购物车里还有商品等您结算' },
  FewerLeft: { en: 'Only {available} left', 'zh-CN': '仅剩 {available} 件' },
}
