import fc from 'fast-check'
import { createIds } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { readReference, writeReference } from '../../../adapters/gateways/reference.js'

const wellFormed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })

describe('a reference of ours at a gateway', () => {
  it('stays as it is where the shop made it, within 32 characters', () => {
    const ids = createIds({ now: () => 1_772_424_000_000 })
    for (const id of [ids.next('pay'), ids.next('ref'), 'pay_contract_1']) expect(writeReference(id, 32)).toBe(id)
  })

  it.each([
    ['duplicate_pay_1', 'duplicate_pay_1'],
    ['late:pay_1', 'late__3Apay_1'],
    ['a__b', 'a__5F__5Fb'],
    ['_a', '__5Fa'],
    ['a_', 'a__5F'],
    ['a_:', 'a__5F__3A'],
    ['订', '__E8__AE__A2'],
  ])('writes %s as %s', (reference, written) => {
    expect(writeReference(reference, 64)).toBe(written)
    expect(readReference(written)).toBe(reference)
  })

  it('is refused rather than cut', () => {
    expect(writeReference('a'.repeat(32), 32)).toBe('a'.repeat(32))
    expect(writeReference('a'.repeat(33), 32)).toBeNull()
    expect(writeReference(`${'a'.repeat(30)}:`, 32)).toBeNull()
    expect(writeReference('', 32)).toBeNull()
  })

  it('comes back as it was, in letters, digits and underscores', () => {
    const pieces = fc.array(fc.constantFrom('_', '__', 'a', 'F', '3A', ':', '__3A', '订', '😀'), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(
        fc.oneof(
          wellFormed,
          pieces.map((each) => each.join('')),
        ),
        (reference) => {
          const written = writeReference(reference, 1000)
          expect(written).toMatch(/^[0-9A-Za-z_]+$/)
          expect(readReference(written ?? '')).toBe(reference)
        },
      ),
    )
  })

  it('is read as it stands where somebody else has written it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Za-z_|*-]{1,20}$/), (written) => {
        const read = readReference(written)
        expect(read === written || writeReference(read, 1000) === written).toBe(true)
      }),
    )
  })
})
