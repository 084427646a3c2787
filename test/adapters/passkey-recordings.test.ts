import { createPasskeyVerifier } from 'shopwright/adapters/passkeys/simplewebauthn'
import { describe, expect, it } from 'vitest'

// What a Chromium 155 made once, with a virtual authenticator that verified its person, for http://localhost:40825.
const origin = 'http://localhost:40825'
const credentialId = 'Xd7EH6XS28t-JIpKIMbAt_wCdkDS_15uGKX4SI4Sj9g'
const publicKey =
  'pQECAyYgASFYIGHfV0P7T9ZBrIuiUxBVeOirBM5pOR6KF3CGWoBgKyQxIlgguNLJIbwFufwmJGqqvtyS2Rbhj__PAMdJXcEmW6rg608'
const attestation = {
  challenge: '1b8395f3fe7c7a7eafa2a46a0dd6b938a7153c35dcee6ff1f13d665ffa2de1cc',
  made: {
    credentialId,
    clientDataJson:
      'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiMWI4Mzk1ZjNmZTdjN2E3ZWFmYTJhNDZhMGRkNmI5MzhhNzE1M2MzNWRjZWU2ZmYxZjEzZDY2NWZmYTJkZTFjYyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6NDA4MjUiLCJjcm9zc09yaWdpbiI6ZmFsc2UsIm90aGVyX2tleXNfY2FuX2JlX2FkZGVkX2hlcmUiOiJkbyBub3QgY29tcGFyZSBjbGllbnREYXRhSlNPTiBhZ2FpbnN0IGEgdGVtcGxhdGUuIFNlZSBodHRwczovL2dvby5nbC95YWJQZXgifQ',
    attestationObject:
      'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVikSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAQECAwQFBgcIAQIDBAUGBwgAIF3exB-l0tvLfiSKSiDGwLf8AnZA0v9ebhil-EiOEo_YpQECAyYgASFYIGHfV0P7T9ZBrIuiUxBVeOirBM5pOR6KF3CGWoBgKyQxIlgguNLJIbwFufwmJGqqvtyS2Rbhj__PAMdJXcEmW6rg608',
    transports: ['internal'],
  },
}
const assertion = {
  challenge: 'cc635aeba28ccb786b5401b1f3aa1dde9cda129b05ffbe79af0d2bb627636b43',
  made: {
    credentialId,
    clientDataJson:
      'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiY2M2MzVhZWJhMjhjY2I3ODZiNTQwMWIxZjNhYTFkZGU5Y2RhMTI5YjA1ZmZiZTc5YWYwZDJiYjYyNzYzNmI0MyIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6NDA4MjUiLCJjcm9zc09yaWdpbiI6ZmFsc2V9',
    authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAg',
    signature: 'MEYCIQDyjQD4ppmpALvSDouO-DrmC17G_ik4-jIymfqijxVlXgIhAP4auqCYrJR_T2pkoiGZiFxSGY8CeyJxJiR062pUwAzk',
    userHandle: 'ee4f687d6db79a036dbeb0b956f82edf969925f4d18c4574ff41ba71f18a463a',
  },
}

const open = async () =>
  (await createPasskeyVerifier({ rpId: 'localhost', rpName: 'Shop', origins: [origin] }))._unsafeUnwrap()

/** The same bytes but for one bit. */
const spoilt = (text: string, place: number): string => {
  const bytes = Buffer.from(text, 'base64url')
  const at = place % bytes.length
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  return bytes.toString('base64url')
}

describe('what a browser made once', () => {
  it('is taken as it was: the key, and what was signed by it', async () => {
    const verifier = await open()
    const made = await verifier.verifyAttestation(attestation.challenge, attestation.made)
    expect(made._unsafeUnwrap()).toMatchObject({ credentialId, publicKey, counter: 1, backupEligible: false })
    const used = await verifier.verifyAssertion(assertion.challenge, { credentialId, publicKey }, assertion.made)
    expect(used._unsafeUnwrap()).toEqual({ counter: 2, backupEligible: false, backedUp: false })
  })

  it('is refused for another challenge, at another page, and with any of its bits another', async () => {
    const verifier = await open()
    const key = { credentialId, publicKey }
    const isTaken = async (challenge: string, made: typeof assertion.made) =>
      (await verifier.verifyAssertion(challenge, key, made)).isOk()
    expect(await isTaken(attestation.challenge, assertion.made)).toBe(false)
    const elsewhere = { rpId: 'localhost', rpName: 'Shop', origins: ['http://localhost:1'] as const }
    const other = (await createPasskeyVerifier(elsewhere))._unsafeUnwrap()
    expect((await other.verifyAssertion(assertion.challenge, key, assertion.made)).isErr()).toBe(true)
    for (const field of ['clientDataJson', 'authenticatorData', 'signature'] as const) {
      for (let place = 0; place < 96; place += 5) {
        const made = { ...assertion.made, [field]: spoilt(assertion.made[field], place) }
        expect(await isTaken(assertion.challenge, made), `${field} ${place}`).toBe(false)
      }
    }
  })
})
