import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsIllFormedText, isWellFormed } from '../../src/shared/json.js'

const units = fc.array(
  fc.oneof(fc.constantFrom(0, 0x5c, 0x75, 0x30, 0x64, 0x38, 0xd83d, 0xde00, 0xdfff), fc.nat(0xffff)),
  { maxLength: 12 },
)

// As the language itself tells it: a lone surrogate does not survive the way to UTF-8 and back.
const isKept = (text: string): boolean =>
  !text.includes('\0') && new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text)) === text

describe('text that every storage keeps', () => {
  it('is told apart in a text and in the JSON of it', () => {
    expect(isWellFormed('李明 \u{1F600} \\u0000 \\ud83d')).toBe(true)
    expect(isWellFormed('a\0')).toBe(false)
    expect(isWellFormed('\ud83d')).toBe(false)
    expect(isWellFormed('\ude00\ud83d')).toBe(false)
    expect(holdsIllFormedText(JSON.stringify({ text: '\\u0000 \\\\ud800 \u0001' }))).toBe(false)
    expect(holdsIllFormedText(JSON.stringify({ text: '\\\0' }))).toBe(true)
    expect(holdsIllFormedText(JSON.stringify({ '\ud800': 1 }))).toBe(true)
  })

  it('is what comes back from UTF-8 as it was', () => {
    fc.assert(
      fc.property(units, (codes) => {
        const text = String.fromCharCode(...codes)
        expect(isWellFormed(text)).toBe(isKept(text))
        expect(holdsIllFormedText(JSON.stringify({ text }))).toBe(!isKept(text))
      }),
    )
  })
})
