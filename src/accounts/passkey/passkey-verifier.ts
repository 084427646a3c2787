import type { ResultAsync } from 'neverthrow'

/** What an authenticator made of a challenge when it made a key, every member base64url as browsers give it. */
export type PasskeyAttestation = {
  readonly credentialId: string
  readonly clientDataJson: string
  readonly attestationObject: string
  /** How the authenticator is reached, as the browser says. */
  readonly transports?: readonly string[]
}

/** What an authenticator made of a challenge by a key that it has, every member base64url as browsers give it. */
export type PasskeyAssertion = {
  readonly credentialId: string
  readonly clientDataJson: string
  readonly authenticatorData: string
  readonly signature: string
  /** Whom the authenticator keeps the key for. */
  readonly userHandle?: string
}

/** What is to be known of a key to judge what is signed by it. */
export type PasskeyKey = {
  /** Base64url. */
  readonly credentialId: string
  /** COSE, base64url. */
  readonly publicKey: string
}

/** What an authenticator says of itself beside what it signs; the person was verified, else nothing is said. */
export type AuthenticatorFacts = {
  /** Rises with each use, or stays at 0 for ever. */
  readonly counter: number
  /** The key may be copied to other devices of the person; never changes. */
  readonly backupEligible: boolean
  /** It has been. */
  readonly backedUp: boolean
}

/**
 * What was made is not by the key, not for this shop, not for this challenge, or nobody was verified. The word is for the
 * log: nothing that was given stands in it.
 */
export type PasskeyInvalid = {
  readonly type: 'PasskeyInvalid'
  readonly detail: 'origin' | 'challenge' | 'rpId' | 'signature' | 'userVerification' | 'other'
}

/** Judges what authenticators make (WebAuthn), for one relying party. */
export type PasskeyVerifier = {
  /** The domain that the keys are of. */
  readonly rpId: string
  /** The shop, as authenticators show it. */
  readonly rpName: string
  /** The key that was made, by an authenticator that verified the person. */
  readonly verifyAttestation: (
    challenge: string,
    made: PasskeyAttestation,
  ) => ResultAsync<PasskeyKey & AuthenticatorFacts, PasskeyInvalid>
  /** Whether the key has signed the challenge, for a person who was verified. */
  readonly verifyAssertion: (
    challenge: string,
    key: PasskeyKey,
    made: PasskeyAssertion,
  ) => ResultAsync<AuthenticatorFacts, PasskeyInvalid>
}
