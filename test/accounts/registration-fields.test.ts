import fc from 'fast-check'
import {
  activateAccount,
  checkDetails,
  correctProfile,
  type DetailsRefused,
  defaultAccountsPolicy,
  exportData,
  myAccount,
  type RegistrationPolicy,
  registerAccount,
  showSignUpProgress,
  sweepAccounts,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import { day, goodPassword, guest, minute, must, openAccounts, tagOf } from './open-accounts.js'

const email = 'owner@example.com'
const purpose = 'To address you'
const registration: RegistrationPolicy = {
  fields: {
    gender: { kind: 'choice', purpose, choices: ['female', 'male', 'unsaid'] },
    birthDate: { kind: 'date', purpose: 'To congratulate you', required: true },
    city: { kind: 'text', purpose: 'To suggest a shop nearby', longest: 10 },
    shoeSize: { kind: 'text', purpose: ' ' },
  },
}
const now = Date.UTC(2026, 10, 28)

const reasonsOf = (given: Readonly<Record<string, string>>, policy = registration): readonly string[] =>
  checkDetails(policy, given, now).match(
    () => [],
    ({ reasons }: DetailsRefused) => reasons.map(({ field, reason }) => `${field}: ${reason}`),
  )

describe('what a shop asks of who registers', () => {
  it('is refused with a reason for each field at once', () => {
    expect(reasonsOf({ birthDate: '1990-02-28', gender: 'female', city: ' Xi’an ' })).toEqual([])
    expect(reasonsOf({ gender: 'x', city: 'a city of far too long a name', nickname: 'bob' })).toEqual([
      'nickname: undeclared',
      'gender: noChoice',
      'birthDate: missing',
      'city: tooLong',
    ])
    for (const birthDate of ['1990-02-30', '28.2.1990', '2027-01-01', '0000-00-00']) {
      expect(reasonsOf({ birthDate })).toEqual(['birthDate: malformed'])
    }
    expect(reasonsOf({ birthDate: '1990-02-28', city: 'a\u202eb' })).toEqual(['city: malformed'])
  })

  it('is nothing where the shop does not say what for, whatever the field is called', () => {
    expect(reasonsOf({ birthDate: '1990-02-28', shoeSize: '42' })).toEqual(['shoeSize: undeclared'])
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { minKeys: 1 }), (given) => {
        expect(reasonsOf(given, { fields: {} })).toEqual(Object.keys(given).map((field) => `${field}: undeclared`))
        expect(reasonsOf(given, { fields: { x: { kind: 'text', purpose: '' } } })).toHaveLength(
          Object.keys(given).length,
        )
      }),
    )
  })

  it('is given in one form: checked again it is the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), (city) => {
        const details = checkDetails(registration, { birthDate: '1990-02-28', city }, now).unwrapOr(undefined)
        if (details !== undefined) expect(checkDetails(registration, details, now)._unsafeUnwrap()).toEqual(details)
      }),
    )
  })

  it('needs a guardian by the date as it is kept, by either of two dates, and when it is corrected', async () => {
    const shop = await openAccounts({ policy: { registration } })
    const input = { email, password: goodPassword, locale: 'en' } as const
    const register = async (more: object) =>
      tagOf(await registerAccount(shop.ports, shop.as(guest), { ...input, ...more }))
    expect(await register({ details: { birthDate: ' 2020-01-01' } })).toBe('GuardianRequired')
    expect(await register({ birthDate: '1990-02-28', details: { birthDate: '2020-01-01' } })).toBe('GuardianRequired')
    expect(await register({ birthDate: '2020-01-01', details: { birthDate: '1990-02-28' } })).toBe('GuardianRequired')
    const asked = must(
      await registerAccount(shop.ports, shop.as(guest), { ...input, details: { birthDate: '1990-02-28' } }),
    )
    const { challengeId } = asked
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(email) }))
    const actor = await shop.actor(email)
    const correct = async (birthDate: string, guardian?: { noticeVersion: string }) =>
      tagOf(
        await correctProfile(shop.ports, shop.as(actor), {
          details: { birthDate },
          ...(guardian === undefined ? {} : { guardian }),
        }),
      )
    expect(await correct(' 2020-01-01 ')).toBe('GuardianRequired')
    expect(await correct('2020-01-01', { noticeVersion: 'children-1' })).toBe('ok')
    // The guardian has agreed.
    expect(await correct('2021-01-01')).toBe('ok')
    expect(shop.stored.filter((text) => text.includes('"guardian"') && text.includes('children-1'))).toHaveLength(1)
  })

  it('is kept sealed, shown to the person, corrected, exported, and gone when the registration lapses', async () => {
    const shop = await openAccounts({ policy: { registration } })
    const input = { email, password: goodPassword, locale: 'en' } as const
    const register = (details?: unknown) =>
      registerAccount(
        shop.ports,
        shop.as(guest),
        unchecked({ ...input, ...(details === undefined ? {} : { details }) }),
      )
    const refused = (await register())._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'DetailsRefused', reasons: [{ field: 'birthDate', reason: 'missing' }] })
    expect(tagOf(await register({ birthDate: 5 }))).toBe('InvalidInput')
    // Who is too young needs a guardian, whichever way the date is told.
    expect(tagOf(await register({ birthDate: '2020-01-01' }))).toBe('GuardianRequired')
    const { challengeId } = must(await register({ birthDate: '1990-02-28', city: 'canary-town'.slice(0, 10) }))
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(email) }))
    const actor = await shop.actor(email)
    const shown = async () => must(await myAccount(shop.ports, { actor }, {})).details
    expect(await shown()).toEqual({ birthDate: '1990-02-28', city: 'canary-tow' })
    expect(shop.stored.join('\n')).not.toContain('canary-tow')
    const correct = (details: unknown) => correctProfile(shop.ports, shop.as(actor), { details: unchecked(details) })
    expect(tagOf(await correct({ city: 'Xi’an' }))).toBe('DetailsRefused')
    must(await correct({ birthDate: '1991-03-01', gender: 'female' }))
    expect(await shown()).toEqual({ birthDate: '1991-03-01', gender: 'female' })
    const exported = JSON.stringify(must(await exportData(shop.ports, { actor }, {})))
    expect(exported).toContain('1991-03-01')
    must(
      await registerAccount(shop.ports, shop.as(guest), {
        ...input,
        email: 'late@example.com',
        details: { birthDate: '1990-02-28' },
      }),
    )
    shop.pass(2 * day)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).lapsed).toBe(1)
  })
})

