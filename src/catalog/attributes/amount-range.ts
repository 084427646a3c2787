import { readMeasure, readMeasureRange } from './measure.js'

/** Amounts that are wanted, both ends included, in any unit: `{ from: '0.3 l', to: '500 ml' }`; one end may be open. */
export type AmountRange = { readonly from?: string; readonly to?: string }

/** The same in the base unit. */
export type AmountBounds = { readonly unit: string; readonly from: number; readonly to: number }

/** Reads what amounts are wanted; undefined where an end is none, the ends are of different kinds, or nothing is asked. */
export const readAmountRange = ({ from, to }: AmountRange): AmountBounds | undefined => {
  const [low, high] = [from, to].map((end) => (end === undefined ? undefined : readMeasure(end)))
  if ((from !== undefined && low === undefined) || (to !== undefined && high === undefined)) return undefined
  const unit = low?.unit ?? high?.unit
  if (unit === undefined || (low !== undefined && high !== undefined && low.unit !== high.unit)) return undefined
  return {
    unit,
    from: low === undefined ? Number.NEGATIVE_INFINITY : Number(low.amount),
    to: high === undefined ? Number.POSITIVE_INFINITY : Number(high.amount),
  }
}

/** Whether a value is an amount within bounds, or a range of amounts that reaches into them. */
export const isWithinBounds = (value: string, { unit, from, to }: AmountBounds): boolean => {
  const measure = readMeasure(value)
  const held =
    measure === undefined ? readMeasureRange(value) : { ...measure, from: measure.amount, to: measure.amount }
  return held !== undefined && held.unit === unit && Number(held.to) >= from && Number(held.from) <= to
}
