export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpFetchBody, HttpOptions } from '../http.js'
export { createAlipay } from './gateway.js'
export type { AlipayOptions, AlipayScene, AlipaySplits } from './options.js'
