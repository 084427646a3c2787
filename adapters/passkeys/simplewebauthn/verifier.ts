import type * as Simplewebauthn from '@simplewebauthn/server'
import { errAsync, ResultAsync } from 'neverthrow'
import type { PasskeyInvalid, PasskeyVerifier } from 'shopwright'
import type { PackageMissing, PasskeyConfigInvalid, PasskeyOptions } from './options.js'

type Package = Pick<typeof Simplewebauthn, 'verifyAuthenticationResponse' | 'verifyRegistrationResponse'>

type Transports = NonNullable<Simplewebauthn.RegistrationResponseJSON['response']['transports']>

const missing: PackageMissing = {
  type: 'PackageMissing',
  package: '@simplewebauthn/server',
  install: 'npm install @simplewebauthn/server',
}

/**
 * Makes a verifier of options and of the package, once it is loaded.
 *
 * @errors PackageMissing, PasskeyConfigInvalid
 */
export const openPasskeyVerifier = (
  options: PasskeyOptions,
  load: () => Promise<Package>,
): ResultAsync<PasskeyVerifier, PackageMissing | PasskeyConfigInvalid> => {
  const wrong = wrongOption(options)
  return wrong === undefined
    ? ResultAsync.fromPromise(load(), () => missing).map((webauthn) => verifierOf(webauthn, options))
    : errAsync({ type: 'PasskeyConfigInvalid', option: wrong })
}

const wrongOption = ({ rpId, rpName, origins }: PasskeyOptions): keyof PasskeyOptions | undefined => {
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(rpId)) return 'rpId'
  if (rpName.trim() === '') return 'rpName'
  return origins.every((origin) => isOriginOf(rpId, origin)) ? undefined : 'origins'
}

/** An origin of the domain or of one below it: https, or http on this machine. */
const isOriginOf = (rpId: string, text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  const own = protocol === 'http:' && hostname === 'localhost'
  return origin === text && (protocol === 'https:' || own) && (hostname === rpId || hostname.endsWith(`.${rpId}`))
}

const verifierOf = (webauthn: Package, { rpId, rpName, origins }: PasskeyOptions): PasskeyVerifier => {
  const expected = (challenge: string) => ({
    expectedChallenge: challenge,
    expectedOrigin: [...origins],
    expectedRPID: rpId,
    requireUserVerification: true,
  })
  return {
    rpId,
    rpName,
    verifyAttestation: (challenge, { credentialId: id, clientDataJson, attestationObject, transports = [] }) =>
      ResultAsync.fromPromise(
        (async () => {
          const { verified, registrationInfo } = await webauthn.verifyRegistrationResponse({
            ...expected(challenge),
            response: {
              id,
              rawId: id,
              type: 'public-key',
              clientExtensionResults: {},
              response: {
                clientDataJSON: clientDataJson,
                attestationObject,
                // What a browser names is handed on to the next one; the package only passes it through.
                transports: [...transports] as Transports,
              },
            },
          })
          if (!verified || registrationInfo === undefined) throw new SignatureWrong()
          const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo
          if (credential.id !== id) throw new Error('another credential id')
          return {
            credentialId: credential.id,
            publicKey: Buffer.from(credential.publicKey).toString('base64url'),
            counter: credential.counter,
            backupEligible: credentialDeviceType === 'multiDevice',
            backedUp: credentialBackedUp,
          }
        })(),
        invalid,
      ),
    verifyAssertion: (challenge, { credentialId: id, publicKey }, made) =>
      ResultAsync.fromPromise(
        (async () => {
          const { verified, authenticationInfo } = await webauthn.verifyAuthenticationResponse({
            ...expected(challenge),
            // The counter is judged by the core, on the row as it is when the answer is written.
            credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
            response: {
              id: made.credentialId,
              rawId: made.credentialId,
              type: 'public-key',
              clientExtensionResults: {},
              response: {
                clientDataJSON: made.clientDataJson,
                authenticatorData: made.authenticatorData,
                signature: made.signature,
                ...(made.userHandle === undefined ? {} : { userHandle: made.userHandle }),
              },
            },
          })
          if (!verified) throw new SignatureWrong()
          return {
            counter: authenticationInfo.newCounter,
            backupEligible: authenticationInfo.credentialDeviceType === 'multiDevice',
            backedUp: authenticationInfo.credentialBackedUp,
          }
        })(),
        invalid,
      ),
  }
}

class SignatureWrong extends Error {}

// The package tells of a failure in a text that quotes what it was given, at any length and in any letters: a word of our
// own is told in its place. A text is known by how it begins, before anything that is quoted.
const invalid = (error: unknown): PasskeyInvalid => ({ type: 'PasskeyInvalid', detail: wordOf(error) })

const beginnings: readonly (readonly [RegExp, PasskeyInvalid['detail']])[] = [
  [/^Unexpected (?:authentication|registration) response challenge /, 'challenge'],
  [/^Unexpected (?:authentication|registration) response origin /, 'origin'],
  [/^(?:Detected cross-origin|Unexpected cross-origin|Unexpected top origin) /, 'origin'],
  [/^User verification (?:was )?required/, 'userVerification'],
]

const wordOf = (error: unknown): PasskeyInvalid['detail'] => {
  if (error instanceof SignatureWrong) return 'signature'
  if (!(error instanceof Error)) return 'other'
  if (error.name === 'UnexpectedRPIDHash') return 'rpId'
  return beginnings.find(([beginning]) => beginning.test(error.message))?.[1] ?? 'other'
}
