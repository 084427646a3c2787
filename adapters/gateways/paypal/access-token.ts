import type { UnknownCause } from 'shopwright/payments'
import * as z from 'zod'
import { type HttpSender, readJson, toBytes, toText } from '../http.js'

/** Who may ask. */
export type Credentials = { readonly clientId: string; readonly clientSecret: string }

export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'unknown'; readonly cause: UnknownCause }

/** Hands out the token that requests carry. */
export type AccessTokens = {
  readonly get: (at: number) => Promise<TokenAnswer>
  /** PayPal does not take this one any more. */
  readonly drop: (token: string) => void
}

const tokenBody = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

// It is renewed this long before it ends, so that none ends on the way.
const marginMs = 60_000

/** Keeps a token until shortly before it ends; many who wait for one make one request. */
export const createAccessTokens = (http: HttpSender, { clientId, clientSecret }: Credentials): AccessTokens => {
  let kept: { readonly token: string; readonly until: number } | null = null
  let asking: Promise<TokenAnswer> | null = null

  const renew = async (at: number): Promise<TokenAnswer> => {
    const answer = await http.send({
      method: 'POST',
      path: '/v1/oauth2/token',
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: toBytes('grant_type=client_credentials'),
    })
    asking = null
    // That no token came says nothing of the request that it was for: it was not sent.
    if (answer.kind === 'unknown') return answer
    if (answer.status >= 500) return { kind: 'unknown', cause: 'serverError' }
    if (answer.status >= 400) return { kind: 'refused', status: answer.status }
    const read = tokenBody.safeParse(readJson(toText(answer.body)))
    if (answer.status !== 200 || !read.success) return { kind: 'unknown', cause: 'unparsable' }
    const { access_token: token, expires_in } = read.data
    kept = { token, until: at + expires_in * 1000 - marginMs }
    return { kind: 'token', token }
  }

  return {
    get: (at) => {
      if (kept !== null && at < kept.until) return Promise.resolve({ kind: 'token', token: kept.token })
      asking ??= renew(at)
      return asking
    },
    drop: (token) => {
      if (kept?.token === token) kept = null
    },
  }
}
