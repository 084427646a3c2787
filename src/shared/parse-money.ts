import { err, type Result } from 'neverthrow'
import { type Currency, currencyExponent, type UnknownCurrency } from './currency.js'
import { type InvalidAmount, longestAmount, parseDecimalText, type TooManyDecimals } from './decimal-money.js'
import type { AmountOverflow, Money } from './money.js'
import { createAmountFormat, type InvalidLocale } from './number-format.js'

/** Why a text is not an amount of money. */
export type ParseMoneyError = UnknownCurrency | InvalidLocale | InvalidAmount | TooManyDecimals | AmountOverflow

/**
 * Reads an amount as a person writes it in a locale: grouped or not, with the locale's decimal mark, full-width digits
 * and marks, and the sign or code of the currency before or behind. Whatever could mean two amounts is refused: `1,23`
 * is no number in English, and `0.005` is no amount of CNY.
 *
 * @errors UnknownCurrency, InvalidLocale, InvalidAmount, TooManyDecimals, AmountOverflow
 */
export const parseMoney = (
  text: string,
  {
    currency,
    locale,
  }: {
    /** The one it has to be; the sign of another is refused. */
    readonly currency: Currency
    /** A BCP 47 language tag. */
    readonly locale: string
  },
): Result<Money, ParseMoneyError> =>
  currencyExponent(currency).andThen((): Result<Money, ParseMoneyError> => {
    if (text.length > longestAmount) return err({ type: 'InvalidAmount', reason: 'tooLong' })
    return readNotation(currency, locale).andThen((notation): Result<Money, ParseMoneyError> => {
      const tidy = foldText(text).trim()
      if (tidy === '') return err({ type: 'InvalidAmount', reason: 'empty' })
      const decimal = toDecimal(tidy, notation)
      return decimal === undefined
        ? err({ type: 'InvalidAmount', reason: 'notANumber' })
        : parseDecimalText(decimal, currency)
    })
  })

/** How a locale writes amounts of a currency. */
type Notation = {
  readonly signs: readonly string[]
  readonly minuses: readonly string[]
  readonly decimal: string
  readonly group: string
  /** How many digits stand in the last group, and in each before it: 3 and 2 in India. */
  readonly lastGroup: number
  readonly otherGroup: number
  readonly digits: readonly string[]
}

// What people write beside the signs that the locales know.
const customarySigns: ReadonlyMap<Currency, readonly string[]> = /* @__PURE__ */ new Map([
  ['CNY', ['元', '¥', 'RMB']],
  ['JPY', ['円', '¥']],
])

const readNotation = (currency: Currency, locale: string): Result<Notation, InvalidLocale> =>
  // One decimal shows the mark even of a currency that has none.
  createAmountFormat({ locale, currency, decimals: 1 }).andThen((long) =>
    createAmountFormat({ locale, currency, decimals: 1, display: 'narrowSymbol' }).map((narrow) => {
      const parts = long.formatToParts(-1234567891.2)
      const groups = parts.filter((part) => part.type === 'integer').map((part) => part.value.length)
      const signs = [markOf(parts, 'currency'), markOf(narrow.formatToParts(0), 'currency')].map((sign) => sign.trim())
      const plain = new Intl.NumberFormat(locale, { useGrouping: false })
      return {
        signs: [...signs, currency, ...(customarySigns.get(currency) ?? [])].filter((sign) => sign !== ''),
        minuses: ['-', markOf(parts, 'minusSign').trim()].filter((minus) => minus !== ''),
        decimal: markOf(parts, 'decimal'),
        group: markOf(parts, 'group'),
        lastGroup: groups.at(-1) ?? 3,
        otherGroup: groups.at(-2) ?? 3,
        digits: Array.from({ length: 10 }, (_, digit) => plain.format(digit)),
      }
    }),
  )

const markOf = (parts: readonly Intl.NumberFormatPart[], type: Intl.NumberFormatPartTypes): string =>
  foldText(parts.find((part) => part.type === type)?.value ?? '')

/** Full-width forms, spaces, apostrophes and minus signs of one kind each, and no invisible direction marks. */
const foldText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s/gu, ' ')
    .replaceAll('’', "'")
    .replaceAll('−', '-')

/** The amount as a plain decimal number, or nothing when it is not written as the locale does. */
const toDecimal = (text: string, notation: Notation): string | undefined => {
  const inner = takeMark(text, notation.signs)
  const size = takeMark(inner ?? text, notation.minuses)
  const unsigned = size ?? inner ?? text
  // The minus may stand outside the currency's sign: -$5 as well as $-5.
  const number = inner === undefined ? (takeMark(unsigned, notation.signs) ?? unsigned) : unsigned
  const plain = toPlainNumber(number, notation)
  return plain === undefined || size === undefined ? plain : `-${plain}`
}

/** The text without the longest of the marks that stands at its beginning or end; nothing when none does. */
const takeMark = (text: string, marks: readonly string[]): string | undefined => {
  const longestFirst = [...marks].sort((left, right) => right.length - left.length)
  for (const mark of longestFirst) {
    if (text.startsWith(mark)) return text.slice(mark.length).trim()
    if (text.endsWith(mark)) return text.slice(0, -mark.length).trim()
  }
  return undefined
}

const toPlainNumber = (
  text: string,
  { decimal, group, lastGroup, otherGroup, digits }: Notation,
): string | undefined => {
  const latin = [...text]
    .map((character) => (digits.includes(character) ? digits.indexOf(character) : character))
    .join('')
  const [whole = '', fraction, ...more] = latin.split(decimal)
  if (more.length > 0 || fraction === '') return undefined
  const [first = '', ...others] = group === '' ? [whole] : whole.split(group)
  // 0,123 is more likely a fraction from elsewhere than a hundred and twenty-three.
  const grouped =
    others.length === 0 ||
    (/^[1-9]/.test(first) &&
      first.length <= otherGroup &&
      others.every(
        (digitsOfGroup, index) => digitsOfGroup.length === (index < others.length - 1 ? otherGroup : lastGroup),
      ))
  return grouped ? `${first}${others.join('')}${fraction === undefined ? '' : `.${fraction}`}` : undefined
}
