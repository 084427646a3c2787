import { customAlphabet } from 'nanoid'
import type { Clock } from './instant.js'

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
