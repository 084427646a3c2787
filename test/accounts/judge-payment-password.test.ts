import fc from 'fast-check'
import { judgePaymentPassword } from 'shopwright'
import { describe, expect, it } from 'vitest'

const lacks = (typed: string, phone?: string) =>
  judgePaymentPassword(typed, { digits: 6, phone }).map(({ type }) => type)

describe('what a payment password lacks', () => {
  it.each(['123456', '987654', '111111', '246802', '121212', '123123', '112233', '123321', '147258', '520131'])(
    '%s is too simple',
    (typed) => {
      expect(lacks(typed)).toEqual(['TooSimple'])
    },
  )

  it.each(['730415', '918264', '604817'])('%s may be taken', (typed) => {
    expect(lacks(typed)).toEqual([])
  })

  it.each(['', '12345', '1234567', '12345a', '１２３４５６', '-12345', '12 456'])('%j is not six digits', (typed) => {
    expect(lacks(typed)).toEqual(['NotDigits'])
  })

  it('does not stand in the owner’s number', () => {
    expect(lacks('748291', '+8613800748291')).toEqual(['InOwnNumber'])
    expect(lacks('748291', '+8613800748290')).toEqual([])
  })

  it('leaves nearly all: a rule that refuses much would help who guesses', () => {
    let refused = 0
    for (let value = 0; value < 1_000_000; value += 97) {
      if (lacks(String(value).padStart(6, '0')).length > 0) refused += 1
    }
    expect(refused).toBeLessThan(100)
  })

  it('refuses every pattern that repeats, whatever its part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 999 }), (length, value) => {
        const part = String(value).padStart(3, '0').slice(0, length)
        expect(lacks(part.repeat(6 / length))).toContain('TooSimple')
      }),
    )
  })
})
