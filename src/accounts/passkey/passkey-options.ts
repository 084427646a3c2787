import type { Passkey } from './passkey.js'
import type { PasskeyVerifier } from './passkey-verifier.js'

/** What `navigator.credentials.create` is given, as `PublicKeyCredential.parseCreationOptionsFromJSON` reads it. */
export type PasskeyCreationOptions = {
  readonly challenge: string
  readonly rp: { readonly id: string; readonly name: string }
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string }
  readonly pubKeyCredParams: readonly { readonly type: 'public-key'; readonly alg: number }[]
  readonly excludeCredentials: readonly PasskeyDescriptor[]
  readonly authenticatorSelection: { readonly residentKey: 'required'; readonly userVerification: 'required' }
  readonly attestation: 'none'
  /** Milliseconds. */
  readonly timeout: number
}

/** What `navigator.credentials.get` is given, as `PublicKeyCredential.parseRequestOptionsFromJSON` reads it. */
export type PasskeyRequestOptions = {
  readonly challenge: string
  readonly rpId: string
  /** The keys of the account, where it is known whose; else the person chooses among those of the device. */
  readonly allowCredentials: readonly PasskeyDescriptor[]
  readonly userVerification: 'required'
  /** Milliseconds. */
  readonly timeout: number
}

/** A key that an authenticator may have. */
export type PasskeyDescriptor = {
  readonly type: 'public-key'
  readonly id: string
  readonly transports: readonly string[]
}

/** ES256, EdDSA and RS256, by their numbers at COSE: what every authenticator in use knows one of. */
const algorithms = [-7, -8, -257]

/** Makes what a browser is to create a key by. */
export const creationOptions = (
  { rpId, rpName }: PasskeyVerifier,
  asked: {
    readonly challenge: string
    readonly userHandle: string
    readonly name: string
    readonly known: readonly Passkey[]
    readonly timeoutMs: number
  },
): PasskeyCreationOptions => ({
  challenge: asked.challenge,
  rp: { id: rpId, name: rpName },
  user: { id: asked.userHandle, name: asked.name, displayName: asked.name },
  pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
  excludeCredentials: asked.known.map(descriptorOf),
  authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  attestation: 'none',
  timeout: asked.timeoutMs,
})

/** Makes what a browser is to have signed. */
export const requestOptions = (
  { rpId }: PasskeyVerifier,
  asked: { readonly challenge: string; readonly known: readonly Passkey[]; readonly timeoutMs: number },
): PasskeyRequestOptions => ({
  challenge: asked.challenge,
  rpId,
  allowCredentials: asked.known.map(descriptorOf),
  userVerification: 'required',
  timeout: asked.timeoutMs,
})

const descriptorOf = ({ credentialId: id, transports }: Passkey): PasskeyDescriptor => ({
  type: 'public-key',
  id,
  transports,
})
