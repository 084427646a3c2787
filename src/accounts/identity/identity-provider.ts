import type { ResultAsync } from 'neverthrow'

/** Who somebody is to an issuer: the pair is what an account is found by, and neither half alone. */
export type IssuedSubject = {
  /** Who vouches: the issuer of OpenID Connect, or the provider with the app or the group of apps that the subject is of. */
  readonly issuer: string
  /** Who is vouched for; the issuer never gives it to another person. */
  readonly subject: string
}

/** What a provider said of a person, once it is proved that the provider said it, to this shop and for this request. */
export type VerifiedIdentity = {
  /**
   * Every name the provider knows the person by, the narrowest first (of WeChat the openid of the app, then the unionid
   * where there is one). Each leads to the same account.
   */
  readonly subjects: readonly [IssuedSubject, ...IssuedSubject[]]
  /** An e-mail address, and whether the provider says that it has proved it; one that is not proved is not looked at. */
  readonly email?: { readonly address: string; readonly verified: boolean }
}

/** What binds an answer to the request it is an answer to. Drawn anew for each, and used once. */
export type IdentityRequest = {
  /** Comes back with the browser. */
  readonly state: string
  /** Comes back within what the provider signs. */
  readonly nonce: string
  /** The verifier of PKCE (RFC 7636): 64 characters; the provider is first shown its digest only. */
  readonly codeVerifier: string
}

/** An answer as the browser brought it, beside what it has to fit. */
export type IdentityAnswer = IdentityRequest & {
  /** The query of the address that the browser came back to, as it came. */
  readonly query: string
}

/** The provider cannot be reached, or answers with a fault of its own; the text is for the log and holds no secret. */
export type IdentityUnavailable = { readonly type: 'IdentityUnavailable'; readonly detail: string }

/** The provider vouches for nobody, or what came back is not what it said to this request. */
export type IdentityRefused = {
  readonly type: 'IdentityRefused'
  /**
   * - `cancelled`: the person or the provider said no
   * - `answerInvalid`: what the browser brought is not an answer of this provider to this request
   * - `codeRefused`: the provider does not take the code: it was used, is too old, or belongs to another request
   * - `proofInvalid`: what the provider is said to have said is not its own, not for this shop, or not for this request
   */
  readonly reason: 'cancelled' | 'answerInvalid' | 'codeRefused' | 'proofInvalid'
}

/** Somebody else who vouches for people: an issuer of OpenID Connect, WeChat and the like. */
export type IdentityProvider = {
  /** Says where to send the browser. */
  readonly begin: (request: IdentityRequest) => ResultAsync<{ readonly redirectUrl: string }, IdentityUnavailable>
  /** Finds out who came back, by asking the provider itself. */
  readonly finish: (answer: IdentityAnswer) => ResultAsync<VerifiedIdentity, IdentityRefused | IdentityUnavailable>
}

/** The providers of a shop, by the names it gives them. */
export type IdentityProviders = Readonly<Record<string, IdentityProvider>>

/** The shop has no provider of the name. */
export type ProviderUnknown = { readonly type: 'ProviderUnknown'; readonly providerId: string }
