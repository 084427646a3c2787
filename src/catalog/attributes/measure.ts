import { Decimal } from 'decimal.js'
import { unitOf } from '../search/analysis/units.js'

/** An amount in the base unit of its kind: 0.5 l and 500 ml are both 500 of `ml`. */
export type Measure = {
  /** A decimal without an exponent. */
  readonly amount: string
  /** Empty without a unit. */
  readonly unit: string
}

/** What so many of a base unit each unit is; a unit that is not named is a base of its own. */
const multiples: Readonly<Record<string, readonly [base: string, factor: string]>> = {
  mg: ['g', '0.001'],
  kg: ['g', '1000'],
  斤: ['g', '500'],
  oz: ['g', '28.349523125'],
  lb: ['g', '453.59237'],
  cm: ['mm', '10'],
  m: ['mm', '1000'],
  km: ['mm', '1000000'],
  in: ['mm', '25.4'],
  ft: ['mm', '304.8'],
  yd: ['mm', '914.4'],
  l: ['ml', '1000'],
  gal: ['ml', '3785.411784'],
  qt: ['ml', '946.352946'],
  kw: ['w', '1000'],
  ah: ['mah', '1000'],
}

// Decimals as many as a number of the machine is written with (0.1 + 0.2).
const number = String.raw`[+-]?\d{1,15}(?:\.\d{1,20})?`
// One unit, or some by another (`km/h`, `n·m`); squares and cubes of lengths are the only ones with a digit, as `10至2` is no unit.
const oneUnit = String.raw`(?:(?:[mcdk]?m|in|ft|yd|s)[23]|[\p{L}"'°%‰]{1,20})`
const unitText = `${oneUnit}(?:[/·]${oneUnit}){0,2}`
const one = /* @__PURE__ */ new RegExp(`^(${number})\\s*(${unitText})?$`, 'u')
const span = /* @__PURE__ */ new RegExp(
  `^(${number})\\s*(${unitText})?\\s*(?:-|–|—|~|～|至|到|\\bto\\b|\\.\\.)\\s*(${number})\\s*(${unitText})?$`,
  'u',
)

/** A text as amounts are read of it: without case, width or spaces around it. */
const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase()

/** The measure of an amount; of a unit that is written in full too (`500 millilitres`). */
export const measureIn = (amount: string | number, unit: string): Measure => {
  const said = plain(unit)
  const short = unitOf(said) ?? said
  const [base, factor] = (Object.hasOwn(multiples, short) ? multiples[short] : undefined) ?? [short, '1']
  return { amount: new Decimal(amount).times(factor).toFixed(), unit: base }
}

/** Reads a number with or without a unit; undefined where a text is none. */
export const readMeasure = (text: string): Measure | undefined => {
  const [, amount, unit = ''] = one.exec(plain(text)) ?? []
  return amount === undefined ? undefined : measureIn(amount, unit)
}

/** Whether amounts of a unit are read as such when they stand in a text (`5 mAh`, `1-2 cm²`). */
export const isReadableUnit = (unit: string): boolean =>
  unit === unit.trim() &&
  readMeasure(`1 ${unit}`)?.unit === measureIn(1, unit).unit &&
  readMeasureRange(`1-2 ${unit}`)?.unit === measureIn(1, unit).unit

/** From one amount to another, of one unit, the lower first. */
export type MeasureRange = { readonly from: string; readonly to: string; readonly unit: string }

/** Reads two numbers with or without a unit, which may stand once (`10-20 cm`); undefined where a text is none. */
export const readMeasureRange = (text: string): MeasureRange | undefined => {
  const [, first, firstUnit, second, secondUnit] = span.exec(plain(text)) ?? []
  if (first === undefined || second === undefined) return undefined
  const unit = firstUnit ?? secondUnit ?? ''
  const [from, to] = [measureIn(first, unit), measureIn(second, secondUnit ?? unit)]
  if (from.unit !== to.unit || new Decimal(from.amount).greaterThan(to.amount)) return undefined
  return { from: from.amount, to: to.amount, unit: from.unit }
}

/**
 * An amount with a unit as it is compared: `0.5 l` and `500ml` are one text, `10-20 cm` and `100mm to 200mm` another.
 * Undefined where a text is none; a number without a unit may be anything.
 */
export const comparableMeasure = (text: string): string | undefined => {
  if (!/^[+-]?\d/.test(text)) return undefined
  const measure = readMeasure(text)
  if (measure !== undefined) return measure.unit === '' ? undefined : `${measure.amount} ${measure.unit}`
  const range = readMeasureRange(text)
  return range === undefined || range.unit === '' ? undefined : `${range.from}-${range.to} ${range.unit}`
}
