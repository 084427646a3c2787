import { type Money, parseDecimalText, toDecimalText } from 'shopwright'

/** Currencies that PayPal carries. */
export const currencies: readonly string[] = [
  'AUD',
  'BRL',
  'CAD',
  'CHF',
  'CNY',
  'CZK',
  'DKK',
  'EUR',
  'GBP',
  'HKD',
  'HUF',
  'ILS',
  'JPY',
  'MXN',
  'MYR',
  'NOK',
  'NZD',
  'PHP',
  'PLN',
  'SEK',
  'SGD',
  'THB',
  'TWD',
  'USD',
]

// They have decimals, and PayPal takes none.
const whole = ['HUF', 'TWD']

/** An amount as PayPal writes it. */
export type PayPalMoney = { readonly currency_code: string; readonly value: string }

/** Writes an amount; null where PayPal does not take it. */
export const writeMoney = (money: Money): PayPalMoney | null => {
  if (!currencies.includes(money.currency) || !Number.isSafeInteger(money.minor) || money.minor <= 0) return null
  const text = toDecimalText(money).unwrapOr(null)
  if (text === null) return null
  if (!whole.includes(money.currency)) return { currency_code: money.currency, value: text }
  return text.endsWith('.00') ? { currency_code: money.currency, value: text.slice(0, -3) } : null
}

/** Reads an amount; null where it is none. */
export const readMoney = ({ currency_code, value }: PayPalMoney): Money | null =>
  parseDecimalText(value, currency_code).unwrapOr(null)
