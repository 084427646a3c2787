import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithinBounds, readAmountRange } from '../../../src/catalog/attributes/amount-range.js'
import type { AttributeDefinition } from '../../../src/catalog/attributes/attribute-definition.js'
import { attributeDefinitionInput } from '../../../src/catalog/attributes/attribute-definition.schema.js'
import { comparableMeasure, measureIn, readMeasure } from '../../../src/catalog/attributes/measure.js'
import { definitionsOf, readAttributes } from '../../../src/catalog/attributes/read-attributes.js'
import { readyAttributes } from '../../../src/catalog/attributes/ready-attributes.js'
import { facetOf } from '../../../src/catalog/product-facets.js'

const title = { en: '', 'zh-CN': '' }
const volume: AttributeDefinition = { name: 'volume', title, kind: 'number', unit: 'ml', min: 1, max: 5_000 }
const length: AttributeDefinition = { name: 'length', title, kind: 'number', unit: 'cm' }
const colours: AttributeDefinition = {
  name: 'colour',
  title,
  kind: 'enum',
  values: [
    { value: 'red', title: { en: 'Red', 'zh-CN': '红色' } },
    { value: 'sky-blue', title: { en: 'Sky blue', 'zh-CN': '天蓝' } },
  ],
}
/** As sellers write them. */
const units = [
  ...['cm', 'l', 'kg', 'mAh', 'Ah', 'L', 'W', 'kW', 'GB', 'Hz', 'GHz', '%', '°C', '℃', '°', 'cm²', 'cm2', 'm³', 'km/h'],
  ...['N·m', 'µm', 'Ω', '"', '斤', '毫升', 'Litres', '次/分钟', 'kg/m³', 'm/s²'],
]
const of = (definition: AttributeDefinition, stated: string | number | boolean) =>
  readAttributes({ [definition.name]: stated }, [definition])

describe('an amount', () => {
  it.each([
    ['0.5 l', '500 ml'],
    ['500ml', '500 ml'],
    ['０.５ Ｌ', '500 ml'],
    ['500 毫升', '500 ml'],
    ['1.7 litres', '1700 ml'],
    ['2斤', '1000 g'],
    ['6.1寸', '154.94 mm'],
    ['10-20 cm', '100-200 mm'],
    ['100mm to 20 cm', '100-200 mm'],
    ['10至20厘米', '100-200 mm'],
    ['0.1 kg', '100 g'],
  ])('%s is compared as %s', (text, expected) => {
    expect(comparableMeasure(text.normalize('NFKC').toLowerCase())).toBe(expected)
    expect(facetOf('x', text)).toBe(`x=${expected}`)
  })

  it.each(['XL', '007', '42', 'v2', 'l 5', '', '20-10 cm', '5 cm - 3 kg', '1e9 m'])('%j is none', (text) => {
    expect(comparableMeasure(text)).toBeUndefined()
  })

  it('is one, in whatever unit it is said', () => {
    const amounts = fc.tuple(
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.constantFrom(['ml', 'l'], ['g', 'kg'], ['mm', 'm']),
    )
    fc.assert(
      fc.property(amounts, ([amount, [small = '', large = '']]) => {
        const whole = Math.floor(amount / 1_000)
        const rest = String(amount % 1_000).padStart(3, '0')
        expect(readMeasure(`${whole}.${rest}${large}`)).toEqual(readMeasure(`${amount} ${small}`))
      }),
    )
  })
})

describe('a range of amounts', () => {
  it('holds an amount in any unit exactly where it lies between the ends, and a range that reaches into it', () => {
    const bounds = readAmountRange({ from: '10 cm', to: '0.2 m' })
    expect(bounds).toEqual({ unit: 'mm', from: 100, to: 200 })
    for (const [value, within] of [
      ['100 mm', true],
      ['0.2 m', true],
      ['201 mm', false],
      ['15', false],
      ['150 g', false],
      ['5-10 cm', true],
      ['21-30 cm', false],
      ['red', false],
    ] as const) {
      expect(bounds !== undefined && isWithinBounds(value, bounds), value).toBe(within)
    }
    expect(readAmountRange({ to: '2' })).toEqual({ unit: '', from: Number.NEGATIVE_INFINITY, to: 2 })
  })
})

