/** A statement as it is sent; one without a name is planned each time. */
export type Statement = { readonly name?: string; readonly text: string; readonly values: readonly (string | null)[] }

/** The largest whole number that every part of a shop keeps exactly. */
export const largestWhole = '9007199254740991'

/** Writes an identifier so that no name can end it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Writes a text constant that means the same whatever the server's string settings. */
export const quoteText = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`
  return text.includes('\\') ? `E${quoted}` : quoted
}

/** `minPriceMinor` as `min_price_minor`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const fnv = (text: string, start: number): string => {
  let hash = start
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    hash = Math.imul(hash ^ (unit & 0xff), 0x01000193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/** Sixteen hex digits that tell texts apart; no secret depends on it. */
export const checksumOf = (text: string): string => fnv(text, 0x811c9dc5) + fnv(`${text.length}:${text}`, 0x2f0b4c47)

/** A name of at most 63 bytes, which is all that Postgres keeps of one. */
export const shortName = (name: string): string =>
  name.length <= 63 ? name : `${name.slice(0, 46)}_${checksumOf(name)}`

/** A Postgres array literal of texts. */
export const textArray = (texts: readonly string[]): string =>
  `{${texts.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`

/** Whether Postgres can keep a text; one that it cannot keep is nowhere stored. */
export const isStorable = (text: string): boolean => !/\p{Surrogate}|\0/u.test(text)

/** The nearest text that Postgres can keep: equal to nothing that was stored, but to be compared with it. */
export const toStorable = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\0', '')

/** Names statements by their text, up to a number of them; what comes later is sent without a name. */
export const createStatementNames = (most: number): ((text: string) => string | undefined) => {
  const names = new Map<string, string>()
  return (text) => {
    const known = names.get(text)
    if (known !== undefined || names.size >= most) return known
    const name = `shopwright_${checksumOf(text)}`
    names.set(text, name)
    return name
  }
}

/** Keeps what was made for the keys used last, so that no number of keys can fill the memory. */
export const createBoundedCache = <Value>(most: number): ((key: string, make: () => Value) => Value) => {
  const kept = new Map<string, Value>()
  return (key, make) => {
    const found = kept.get(key)
    const value = found ?? make()
    if (found !== undefined) kept.delete(key)
    kept.set(key, value)
    const oldest = kept.size > most ? kept.keys().next() : undefined
    if (oldest !== undefined && oldest.done !== true) kept.delete(oldest.value)
    return value
  }
}
