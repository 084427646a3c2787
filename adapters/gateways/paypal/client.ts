import { createHash } from 'node:crypto'
import type { Outcome, UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { type HttpSender, readJson, toBytes, toText } from '../http.js'
import type { AccessTokens } from './access-token.js'
import { codeOf } from './error-codes.js'

/** What PayPal answered. */
export type PayPalReply =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly issue: string }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

export type PayPalRequest = {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  /** The text of a body of JSON. */
  readonly text?: string
  /** A body with files in it, in place of JSON. */
  readonly form?: { readonly contentType: string; readonly body: Uint8Array<ArrayBuffer> }
  /** What PayPal knows the same request again by. */
  readonly key?: string
  /** Whether the answer may be long in coming, as a report is; not so when absent. */
  readonly isFile?: boolean
  readonly at: number
}

/** Sends requests with a token. */
export type PayPalClient = (request: PayPalRequest) => Promise<PayPalReply>

const refusalBody = z.object({
  name: z.string().optional(),
  error: z.string().optional(),
  details: z
    .array(z.object({ issue: z.string() }))
    .optional()
    .catch(undefined),
})

/** The longest key that PayPal takes, characters. */
const mostKeyCharacters = 108

const writeKey = (key: string): string =>
  key.length <= mostKeyCharacters ? key : createHash('sha256').update(key).digest('hex')

/** Makes a client. */
export const createClient = (http: HttpSender, tokens: AccessTokens): PayPalClient => {
  const send = async (request: PayPalRequest, isSecond: boolean): Promise<PayPalReply> => {
    const { method, path, text, form, key, isFile = false, at } = request
    const access = await tokens.get(at)
    if (access.kind === 'unknown') return access
    if (access.kind === 'refused') return { kind: 'refused', status: access.status, issue: 'invalid_client' }
    const headers = {
      authorization: `Bearer ${access.token}`,
      accept: 'application/json',
      'content-type': form?.contentType ?? 'application/json',
      prefer: 'return=representation',
      ...(key === undefined ? {} : { 'paypal-request-id': writeKey(key) }),
    }
    const body = form?.body ?? (text === undefined ? undefined : toBytes(text))
    const answer = await http.send({ method, path, headers, isFile, ...(body === undefined ? {} : { body }) })
    if (answer.kind === 'unknown') return answer
    if (answer.status === 401 && !isSecond) {
      tokens.drop(access.token)
      return send(request, true)
    }
    if (answer.status >= 500) return { kind: 'unknown', cause: 'serverError' }
    if (answer.status === 204) return { kind: 'done', body: null }
    const said = readJson(toText(answer.body))
    if (answer.status >= 400) {
      const read = refusalBody.safeParse(said)
      if (!read.success) return { kind: 'unknown', cause: 'unparsable' }
      const issue = read.data.details?.[0]?.issue ?? read.data.name ?? read.data.error ?? String(answer.status)
      return { kind: 'refused', status: answer.status, issue }
    }
    return answer.status < 300 && said !== undefined
      ? { kind: 'done', body: said }
      : { kind: 'unknown', cause: 'unparsable' }
  }
  return (request) => send(request, false)
}

/** Says an answer that is not done in the words of the port. */
export const refuse = (
  reply: PayPalReply,
  operation: 'pay' | 'refund' = 'pay',
): Extract<Outcome<never>, { kind: 'declined' | 'unknown' }> => {
  switch (reply.kind) {
    case 'done':
      return { kind: 'unknown', cause: 'unparsable' }
    case 'unknown':
      return reply
    case 'refused': {
      const { status, issue } = reply
      return { kind: 'declined', error: { code: codeOf(status, issue, operation), gatewayCode: issue } }
    }
  }
}
