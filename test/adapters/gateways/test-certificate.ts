import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { TestKeys } from './test-keys.js'

const wrap = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 0xff])
  return Buffer.concat([Buffer.from([tag]), length, body])
}
const sequence = (...parts: readonly Uint8Array[]) => wrap(0x30, ...parts)
const utcTime = (at: number) =>
  wrap(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`))
// 1.2.840.113549.1.1.11, RSA with SHA-256, and its empty parameters.
const rsaWithSha256 = sequence(Buffer.from('06092a864886f70d01010b', 'hex'), Buffer.from('0500', 'hex'))
const nameOf = (commonName: string) =>
  sequence(wrap(0x31, sequence(Buffer.from('0603550403', 'hex'), wrap(0x0c, Buffer.from(commonName)))))

/** A certificate that its own key has signed, as PEM; `serial` in hexadecimal, of a first byte below 80. */
export const makeCertificate = (
  { publicKey, privateKey }: TestKeys,
  serial: string,
  from: number,
  to: number,
): string => {
  const name = nameOf('Shopwright test')
  const body = sequence(
    wrap(0x02, Buffer.from(serial, 'hex')),
    rsaWithSha256,
    name,
    sequence(utcTime(from), utcTime(to)),
    name,
    createPublicKey(publicKey).export({ type: 'spki', format: 'der' }),
  )
  const signature = sign('sha256', body, createPrivateKey(privateKey))
  const whole = sequence(body, rsaWithSha256, wrap(0x03, Buffer.from([0]), signature))
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