describe('a sign-up', () => {
  it('says at any moment which step it is at, what is missing and what comes next', async () => {
    const shop = await openAccounts({ policy: { registration } })
    const progress = async (challengeId?: string) =>
      must(await showSignUpProgress(shop.ports, { actor: guest }, challengeId === undefined ? {} : { challengeId }))
    const begin = await progress()
    expect(begin).toMatchObject({
      step: 'register',
      missing: ['contact', 'password', 'birthDate'],
      next: 'activate',
      fields: [{ name: 'gender', purpose }, { name: 'birthDate', required: true }, { name: 'city' }],
    })
    expect(JSON.stringify(begin)).not.toContain('shoeSize')
    const details = { birthDate: '1990-02-28' } as const
    const input = { email, password: goodPassword, locale: 'en', details } as const
    const { challengeId, activateBy } = must(await registerAccount(shop.ports, shop.as(guest), input))
    expect(await progress(challengeId)).toEqual({
      step: 'activate',
      missing: ['code'],
      next: 'signIn',
      codeExpiresAt: shop.now() + 10 * minute,
      resendAt: shop.now() + minute,
      activateBy,
    })
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(email) }))
    expect(await progress(challengeId)).toEqual({ step: 'signIn', missing: [], next: null })
    // Of an address that has an account it says what it says of any other.
    const again = must(await registerAccount(shop.ports, shop.as(guest), input))
    expect(await progress(again.challengeId)).toMatchObject({ step: 'activate', activateBy: again.activateBy })
    shop.pass(shop.ports.accountsPolicy.activationMs)
    expect((await progress(again.challengeId)).step).toBe('register')
    expect((await progress('challenge_none')).step).toBe('register')
    expect(defaultAccountsPolicy.registration.fields).toEqual({})
  })
})
