import type { KeyObject } from 'node:crypto'
import { toBytes } from './http.js'
import { signSha256, verifiesSha256 } from './rsa.js'

type Params = Readonly<Record<string, string>>

/** The text of parameters that is signed: sorted by name, empty ones and those named left out, nothing escaped. */
const textOf = (params: Params, without: readonly string[]): string =>
  Object.entries(params)
    .filter(([name, value]) => value !== '' && !without.includes(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/** Signs a request. */
export const signRequest = (key: KeyObject, params: Params): Params => ({
  ...params,
  sign: signSha256(key, textOf(params, ['sign'])),
})

/** The text that Alipay signs in a notification: unlike that of a request, without `sign_type`. */
export const notificationText = (params: Params): string => textOf(params, ['sign', 'sign_type'])

/** The text that Alipay signs in some messages of its own (`msg_method`): with `sign_type`. */
export const messageText = (params: Params): string => textOf(params, ['sign'])

/**
 * Whether one of the keys has signed a text by RSA2 (SHA-256); a signature by RSA (SHA-1) is none, whatever the message
 * says of itself.
 */
export const isSignedByOneOf = (keys: readonly KeyObject[], text: string, signature: string): boolean =>
  keys.some((key) => verifiesSha256(key, toBytes(text), signature))
