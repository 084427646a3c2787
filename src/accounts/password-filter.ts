import { okAsync } from 'neverthrow'
import { plainForm } from './password-blocklist.js'
import type { BreachedPasswords } from './ports.js'

/**
 * Many texts in little room (a Bloom filter): whoever is in it is found, and who is not is taken for one of them now and
 * then. It holds none of the texts and is kept as text itself.
 */
export type PasswordFilter = {
  /** How many places each text has. */
  readonly places: number
  /** Six places a letter, in base64url. */
  readonly bits: string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Makes a filter of passwords, as of a list of those that have leaked. Dressing up (`P@ssw0rd1!`) is taken off, so that
 * what stands for a listed word is found as well.
 *
 * @param passwords - any number
 * @param oneInFalse - one in so many passwords that are not listed is taken for one of them; 10,000 when absent
 */
export const buildPasswordFilter = (passwords: Iterable<string>, oneInFalse = 10_000): PasswordFilter => {
  const texts = new Set<string>()
  for (const password of passwords) for (const form of listedForms(password)) texts.add(form)
  const bitsEach = Math.log2(oneInFalse) / Math.LN2
  const places = Math.max(1, Math.round(bitsEach * Math.LN2))
  const sixes = new Uint8Array(Math.max(1, Math.ceil((texts.size * bitsEach) / 6)))
  for (const text of texts) {
    for (const place of placesOf(text, places, sixes.length * 6)) {
      const at = Math.floor(place / 6)
      sixes[at] = (sixes[at] ?? 0) | (1 << (place % 6))
    }
  }
  return { places, bits: Array.from(sixes, (six) => alphabet[six] ?? '').join('') }
}

/** Whether a password is in a filter, as it is or dressed up. */
export const isListed = ({ places, bits }: PasswordFilter, password: string): boolean =>
  askedForms(password).some((text) =>
    placesOf(text, places, bits.length * 6).every(
      (place) => (alphabet.indexOf(bits[Math.floor(place / 6)] ?? 'A') & (1 << (place % 6))) !== 0,
    ),
  )

/** Leaked passwords as a filter knows them: nobody is asked, and no password leaves the process. */
export const filteredBreaches = (filter: () => PasswordFilter): BreachedPasswords => ({
  isBreached: (password) => okAsync(isListed(filter(), password)),
})

// Below that a form is too near to any word at all.
const shortestForm = 4
// A listed word with much beside it is another password.
const longestDressed = 20

const listedForms = (password: string): readonly string[] => {
  const folded = password.normalize('NFKC').toLowerCase()
  const plain = plainForm(folded)
  return [`=${folded}`, ...(plain.length >= shortestForm ? [plain] : [])]
}

const askedForms = (password: string): readonly string[] => {
  const folded = password.normalize('NFKC').toLowerCase()
  if ([...folded].length >= longestDressed) return [`=${folded}`]
  const letters = [...folded].filter((letter) => /\p{L}/u.test(letter)).join('')
  const trimmed = folded.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, '')
  const plain = [letters, trimmed, folded].map(plainForm).filter((form) => form.length >= shortestForm)
  return [`=${folded}`, ...new Set(plain)]
}

// Two hashes make as many as are wanted (Kirsch and Mitzenmacher).
const placesOf = (text: string, places: number, size: number): readonly number[] => {
  const first = hash(text, 0x811c9dc5)
  const second = (hash(text, 0x9747b28c) | 1) >>> 0
  return Array.from({ length: places }, (_, index) => (first + index * second) % size)
}

const hash = (text: string, seed: number): number => {
  let value = seed
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
    value = Math.imul(value ^ (value >>> 15), 0x85ebca6b)
  }
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
