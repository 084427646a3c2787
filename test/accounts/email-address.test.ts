import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalEmail } from '../../src/accounts/email-address.js'

const canonical = (typed: string): string =>
  canonicalEmail(typed).match(
    (email) => email,
    (error) => error.reason,
  )

describe('the canonical form of an e-mail address', () => {
  it.each([
    ['li.ming@example.com', 'li.ming@example.com'],
    ['  Li.Ming@EXAMPLE.com ', 'li.ming@example.com'],
    ['ｌｉ．ｍｉｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'li.ming@example.com'],
    ['ﬁ@example.com', 'fi@example.com'],
    ['Ⅷ@example.com', 'viii@example.com'],
    ['①@example.com', '1@example.com'],
    ['K@example.com', 'k@example.com'],
    ["o'hara+shop@a-b.co.uk", "o'hara+shop@a-b.co.uk"],
  ])('of %s is %s', (typed, expected) => {
    expect(canonical(typed)).toBe(expected)
  })

  it.each([
    ['li@example', 'notOneAddress'],
    ['@example.com', 'notOneAddress'],
    ['li ming@example.com', 'notOneAddress'],
    ['li@example.com,evil@example.com', 'notOneAddress'],
    ['li@a@example.com', 'notOneAddress'],
    ['li..ming@example.com', 'notOneAddress'],
    ['li@-example.com', 'notOneAddress'],
    ['li@example.com\r\nBcc: evil@example.com', 'notOneAddress'],
    ['li@exa\u0000mple.com', 'notOneAddress'],
    ['li\u200bming@example.com', 'notOneAddress'],
    ['li\u202eming@example.com', 'notOneAddress'],
    // The first letter is Cyrillic.
    ['аlice@example.com', 'otherLetters'],
    ['İ@example.com', 'otherLetters'],
    ['李明@example.com', 'otherLetters'],
    [`${'a'.repeat(65)}@example.com`, 'notOneAddress'],
    [`${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.com`, 'tooLong'],
    ['a'.repeat(1_000_000), 'tooLong'],
  ])('is refused: %.40s', (typed, reason) => {
    expect(canonical(typed)).toBe(reason)
  })

  it('of a canonical form is itself', () => {
    const parts = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    const typed = fc.oneof(
      fc.emailAddress(),
      parts,
      fc.tuple(parts, parts).map(([a, b]) => `${a}@${b}.com`),
    )
    fc.assert(
      fc.property(typed, (text) => {
        const once = canonicalEmail(text)
        if (once.isOk()) expect(canonicalEmail(once.value)).toEqual(once)
      }),
    )
  })

  it('does not depend on letter case or on the width of letters', () => {
    const wide = (text: string): string =>
      [...text].map((letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).join('')
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const plain = canonicalEmail(email)
        expect(canonicalEmail(email.toUpperCase())).toEqual(plain)
        expect(canonicalEmail(wide(email))).toEqual(plain)
      }),
    )
  })
})
