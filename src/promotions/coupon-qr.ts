import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import { toCodeKey } from './coupon-code.js'

/** What a QR image says is not a coupon of this kind of shop. */
export type QrUnknown = { readonly type: 'QrUnknown' }

/** The QR image is of a release that is newer than this one. */
export type QrVersionUnknown = { readonly type: 'QrVersionUnknown'; readonly version: number }

/** The QR image was changed, or another shop made it. */
export type QrNotGenuine = { readonly type: 'QrNotGenuine' }

/** Why the content of a QR image is no coupon here. */
export type QrError = QrUnknown | QrVersionUnknown | QrNotGenuine

/**
 * The content of the QR image of a code: `SWC1.code.seal`. The seal is a keyed digest of the shop and the code, so that
 * a code which somebody made up, or another shop gave out, is turned down before anything is looked for.
 */
export const couponQrOf = (
  ports: Pick<CorePorts, 'digests' | 'shop'>,
  code: string,
): ResultAsync<string, CryptoUnavailable> => {
  const key = toCodeKey(code)
  return sealOf(ports, key).map((seal) => `SWC1.${key}.${seal}`)
}

/** What a scanned text says. */
export type ScannedCode = { readonly key: string; readonly seal: string | null }

/**
 * Reads the content of a QR image: ours, or the bare code, as older prints have it.
 *
 * @errors QrUnknown, QrVersionUnknown
 */
export const readCouponQr = (content: string): Result<ScannedCode, QrUnknown | QrVersionUnknown> => {
  const text = content.trim()
  if (/^[0-9A-Za-z][0-9A-Za-z -]*$/.test(text)) return ok({ key: toCodeKey(text), seal: null })
  const [, version = '', key = '', seal = ''] = /^SWC(\d{1,4})\.(\w+)\.(\w+)$/.exec(text) ?? []
  if (version === '') return err({ type: 'QrUnknown' })
  return version === '1' ? ok({ key, seal }) : err({ type: 'QrVersionUnknown', version: Number(version) })
}

/**
 * Whether the seal of a scanned code is this shop's; a bare code has none to check.
 *
 * @errors QrNotGenuine
 */
export const checkCouponQr = (
  ports: Pick<CorePorts, 'digests' | 'shop'>,
  { key, seal }: ScannedCode,
): ResultAsync<void, QrNotGenuine | CryptoUnavailable> =>
  sealOf(ports, key).andThen((genuine) =>
    seal === null || seal === genuine ? ok(undefined) : err<void, QrNotGenuine>({ type: 'QrNotGenuine' }),
  )

// 80 bits: enough against guessing, and a small image.
const sealOf = ({ digests, shop }: Pick<CorePorts, 'digests' | 'shop'>, key: string) =>
  digests.digest('coupon-qr', `${shop}.${key}`).map((digest) => digest.slice(0, 20))
