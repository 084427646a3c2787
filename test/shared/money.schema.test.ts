import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moneySchema } from '../../src/shared/money.schema.js'
import { schemaOf } from '../../src/shared/schema-of.js'
import { tenderSchema } from '../../src/shared/tender.schema.js'
import { anyMoney } from './money.arbitraries.js'

describe('moneySchema', () => {
  it('takes any amount as it is', () => {
    fc.assert(
      fc.property(anyMoney, (money) => {
        expect(moneySchema.parse(money)).toEqual(money)
      }),
    )
  })

  it.each([
    { minor: 1.5, currency: 'CNY' },
    { minor: 2 ** 53, currency: 'CNY' },
    { minor: '1', currency: 'CNY' },
    { minor: 1, currency: 'cny' },
    { minor: 1, currency: 'XAU' },
    { minor: 1 },
    { minor: 1, currency: 'CNY', major: 0.01 },
  ])('refuses %j', (value) => {
    expect(moneySchema.safeParse(value).success).toBe(false)
  })
})

describe('tenderSchema', () => {
  const money = { minor: 500, currency: 'CNY' }

  it.each(['gateway', 'points'])('takes a tender by %s', (kind) => {
    expect(tenderSchema.parse({ kind, id: 't1', money })).toEqual({ kind, id: 't1', money })
  })

  it.each([
    { kind: 'barter', id: 't1', money },
    { kind: 'points', id: '', money },
    { kind: 'points', id: 't1', money: { minor: 0.5, currency: 'CNY' } },
  ])('refuses %j', (value) => {
    expect(tenderSchema.safeParse(value).success).toBe(false)
  })
})

describe('schemaOf', () => {
  it('gives back the schema itself', () => {
    expect(schemaOf<{ readonly minor: number; readonly currency: string }>()(moneySchema)).toBe(moneySchema)
  })
})
