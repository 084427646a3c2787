import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePriceInput } from '../../src/pricing/price-cart-input.schema.js'
import { runsOf } from '../kit/property-runs.js'
import { cart, carts, line } from './carts.js'

describe('what a price is made of, as JSON', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(carts(), (input) => {
        const stored: unknown = JSON.parse(JSON.stringify(input))
        expect(parsePriceInput(stored)._unsafeUnwrap()).toEqual(stored)
      }),
      { numRuns: runsOf(50) },
    )
  })

  it.each([
    ['a member too much', { ...cart([line('a', 100)]), extra: 1 }],
    ['an amount that is not whole', cart([line('a', 1.5)])],
    ['more pieces than a cart may hold', cart([line('a', 0, { quantity: 1_000_001 })])],
    ['no lines', { ...cart([]), lines: undefined }],
    ['another version', { ...cart([line('a', 100)]), pricingVersion: 2 }],
    ['text', 'cart'],
  ])('is refused with %s', (_, value) => {
    expect(parsePriceInput(value)._unsafeUnwrapErr().type).toBe('InvalidInput')
  })
})