describe('attributes by their definitions', () => {
  it.each([
    [volume, 500, '500 ml'],
    [volume, '500', '500 ml'],
    [volume, '0.5 l', '0.5 l'],
    [length, 10, '10 cm'],
    [{ ...length, unit: 'l' }, 0.5, '0.5 l'],
    [{ ...volume, unit: 'kg' }, 2, '2 kg'],
    [{ ...volume, unit: 'mAh' }, 4_000, '4000 mAh'],
    [{ ...length, unit: 'L' }, '500 ml', '500 ml'],
    [{ ...length, unit: 'L' }, 0.1 + 0.2, '0.30000000000000004 L'],
    [{ ...volume, unit: 'cm²' }, '12 cm2', '12 cm2'],
    [{ ...volume, unit: null }, '12', 12],
    [colours, 'RED', 'red'],
    [colours, '天蓝', 'sky-blue'],
    [{ name: 'waterproof', title, kind: 'boolean' } as const, '是', true],
    [{ name: 'fits', title, kind: 'range', unit: 'cm' } as const, '10-20', '10-20 cm'],
    [{ name: 'launchDate', title, kind: 'date' } as const, '2024-02-29', '2024-02-29'],
    [{ name: 'function', title, kind: 'text' } as const, ' boils ', 'boils'],
  ] as const)('%j takes %j as %j', (definition, stated, expected) => {
    expect(of(definition, stated)).toEqual({ attributes: { [definition.name]: expected }, wrong: [] })
  })

  it.each([
    [volume, '6 l'],
    [volume, 0],
    [volume, '500 g'],
    [volume, 'much'],
    [volume, true],
    [volume, Number.NaN],
    [length, 1e21],
    [length, '10 kg'],
    [colours, 'green'],
    [{ name: 'waterproof', title, kind: 'boolean' } as const, 'perhaps'],
    [{ name: 'fits', title, kind: 'range', unit: 'cm' } as const, '20-10'],
    [{ name: 'fits', title, kind: 'range', unit: 'cm' } as const, '10-20 kg'],
    [{ name: 'launchDate', title, kind: 'date' } as const, '2023-02-29'],
    [{ name: 'function', title, kind: 'text' } as const, 5],
  ] as const)('%j does not take %j', (definition, stated) => {
    expect(of(definition, stated)).toEqual({ attributes: { [definition.name]: stated }, wrong: [definition.name] })
  })

  it('hold for what lies below, and the nearest of a name counts', () => {
    const above = { categoryId: 'a', parentId: null, attributes: [volume, colours] }
    const below = { categoryId: 'b', parentId: 'a', attributes: [{ ...volume, max: 100 }] }
    expect(definitionsOf([above, below])).toEqual([{ ...volume, max: 100 }, colours])
    expect(readAttributes({ volume: '0.5 l', other: 'as it is' }, definitionsOf([above, below]))).toEqual({
      attributes: { volume: '0.5 l', other: 'as it is' },
      wrong: ['volume'],
    })
  })

  it('keep a bare number as that much of the unit, whatever the unit', () => {
    const amounts = fc.oneof(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.double({ min: 0.01, max: 1_000_000, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...units), amounts, fc.boolean(), (unit, amount, isText) => {
        const measured = { ...length, unit }
        const { attributes, wrong } = of(measured, isText ? new Decimal(amount).toFixed() : amount)
        const stored = attributes.length ?? ''
        expect(wrong).toEqual([])
        expect(readMeasure(String(stored))).toEqual(measureIn(amount, unit))
        expect(of(measured, stored)).toEqual({ attributes: { length: stored }, wrong: [] })
        const range = { ...length, kind: 'range', unit } as const
        const spanned = of(range, '1-2')
        expect(spanned).toEqual({ attributes: { length: `1-2 ${unit}` }, wrong: [] })
        expect(of(range, spanned.attributes.length ?? '')).toEqual(spanned)
      }),
    )
  })

  it.each(units)('may be in %s', (unit) => {
    expect(attributeDefinitionInput.safeParse({ ...length, unit }).success).toBe(true)
  })

  it.each(['5', ' cm', '-', 'x y', 'dB(A)', 'to 5', '.', 'km//h'])(
    'are refused where what stands beside a number is not read as the unit %j',
    (unit) => {
      for (const kind of ['number', 'range']) {
        expect(attributeDefinitionInput.safeParse({ ...length, kind, unit }).success).toBe(false)
      }
    },
  )

  it('read what they have read once more as the same', () => {
    const stated = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom('2 kg', '3', 'yes'),
    )
    fc.assert(
      fc.property(fc.constantFrom(volume, colours, ...readyAttributes), stated, (definition, value) => {
        const once = of(definition, value)
        const [again] = Object.values(once.attributes)
        expect(of(definition, again ?? '').attributes).toEqual(once.attributes)
      }),
    )
  })
})
