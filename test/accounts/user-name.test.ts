import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindOfIdentifier } from '../../src/accounts/identifier.js'
import { canonicalUserName } from '../../src/accounts/user-name.js'

const canonical = (typed: string): string =>
  canonicalUserName(typed).match(
    (name) => name,
    (error) => error.reason,
  )

describe('the canonical form of a user name', () => {
  it.each([
    ['Alice', 'alice'],
    [' ＡＬＩＣＥ ', 'alice'],
    ['ﬁona', 'fiona'],
    ['Ⅷviii', 'viiiviii'],
    ['alice_2.b-c', 'alice_2.b-c'],
    ['王小明', '王小明'],
    // The middle letter is a radical that looks the same.
    ['王⼩明', '王小明'],
    ['李明88', '李明88'],
    ['佐々木', '佐々木'],
    // A numeral that is written as the ideograph is.
    ['王〸', '王十'],
    // An ideograph of a later plane is in names.
    ['王𠮷', '王𠮷'],
  ])('of %s is %s', (typed, expected) => {
    expect(canonical(typed)).toBe(expected)
  })

  it.each([
    ['al', 'tooShort'],
    ['王', 'tooShort'],
    ['a'.repeat(33), 'tooLong'],
    ['x'.repeat(1_000_000), 'tooLong'],
    ['13800138000', 'noLetter'],
    // The first letter is Cyrillic.
    ['аlice', 'otherLetters'],
    ['al\u200bice', 'otherLetters'],
    ['\u202ealice', 'otherLetters'],
    ['İstanbul', 'otherLetters'],
    ['a\u0301lice', 'otherLetters'],
    ['alice bob', 'otherLetters'],
    ['alice@home', 'otherLetters'],
    ['.alice', 'otherLetters'],
    ['alice__b', 'otherLetters'],
    ['alice王', 'mixedScripts'],
    // Radicals that look like 马 and 长, a numeral like 丨, a nought like 0, and repeats of nothing.
    ['⻢云', 'otherLetters'],
    ['⻓江', 'otherLetters'],
    ['王〡明', 'otherLetters'],
    ['二〇二六', 'otherLetters'],
    ['々々々', 'noLetter'],
    ['王8々', 'otherLetters'],
    ['alice々', 'otherLetters'],
  ])('is refused: %.40s', (typed, reason) => {
    expect(canonical(typed)).toBe(reason)
  })

  it('of a canonical form is itself, and is never taken for an address or a number', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.stringMatching(/^[\wＡ-Ｚ李明.-]{0,12}$/u),
    )
    fc.assert(
      fc.property(typed, (text) => {
        const once = canonicalUserName(text)
        if (once.isErr()) return
        expect(canonicalUserName(once.value)).toEqual(once)
        expect(kindOfIdentifier(text)).toBe('userName')
      }),
    )
  })
})
