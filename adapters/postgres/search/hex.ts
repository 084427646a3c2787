const digits = new TextEncoder().encode('0123456789abcdef')

/** Writes bytes as hexadecimal digits, as Postgres takes them from a text. */
export const toHex = (bytes: Uint8Array): string => {
  const text = new Uint8Array(2 * bytes.length)
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    text[2 * at] = digits[byte >> 4] ?? 0
    text[2 * at + 1] = digits[byte & 15] ?? 0
  }
  return new TextDecoder().decode(text)
}

const valueOfDigit = new Uint8Array(128)
for (const [value, digit] of digits.entries()) valueOfDigit[digit] = value

/** Reads them again; null for what is none. */
export const fromHex = (text: unknown): Uint8Array | null => {
  if (typeof text !== 'string') return null
  const bytes = new Uint8Array(text.length >> 1)
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = ((valueOfDigit[text.charCodeAt(2 * at)] ?? 0) << 4) | (valueOfDigit[text.charCodeAt(2 * at + 1)] ?? 0)
  }
  return bytes
}
