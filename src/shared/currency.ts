import { err, ok, type Result } from 'neverthrow'

/** An ISO 4217 alphabetic code, such as `CNY`. */
export type Currency = string

/** The code is not in the ISO 4217 table, or names something without a minor unit, such as gold. */
export type UnknownCurrency = {
  readonly type: 'UnknownCurrency'
  readonly currency: string
}

/**
 * Looks up how many decimals a currency has: JPY 0, CNY 2, KWD 3, CLF 4.
 *
 * @errors UnknownCurrency
 * @source ISO 4217, table A.1
 */
export const currencyExponent = (currency: Currency): Result<number, UnknownCurrency> => {
  const exponent = exponents.get(currency)
  return exponent === undefined ? err({ type: 'UnknownCurrency', currency }) : ok(exponent)
}

/** Every currency that an amount can be kept in, in code order. */
export const listCurrencies = (): readonly Currency[] => [...exponents.keys()].sort()

// A code stays here after it leaves the standard (ANG in 2025, BGN in 2026): amounts stored in it must stay readable.
const codesByExponent: readonly (readonly [exponent: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF ' +
      'CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG ' +
      'HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR ' +
      'MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD ' +
      'SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD ' +
      'XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
]

const exponents: ReadonlyMap<Currency, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ codesByExponent.flatMap(([exponent, codes]) =>
    codes.split(' ').map((code) => [code, exponent] as const),
  ),
)
