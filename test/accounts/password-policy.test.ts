import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accountsMessages } from '../../src/accounts/messages.js'
import { isCommonPassword } from '../../src/accounts/password-blocklist.js'
import { letterClassNames, passwordReasonMessages, policyFaultMessages } from '../../src/accounts/password-messages.js'
import { canonicalPassword, judgePassword, type PasswordPolicy } from '../../src/accounts/password-policy.js'
import {
  asvsPasswordPolicy,
  guidePasswordPolicy,
  hybridPasswordPolicy,
  nistPasswordPolicy,
} from '../../src/accounts/password-presets.js'
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

  it('refuse repeats and runs, however long they make a password', () => {
    const guessedFirst = [
      '123456123456123456',
      '1234567890123456',
      'abcabcabcabcabc',
      'aaabbbcccdddeee',
      '01234567890123456789',
      'passwordpasswordpassword',
      'qwertyqwertyqwerty',
      'P@ssw0rdP@ssw0rdP@ssw0rd',
      'abcdefgh12345678',
      'qwertyuiopasdfghjkl',
      '9876543219876543210',
    ]
    for (const policy of [hybridPasswordPolicy, nistPasswordPolicy, asvsPasswordPolicy]) {
      for (const password of guessedFirst) {
        expect([password, reasonsOf(policy, password)]).toEqual([password, ['TooCommon']])
        expect(strengthOf(policy, password, [])).toMatchObject({ score: 0, accepted: false })
      }
    }
    // Ten letters that would be too few do not become twenty by being said twice, nor fifteen by being cut short.
    expect(judgePassword(nistPasswordPolicy, 'kv!qzmw2xrkv!qzmw2xr', [])).toEqual([
      { type: 'Repetitive', partCodePoints: 10 },
    ])
    expect(reasonsOf(nistPasswordPolicy, 'kv!qzkv!qzkv!qzkv!')).toEqual(['Repetitive'])
    // Nor does a name.
    const context = contextWordsOf({ name: 'Marguerite' })
    expect(reasonsOf(hybridPasswordPolicy, 'margueritemarguerite', context)).toContain('Repetitive')
    expect(strengthOf(hybridPasswordPolicy, 'margueritemarguerite', context).score).toBe(0)
    expect(reasonsOf(nistPasswordPolicy, '113355779911335')).toEqual(['Guessable'])
    // What is long enough by itself may be said twice, and a long sentence has few letters to choose from.
    expect(reasonsOf(nistPasswordPolicy, 'quiet river und'.repeat(2))).toEqual([])
    expect(
      reasonsOf(nistPasswordPolicy, 'the rain in spain stays mainly in the plain and never in the air'.repeat(2)),
    ).toEqual([])
  })

  it('never judge repeats more kindly than what is repeated', () => {
    const letters = fc.oneof(
      fc.constantFrom('ab', '12', 'Aa1!', 'pass', 'haha', '168', 'li', 'aA'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }),
    )
    const unit = fc.array(letters, { minLength: 1, maxLength: 4 }).map((parts) => canonicalPassword(parts.join('')))
    fc.assert(
      fc.property(
        fc.constantFrom(...presets, asvsPasswordPolicy),
        unit,
        fc.integer({ min: 2, max: 8 }),
        (policy, once, times) => {
          const repeated = canonicalPassword(once.repeat(times))
          if (
            repeated !== once.repeat(times) ||
            judgePassword(policy, repeated, []).some(({ type }) => type === 'TooLong')
          )
            return
          const [alone, together] = [strengthOf(policy, once, []), strengthOf(policy, repeated, [])]
          expect(together.score).toBeLessThanOrEqual(alone.score)
          if (!alone.accepted) expect(together.accepted).toBe(false)
        },
      ),
      { numRuns: 2_000 },
    )
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

  it('says why wherever it is very weak or weak', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 8, maxLength: 30 })
    const policies = fc.constantFrom(...presets, asvsPasswordPolicy, { ...asvsPasswordPolicy, refuseCommon: false })
    fc.assert(
      fc.property(policies, fc.oneof(digits, fc.string({ maxLength: 20 })), (policy, typed) => {
        const { score, accepted, reasons } = strengthOf(policy, typed, [])
        if (score < 2) expect(reasons).not.toEqual([])
        if (score === 0 && policy.refuseCommon) expect(accepted).toBe(false)
      }),
    )
    // Chosen at random, and too short to be strong: taken, and told.
    expect(strengthOf(asvsPasswordPolicy, 'kzhwqvpt', [])).toEqual({
      score: 1,
      accepted: true,
      reasons: [{ type: 'Guessable' }],
    })
  })

  it('accepts exactly what the policy accepts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...presets), fc.string({ unit: 'grapheme', maxLength: 40 }), (policy, typed) => {
        const { accepted, reasons } = strengthOf(policy, typed, [])
        const judged = judgePassword(policy, canonicalPassword(typed), [])
        expect(reasons.slice(0, judged.length)).toEqual(judged)
        expect(accepted).toBe(judged.length === 0)
      }),
    )
  })

  it('is answered for a megabyte too, without looking at it all', () => {
    expect(strengthOf(hybridPasswordPolicy, 'x1'.repeat(500_000), [])).toMatchObject({ accepted: false })
  })
})
