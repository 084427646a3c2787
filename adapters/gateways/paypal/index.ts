export type {
  GatewayBillError,
  GatewayBills,
  GatewayBillUnavailable,
  GatewayBillUnreadable,
} from '../bills.js'
export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpFetchBody, HttpOptions } from '../http.js'
export { createPayPal } from './gateway.js'
export type { PayPalOptions } from './options.js'
export { createPayPalBills } from './trade-bill.js'
