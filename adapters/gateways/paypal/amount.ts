import { type Money, parseDecimalText, toDecimalText } from 'shopwright'

/** Currencies that PayPal carries. HUF and TWD are left out: it takes them whole, and they have decimals. */
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
  'USD',
]

/** An amount as PayPal writes it. */
export type PayPalMoney = { readonly currency_code: string; readonly value: string }

/** Writes an amount; null where PayPal does not take it. */
export const writeMoney = (money: Money): PayPalMoney | null => {
  if (!currencies.includes(money.currency) || !Number.isSafeInteger(money.minor) || money.minor <= 0) return null
  const text = toDecimalText(money).unwrapOr(null)
  return text === null ? null : { currency_code: money.currency, value: text }
}

/** Reads an amount; null where it is none. */
export const readMoney = ({ currency_code, value }: PayPalMoney): Money | null =>
  parseDecimalText(value, currency_code).unwrapOr(null)
