export type {
  GatewayBillError,
  GatewayBills,
  GatewayBillUnavailable,
  GatewayBillUnreadable,
} from '../bills.js'
export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpFetchBody, HttpOptions } from '../http.js'
export { createWechatPayBills } from './download-bill.js'
export { createWechatPay } from './gateway.js'
export type { WechatPayOptions, WechatPayScene, WechatPaySplits } from './options.js'
export type { WechatPayPlatformKey } from './platform-keys.js'
export { readTradeBill } from './trade-bill.js'
