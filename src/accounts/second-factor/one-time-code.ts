import { hmacSha1 } from './hmac-sha1.js'

/** Length of a step of time, milliseconds (RFC 6238 section 4.1, X). */
export const stepMs = 30_000

/** Bytes of a secret: as many as the digest has (RFC 4226 section 4, R6). */
const secretBytes = 20

/**
 * A code of a secret and a counter, six decimal digits.
 *
 * @source RFC 4226 section 5.3
 */
export const hotpCode = (secret: Uint8Array, counter: number): string => truncated(secret, counter, 6)

/** The same with more digits, as the published vectors have them. */
export const truncated = (secret: Uint8Array, counter: number, digits: number): string => {
  const message = new Uint8Array(8)
  for (let index = 7, rest = counter; index >= 0; index -= 1, rest = Math.floor(rest / 256)) message[index] = rest % 256
  const digest = hmacSha1(secret, message)
  const offset = (digest.at(-1) ?? 0) & 15
  const [first = 0, ...others] = digest.subarray(offset, offset + 4)
  const value = others.reduce((sum, byte) => sum * 256 + byte, first & 127)
  return String(value % 10 ** digits).padStart(digits, '0')
}

/** The step of time that a moment lies in. */
export const stepAt = (at: number): number => Math.floor(at / stepMs)

/**
 * The step that a code is of: the one of the moment, the one before or the one after, for clocks that differ by as much.
 *
 * @returns undefined when the code is of none of them
 * @source RFC 6238 section 5.2
 */
export const matchingStep = (secret: Uint8Array, code: string, at: number): number | undefined => {
  const now = stepAt(at)
  return [now - 1, now, now + 1].filter((step) => step >= 0).find((step) => isSame(hotpCode(secret, step), code))
}

// In a time that does not depend on where they differ.
const isSame = (left: string, right: string): boolean => {
  let differs = left.length ^ right.length
  for (let index = 0; index < left.length; index += 1) differs |= left.charCodeAt(index) ^ right.charCodeAt(index)
  return differs === 0
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Decimal digits of chance that a secret is made of; many more than it has bits, so that no value of it is likelier. */
export const secretDigits = 70

/** A secret as authenticator apps are given it, base 32 without padding, made of decimal digits of chance. */
export const secretFromDigits = (digits: string): string => {
  let rest = BigInt(digits)
  let text = ''
  for (let place = 0; place < (secretBytes * 8) / 5; place += 1) {
    text += base32.charAt(Number(rest % 32n))
    rest /= 32n
  }
  return text
}

/** The bytes of a secret in base 32; letters that are none are left out. */
export const secretBytesOf = (text: string): Uint8Array => {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const letter of text) {
    const value = base32.indexOf(letter)
    if (value < 0) continue
    held = held * 32 + value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(Math.floor(held / 2 ** bits))
      held %= 2 ** bits
    }
  }
  return Uint8Array.from(bytes)
}

/** What an authenticator app reads from a QR image. */
export const otpauthUri = (secret: string, issuer: string, label: string): string =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(label)}?secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`
