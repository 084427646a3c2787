export type { GatewayConfigInvalid } from '../config.js'
export type { HttpFetch, HttpFetchAnswer, HttpOptions } from '../http.js'
export { createAlipay } from './gateway.js'
export type { AlipayOptions, AlipayScene } from './options.js'
