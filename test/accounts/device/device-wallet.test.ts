import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatWallet, keepSessions, parseWallet } from '../../../src/accounts/device/device-wallet.js'

const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', '_'), minLength: 1, maxLength: 20 })
const wallets = fc
  .record({ parts: fc.uniqueArray(fc.tuple(word, word), { selector: ([id]) => id, maxLength: 20 }), at: fc.nat(25) })
  .map(({ parts, at }) => ({
    tokens: parts.map(([id, secret]) => `${id}.${secret}`),
    currentId: parts[at]?.[0] ?? null,
  }))

describe('what a device keeps', () => {
  it('comes back as it was written, in characters that a cookie takes', () => {
    fc.assert(
      fc.property(wallets, (wallet) => {
        const text = formatWallet(wallet)
        expect(parseWallet(text)).toEqual(wallet)
        expect(text).toMatch(/^[\w.*~]*$/)
      }),
    )
  })

  it('is read from any text: no session twice, at most one in use, and one that is there', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(word, fc.constantFrom('*', '.', '~', '*a.b', 'a.b', 'a.c', '')), { maxLength: 60 })
        .map((parts) => parts.join('~')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const { tokens, currentId } = parseWallet(text)
        const ids = tokens.map((token) => token.split('.')[0])
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.length).toBeLessThanOrEqual(20)
        if (currentId !== null) expect(ids).toContain(currentId)
        expect(formatWallet(parseWallet(formatWallet({ tokens, currentId })))).toBe(formatWallet({ tokens, currentId }))
      }),
    )
    expect(parseWallet('x'.repeat(1_000_000))).toEqual({ tokens: [], currentId: null })
  })

  it('puts nobody in the place of the one in use', () => {
    fc.assert(
      fc.property(wallets, fc.func(fc.boolean()), (wallet, isKept) => {
        const kept = keepSessions(wallet, isKept)
        expect([wallet.currentId, null]).toContain(kept.currentId)
        expect(kept.tokens.every((token) => wallet.tokens.includes(token))).toBe(true)
      }),
    )
  })
})
