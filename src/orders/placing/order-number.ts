import { holdsCardNumber } from '../../shared/card-number.js'
import type { Instant } from '../../shared/instant.js'
import { localDayOf } from '../../shared/local-day.js'

/** The space in which order numbers are unique. */
export const orderNumberSpace = 'orderNumber'

/** So many that, of 100,000 orders in a day, one in a thousand draws a number that is taken and has to draw again. */
export const chanceDigits = 8

/**
 * Makes an order number that a person can read out: the day, digits of chance, and a check digit that finds every
 * single wrong digit and every swap of neighbours. None can be taken for the number of a card, so that every text may
 * quote it.
 *
 * @param digits - eight digits of chance; the next ones count where these would look like a card
 * @param timeZone - of the shop, IANA name
 * @returns fifteen digits in four groups: `261124-0482-1369-5`
 */
export const makeOrderNumber = (at: Instant, digits: string, timeZone: string): string => {
  const { year, month, day } = localDayOf(at, timeZone)
  const date = [year % 100, month, day].map((part) => String(part).padStart(2, '0')).join('')
  let number = numberOf(date, digits)
  for (let next = digits; holdsCardNumber(number); number = numberOf(date, next)) next = following(next)
  return number
}

const numberOf = (date: string, digits: string): string =>
  `${date}-${digits.slice(0, 4)}-${digits.slice(4)}-${checkDigit(date + digits)}`

const following = (digits: string): string =>
  String((Number(digits) + 1) % 10 ** chanceDigits).padStart(chanceDigits, '0')

/** Whether a text is an order number without a slip of the hand; blanks and hyphens are not looked at. */
export const isOrderNumber = (text: string): boolean => {
  const digits = text.replace(/[\s-]/g, '')
  return /^\d{15}$/.test(digits) && checkDigit(digits.slice(0, -1)) === Number(digits.at(-1))
}

// Damm's quasigroup of order 10: no weights to remember, and no slip of one digit or of two neighbours goes unseen.
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
]

const checkDigit = (digits: string): number =>
  [...digits].reduce((interim, digit) => Number(damm[interim]?.charAt(Number(digit)) ?? 0), 0)
