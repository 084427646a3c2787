import { notificationSkewMs, type UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { type HttpAnswer, type HttpSender, readJson, toBytes, toText } from '../http.js'
import { type FormFile, writeMultipart } from '../multipart.js'
import type { WechatPaySetup } from './options.js'
import { createPlatformKeys, type PlatformKeys } from './platform-keys.js'
import { authorizationOf, isSignedBy } from './signature.js'

/** What WeChat Pay answered, once its signature has been checked. */
export type WechatPayReply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

/** Sends signed requests and believes signed answers only. */
export type WechatPayClient = {
  readonly keys: PlatformKeys
  readonly ask: (request: {
    readonly method: 'GET' | 'POST'
    readonly path: string
    readonly body?: object
    readonly at: number
  }) => Promise<WechatPayReply>
  /** Hands over a file; what is signed is what is said of it (`meta`), not the file. */
  readonly upload: (request: {
    readonly path: string
    readonly meta: object
    readonly file: Omit<FormFile, 'field'>
    readonly at: number
  }) => Promise<WechatPayReply>
  /** Fetches bytes that are not signed but whose digest the shop knows. */
  readonly download: (path: string, at: number) => Promise<HttpAnswer>
}

type Body = Uint8Array<ArrayBuffer>

const refusalBody = z.object({ code: z.string().min(1).max(100) })

/** Makes a client. */
export const createClient = (setup: WechatPaySetup, http: HttpSender): WechatPayClient => {
  const post = (
    method: 'GET' | 'POST',
    path: string,
    request: {
      readonly signed: string
      readonly contentType: string
      readonly bytes?: Body
      readonly isFile?: boolean
    },
    at: number,
  ): Promise<HttpAnswer> => {
    const { signed, contentType, bytes, isFile = false } = request
    const named = setup.downloadCertificates ? undefined : [...setup.platformKeys.keys()][0]
    const headers = {
      authorization: authorizationOf(setup.signer, { method, path, body: signed, at }),
      accept: 'application/json',
      'content-type': contentType,
      'user-agent': 'shopwright',
      // With which key the answer is to be signed.
      ...(named === undefined ? {} : { 'wechatpay-serial': named }),
    }
    return http.send({ method, path, headers, isFile, ...(bytes === undefined ? {} : { body: bytes }) })
  }
  const send = (method: 'GET' | 'POST', path: string, body: string, at: number, isFile = false): Promise<HttpAnswer> =>
    post(
      method,
      path,
      { signed: body, contentType: 'application/json', isFile, ...(body === '' ? {} : { bytes: toBytes(body) }) },
      at,
    )
  const downloadCertificates = (at: number) => send('GET', '/v3/certificates', '', at)
  const keys = createPlatformKeys(
    setup.platformKeys,
    setup.apiV3Key,
    setup.downloadCertificates ? downloadCertificates : null,
  )

  return {
    keys,
    download: (path, at) => send('GET', path, '', at, true),
    ask: async ({ method, path, body, at }) =>
      readAnswer(keys, await send(method, path, body === undefined ? '' : JSON.stringify(body), at), at),
    upload: async ({ path, meta, file, at }) => {
      const signed = JSON.stringify(meta)
      const form = writeMultipart(
        [{ field: 'meta', text: signed, mediaType: 'application/json' }],
        [{ field: 'file', ...file }],
      )
      const answer = await post('POST', path, { signed, contentType: form.contentType, bytes: form.body }, at)
      return readAnswer(keys, answer, at)
    },
  }
}

const readAnswer = async (keys: PlatformKeys, answer: HttpAnswer, at: number): Promise<WechatPayReply> => {
  if (answer.kind === 'unknown') return answer
  const { status } = answer
  if (status >= 500) return { kind: 'unknown', cause: 'serverError' }
  const signed = answer.headers['wechatpay-signature'] !== undefined
  // A refusal at the door (a wrong signature of ours) comes unsigned; whatever is signed has to be signed well.
  if ((signed || status < 400) && !(await isBelieved(keys, answer, at))) {
    return { kind: 'unknown', cause: 'badSignature' }
  }
  const told = readJson(toText(answer.body))
  if (status === 204) return { kind: 'done', body: null }
  if (status === 200)
    return told === undefined ? { kind: 'unknown', cause: 'unparsable' } : { kind: 'done', body: told }
  const refusal = status >= 400 ? refusalBody.safeParse(told) : undefined
  return refusal?.success
    ? { kind: 'refused', status, code: refusal.data.code }
    : { kind: 'unknown', cause: 'unparsable' }
}

const isBelieved = async (
  keys: PlatformKeys,
  { headers, body }: Extract<HttpAnswer, { kind: 'answered' }>,
  at: number,
): Promise<boolean> => {
  const timestamp = headers['wechatpay-timestamp'] ?? ''
  const signature = headers['wechatpay-signature'] ?? ''
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - at) > notificationSkewMs) return false
  const key = await keys.find(headers['wechatpay-serial'] ?? '', at)
  return key !== null && isSignedBy(key, { timestamp, nonce: headers['wechatpay-nonce'] ?? '', body, signature })
}
