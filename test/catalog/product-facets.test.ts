import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparable, comparableValue, facetOf, facetsNamed, tagFacet } from '../../src/catalog/product-facets.js'

const text = fc.string({ unit: fc.constantFrom('a', 'B', '=', '＝', '#', '\\', ' ', '1'), maxLength: 5 })

describe('the facets of a product', () => {
  it('are told apart whatever signs a name or a value holds', () => {
    expect(facetOf('a=b', 'c')).not.toBe(facetOf('a', 'b=c'))
    fc.assert(
      fc.property(text, text, text, text, (name, value, otherName, otherValue) => {
        const isSame =
          comparable(name) === comparable(otherName) && comparableValue(value) === comparableValue(otherValue)
        expect(facetOf(name, value) === facetOf(otherName, otherValue)).toBe(isSame)
        expect(facetOf(name, value).startsWith(facetsNamed(otherName))).toBe(comparable(name) === comparable(otherName))
        expect(facetOf(name, value)).not.toBe(tagFacet(otherValue))
      }),
      { numRuns: 2_000 },
    )
  })
})
