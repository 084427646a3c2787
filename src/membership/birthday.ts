import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { addMonths, type LocalDay, localDayName, localDayOf, startOfLocalDay } from '../shared/local-day.js'
import { openValue, type Place, type Sealer, type SubjectKey, sealValue } from '../shared/personal-data.js'
import type { CryptoUnavailable, KeyedDigest } from '../shared/ports.js'
import type { KeptBirthday, Member } from './member.js'

/** The day of birth, without the year. */
export type Birthday = {
  /** 1 to 12. */
  readonly month: number
  /** 1 to the last of the month, 29 February included. */
  readonly day: number
}

/** Where a member's day of birth stands. */
const birthdayPlace = (accountId: string): Place => ({ collection: 'member', id: accountId, field: 'birthday' })

/** Seals a member's day of birth, beside the digest that those born on a day are found by. */
export const sealBirthday = (
  { sealer, digests }: { readonly sealer: Sealer; readonly digests: KeyedDigest },
  key: SubjectKey,
  accountId: string,
  birthday: Birthday,
): ResultAsync<KeptBirthday, CryptoUnavailable> =>
  sealValue(sealer, key, birthdayPlace(accountId), { ...birthday }).andThen((day) =>
    birthdayKey(digests, birthday).map((found) => ({ day, key: found })),
  )

/** The digest of a day of birth. */
const birthdayKey = (digests: KeyedDigest, { month, day }: Birthday): ResultAsync<string, CryptoUnavailable> =>
  digests.digest('birthday', `${month}-${day}`)

/** The digests of those who have their birthday on one of so many days up to a day; it is one of them. */
export const birthdayKeys = (
  digests: KeyedDigest,
  today: LocalDay,
  days: number,
): ResultAsync<readonly string[], CryptoUnavailable> => {
  const begun = Array.from({ length: days }, (_, back) => {
    const at = new Date(Date.UTC(today.year, today.month - 1, today.day - back))
    return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }
  })
  const leapDay = { month: 2, day: 29 }
  const born = begun.flatMap((day): readonly Birthday[] =>
    localDayName(lastBirthday(leapDay, day)) === localDayName(day) && day.day === 28 ? [day, leapDay] : [day],
  )
  return ResultAsync.combine(born.map((each) => birthdayKey(digests, each)))
}

/**
 * Opens a member's day of birth; null where none is told, none can be read any more, or the last birthday is none
 * because the member had told a day before, in that year or a later one, and left.
 *
 * @errors CryptoUnavailable
 */
export const openBirthday = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  member: Member | undefined,
  { now, timeZone }: { readonly now: Instant; readonly timeZone: string },
): ResultAsync<Birthday | null, CryptoUnavailable> => {
  if (member === undefined || member.status === 'left' || member.birthday === null) return okAsync(null)
  const from = member.birthdayFrom ?? Number.MIN_SAFE_INTEGER
  return openValue(sealer, key, birthdayPlace(member.accountId), member.birthday.day, parseBirthday)
    .map((birthday): Birthday | null => {
      const last = lastBirthday(birthday, localDayOf(now, timeZone))
      return startOfLocalDay(last, timeZone) < from ? null : birthday
    })
    .orElse((error) => (error.type === 'Unreadable' ? okAsync(null) : err<never, CryptoUnavailable>(error)))
}

const parseBirthday = (value: unknown): Result<Birthday, 'notABirthday'> =>
  typeof value === 'object' &&
  value !== null &&
  'month' in value &&
  'day' in value &&
  typeof value.month === 'number' &&
  typeof value.day === 'number'
    ? ok({ month: value.month, day: value.day })
    : err('notABirthday')

/** Whether a day of birth is in the calendar. */
export const isBirthday = ({ month, day }: Birthday): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(2000, month, 0)).getUTCDate()

/** The last birthday up to a day; who was born on 29 February has it on the 28th in other years. */
export const lastBirthday = ({ month, day }: Birthday, today: LocalDay): LocalDay => {
  const inYear = (year: number): LocalDay => ({ ...addMonths({ year: 2000, month, day }, (year - 2000) * 12) })
  const thisYear = inYear(today.year)
  const isPast = thisYear.month < today.month || (thisYear.month === today.month && thisYear.day <= today.day)
  return isPast ? thisYear : inYear(today.year - 1)
}
