import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hmacSha1 } from '../../src/accounts/second-factor/hmac-sha1.js'
import {
  hotpCode,
  matchingStep,
  otpauthUri,
  secretBytesOf,
  secretDigits,
  secretFromDigits,
  stepAt,
  truncated,
} from '../../src/accounts/second-factor/one-time-code.js'

const secret = new TextEncoder().encode('12345678901234567890')

describe('HMAC-SHA-1', () => {
  it('is what the runtime computes, for keys and messages of every length', () => {
    const bytes = (most: number) => fc.uint8Array({ maxLength: most })
    fc.assert(
      fc.property(bytes(100), bytes(200), (key, message) => {
        const expected = createHmac('sha1', key).update(message).digest('hex')
        expect(Buffer.from(hmacSha1(key, message)).toString('hex')).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })
})

describe('codes of an authenticator app', () => {
  it('are those of RFC 4226, appendix D', () => {
    expect(Array.from({ length: 10 }, (_, counter) => hotpCode(secret, counter))).toEqual([
      '755224',
      '287082',
      '359152',
      '969429',
      '338314',
      '254676',
      '287922',
      '162583',
      '399871',
      '520489',
    ])
  })

  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238, appendix B, at second %i', (second, code) => {
    expect(truncated(secret, stepAt(second * 1_000), 8)).toBe(code)
  })

  it('are taken in their own half minute and in those beside it, and in no other', () => {
    const at = 90_000
    const code = hotpCode(secret, stepAt(at))
    expect([-30_001, -30_000, 0, 59_999, 60_000].map((off) => matchingStep(secret, code, at + off))).toEqual([
      undefined,
      3,
      3,
      3,
      undefined,
    ])
    expect(matchingStep(secret, '', at)).toBeUndefined()
    expect(matchingStep(secret, code.slice(1), at)).toBeUndefined()
  })
})

describe('a secret', () => {
  it('is 160 bits in base 32, and its bytes are those an app reads', () => {
    expect(Buffer.from(secretBytesOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')).toString()).toBe('12345678901234567890')
    const digits = fc.stringMatching(new RegExp(`^[0-9]{${secretDigits}}$`))
    fc.assert(
      fc.property(digits, (chance) => {
        const text = secretFromDigits(chance)
        expect(text).toMatch(/^[A-Z2-7]{32}$/)
        expect(secretBytesOf(text)).toHaveLength(20)
      }),
    )
    expect(otpauthUri('AAAA', '我的店', 'li@example.com')).toBe(
      'otpauth://totp/%E6%88%91%E7%9A%84%E5%BA%97:li%40example.com?secret=AAAA&issuer=%E6%88%91%E7%9A%84%E5%BA%97&algorithm=SHA1&digits=6&period=30',
    )
  })
})
