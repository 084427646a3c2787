import fc from 'fast-check'
import { listCurrencies } from '../../src/shared/currency.js'
import type { Money } from '../../src/shared/money.js'

/** Any safe integer: half of them everyday amounts, half of them anything up to the edge. */
export const anyMinor: fc.Arbitrary<number> = fc
  .oneof(fc.integer({ min: -100_000, max: 100_000 }), fc.maxSafeInteger())
  // An amount has one zero.
  .map((minor) => minor + 0)

const anyCurrency = fc.constantFrom(...listCurrencies())

export const anyMoney: fc.Arbitrary<Money> = fc.record({ minor: anyMinor, currency: anyCurrency })

/** Weights of a split, not all of them zero. */
export const anyWeights: fc.Arbitrary<number[]> = fc
  .array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 100_000 }), fc.maxSafeNat(), fc.constant(0)), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((weights) => weights.some((weight) => weight > 0))

export const sumExactly = (values: readonly number[]): bigint => values.reduce((sum, value) => sum + BigInt(value), 0n)
