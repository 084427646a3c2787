import fc from 'fast-check'
import { holdsCardNumber } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { isOrderNumber, makeOrderNumber } from '../../../src/orders/placing/order-number.js'

const at = Date.UTC(2026, 10, 24, 17)
const chance = fc.stringMatching(/^\d{8}$/)

describe('an order number', () => {
  it('names the day in the shop’s time zone and ends in a check digit', () => {
    // 24 November 2026, 17:00 in UTC, is the 25th in Shanghai.
    expect(makeOrderNumber(at, '04821369', 'Asia/Shanghai')).toMatch(/^261125-0482-1369-\d$/)
    expect(makeOrderNumber(at, '04821369', 'UTC')).toMatch(/^261124-0482-1369-\d$/)
    // Damm's own example: the check digit of 572 is 4, and leading zeros do not change it.
    expect(isOrderNumber('000000-0000-0572-4')).toBe(true)
  })

  it('never looks like the number of a card, so that every text may quote it', () => {
    // Luhn from the right, every second digit doubled: 261124 before eight zeros gives 4 + 4 + 1 + 2 + 6 + 4 = 21, so the
    // fourteen digits that end in a 9 hold.
    expect(holdsCardNumber('261124-0000-0009')).toBe(true)
    expect(makeOrderNumber(at, '00000009', 'UTC')).toMatch(/^261124-0000-0010-\d$/)
    fc.assert(
      fc.property(
        chance,
        fc.date({ noInvalidDate: true, min: new Date(at), max: new Date('2099-12-31') }),
        (digits, day) => {
          const number = makeOrderNumber(day.getTime(), digits, 'UTC')
          expect(isOrderNumber(number)).toBe(true)
          expect(holdsCardNumber(number)).toBe(false)
          expect(holdsCardNumber(number.replaceAll('-', ''))).toBe(false)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('finds every wrong digit and every swap of two neighbours', () => {
    fc.assert(
      fc.property(chance, fc.nat({ max: 14 }), fc.integer({ min: 1, max: 9 }), (digits, place, shift) => {
        const number = makeOrderNumber(at, digits, 'UTC')
        expect(isOrderNumber(number)).toBe(true)
        const plain = number.replaceAll('-', '')
        const wrong = (Number(plain.charAt(place)) + shift) % 10
        expect(isOrderNumber(plain.slice(0, place) + wrong + plain.slice(place + 1))).toBe(false)
        const [left, right] = [plain.charAt(place), plain.charAt(place + 1)]
        if (place < 14 && left !== right) {
          expect(isOrderNumber(plain.slice(0, place) + right + left + plain.slice(place + 2))).toBe(false)
        }
      }),
    )
  })
})
