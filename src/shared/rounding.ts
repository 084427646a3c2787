import { err, ok, type Result } from 'neverthrow'
import { type AmountOverflow, type NotSafeInteger, toSafeInteger } from './money.js'

/**
 * How an inexact result becomes a whole number. `up` goes away from zero, `down` towards it, `ceiling` towards plus and
 * `floor` towards minus infinity; the other four go to the nearest, and differ on an exact half: `halfUp` away from
 * zero, as receipts do, `halfDown` towards it, `halfEven` and `halfOdd` to the even and the odd neighbour.
 */
export type RoundingRule = 'up' | 'down' | 'ceiling' | 'floor' | 'halfUp' | 'halfDown' | 'halfEven' | 'halfOdd'

/** Something was to be divided by zero. */
export type DivisionByZero = { readonly type: 'DivisionByZero' }

/**
 * Divides two whole numbers exactly and rounds the quotient once.
 *
 * @param numerator - any whole number; a bigint may be of any size, a number must be safe
 * @param denominator - likewise, not zero
 * @errors DivisionByZero, NotSafeInteger, AmountOverflow
 */
export const divideRounded = (
  numerator: number | bigint,
  denominator: number | bigint,
  rule: RoundingRule,
): Result<number, DivisionByZero | NotSafeInteger | AmountOverflow> => {
  if (!isWhole(numerator)) return err({ type: 'NotSafeInteger', field: 'numerator' })
  if (!isWhole(denominator)) return err({ type: 'NotSafeInteger', field: 'denominator' })
  if (Number(denominator) === 0) return err({ type: 'DivisionByZero' })
  return roundQuotient(numerator, denominator, rule)
}

/** As `divideRounded`, of whole numbers that are known to be safe and a denominator that is known not to be zero. */
export const roundQuotient = (
  numerator: number | bigint,
  denominator: number | bigint,
  rule: RoundingRule,
): Result<number, AmountOverflow> =>
  typeof numerator === 'number' && typeof denominator === 'number'
    ? ok(divideNumbers(numerator, denominator, rule))
    : toSafeInteger(divideBigInts(BigInt(numerator), BigInt(denominator), rule))

const isWhole = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isSafeInteger(value)

const divideNumbers = (numerator: number, denominator: number, rule: RoundingRule): number => {
  const rest = numerator % denominator
  // numerator - rest is a multiple of the denominator, so this division is exact; adding 0 turns -0 into 0.
  const quotient = (numerator - rest) / denominator + 0
  if (rest === 0) return quotient
  const negative = numerator < 0 !== denominator < 0
  const size = Math.abs(rest)
  const half = Math.sign(size - (Math.abs(denominator) - size))
  return goesAway(rule, { negative, half, odd: quotient % 2 !== 0 }) ? quotient + (negative ? -1 : 1) : quotient
}

const divideBigInts = (numerator: bigint, denominator: bigint, rule: RoundingRule): bigint => {
  const rest = numerator % denominator
  const quotient = numerator / denominator
  if (rest === 0n) return quotient
  const negative = numerator < 0n !== denominator < 0n
  const twice = (rest < 0n ? -rest : rest) * 2n
  const whole = denominator < 0n ? -denominator : denominator
  const half = twice < whole ? -1 : twice > whole ? 1 : 0
  return goesAway(rule, { negative, half, odd: quotient % 2n !== 0n }) ? quotient + (negative ? -1n : 1n) : quotient
}

/** What a rule looks at: the sign, where the rest lies (-1 below, 0 on, 1 above the half), and the truncated quotient. */
type Rest = { readonly negative: boolean; readonly half: number; readonly odd: boolean }

const goesAway = (rule: RoundingRule, { negative, half, odd }: Rest): boolean => {
  switch (rule) {
    case 'up':
      return true
    case 'down':
      return false
    case 'ceiling':
      return !negative
    case 'floor':
      return negative
    case 'halfUp':
      return half >= 0
    case 'halfDown':
      return half > 0
    case 'halfEven':
      return half > 0 || (half === 0 && odd)
    case 'halfOdd':
      return half > 0 || (half === 0 && !odd)
  }
}
