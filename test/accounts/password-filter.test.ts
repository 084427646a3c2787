import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPasswordFilter } from '../../src/accounts/frequent-passwords.js'
import { buildPasswordFilter, isListed } from '../../src/accounts/password-filter.js'

describe('a filter of passwords', () => {
  it('finds whatever was put into it, as it is and dressed up', () => {
    const filter = buildPasswordFilter(['sunflower', '静かな夜', '73519264'])
    expect(isListed(filter, 'sunflower')).toBe(true)
    expect(isListed(filter, '$unfl0wer99!')).toBe(true)
    expect(isListed(filter, '静かな夜2024!')).toBe(true)
    expect(isListed(filter, '73519264')).toBe(true)
    expect(isListed(filter, '73519265')).toBe(false)
    expect(isListed(filter, 'a sunflower beside the harbour')).toBe(false)
  })

  it('forgets none of any list, at any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 100_000 }),
        (passwords, oneInFalse) => {
          const filter = buildPasswordFilter(passwords, oneInFalse)
          expect(passwords.filter((password) => !isListed(filter, password))).toEqual([])
        },
      ),
    )
  })

  it('takes about one in so many others for one of its own', () => {
    const listed = Array.from({ length: 2_000 }, (_, index) => `${index * 7}-listed-${index}`)
    const filter = buildPasswordFilter(listed, 100)
    const others = Array.from({ length: 20_000 }, (_, index) => `${index}:${index * 31}:0`)
    const found = others.filter((password) => isListed(filter, password)).length
    expect(found).toBeGreaterThan(50)
    expect(found).toBeLessThan(500)
  })

  it('that comes with the library knows what is tried first, and none of its passwords can be read in it', () => {
    const filter = commonPasswordFilter()
    const first = ['Dragon99#', 'Monkey12!', 'Hunter22!!', 'Chocolate1!', 'Football1!', 'Jennifer2020!']
    expect(first.filter((password) => !isListed(filter, password))).toEqual([])
    expect(filter.bits.toLowerCase()).not.toContain('password')
    expect(isListed(filter, 'Tr7!mqLz-wHk2')).toBe(false)
  })

  it('of a list that is empty finds nothing', () => {
    expect(isListed(buildPasswordFilter([]), 'anything')).toBe(false)
  })
})
