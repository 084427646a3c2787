/** Writes bytes as hexadecimal digits, as Postgres takes them from a text. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Reads them again; null for what is none. */
export const fromHex = (digits: unknown): Uint8Array | null => {
  if (typeof digits !== 'string') return null
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)
  return bytes
}
