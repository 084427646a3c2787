import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskEmail, maskName, maskPhone } from '../../src/shared/mask.js'

describe('masks', () => {
  it('leave what is needed to tell people apart, and no more', () => {
    expect(maskName('王小明')).toBe('王**')
    expect(maskName('𠮷田')).toBe('𠮷**')
    expect(maskPhone('+86 138 1234 5678')).toBe('*******5678')
    expect(maskPhone('1234')).toBe('****')
    expect(maskEmail('li.na@example.com')).toBe('l***@example.com')
    expect(maskEmail('nonsense')).toBe('***')
  })

  it('show four digits of a number at most, and tell nothing of its length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?\d{8,15}$/), (phone) => {
        expect(maskPhone(phone)).toMatch(/^\*{7}\d{4}$/)
      }),
    )
  })
})
