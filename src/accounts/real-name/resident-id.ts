import { err, ok, type Result } from 'neverthrow'
import { hoursMs, type Instant } from '../../shared/instant.js'

/** Not the number of a resident identity card: its form, its check digit, its region or its day of birth is none. */
export type IdNumberMalformed = {
  readonly type: 'IdNumberMalformed'
  readonly reason: 'form' | 'checkDigit' | 'region' | 'birthDate'
}

/** What the number of a resident identity card says, beside itself. */
export type ResidentId = {
  /** Eighteen characters, the last a digit or `X`. */
  readonly number: string
  /** ISO 8601. */
  readonly birthDate: string
}

/** How old a person is, as far as the law asks. */
export type AgeClass = 'under14' | 'under18' | 'adult'

// The provinces, by the first two digits; 81 to 83 are the cards for residents of Hong Kong, Macao and Taiwan.
const regions = new Set(
  [
    [11, 15],
    [21, 23],
    [31, 37],
    [41, 46],
    [50, 54],
    [61, 65],
    [71, 71],
    [81, 83],
  ].flatMap(([first = 0, last = 0]) => Array.from({ length: last - first + 1 }, (_, place) => first + place)),
)

/**
 * The check character of the first seventeen digits of a resident identity number, by ISO 7064 MOD 11-2: each digit counts
 * by its weight, 2 to the power of its distance from the end, and the whole is 1 modulo 11.
 *
 * @source GB 11643
 */
export const residentIdCheck = (digits: string): string => {
  let remainder = 0
  for (const digit of digits) remainder = ((remainder + Number(digit)) * 2) % 11
  const check = (12 - remainder) % 11
  return check === 10 ? 'X' : String(check)
}

/**
 * Reads the number of a resident identity card of mainland China, as typed: full-width digits, spaces and a small x are
 * taken as what they mean. That the number is well-formed says nothing of whose it is.
 *
 * @errors IdNumberMalformed
 * @source GB 11643
 */
export const readResidentId = (typed: string, now: Instant): Result<ResidentId, IdNumberMalformed> => {
  const refuse = (reason: IdNumberMalformed['reason']) =>
    err<ResidentId, IdNumberMalformed>({ type: 'IdNumberMalformed', reason })
  const number = typed.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
  if (!/^[1-9]\d{16}[\dX]$/.test(number)) return refuse('form')
  if (residentIdCheck(number.slice(0, 17)) !== number.slice(17)) return refuse('checkDigit')
  if (!regions.has(Number(number.slice(0, 2)))) return refuse('region')
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  return isDayOfBirth(birthDate, now) ? ok({ number, birthDate }) : refuse('birthDate')
}

// 31 April is read as 1 May, or not at all. Somewhere it may be tomorrow already.
const isDayOfBirth = (text: string, now: Instant): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) && text >= '1850' && at <= now + 14 * hoursMs
}
