import { type KeyObject, X509Certificate } from 'node:crypto'
import * as z from 'zod'
import { type HttpAnswer, readJson, toText } from '../http.js'
import { readPublicKey } from '../rsa.js'
import { openSealed } from './cipher.js'
import { isSignedBy } from './signature.js'

/** A key that WeChat Pay signs with: its platform public key, or one of its platform certificates. */
export type WechatPayPlatformKey = {
  /** The id of the public key (`PUB_KEY_ID_…`), or the serial number of the certificate. */
  readonly serial: string
  /** PEM. */
  readonly key: string
}

/** The keys that are believed. */
export type PlatformKeys = {
  /** The key of a serial; null where there is none. */
  readonly find: (serial: string, at: number) => Promise<KeyObject | null>
}

type Downloaded = { readonly serial: string; readonly key: KeyObject; readonly from: number; readonly to: number }

const certificateList = z.object({
  data: z.array(
    z.object({
      serial_no: z.string(),
      effective_time: z.iso.datetime({ offset: true }),
      expire_time: z.iso.datetime({ offset: true }),
      encrypt_certificate: z.object({ nonce: z.string(), associated_data: z.string(), ciphertext: z.string() }),
    }),
  ),
})

// Whoever sends a serial that nobody knows makes the shop ask no more often than this.
const downloadEveryMs = 60_000

/** Reads the keys that were handed in; null where one is no key, or a certificate of another serial. */
export const readPlatformKeys = (given: readonly WechatPayPlatformKey[]): ReadonlyMap<string, KeyObject> | null => {
  const keys = new Map<string, KeyObject>()
  for (const { serial, key } of given) {
    const read = readPublicKey(key)
    const certified = key.includes('BEGIN CERTIFICATE') ? readCertificate(key)?.serial : serial
    if (read === null || serial === '' || certified?.toUpperCase() !== serial.toUpperCase()) return null
    keys.set(serial.toUpperCase(), read)
  }
  return keys
}

/**
 * Keys that were handed in and, where certificates may be downloaded, those that WeChat Pay hands out: several at a
 * time while it changes them.
 *
 * @param download - asks for the certificates; null where only the keys handed in are believed
 */
export const createPlatformKeys = (
  given: ReadonlyMap<string, KeyObject>,
  apiV3Key: string,
  download: ((at: number) => Promise<HttpAnswer>) | null,
): PlatformKeys => {
  let downloaded: readonly Downloaded[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  const current = (serial: string, at: number): KeyObject | null =>
    downloaded.find((each) => each.serial === serial && at >= each.from && at < each.to)?.key ?? null

  const renew = async (ask: (at: number) => Promise<HttpAnswer>, at: number): Promise<void> => {
    const answer = await ask(at)
    const read = answer.kind === 'answered' && answer.status === 200 ? readCertificates(apiV3Key, answer) : null
    if (read !== null) downloaded = read
    asking = null
  }

  return {
    find: async (name, at) => {
      const serial = name.toUpperCase()
      const known = given.get(serial) ?? current(serial, at)
      if (known !== null || download === null) return known
      if (asking === null) {
        if (Math.abs(at - askedAt) < downloadEveryMs) return null
        askedAt = at
        asking = renew(download, at)
      }
      await asking
      return current(serial, at)
    },
  }
}

/**
 * Opens a list of certificates. It is signed by one of them: that they are WeChat Pay's is proved by the key that they
 * were sealed with, which only it and the shop have.
 *
 * @returns null where one of them does not open, or none of them has signed the list
 */
export const readCertificates = (
  apiV3Key: string,
  answer: { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array },
): readonly Downloaded[] | null => {
  const opened = openCertificates(apiV3Key, answer.body)
  const { headers, body } = answer
  const signer = opened?.find(({ serial }) => serial === headers['wechatpay-serial']?.toUpperCase())
  if (opened === null || signer === undefined) return null
  const timestamp = headers['wechatpay-timestamp'] ?? ''
  const nonce = headers['wechatpay-nonce'] ?? ''
  const signature = headers['wechatpay-signature'] ?? ''
  return isSignedBy(signer.key, { timestamp, nonce, body, signature }) ? opened : null
}

/** Opens the certificates of a list without asking who signed it; null where one does not open. */
export const openCertificates = (apiV3Key: string, body: Uint8Array): readonly Downloaded[] | null => {
  const list = certificateList.safeParse(readJson(toText(body)))
  if (!list.success) return null
  const opened: Downloaded[] = []
  for (const { serial_no, effective_time, expire_time, encrypt_certificate: sealed } of list.data.data) {
    const { nonce, associated_data: associatedData, ciphertext } = sealed
    const pem = openSealed(apiV3Key, { nonce, associatedData, ciphertext })
    const certificate = pem === null ? null : readCertificate(pem.toString('utf8'))
    if (certificate === null || certificate.serial !== serial_no.toUpperCase()) return null
    opened.push({ ...certificate, from: Date.parse(effective_time), to: Date.parse(expire_time) })
  }
  return opened
}

const readCertificate = (pem: string): { readonly serial: string; readonly key: KeyObject } | null => {
  const key = readPublicKey(pem)
  try {
    return key === null ? null : { serial: new X509Certificate(pem).serialNumber.toUpperCase(), key }
  } catch {
    return null
  }
}
