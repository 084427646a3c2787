import type { PasskeyVerifier } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createPasskeyVerifier, type PasskeyOptions } from '../../adapters/passkeys/simplewebauthn/index.js'
import { openPasskeyVerifier } from '../../adapters/passkeys/simplewebauthn/verifier.js'
import { createAuthenticator, type Tampering } from '../support/authenticator.js'

const options: PasskeyOptions = { rpId: 'shop.example', rpName: 'Shop', origins: ['https://shop.example'] }
const challenge = '0123456789abcdef'.repeat(4)

const open = async (): Promise<PasskeyVerifier> => (await createPasskeyVerifier(options))._unsafeUnwrap()
const phone = (algorithm: 'ES256' | 'EdDSA' = 'ES256') =>
  createAuthenticator({ origin: 'https://shop.example', rpId: 'shop.example', algorithm })

describe('a verifier of passkeys', () => {
  it.each(['ES256', 'EdDSA'] as const)(
    'takes what a key of %s signed, and says what the authenticator says',
    async (algorithm) => {
      const verifier = await open()
      const device = phone(algorithm)
      const made = (await verifier.verifyAttestation(challenge, device.create(challenge)))._unsafeUnwrap()
      expect(made).toMatchObject({
        credentialId: device.credentialId,
        counter: 1,
        backupEligible: false,
        backedUp: false,
      })
      const used = await verifier.verifyAssertion(challenge, made, device.get(challenge))
      expect(used._unsafeUnwrap()).toEqual({ counter: 2, backupEligible: false, backedUp: false })
    },
  )

  it('takes nothing that another key signed, nor a key under another id', async () => {
    const verifier = await open()
    const device = phone()
    const other = phone()
    const key = (await verifier.verifyAttestation(challenge, device.create(challenge)))._unsafeUnwrap()
    const { signature } = other.get(challenge)
    const forged = await verifier.verifyAssertion(challenge, key, { ...device.get(challenge), signature })
    expect(forged.isErr()).toBe(true)
    const named = { ...device.create(challenge), credentialId: other.credentialId }
    expect((await verifier.verifyAttestation(challenge, named)).isErr()).toBe(true)
    for (const garbage of ['x', 'AAAA', 'o2NmbXRkbm9uZQ']) {
      expect((await verifier.verifyAttestation(challenge, { ...named, attestationObject: garbage })).isErr()).toBe(true)
    }
  })

  it('says by one word why it takes nothing, and repeats nothing that it was given', async () => {
    const verifier = await open()
    const device = phone()
    const key = (await verifier.verifyAttestation(challenge, device.create(challenge)))._unsafeUnwrap()
    const given: readonly (readonly [Tampering, string])[] = [
      [{ origin: 'https://evil.example' }, 'origin'],
      [{ origin: 'https://\ud800\u0000' }, 'origin'],
      [{ challenge: 'canary' }, 'challenge'],
      [{ rpId: 'evil.example' }, 'rpId'],
      [{ userVerified: false }, 'userVerification'],
      [{ type: '" response origin "canary\u0000' }, 'other'],
    ]
    for (const [tampering, detail] of given) {
      const used = await verifier.verifyAssertion(challenge, key, device.get(challenge, undefined, tampering))
      const made = await verifier.verifyAttestation(challenge, device.create(challenge, tampering))
      for (const answer of [used.map(() => 'ok'), made.map(() => 'ok')]) {
        expect(answer._unsafeUnwrapErr()).toEqual({ type: 'PasskeyInvalid', detail })
      }
    }
    const forged = device.get(challenge, undefined, { spoilSignature: true })
    const refused = await verifier.verifyAssertion(challenge, key, forged)
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'PasskeyInvalid', detail: 'signature' })
  })

  it('is of a domain and of pages below it, all of them https', async () => {
    const refused = async (more: Partial<PasskeyOptions>) =>
      (await createPasskeyVerifier({ ...options, ...more })).match(
        () => 'ok',
        (error) => (error.type === 'PasskeyConfigInvalid' ? error.option : error.type),
      )
    expect(await refused({ rpId: 'https://shop.example' })).toBe('rpId')
    expect(await refused({ rpName: ' ' })).toBe('rpName')
    for (const origin of [
      'http://shop.example',
      'https://evil.example',
      'https://notshop.example',
      'https://shop.example/',
      'x',
    ]) {
      expect(await refused({ origins: [origin] }), origin).toBe('origins')
    }
    expect(await refused({ origins: ['https://www.shop.example', 'https://shop.example:8443'] })).toBe('ok')
    expect(await refused({ rpId: 'localhost', origins: ['http://localhost:3000'] })).toBe('ok')
  })

  it('needs the package, and says what to install', async () => {
    const absent = await openPasskeyVerifier(options, () => Promise.reject(new Error('none')))
    expect(absent._unsafeUnwrapErr()).toEqual({
      type: 'PackageMissing',
      package: '@simplewebauthn/server',
      install: 'npm install @simplewebauthn/server',
    })
  })
})
