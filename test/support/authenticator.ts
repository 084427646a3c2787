import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { PasskeyAssertion, PasskeyAttestation } from 'shopwright'

/** How an authenticator behaves. */
export type AuthenticatorOptions = {
  readonly origin: string
  readonly rpId: string
  readonly algorithm?: 'ES256' | 'EdDSA'
  /** Counts its uses; else its counter stays at 0. */
  readonly counts?: boolean
  /** Its keys may be copied to other devices, and are. */
  readonly backedUp?: boolean
}

/** What is to be different in what is made, for a test that has it refused. */
export type Tampering = {
  readonly origin?: string
  readonly rpId?: string
  readonly userVerified?: boolean
  readonly challenge?: string
  readonly type?: string
  readonly counter?: number
  readonly backupEligible?: boolean
  readonly spoilSignature?: boolean
}

/** An authenticator of our own that makes one key (WebAuthn level 3, attestation `none`). */
export const createAuthenticator = ({
  origin,
  rpId,
  algorithm = 'ES256',
  counts = true,
  backedUp = false,
}: AuthenticatorOptions) => {
  const { privateKey, publicKey } =
    algorithm === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  const credentialId = randomBytes(32)
  let counter = 0

  const clientData = (type: string, challenge: string, tampering: Tampering): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: tampering.type ?? type,
        challenge: tampering.challenge ?? challenge,
        origin: tampering.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const authenticatorData = (attested: boolean, tampering: Tampering): Buffer => {
    if (counts) counter += 1
    const eligible = tampering.backupEligible ?? backedUp
    const flags =
      0x01 | // somebody was there
      ((tampering.userVerified ?? true) ? 0x04 : 0) |
      (eligible ? 0x08 : 0) |
      (eligible && backedUp ? 0x10 : 0) |
      (attested ? 0x40 : 0)
    const count = Buffer.alloc(4)
    count.writeUInt32BE(tampering.counter ?? counter)
    return Buffer.concat([sha256(tampering.rpId ?? rpId), Buffer.from([flags]), count])
  }
  return {
    credentialId: credentialId.toString('base64url'),
    /** Makes the key. */
    create: (challenge: string, tampering: Tampering = {}): PasskeyAttestation => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(credentialId.length)
      const authData = Buffer.concat([
        authenticatorData(true, tampering),
        Buffer.alloc(16),
        length,
        credentialId,
        coseKey(publicKey, algorithm),
      ])
      return {
        credentialId: credentialId.toString('base64url'),
        clientDataJson: clientData('webauthn.create', challenge, tampering).toString('base64url'),
        attestationObject: cbor(
          new Map<string, CborValue>([
            ['fmt', 'none'],
            ['attStmt', new Map()],
            ['authData', authData],
          ]),
        ).toString('base64url'),
        transports: ['internal'],
      }
    },
    /** Signs by it. */
    get: (challenge: string, userHandle?: string, tampering: Tampering = {}): PasskeyAssertion => {
      const data = clientData('webauthn.get', challenge, tampering)
      const authData = authenticatorData(false, tampering)
      const signature = sign(
        algorithm === 'ES256' ? 'sha256' : null,
        Buffer.concat([authData, sha256(data)]),
        privateKey,
      )
      if (tampering.spoilSignature === true) signature.writeUInt8(signature.readUInt8(20) ^ 1, 20)
      return {
        credentialId: credentialId.toString('base64url'),
        clientDataJson: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle === undefined ? {} : { userHandle }),
      }
    },
  }
}

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()

/** A public key as COSE writes it (RFC 9053). */
const coseKey = (key: KeyObject, algorithm: 'ES256' | 'EdDSA'): Buffer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  return cbor(
    algorithm === 'ES256'
      ? new Map<number, CborValue>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, bytes(x)],
          [-3, bytes(y)],
        ])
      : new Map<number, CborValue>([
          [1, 1],
          [3, -8],
          [-1, 6],
          [-2, bytes(x)],
        ]),
  )
}

type CborValue = number | string | Buffer | Map<string, CborValue> | Map<number, CborValue>

/** Writes what authenticators write (RFC 8949): small numbers, texts, bytes, maps. */
const cbor = (value: CborValue): Buffer => {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  const pairs = [...value].flatMap(([key, member]) => [cbor(key), cbor(member)])
  return Buffer.concat([head(5, value.size), ...pairs])
}

const head = (major: number, length: number): Buffer => {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff])
}
