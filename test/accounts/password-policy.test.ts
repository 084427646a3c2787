import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsMessages } from '../../src/accounts/messages.js'
import { isCommonPassword } from '../../src/accounts/password-blocklist.js'
import { letterClassNames, passwordReasonMessages, policyFaultMessages } from '../../src/accounts/password-messages.js'
import { canonicalPassword, judgePassword, type PasswordPolicy } from '../../src/accounts/password-policy.js'
import { guidePasswordPolicy, hybridPasswordPolicy, nistPasswordPolicy } from '../../src/accounts/password-presets.js'
import { contextWordsOf, strengthOf } from '../../src/accounts/password-strength.js'

const presets = [guidePasswordPolicy, nistPasswordPolicy, hybridPasswordPolicy]
const reasonsOf = (policy: PasswordPolicy, password: string, context = contextWordsOf({})): string[] =>
  judgePassword(policy, password, context).map(({ type }) => type)

describe('the presets of the password policy', () => {
  it('guide asks for eight letters of four classes', () => {
    expect(reasonsOf(guidePasswordPolicy, 'Tr7!mqLz')).toEqual([])
    expect(reasonsOf(guidePasswordPolicy, 'Tr7!mqL')).toEqual(['TooShort'])
    expect(judgePassword(guidePasswordPolicy, 'trmqlzwv', [])).toEqual([
      { type: 'ClassesMissing', classes: ['upper', 'digit', 'symbol'], waivedAtCodePoints: null },
    ])
    expect(reasonsOf(guidePasswordPolicy, 'quiet river under seven hills')).toEqual(['ClassesMissing'])
  })

  it('nist asks for fifteen letters of any kind', () => {
    expect(reasonsOf(nistPasswordPolicy, 'quiet river und')).toEqual([])
    expect(reasonsOf(nistPasswordPolicy, 'Tr7!mqLz')).toEqual(['TooShort'])
    expect(reasonsOf(nistPasswordPolicy, '静かな川が七つの丘の下を流れる夜')).toEqual([])
  })

  it('hybrid asks for classes only below fifteen letters', () => {
    expect(reasonsOf(hybridPasswordPolicy, 'Tr7!mqLz')).toEqual([])
    expect(reasonsOf(hybridPasswordPolicy, 'quiet river un')).toEqual(['ClassesMissing'])
    expect(reasonsOf(hybridPasswordPolicy, 'quiet river und')).toEqual([])
  })

  it('count code points, and refuse what is longer than they allow instead of cutting it', () => {
    expect(judgePassword(nistPasswordPolicy, '\u{1F600}'.repeat(14), [])[0]).toMatchObject({ codePoints: 14 })
    for (const policy of presets) {
      expect(reasonsOf(policy, 'aB3$'.repeat(32))).not.toContain('TooLong')
      expect(reasonsOf(policy, `${'aB3$'.repeat(32)}x`)).toEqual(['TooLong'])
    }
  })

  it('refuse what everybody tries first, however it is dressed up', () => {
    const common = [
      'Aa123456!',
      'Admin@123',
      'Qwer1234!',
      'P@ssw0rd!',
      'Passw0rd#1',
      'Wechat2024!',
      'Taobao@123',
      'Huawei#2023',
      'Woaini1314!',
      'Zhang123!',
      'Welcome1!',
      'Abc12345!',
      'Beijing@2024',
      'PassPass1!',
      '11111111',
    ]
    expect(common.filter((password) => reasonsOf(guidePasswordPolicy, password).length === 0)).toEqual([])
    const chinese = ['Zhangwei520!', 'Liuyang@2023', 'Woaini1314!', 'Chengdu#028', 'Laoganma88!', '5201314', '19880606']
    expect(chinese.filter((password) => !isCommonPassword(password))).toEqual([])
    expect(isCommonPassword('12345678')).toBe(true)
    expect(isCommonPassword('qwertyui')).toBe(true)
    expect(isCommonPassword('Tr7!mqLz')).toBe(false)
    expect(isCommonPassword('my password is a quiet river')).toBe(false)
  })

  it('refuse the person’s and the shop’s own words', () => {
    const context = contextWordsOf({ email: 'liming.wang@example.com', name: '王丽明', shopWords: ['Blue Teapot'] })
    expect(judgePassword(hybridPasswordPolicy, 'L1m!ng-2024x', context)).toEqual([
      { type: 'HoldsContextWord', source: 'email' },
    ])
    expect(judgePassword(hybridPasswordPolicy, '王丽明Aa1!7', context)).toEqual([
      { type: 'HoldsContextWord', source: 'name' },
    ])
    expect(judgePassword(hybridPasswordPolicy, 'BlueTeap0t!9', context)).toEqual([
      { type: 'HoldsContextWord', source: 'shop' },
    ])
    expect(reasonsOf(hybridPasswordPolicy, 'liming drinks tea beside the old harbour wall', context)).toEqual([])
  })

  it('never say any of the password', () => {
    fc.assert(
      fc.property(fc.constantFrom(...presets), fc.string({ minLength: 4, maxLength: 40 }), (policy, password) => {
        const told = JSON.stringify(strengthOf(policy, password, []))
        const letters = password.replace(/[^\p{L}]/gu, '')
        if (letters.length > 6 && !JSON.stringify(policy).includes(letters)) expect(told).not.toContain(password)
      }),
    )
  })

  it('have a text for every reason and every class in both languages', () => {
    for (const texts of [passwordReasonMessages, letterClassNames, policyFaultMessages, accountsMessages]) {
      for (const text of Object.values(texts)) {
        expect(text.en).not.toBe('')
        expect(text['zh-CN']).toMatch(/\p{Script=Han}/u)
      }
    }
  })
})

describe('the strength of a password', () => {
  it('rises as one types, and says what is still lacking', () => {
    const typed = ['T', 'Tr7', 'Tr7!m', 'Tr7!mqLz', 'Tr7!mqLz-wHk2', 'Tr7!mqLz-wHk2-pVd9&x']
    expect(typed.map((text) => strengthOf(guidePasswordPolicy, text, []).score)).toEqual([0, 0, 1, 2, 4, 4])
    expect(strengthOf(guidePasswordPolicy, 'Tr7', []).reasons.map(({ type }) => type)).toEqual([
      'TooShort',
      'ClassesMissing',
    ])
    expect(strengthOf(guidePasswordPolicy, 'Tr7!mqLz', []).accepted).toBe(true)
  })

  it('is nothing for a common password, whatever its length', () => {
    expect(strengthOf(nistPasswordPolicy, 'aaaaaaaaaaaaaaaaaaaaaaaa', []).score).toBe(0)
    expect(strengthOf(guidePasswordPolicy, 'P@ssw0rd!', [])).toMatchObject({ score: 0, accepted: false })
  })

  it('accepts exactly what the policy accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...presets), fc.string({ unit: 'grapheme', maxLength: 40 }), (policy, typed) => {
        const { accepted, reasons } = strengthOf(policy, typed, [])
        expect(reasons).toEqual(judgePassword(policy, canonicalPassword(typed), []))
        expect(accepted).toBe(reasons.length === 0)
      }),
    )
  })

  it('is answered for a megabyte too, without looking at it all', () => {
    expect(strengthOf(hybridPasswordPolicy, 'x1'.repeat(500_000), [])).toMatchObject({ accepted: false })
  })
})
