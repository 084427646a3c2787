import { expect, it } from 'vitest'
import { isBirthday, lastBirthday } from '../../src/membership/birthday.js'
import { multiplierOf } from '../../src/membership/buyer.js'
import { guideMembership } from '../../src/membership/guide-membership.js'

const terms = {
  ...guideMembership,
  multipliers: [
    {
      multiplierId: 'member-day',
      basisPoints: 30_000,
      window: { timeZone: 'Asia/Shanghai', daysOfMonth: [8] },
      levels: ['silver', 'gold'],
    },
    { multiplierId: 'birthday', basisPoints: 15_000, birthday: true },
    {
      multiplierId: 'bonus',
      basisPoints: 12_000,
      additive: true,
      window: { timeZone: 'Asia/Shanghai', from: Date.UTC(2026, 10, 10), to: Date.UTC(2026, 10, 12) },
    },
  ],
}
const on = (day: number) => Date.UTC(2026, 10, day, 4)
const at = (levelId: string, day: number, birthdayToday = false) =>
  multiplierOf(terms, { levelId, birthdayToday, now: on(day) })

it('multiplies by the highest, and adds what is said to add', () => {
  expect(at('ordinary', 1)).toBe(10_000)
  expect(at('silver', 1)).toBe(20_000)
  expect(at('silver', 8)).toBe(30_000)
  expect(at('ordinary', 8)).toBe(10_000)
  expect(at('ordinary', 1, true)).toBe(15_000)
  expect(at('silver', 1, true)).toBe(20_000)
  expect(at('silver', 11)).toBe(22_000)
})

it('knows birthdays, those of leap days too', () => {
  expect(isBirthday({ month: 2, day: 29 })).toBe(true)
  expect(isBirthday({ month: 2, day: 30 })).toBe(false)
  expect(isBirthday({ month: 4, day: 31 })).toBe(false)
  const leapling = { month: 2, day: 29 }
  expect(lastBirthday(leapling, { year: 2028, month: 2, day: 29 })).toEqual({ year: 2028, month: 2, day: 29 })
  expect(lastBirthday(leapling, { year: 2027, month: 2, day: 28 })).toEqual({ year: 2027, month: 2, day: 28 })
  expect(lastBirthday(leapling, { year: 2027, month: 2, day: 27 })).toEqual({ year: 2026, month: 2, day: 28 })
})
