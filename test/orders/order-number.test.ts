import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOrderNumber, makeOrderNumber } from '../../src/orders/order-number.js'

const at = Date.UTC(2026, 10, 24, 17)
const sixDigits = fc.stringMatching(/^\d{6}$/)

describe('an order number', () => {
  it('names the day in the shop’s time zone and ends in a check digit', () => {
    // 24 November 2026, 17:00 in UTC, is the 25th in Shanghai.
    expect(makeOrderNumber(at, '048213', 'Asia/Shanghai')).toMatch(/^261125-048213-\d$/)
    expect(makeOrderNumber(at, '048213', 'UTC')).toMatch(/^261124-048213-\d$/)
    // Damm's own example: the check digit of 572 is 4, and leading zeros do not change it.
    expect(isOrderNumber('000000-000572-4')).toBe(true)
  })

  it('finds every wrong digit and every swap of two neighbours', () => {
    fc.assert(
      fc.property(sixDigits, fc.nat({ max: 12 }), fc.integer({ min: 1, max: 9 }), (digits, place, shift) => {
        const number = makeOrderNumber(at, digits, 'UTC')
        expect(isOrderNumber(number)).toBe(true)
        const plain = number.replaceAll('-', '')
        const wrong = (Number(plain.charAt(place)) + shift) % 10
        expect(isOrderNumber(plain.slice(0, place) + wrong + plain.slice(place + 1))).toBe(false)
        const [left, right] = [plain.charAt(place), plain.charAt(place + 1)]
        if (place < 12 && left !== right) {
          expect(isOrderNumber(plain.slice(0, place) + right + left + plain.slice(place + 2))).toBe(false)
        }
      }),
    )
  })
})
