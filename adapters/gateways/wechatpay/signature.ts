import type { KeyObject } from 'node:crypto'
import { randomBytes } from 'node:crypto'
import { toBytes } from '../http.js'
import { signSha256, verifiesSha256 } from '../rsa.js'

/** The text of a request that is signed; `path` with its query. */
export const requestText = (facts: {
  readonly method: string
  readonly path: string
  readonly timestamp: string
  readonly nonce: string
  readonly body: string
}): string => `${facts.method}\n${facts.path}\n${facts.timestamp}\n${facts.nonce}\n${facts.body}\n`

/** The bytes of an answer or a notification that are signed: nothing of the body may have been written anew. */
export const answerBytes = (facts: {
  readonly timestamp: string
  readonly nonce: string
  readonly body: Uint8Array
}): Uint8Array => {
  const head = toBytes(`${facts.timestamp}\n${facts.nonce}\n`)
  const whole = new Uint8Array(head.length + facts.body.length + 1)
  whole.set(head)
  whole.set(facts.body, head.length)
  whole[whole.length - 1] = 10
  return whole
}

/** Who signs requests. */
export type Signer = { readonly mchId: string; readonly serial: string; readonly key: KeyObject }

/** The header that says who sent a request. */
export const authorizationOf = (
  { mchId, serial, key }: Signer,
  request: { readonly method: string; readonly path: string; readonly body: string; readonly at: number },
): string => {
  const timestamp = String(Math.floor(request.at / 1000))
  const nonce = randomBytes(16).toString('hex')
  const signature = signSha256(key, requestText({ ...request, timestamp, nonce }))
  return `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`
}

/** Whether a key has signed an answer or a notification. */
export const isSignedBy = (
  key: KeyObject,
  facts: { readonly timestamp: string; readonly nonce: string; readonly body: Uint8Array; readonly signature: string },
): boolean => verifiesSha256(key, answerBytes(facts), facts.signature)
