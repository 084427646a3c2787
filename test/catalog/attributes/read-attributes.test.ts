import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttributeDefinition } from '../../../src/catalog/attributes/attribute-definition.js'
import { comparableMeasure, readMeasure } from '../../../src/catalog/attributes/measure.js'
import { definitionsOf, readAttributes } from '../../../src/catalog/attributes/read-attributes.js'
import { readyAttributes } from '../../../src/catalog/attributes/ready-attributes.js'
import { facetOf } from '../../../src/catalog/product-facets.js'

const title = { en: '', 'zh-CN': '' }
const volume: AttributeDefinition = { name: 'volume', title, kind: 'number', unit: 'ml', min: 1, max: 5_000 }
const colours: AttributeDefinition = {
  name: 'colour',
  title,
  kind: 'enum',
  values: [
    { value: 'red', title: { en: 'Red', 'zh-CN': '红色' } },
    { value: 'sky-blue', title: { en: 'Sky blue', 'zh-CN': '天蓝' } },
  ],
}
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

describe('attributes by their definitions', () => {
  it.each([
    [volume, 500, '500 ml'],
    [volume, '500', '500 ml'],
    [volume, '0.5 l', '0.5 l'],
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
    const above = { ancestorIds: [], attributes: [volume, colours] }
    const below = { ancestorIds: ['a'], attributes: [{ ...volume, max: 100 }] }
    expect(definitionsOf([above, below])).toEqual([{ ...volume, max: 100 }, colours])
    expect(readAttributes({ volume: '0.5 l', other: 'as it is' }, definitionsOf([above, below]))).toEqual({
      attributes: { volume: '0.5 l', other: 'as it is' },
      wrong: ['volume'],
    })
  })

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
