import { type Currency, currencyExponent, listCurrencies, type Money } from 'shopwright'

// Stripe's own list of currencies without decimals; elsewhere some of them are written with two.
const withoutDecimals = [
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
]
const withThreeDecimals = ['BHD', 'JOD', 'KWD', 'OMR', 'TND']

const decimalsOf = (currency: string): number =>
  withoutDecimals.includes(currency) ? 0 : withThreeDecimals.includes(currency) ? 3 : 2

/**
 * Says an amount in the units that Stripe counts in.
 *
 * @returns null where Stripe cannot count it: a part of its smallest unit, or thousandths that do not end with a zero
 */
export const toStripeAmount = ({ minor, currency }: Money): number | null => {
  const own = currencyExponent(currency).unwrapOr(null)
  if (own === null || !Number.isSafeInteger(minor)) return null
  const decimals = decimalsOf(currency)
  const amount = decimals >= own ? minor * 10 ** (decimals - own) : minor / 10 ** (own - decimals)
  if (!Number.isSafeInteger(amount)) return null
  return decimals === 3 && amount % 10 !== 0 ? null : amount
}

/** Reads an amount in the units that Stripe counts in; null where it is none of the currency. */
export const fromStripeAmount = (amount: number, currencyCode: string): Money | null => {
  const currency = currencyCode.toUpperCase()
  const own = currencyExponent(currency).unwrapOr(null)
  if (own === null) return null
  const decimals = decimalsOf(currency)
  const minor = decimals >= own ? amount / 10 ** (decimals - own) : amount * 10 ** (own - decimals)
  return Number.isSafeInteger(minor) ? { minor, currency } : null
}

/**
 * Currencies of which Stripe can count every amount. Of the others a share, as of a refund, could be one that it does not
 * take: thousandths of a dinar that do not end with a zero.
 */
export const listWholeCurrencies = (): readonly Currency[] =>
  listCurrencies().filter((currency) => toStripeAmount({ minor: 1, currency }) !== null)
