export { cartAccess } from './access.js'
export { addLine } from './add-line.js'
export { attachCoupon } from './attach-coupon.js'
export type {
  Cart,
  CartAlreadyMerged,
  CartCommand,
  CartError,
  CartEvent,
  CartFull,
  CartLine,
  CartPolicy,
  CouponNotUsable,
  ItemUnavailable,
  LineIdTaken,
  LineLimits,
  MergedLine,
  OpenCart,
  OwnerKind,
  PersonLimitExceeded,
  QuantityAboveMaximum,
  QuantityInvalid,
  StockInsufficient,
  StoredCart,
  TooManyCoupons,
} from './cart.js'
export { cartIdOf, defaultCartPolicy } from './cart.js'
export { carts } from './cart.schema.js'
export type { ChangedCart } from './change-cart.js'
export { clearCart } from './clear-cart.js'
export { describeReminder } from './describe-reminder.js'
export { detachCoupon } from './detach-coupon.js'
export { dropInvalidLines } from './drop-invalid-lines.js'
export type { AddLineInput, ViewCartInput } from './input.schema.js'
export { cartMachine, cartTransitions } from './machine.js'
export type { MergedCart } from './merge-guest-cart.js'
export { mergeGuestCart } from './merge-guest-cart.js'
export type { NotTaken } from './merge-lines.js'
export { cartMessages } from './messages.js'
export { cartPersonalRecords } from './personal-records.js'
export type { CartPorts, PointsRules } from './ports.js'
export type {
  LineCurrencyDiffers,
  NothingSelected,
  PriceInputError,
  PriceMyCartInput,
  PriceSources,
} from './price-input.js'
export { priceInputOf } from './price-input.js'
export type { CartPrice, CartPriceError } from './price-my-cart.js'
export { priceMyCart } from './price-my-cart.js'
export { type Purchases, purchases } from './purchases.js'
export type { CartReminderReport } from './remind-of-carts.js'
export { remindOfCarts } from './remind-of-carts.js'
export type { CartReminder, ItemFacts } from './reminders.js'
export { remindersOf } from './reminders.js'
export { removeLine } from './remove-line.js'
export { saveForLater } from './save-for-later.js'
export { selectLines } from './select-lines.js'
export { setQuantity } from './set-quantity.js'
export { takeBackLine } from './take-back-line.js'
export type { CartLineView, CartView, LineProblem } from './view-cart.js'
export { viewCart } from './view-cart.js'
