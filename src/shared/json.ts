/** A value that survives being stored and read again. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** An object that survives being stored and read again; an `undefined` member is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined }

/**
 * Orders two strings by Unicode code point, as `COLLATE "C"` does on UTF-8.
 *
 * @returns a negative number, zero or a positive number
 */
export const compareCodePoints = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length)
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index)
    const b = right.charCodeAt(index)
    if (a !== b) return rankUnit(a) - rankUnit(b)
  }
  return left.length - right.length
}

// A surrogate stands for a code point above every unit of the basic plane, though its own value lies below U+E000.
const rankUnit = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit)

/**
 * Writes a value so that equal values give equal text: members sorted by code point, no white space.
 */
export const canonicalJson = (value: Json | undefined): string => {
  if (value === undefined) return 'null'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort(compareCodePoints)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
  return `{${members.join(',')}}`
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

// JSON.stringify writes a lone surrogate and U+0000 as an escape; an escape counts only after an even run of backslashes.
const illFormedEscape = /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/i

/** Whether JSON text holds U+0000 or a lone surrogate, which no storage keeps faithfully. */
export const holdsIllFormedText = (json: string): boolean =>
  // Nearly every text holds no such escape at all, and to find that out is a search for two letters.
  json.includes('\\u') && illFormedEscape.test(json)

/** Whether a text that is no JSON is well-formed Unicode without U+0000. */
export const isWellFormed = (text: string): boolean => !/\p{Surrogate}|\0/u.test(text)

/**
 * Follows a dotted path into a value; `*` stands for every member of a list, the empty path for the value itself.
 *
 * @param path - such as `status`, `price.totalMinor` or `lines.*.sku`
 * @returns every value found, in order; nothing where the path leads nowhere
 */
export const valuesAt = (value: Json | undefined, path: string): readonly Json[] => {
  let found: readonly Json[] = value === undefined ? [] : [value]
  if (path === '') return found
  for (const step of path.split('.')) {
    const next: Json[] = []
    for (const each of found) {
      if (each === null || typeof each !== 'object') continue
      if (step === '*') {
        if (isList(each)) next.push(...each)
      } else if (!isList(each)) {
        const member = Object.hasOwn(each, step) ? each[step] : undefined
        if (member !== undefined && member !== null) next.push(member)
      }
    }
    found = next
  }
  return found
}
