export type {
  GatewayBillError,
  GatewayBills,
  GatewayBillUnavailable,
  GatewayBillUnreadable,
} from '../bills.js'
export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpFetchBody, HttpOptions } from '../http.js'
export { createStripe } from './gateway.js'
export type { StripeOptions, StripeSplits } from './options.js'
export type {
  PackageMissing,
  StripeClient,
  StripeIntentParams,
  StripePackage,
  StripePage,
  StripeRequestOptions,
  StripeTransferParams,
} from './package.js'
export { createStripeBills } from './trade-bill.js'
