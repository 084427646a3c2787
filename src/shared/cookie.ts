import { err, ok, type Result } from 'neverthrow'

/** A cookie cannot be made of these; the value is not told, for it may be a token. */
export type CookieInvalid = { readonly type: 'CookieInvalid'; readonly part: 'name' | 'value' | 'maxAgeMs' }

/** A cookie to be kept by a browser. */
export type CookieInput = {
  /** Without the prefix, which is put before it: `session` becomes `__Host-session`. */
  readonly name: string
  /** A session's token, the wallet of a device, the id of a device. */
  readonly value: string
  /**
   * For how long, milliseconds, rounded up to whole seconds, 400 days at most, which is as long as browsers keep any; until the
   * browser is closed when absent.
   */
  readonly maxAgeMs?: number
  /**
   * `Lax` when absent: the cookie comes along when a person follows a link to the shop, as back from a payment or from
   * another service that signed them in. With `Strict` it does not.
   */
  readonly sameSite?: 'Lax' | 'Strict'
}

// A browser takes a cookie of this prefix only where it is Secure, of the whole site, and of no other host.
const prefix = '__Host-'
// RFC 6265: what a name and a value may be made of; and what browsers keep of both together.
const nameForm = /^[\w!#$%&'*+.^`|~-]{1,100}$/
const valueForm = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/
const mostBytes = 4_096
// What browsers cap a cookie's age at (rfc6265bis, section 5.5).
const longestSeconds = 400 * 86_400

/**
 * The text of a `Set-Cookie` header for what nobody but the shop's own server may see: `Secure`, `HttpOnly`, `SameSite`, and
 * bound to the host by its prefix.
 *
 * @errors CookieInvalid
 * @source RFC 6265, section 4.1; draft-ietf-httpbis-rfc6265bis, section 4.1.3.2
 */
export const cookieHeader = ({
  name,
  value,
  maxAgeMs,
  sameSite = 'Lax',
}: CookieInput): Result<string, CookieInvalid> => {
  const refuse = (part: CookieInvalid['part']) => err<string, CookieInvalid>({ type: 'CookieInvalid', part })
  if (!nameForm.test(name)) return refuse('name')
  if (!valueForm.test(value) || prefix.length + name.length + value.length > mostBytes) return refuse('value')
  if (maxAgeMs !== undefined && !(Number.isFinite(maxAgeMs) && maxAgeMs >= 0)) return refuse('maxAgeMs')
  const lasts = maxAgeMs === undefined ? '' : `; Max-Age=${Math.min(Math.ceil(maxAgeMs / 1_000), longestSeconds)}`
  return ok(`${prefix}${name}=${value}; Path=/${lasts}; Secure; HttpOnly; SameSite=${sameSite}`)
}

/** The text of a `Set-Cookie` header that takes a cookie back. */
export const clearCookieHeader = (name: string): Result<string, CookieInvalid> =>
  cookieHeader({ name, value: '', maxAgeMs: 0 })

/** The value of a cookie that `cookieHeader` made, out of a `Cookie` header; undefined where there is none. */
export const readCookie = (header: string, name: string): string | undefined => {
  const wanted = `${prefix}${name}=`
  const found = header
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(wanted))
  return found?.slice(wanted.length)
}
