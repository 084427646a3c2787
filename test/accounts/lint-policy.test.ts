import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lintPolicy, type PasswordStandard } from '../../src/accounts/lint-policy.js'
import type { PasswordPolicy } from '../../src/accounts/password-policy.js'
import {
  asvsPasswordPolicy,
  guidePasswordPolicy,
  hybridPasswordPolicy,
  nistPasswordPolicy,
} from '../../src/accounts/password-presets.js'

const brokenOf = (policy: PasswordPolicy, standard: PasswordStandard): readonly string[] =>
  lintPolicy(policy)
    .filter((each) => each.standard === standard)
    .map(({ clause, level, fault }) => `${clause} ${level} ${fault}`)

describe('a password policy that is held to the standards', () => {
  it('nist breaks nothing of NIST nor of ASVS, and does not do what the guide asks', () => {
    expect(brokenOf(nistPasswordPolicy, 'NIST SP 800-63B-4')).toEqual([])
    expect(brokenOf(nistPasswordPolicy, 'OWASP ASVS 5.0')).toEqual([])
    expect(brokenOf(nistPasswordPolicy, 'guide')).toEqual([
      'classes shall lacksClasses',
      'validity should neverReminds',
    ])
  })

  it('asvs breaks nothing of ASVS, and is too short for NIST', () => {
    expect(brokenOf(asvsPasswordPolicy, 'OWASP ASVS 5.0')).toEqual([])
    expect(brokenOf(asvsPasswordPolicy, 'NIST SP 800-63B-4')).toEqual(['3.1.1.2 shall tooShort'])
  })

  it('guide breaks nothing of the guide, and its classes break the others', () => {
    expect(brokenOf(guidePasswordPolicy, 'guide')).toEqual([])
    expect(brokenOf(guidePasswordPolicy, 'NIST SP 800-63B-4')).toEqual([
      '3.1.1.2 shall tooShort',
      '3.1.1.2 shallNot asksForClasses',
    ])
    expect(brokenOf(guidePasswordPolicy, 'OWASP ASVS 5.0')).toEqual(['6.2.5 shallNot asksForClasses'])
  })

  it('hybrid is told to break a clause of each, for no policy keeps them all', () => {
    expect(lintPolicy(hybridPasswordPolicy).map(({ standard, fault }) => [standard, fault])).toEqual([
      ['NIST SP 800-63B-4', 'tooShort'],
      ['NIST SP 800-63B-4', 'asksForClasses'],
      ['OWASP ASVS 5.0', 'asksForClasses'],
      ['guide', 'lacksClasses'],
    ])
  })

  it('names every clause of a policy that keeps none', () => {
    const none: PasswordPolicy = {
      name: 'none',
      minCodePoints: 4,
      maxCodePoints: 16,
      classes: ['digit'],
      classesWaivedAtCodePoints: null,
      refuseCommon: false,
      refuseContextWords: false,
      breached: 'ignored',
      history: 0,
      age: { days: 30, remindDaysBefore: 3, afterwards: 'force' },
      forceOnCompromise: false,
    }
    expect(brokenOf(none, 'NIST SP 800-63B-4')).toHaveLength(6)
    expect(brokenOf(none, 'OWASP ASVS 5.0').map((text) => text.split(' ')[0])).toEqual([
      '6.2.1',
      '6.2.4',
      '6.2.5',
      '6.2.9',
      '6.2.10',
      '6.2.11',
      '6.2.12',
    ])
    expect(brokenOf(none, 'guide')).toEqual(['length shall tooShort', 'classes shall lacksClasses'])
  })

  it('is never told to break both: asking for classes at every length, and lacking them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('upper', 'lower', 'digit', 'symbol')),
        fc.option(fc.integer({ min: 1, max: 40 })),
        (classes, waivedAt) => {
          const faults = lintPolicy({ ...guidePasswordPolicy, classes, classesWaivedAtCodePoints: waivedAt })
          const names = faults.map(({ standard, fault }) => `${standard} ${fault}`)
          if (!names.includes('guide lacksClasses')) expect(names).toContain('OWASP ASVS 5.0 asksForClasses')
        },
      ),
    )
  })
})
