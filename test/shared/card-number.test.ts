import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parsePayOrder } from '../../src/orders/order-inputs.schema.js'
import { holdsCardNumber } from '../../src/shared/card-number.js'
import { freeTextSchema } from '../../src/shared/free-text.schema.js'

it('finds card numbers in text, however they are written', () => {
  for (const text of [
    '4111111111111111',
    'my card is 4111 1111 1111 1111, thanks',
    '4111-1111-1111-1111',
    '3782 822463 10005',
    '4111111111111111 12/27 123',
    'order 12 4111111111111111',
    '4111111111111111',
    '6228480402564890018',
  ]) {
    expect(holdsCardNumber(text), text).toBe(true)
  }
})

it('leaves other numbers alone', () => {
  for (const text of ['', '4111111111111112', '13800138000', '2026-03-02 12:00', '88.88', 'tracking SF1234567890123']) {
    expect(holdsCardNumber(text), text).toBe(false)
  }
})

it('finds any number of 13 to 19 digits with a right check digit, wherever it stands', () => {
  const numbers = fc
    .array(fc.nat({ max: 9 }), { minLength: 12, maxLength: 18 })
    .map((digits) => `${digits.join('')}${checkDigit(digits)}`)
  // Words and separators that no digit group could join on to.
  const words = fc.constantFrom('', 'card ', 'x', '卡号:', '(')
  fc.assert(
    fc.property(words, numbers, words, (before, number, after) => {
      expect(holdsCardNumber(`${before}${number}${after}`)).toBe(true)
      const wrong = `${number.slice(0, -1)}${(Number(number.slice(-1)) + 1) % 10}`
      expect(holdsCardNumber(`${before}${wrong}${after}`)).toBe(false)
    }),
  )
})

it('is refused by the schema for free text', () => {
  const schema = freeTextSchema(50)
  expect(schema.safeParse('please ring twice').success).toBe(true)
  expect(schema.safeParse('4111 1111 1111 1111').success).toBe(false)
  expect(schema.safeParse('x'.repeat(51)).success).toBe(false)
})

it('lets no card number stand for what a gateway knows its payer by', () => {
  const choice = { orderId: 'ord_1', gatewayId: 'stripe', method: 'creditCard' }
  for (const instrumentToken of ['oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'pm_1PgafyB7WZ01zgkWXYmPNZs8', '255.255.255.255']) {
    expect(parsePayOrder({ ...choice, instrumentToken }).isOk(), instrumentToken).toBe(true)
  }
  for (const instrumentToken of ['4242424242424242', 'pm_4242424242424242', '4242 4242 4242 4242', '']) {
    expect(parsePayOrder({ ...choice, instrumentToken }).isErr(), instrumentToken).toBe(true)
  }
})

// The check digit by the book: double every second digit from the right, add up the digits, fill up to ten.
const checkDigit = (digits: readonly number[]): number => {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const weighed = place % 2 === 0 ? digit * 2 : digit
    return total + Math.floor(weighed / 10) + (weighed % 10)
  }, 0)
  return (10 - (sum % 10)) % 10
}
