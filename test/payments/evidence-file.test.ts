import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EvidenceFile, EvidenceFileTerms, EvidenceMediaType } from '../../src/payments/evidence-file.js'
import { whyNotTaken } from '../../src/payments/evidence-file.js'

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const bmp = [0x42, 0x4d, ...Array.from({ length: 12 }, () => 0), 40, 0, ...Array.from({ length: 10 }, () => 0)]
const beginnings: readonly (readonly [EvidenceMediaType, readonly number[]])[] = [
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', png],
  ['image/bmp', bmp],
  ['image/gif', [...'GIF87a'].map((letter) => letter.charCodeAt(0))],
  ['image/gif', [...'GIF89a'].map((letter) => letter.charCodeAt(0))],
  ['application/pdf', [...'%PDF-1.7'].map((letter) => letter.charCodeAt(0))],
]
const terms: EvidenceFileTerms = {
  mediaTypes: ['image/jpeg', 'image/png', 'image/bmp', 'image/gif', 'application/pdf'],
  mostFiles: 3,
  mostOfAKind: 2,
  mostBytes: 100,
  mostBytesTogether: 150,
}
const fileOf = (facts: Partial<EvidenceFile> = {}): EvidenceFile => ({
  name: 'slip.png',
  mediaType: 'image/png',
  shows: 'delivery',
  bytes: Uint8Array.from(png),
  ...facts,
})
const sized = (length: number): Uint8Array => Uint8Array.from({ length }, (_, place) => png[place] ?? 0)

describe('files of evidence', () => {
  it.each(beginnings)('are of their type by how they begin, and of no other: %s', (mediaType, beginning) => {
    const bytes = Uint8Array.from(beginning)
    expect(whyNotTaken([fileOf({ mediaType, bytes })], terms)).toBeNull()
    for (const other of new Set(beginnings.map(([type]) => type))) {
      if (other === mediaType) continue
      expect(whyNotTaken([fileOf({ mediaType: other, bytes })], terms)).toEqual({ reason: 'notWhatItSays', file: 0 })
    }
    for (const short of [bytes.subarray(0, 2), bytes.subarray(1)]) {
      expect(whyNotTaken([fileOf({ mediaType, bytes: short })], terms)).toMatchObject({ reason: 'notWhatItSays' })
    }
  })

  it('that are text are no picture, whatever they begin with', () => {
    const bytes = new TextEncoder().encode('BMW of the buyer, as it stood before the house')
    expect(whyNotTaken([fileOf({ mediaType: 'image/bmp', bytes })], terms)).toEqual({
      reason: 'notWhatItSays',
      file: 0,
    })
  })

  it('are as many, as large and of such types as the gateway takes, and one more is named', () => {
    const good = fileOf()
    const other = fileOf({ shows: 'receipt' })
    expect(whyNotTaken([], undefined)).toBeNull()
    expect(whyNotTaken([good], undefined)).toEqual({ reason: 'noneTaken', file: null })
    expect(whyNotTaken([good, good, other], terms)).toBeNull()
    expect(whyNotTaken([good, good, good], terms)).toEqual({ reason: 'tooManyOfAKind', file: 2 })
    expect(whyNotTaken([good, good, other, other], terms)).toEqual({ reason: 'tooMany', file: null })
    expect(whyNotTaken([good, fileOf({ bytes: sized(101) })], terms)).toEqual({ reason: 'tooLarge', file: 1 })
    expect(whyNotTaken([fileOf({ bytes: sized(100) }), fileOf({ bytes: sized(50) })], terms)).toBeNull()
    expect(whyNotTaken([fileOf({ bytes: sized(100) }), fileOf({ bytes: sized(51) })], terms)).toEqual({
      reason: 'tooLargeTogether',
      file: null,
    })
    const pictures: EvidenceFileTerms = { ...terms, mediaTypes: ['image/jpeg'] }
    expect(whyNotTaken([good], pictures)).toEqual({ reason: 'mediaType', file: 0 })
  })

  it('that are taken fit every bound, and of those that are not one bound is broken', () => {
    const file = fc.record({
      name: fc.string({ minLength: 1, maxLength: 9 }),
      mediaType: fc.constantFrom(...terms.mediaTypes),
      shows: fc.constantFrom('delivery' as const, 'conversation' as const, 'receipt' as const, 'other' as const),
      bytes: fc.integer({ min: 8, max: 110 }).map(sized),
    })
    fc.assert(
      fc.property(fc.array(file, { maxLength: 5 }), (files) => {
        const kinds = files.map(({ shows }) => files.filter((each) => each.shows === shows).length)
        const fits =
          files.length <= terms.mostFiles &&
          files.every(({ mediaType, bytes }) => mediaType === 'image/png' && bytes.length <= terms.mostBytes) &&
          kinds.every((count) => count <= terms.mostOfAKind) &&
          files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= terms.mostBytesTogether
        expect(whyNotTaken(files, terms) === null).toBe(fits)
      }),
    )
  })
})
