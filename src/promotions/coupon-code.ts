import type { IdSource } from '../shared/ids.js'

/** The claim space of coupon codes: the code as it is compared, owned by the coupon. */
export const couponCodeSpace = 'couponCode'

// Without 0, 1, I, L and O, which are taken for each other; 31 is a prime, so that the check below finds what it says.
const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const chanceLetters = 15

/**
 * A new code: 15 letters of chance, about 74 bits, and one that checks them, in groups of four after the prefix.
 *
 * @param prefix - letters and digits in capitals that stand before it; empty for none
 */
export const newCouponCode = (ids: IdSource, prefix: string): string => {
  // A secret is drawn evenly from 62 letters, twice 31: every letter here is as likely as any other.
  const drawn = [...ids.secret().slice(-chanceLetters)].map((each) => secretLetters.indexOf(each) % letters.length)
  const body = drawn.map((value) => letters.charAt(Math.max(0, value))).join('')
  const groups = (body + checkOf(body)).match(/.{4}/g) ?? []
  return [...(prefix === '' ? [] : [prefix]), ...groups].join('-')
}

const secretLetters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A code as it is compared: without spaces and hyphens, in capitals. */
export const toCodeKey = (code: string): string => code.replace(/[\s-]/g, '').toUpperCase()

/**
 * Whether a code can be one of ours: its last letter checks the fifteen before it. One wrong letter, or two neighbours
 * that changed places, are always found.
 *
 * @param key - as `toCodeKey` gives it
 */
export const isCodeKey = (key: string): boolean => {
  const body = key.slice(-chanceLetters - 1, -1)
  return body.length === chanceLetters && checkOf(body) === key.at(-1)
}

// The places weigh 1 to 15: no two weigh the same, and none is a multiple of 31. A strange letter spoils the check.
const checkOf = (body: string): string => {
  let sum = 0
  for (const [place, letter] of [...body].entries()) {
    const value = letters.indexOf(letter)
    if (value < 0) return ''
    sum += (place + 1) * value
  }
  return letters.charAt(sum % letters.length)
}
