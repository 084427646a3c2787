import type { ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'

/** The keyed digest of a session token; the only form in which one is kept. */
export const digestToken = (digests: KeyedDigest, token: string): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('session-token', token)

/** The session that a token says it is of; undefined for what cannot be a token, such as a cookie that is not there. */
export const sessionIdOf = (token: unknown): string | undefined => {
  if (typeof token !== 'string' || token.length > 200) return undefined
  const [sessionId, secret, ...more] = token.split('.')
  const pattern = /^[0-9A-Za-z_]+$/
  if (sessionId === undefined || secret === undefined || more.length > 0) return undefined
  return pattern.test(sessionId) && pattern.test(secret) ? sessionId : undefined
}
