import fc from 'fast-check'
import { createIds } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { isCodeKey, newCouponCode, toCodeKey } from '../../src/promotions/coupon-code.js'

const letters = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const ids = createIds({ now: () => 0 })
const code = fc.array(fc.integer({ min: 0, max: 61 }), { minLength: 43, maxLength: 43 }).map((drawn) => {
  const chance = (alphabet: string) => drawn.map((index) => alphabet.charAt(index)).join('')
  return toCodeKey(newCouponCode(createIds({ now: () => 0 }, chance), ''))
})

describe('a coupon code', () => {
  it('has no letter that is taken for another', () => {
    const drawn = Array.from({ length: 500 }, () => newCouponCode(ids, 'SALE'))
    expect(new Set(drawn).size).toBe(500)
    for (const each of drawn) expect(each).toMatch(/^SALE(-[2-9A-HJKMNP-Z]{4}){4}$/)
  })

  it('is checked by its last letter, worked out by hand', () => {
    // A is the 9th letter, value 8; 8 × (1 + 2 + … + 15) = 960 = 30 × 31 + 30, and value 30 is Z.
    expect(isCodeKey('AAAAAAAAAAAAAAAZ')).toBe(true)
    expect(isCodeKey('SALE11AAAAAAAAAAAAAAAZ')).toBe(true)
    expect(isCodeKey('AAAAAAAAAAAAAAAY')).toBe(false)
    for (const short of ['', 'A', 'Z', 'AAAAAAAAAAAAAAZ']) expect(isCodeKey(short)).toBe(false)
  })

  it('uses every letter about as often as any other', () => {
    const counts = new Map<string, number>()
    for (let drawn = 0; drawn < 2_000; drawn += 1) {
      for (const letter of toCodeKey(newCouponCode(ids, '')).slice(0, 15)) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1)
      }
    }
    expect(counts.size).toBe(letters.length)
    // 30,000 letters, 968 of each expected; six standard deviations are about 184.
    for (const count of counts.values()) expect(Math.abs(count - 30_000 / letters.length)).toBeLessThan(184)
  })

  it('is known as it was typed: in small letters, with spaces or none', () => {
    fc.assert(
      fc.property(code, (key) => {
        expect(isCodeKey(key)).toBe(true)
        expect(toCodeKey(` ${key.toLowerCase().replace(/(.{4})/g, '$1 ')}`)).toBe(key)
      }),
    )
  })

  it('shows one wrong letter, and two neighbours that changed places', () => {
    fc.assert(
      fc.property(code, fc.nat({ max: 15 }), fc.constantFrom(...letters, 'O', '0'), (key, place, letter) => {
        const wrong = `${key.slice(0, place)}${letter}${key.slice(place + 1)}`
        expect(isCodeKey(wrong)).toBe(wrong === key)
        const [left = '', right = ''] = key.slice(place, place + 2)
        const swapped = `${key.slice(0, place)}${right}${left}${key.slice(place + 2)}`
        expect(isCodeKey(swapped)).toBe(swapped === key)
      }),
    )
  })
})
