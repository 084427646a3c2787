export type {
  GatewayBillError,
  GatewayBills,
  GatewayBillUnavailable,
  GatewayBillUnreadable,
} from '../bills.js'
export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpFetchBody, HttpOptions } from '../http.js'
export { createAlipayBills } from './download-bill.js'
export { createAlipay } from './gateway.js'
export type { AlipayOptions, AlipayScene, AlipaySplits } from './options.js'
export { type AlipayBillAsked, readTradeBill } from './trade-bill.js'
