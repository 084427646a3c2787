import { customAlphabet } from 'nanoid'
import type { Clock, Instant } from './instant.js'

/** Makes ids and secrets; the only source of chance in the core. */
export type IdSource = {
  /** A new id: `prefix_`, eleven characters that rise with time, and 16 of chance. */
  readonly next: (prefix: string) => string
  /** A secret of 43 characters from an alphabet of 62: about 256 bits. */
  readonly secret: () => string
  /** A code of so many decimal digits. */
  readonly digits: (length: number) => string
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/**
 * Ids of the clock and of the runtime's secure randomness.
 *
 * @param chance - text of so many characters from an alphabet; for tests that need the same ids again
 */
export const createIds = (
  clock: Clock,
  chance: (alphabet: string, length: number) => string = (letters, length) => customAlphabet(letters, length)(),
): IdSource => ({
  next: (prefix) => `${prefix}_${timePart(clock.now())}${chance(alphabet, 16)}`,
  secret: () => chance(alphabet, 43),
  digits: (length) => chance('0123456789', length),
})

/** An id below all ids of a prefix that were made at a moment or later, by code point. */
export const earliestId = (prefix: string, from: Instant): string => `${prefix}_${timePart(from)}`

/** An id that begins with when what it names ends: whatever ends earlier has a lower one, by code point. */
export const endingId = (endsAt: Instant, rest: string): string =>
  `${String(Math.max(0, endsAt)).padStart(String(Number.MAX_SAFE_INTEGER).length, '0')}:${rest}`

// Base 32 in ASCII order, so that ids of one prefix sort by the moment they were made.
const timePart = (now: number): string => {
  const digits = '0123456789abcdefghjkmnpqrstvwxyz'
  let rest = Math.max(0, Math.floor(now))
  let text = ''
  for (let place = 0; place < 11; place += 1) {
    text = digits.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}
