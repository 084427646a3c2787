/** The part of the runtime's own `fetch` that is used. */
export type OidcFetch = (url: string, init: RequestInit) => Promise<Response>

/** How an issuer of OpenID Connect is reached, and who the shop is to it. */
export type OidcOptions = {
  /** The issuer, as its own metadata names it: https, or http on this machine. */
  readonly issuer: string
  readonly clientId: string
  /** Absent for a client that has none: PKCE alone then shows that the same asks. */
  readonly clientSecret?: string
  /** How the secret is shown; by HTTP Basic when absent. */
  readonly secretBy?: 'basic' | 'post'
  /** Where the browser comes back to, exactly as it is registered with the issuer. */
  readonly redirectUri: string
  /** What is asked for; `openid` and `email` when absent. */
  readonly scopes?: readonly ['openid', ...string[]]
  /** How long each answer is waited for, milliseconds; 10 s when absent. */
  readonly timeoutMs?: number
  /** Sends the requests; the runtime's own `fetch` when absent. */
  readonly fetch?: OidcFetch
}

/** An optional package is not there. */
export type PackageMissing = {
  readonly type: 'PackageMissing'
  readonly package: string
  /** What to run. */
  readonly install: string
}
