import { errAsync, okAsync } from 'neverthrow'
import type { IdentityProvider, IdentityRequest, VerifiedIdentity } from 'shopwright'

/**
 * An identity provider that vouches for whom it is told to, and holds every answer against its request as a real one
 * does: a code is taken once, with the verifier and the nonce of the request it was given for.
 */
export const createPuppetProvider = (issuer: string) => {
  const requests = new Map<string, IdentityRequest>()
  const codes = new Map<string, { readonly request: IdentityRequest; readonly identity: VerifiedIdentity }>()
  let drawn = 0
  let down = false
  const provider: IdentityProvider = {
    begin: (request) => {
      if (down) return errAsync({ type: 'IdentityUnavailable', detail: 'down' })
      requests.set(request.state, request)
      return okAsync({ redirectUrl: `https://${issuer}/authorize?state=${request.state}` })
    },
    finish: ({ query, state, nonce, codeVerifier }) => {
      if (down) return errAsync({ type: 'IdentityUnavailable', detail: 'down' })
      const given = new URLSearchParams(query)
      if (given.get('error') !== null) return errAsync({ type: 'IdentityRefused', reason: 'cancelled' })
      const code = given.get('code') ?? ''
      const known = codes.get(code)
      codes.delete(code)
      if (known === undefined || known.request.codeVerifier !== codeVerifier) {
        return errAsync({ type: 'IdentityRefused', reason: 'codeRefused' })
      }
      return known.request.nonce === nonce && known.request.state === state
        ? okAsync(known.identity)
        : errAsync({ type: 'IdentityRefused', reason: 'proofInvalid' })
    },
  }
  /** A person says yes at the provider: the query that their browser goes back with. */
  const consent = (redirectUrl: string, identity: VerifiedIdentity): string => {
    const state = new URL(redirectUrl).searchParams.get('state') ?? ''
    const request = requests.get(state)
    if (request === undefined) throw new Error('no such request')
    drawn += 1
    codes.set(`code-${drawn}`, { request, identity })
    return `code=code-${drawn}&state=${state}`
  }
  return {
    provider,
    consent,
    requests,
    turnOff: () => {
      down = true
    },
  } as const
}

/** Whom an issuer vouches for. */
export const identityOf = (issuer: string, subject: string, email?: VerifiedIdentity['email']): VerifiedIdentity => ({
  subjects: [{ issuer, subject }],
  ...(email === undefined ? {} : { email }),
})
