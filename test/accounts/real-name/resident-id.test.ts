import fc from 'fast-check'
import { readResidentId, residentIdCheck } from 'shopwright'
import { describe, expect, it } from 'vitest'

const now = Date.UTC(2026, 10, 24)
const day = 86_400_000
const read = (typed: string) => readResidentId(typed, now)
const reasonOf = (typed: string) =>
  read(typed).match(
    () => 'ok',
    ({ reason }) => reason,
  )
const withCheck = (digits: string) => `${digits}${residentIdCheck(digits)}`

const numbers = fc
  .record({
    region: fc.constantFrom('110105', '310115', '440524', '650102', '810000', '830000'),
    born: fc.integer({ min: Date.UTC(1900, 0, 1) / day, max: now / day }),
    order: fc.integer({ min: 0, max: 999 }),
  })
  .map(({ region, born, order }) =>
    withCheck(
      `${region}${new Date(born * day).toISOString().slice(0, 10).replaceAll('-', '')}${String(order).padStart(3, '0')}`,
    ),
  )

describe('the number of a resident identity card', () => {
  it('is read as the standard writes its own examples', () => {
    expect(read('11010519491231002X')._unsafeUnwrap()).toEqual({
      number: '11010519491231002X',
      birthDate: '1949-12-31',
    })
    expect(read('440524188001010014')._unsafeUnwrap().birthDate).toBe('1880-01-01')
    expect(read(' １１０１０５ 19491231 002x ')._unsafeUnwrap().number).toBe('11010519491231002X')
  })

  it('has a check character by MOD 11-2: the weighted sum of all eighteen is 1 modulo 11', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const sum = [...number].reduce((total, char, place) => {
          const weight = Array.from({ length: 17 - place }).reduce<number>((power) => (power * 2) % 11, 1)
          return total + weight * (char === 'X' ? 10 : Number(char))
        }, 0)
        expect(sum % 11).toBe(1)
        expect(reasonOf(number)).toBe('ok')
      }),
    )
  })

  it('is another one with any digit mistyped, or any two neighbours exchanged', () => {
    fc.assert(
      fc.property(numbers, fc.nat(17), fc.integer({ min: 1, max: 9 }), (number, place, by) => {
        const put = (text: string, at: number, char: string) => `${text.slice(0, at)}${char}${text.slice(at + 1)}`
        const mistyped = put(
          number,
          place,
          number[place] === 'X' ? String(by) : String((Number(number[place]) + by) % 10),
        )
        expect(reasonOf(mistyped)).not.toBe('ok')
        const [left = '', right = ''] = [number[place], number[place + 1]]
        if (right === '' || left === right) return
        expect(reasonOf(put(put(number, place, right), place + 1, left))).not.toBe('ok')
      }),
    )
  })

  it('names what is wrong with it', () => {
    expect(reasonOf('110105194912310021')).toBe('checkDigit')
    expect(reasonOf('11010519491231002')).toBe('form')
    expect(reasonOf('01010519491231002X')).toBe('form')
    expect(reasonOf(withCheck('99010519491231002'))).toBe('region')
    expect(reasonOf(withCheck('11010519490231002'))).toBe('birthDate')
    expect(reasonOf(withCheck('11010520261126002'))).toBe('birthDate')
    expect(reasonOf(withCheck('11010520261124002'))).toBe('ok')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => reasonOf(text) !== 'ok'))
  })
})
