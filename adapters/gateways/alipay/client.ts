import type { UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { isSignedByOneOf, signRequest } from '../alipay-signature.js'
import { type HttpSender, readJson, toBytes, toText } from '../http.js'
import { readMemberText } from '../json-span.js'
import { type FormFile, writeMultipart } from '../multipart.js'
import { inShanghai } from '../shanghai-time.js'
import { plainSubCode } from './error-codes.js'
import type { AlipaySetup } from './options.js'

/** What Alipay answered, once its signature has been checked. */
export type AlipayReply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly subCode: string }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

/** A request to Alipay. */
export type AlipayRequest = {
  /** `alipay.trade.query` and the like. */
  readonly method: string
  readonly content: object
  readonly at: number
  readonly extra?: Readonly<Record<string, string>>
}

export type AlipayClient = {
  /** Signs a request, to be sent here or by the payer's browser or app. */
  readonly sign: (request: AlipayRequest) => Readonly<Record<string, string>>
  readonly ask: (request: AlipayRequest) => Promise<AlipayReply>
  /** Hands over a file, with words beside it; what is signed is all but the file. */
  readonly upload: (request: {
    readonly method: string
    readonly words: Readonly<Record<string, string>>
    readonly file: FormFile
    readonly at: number
  }) => Promise<AlipayReply>
}

const answerBody = z.object({ code: z.string(), sub_code: z.string().default('') })
const unsignedCodes = ['20001', '40001', '40002', '40006']

/** Writes parameters as a form. */
export const writeForm = (params: Readonly<Record<string, string>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')

/** Makes a client. */
export const createClient = (setup: AlipaySetup, http: HttpSender): AlipayClient => {
  const signed = (method: string, at: number, params: Readonly<Record<string, string>>) =>
    signRequest(setup.privateKey, {
      app_id: setup.appId,
      method,
      format: 'JSON',
      charset: 'utf-8',
      sign_type: 'RSA2',
      timestamp: inShanghai(at),
      version: '1.0',
      ...params,
    })
  const sign = ({ method, content, at, extra = {} }: AlipayRequest) =>
    signed(method, at, { ...extra, biz_content: JSON.stringify(content) })
  const post = async (
    method: string,
    request: { readonly path: string; readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> },
  ): Promise<AlipayReply> => {
    const { path, contentType, body } = request
    const headers = { 'content-type': contentType, accept: 'application/json' }
    const answer = await http.send({ method: 'POST', path, headers, body })
    if (answer.kind === 'unknown') return answer
    if (answer.status >= 500) return { kind: 'unknown', cause: 'serverError' }
    const text = answer.status === 200 ? toText(answer.body) : null
    return text === null ? { kind: 'unknown', cause: 'unparsable' } : readAnswer(setup, method, text)
  }
  return {
    sign,
    ask: (request) =>
      post(request.method, {
        path: '/gateway.do?charset=utf-8',
        contentType: 'application/x-www-form-urlencoded;charset=utf-8',
        body: toBytes(writeForm(sign(request))),
      }),
    upload: ({ method, words, file, at }) => {
      const fields = Object.entries(words).map(([field, text]) => ({ field, text }))
      const form = writeMultipart(fields, [file])
      const params = Object.entries(signed(method, at, words)).filter(([name]) => !Object.hasOwn(words, name))
      return post(method, {
        path: `/gateway.do?${writeForm(Object.fromEntries(params))}`,
        contentType: form.contentType,
        body: form.body,
      })
    },
  }
}

/** Reads an answer, believed only where one of Alipay's keys has signed the very text of it. */
export const readAnswer = (
  { alipayKeys }: Pick<AlipaySetup, 'alipayKeys'>,
  method: string,
  text: string,
): AlipayReply => {
  const member = `${method.replaceAll('.', '_')}_response`
  const said = readMemberText(text, member) ?? readMemberText(text, 'error_response')
  const signature = readJson(readMemberText(text, 'sign'))
  const value = readJson(said)
  const answer = answerBody.safeParse(value)
  if (said === null || !answer.success) return { kind: 'unknown', cause: 'unparsable' }
  const { code, sub_code: subCode } = answer.data
  const signed = typeof signature === 'string' && isSignedByOneOf(alipayKeys, said, signature)
  // A refusal at the door (a wrong signature of ours) comes unsigned.
  if (!signed && (signature !== undefined || !unsignedCodes.includes(code))) {
    return { kind: 'unknown', cause: 'badSignature' }
  }
  if (code === '10000') return { kind: 'done', body: value }
  // 20000 is Alipay's own "unknown"; so is a fault of its own under any code. That there is no bill is none.
  const isFault = subCode.startsWith('isp.') && subCode !== 'isp.bill_not_exist'
  if (code === '20000' || plainSubCode(subCode) === 'SYSTEM_ERROR' || isFault) {
    return { kind: 'unknown', cause: 'serverError' }
  }
  return { kind: 'refused', code, subCode }
}
