import fc from 'fast-check'
import {
  activateAccount,
  actorOf,
  banAccount,
  correctProfile,
  registerAccount,
  requestBinding,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  setConsent,
  setUserName,
  signIn,
  signInByCode,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import {
  clerk,
  day,
  goodPassword,
  guest,
  hour,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  tagOf,
} from './open-accounts.js'

const owner = 'owner@example.com'

describe('attack 12: giving fields that are not one’s to give', () => {
  const forbidden = ['role', 'roles', 'status', 'emailVerified', 'accountId', 'shop', 'sessionEpoch', 'constructor']

  it('fails at registration whatever is added', async () => {
    const shop = await openAccounts()
    await fc.assert(
      fc.asyncProperty(fc.subarray(forbidden, { minLength: 1 }), fc.jsonValue(), async (names, value) => {
        const extra = Object.fromEntries(names.map((name) => [name, value]))
        const input = { email: owner, password: goodPassword, locale: 'en', ...extra } as const
        expect(tagOf(await registerAccount(shop.ports, shop.as(guest), input))).toBe('InvalidInput')
      }),
      { numRuns: 50 },
    )
    expect(shop.stored).toEqual([])
  })

  it('fails at every change of what one is, whatever is added', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const actor = await shop.actor(owner)
    const before = shop.stored.length
    const changes: readonly ((extra: object) => Promise<string>)[] = [
      async (extra) => tagOf(await correctProfile(shop.ports, shop.as(actor), unchecked({ name: 'Li', ...extra }))),
      async (extra) => tagOf(await setUserName(shop.ports, shop.as(actor), { userName: 'liming', ...extra })),
      async (extra) => tagOf(await requestBinding(shop.ports, shop.as(actor), { email: 'new@example.com', ...extra })),
      async (extra) =>
        tagOf(
          await setConsent(
            shop.ports,
            shop.as(actor),
            unchecked({ purpose: 'marketing', decision: 'given', noticeVersion: 'v1', ...extra }),
          ),
        ),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...forbidden, 'id', 'tenantId', 'identifiers'], { minLength: 1 }),
        fc.jsonValue(),
        fc.constantFrom(...changes),
        async (names, value, change) => {
          expect(await change(Object.fromEntries(names.map((name) => [name, value])))).toBe('InvalidInput')
        },
      ),
      { numRuns: 50 },
    )
    expect(shop.stored).toHaveLength(before)
    // It is what was added that is refused.
    for (const change of changes) expect(await change({})).not.toBe('InvalidInput')
  })
})

describe('attack 13: addresses that look alike', () => {
  it('makes one account of all spellings, and none of letters that only look the same', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join('alice@example.com')
    for (const email of ['ＡＬＩＣＥ@example.com', 'Alice@EXAMPLE.com', ' alice@example.com ']) {
      expect((await shop.enter(email)).accountId).toBe(accountId)
    }
    for (const email of [
      'аlice@example.com',
      'al\u200bice@example.com',
      '\u202ealice@example.com',
      'alicé@example.com',
    ]) {
      const input = { email, password: goodPassword, locale: 'en' } as const
      expect(tagOf(await registerAccount(shop.ports, shop.as(guest), input))).toBe('EmailMalformed')
    }
  })

  it('takes a password as it was given: normalised once, never trimmed, never folded', async () => {
    const shop = await openAccounts()
    await shop.join(owner, ' Ｔr7!mqLz é ')
    const tags = []
    for (const password of [' Tr7!mqLz e\u0301 ', 'Tr7!mqLz é', ' tr7!mqlz é ', ' Tr7!mqLz É ']) {
      tags.push(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: owner, password })))
    }
    expect(tags).toEqual(['ok', 'SignInRefused', 'SignInRefused', 'SignInRefused'])
  })
})

describe('attack 16: hostile input', () => {
  const hostile: readonly [string, unknown][] = [
    ['a polluted prototype', JSON.parse('{"__proto__":{"polluted":1},"email":"a@b.co","password":"x","locale":"en"}')],
    ['a constructor', JSON.parse('{"constructor":{"prototype":{"polluted":1}},"email":"a@b.co"}')],
    ['a megabyte of password', { email: owner, password: 'x'.repeat(1_000_000), locale: 'en' }],
    ['a megabyte of address', { email: 'x'.repeat(1_000_000), password: goodPassword, locale: 'en' }],
    ['half a character', { email: owner, password: `${goodPassword}\ud800`, locale: 'en' }],
    ['a zero character', { email: owner, password: `${goodPassword}\u0000`, locale: 'en' }],
    ['a name with a line break', { email: owner, password: goodPassword, locale: 'en', name: 'a\r\nBcc: b@c.de' }],
    ['a name that turns the text around', { email: owner, password: goodPassword, locale: 'en', name: 'a\u202eb' }],
    ['a list', [owner]],
    ['nothing', undefined],
    ['a number', 7],
  ]

  it.each(hostile)('is refused unread: %s', async (_, input) => {
    const shop = await openAccounts()
    const before = shop.hashes()
    const answers = [
      tagOf(await registerAccount(shop.ports, shop.as(guest), unchecked(input))),
      tagOf(await signIn(shop.ports, shop.as(guest), unchecked(input))),
      tagOf(await requestReset(shop.ports, shop.as(guest), unchecked(input))),
      tagOf(await resetPassword(shop.ports, shop.as(guest), unchecked(input))),
      tagOf(await activateAccount(shop.ports, shop.as(guest), unchecked(input))),
      tagOf(await resendCode(shop.ports, shop.as(guest), unchecked(input))),
    ]
    expect(new Set(answers)).toEqual(new Set(['InvalidInput']))
    expect(shop.hashes()).toBe(before)
    expect(shop.stored).toEqual([])
    expect('polluted' in {}).toBe(false)
  })

  it('in an address never becomes a second receiver', async () => {
    const shop = await openAccounts()
    for (const email of ['a@b.co\r\nBcc: evil@x.co', 'a@b.co, evil@x.co', '"a@b.co" <evil@x.co>', 'a@b.co;ext=1']) {
      const input = { email, password: goodPassword, locale: 'en' } as const
      expect(tagOf(await registerAccount(shop.ports, shop.as(guest), input))).toBe('EmailMalformed')
    }
  })
})

describe('attack 23: moments', () => {
  it('a session ends exactly when it says, by rest and by age', async () => {
    const shop = await openAccounts()
    await shop.join(owner)
    const idle = await shop.enter(owner)
    shop.pass(7 * day - 1)
    expect(tagOf(await actorOf(shop.ports, idle.token))).toBe('ok')
    shop.pass(7 * day)
    expect(tagOf(await actorOf(shop.ports, idle.token))).toBe('SessionRefused')
    const busy = await shop.enter(owner)
    while (shop.now() + 6 * day < busy.endsAt) {
      shop.pass(6 * day)
      expect(tagOf(await actorOf(shop.ports, busy.token))).toBe('ok')
    }
    shop.setNow(busy.endsAt - 1)
    expect(tagOf(await actorOf(shop.ports, busy.token))).toBe('ok')
    shop.pass(1)
    expect(tagOf(await actorOf(shop.ports, busy.token))).toBe('SessionRefused')
  })

  it('a ban for a while ends exactly when it says', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(owner)
    const until = shop.now() + hour
    must(await banAccount(shop.ports, shop.as(clerk), { accountId, reason: 'abuse', until }))
    shop.setNow(until - 1)
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: owner, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    shop.setNow(until)
    const session = await shop.enter(owner)
    expect(tagOf(await actorOf(shop.ports, session.token))).toBe('ok')
  })
})

describe('attack 23: the moment at which a code ends', () => {
  const doors = {
    reset: {
      ask: (shop: OpenAccounts) => requestReset(shop.ports, shop.as(guest), { identifier: owner }),
      redeem: async (shop: OpenAccounts, challengeId: string, code: string) =>
        tagOf(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword })),
    },
    signIn: {
      ask: (shop: OpenAccounts) => requestSignInCode(shop.ports, shop.as(guest), { identifier: owner }),
      redeem: async (shop: OpenAccounts, challengeId: string, code: string) =>
        tagOf(await signInByCode(shop.ports, shop.as(guest), { challengeId, code })),
    },
  } as const

  it.each(['reset', 'signIn'] as const)(
    'of the door of %s is the one it says, whatever the clock did before',
    async (door) => {
      for (const [late, outcome] of [
        [-1, 'ok'],
        [0, 'CodeRefused'],
        [1, 'CodeRefused'],
      ] as const) {
        const shop = await openAccounts()
        await shop.join(owner)
        shop.pass(hour)
        const { challengeId, expiresAt } = must(await doors[door].ask(shop))
        const code = await shop.lastCode(owner)
        // A clock that was set back for a while makes no code last longer, whoever asks meanwhile.
        shop.setNow(expiresAt - 2 * hour)
        expect(await doors[door].redeem(shop, challengeId, code)).toBe('CodeRefused')
        shop.setNow(expiresAt + late)
        expect(await doors[door].redeem(shop, challengeId, code)).toBe(outcome)
      }
    },
  )

  it.each(['reset', 'signIn'] as const)('of the door of %s is none that a clock ahead has sent', async (door) => {
    const shop = await openAccounts()
    await shop.join(owner)
    const right = shop.now()
    shop.pass(hour)
    const { challengeId } = must(await doors[door].ask(shop))
    const code = await shop.lastCode(owner)
    for (const passed of [0, 10 * minute, 54 * minute]) {
      shop.setNow(right + passed)
      expect(await doors[door].redeem(shop, challengeId, code)).toBe('CodeRefused')
    }
    // Two servers may be minutes apart.
    shop.setNow(right + 55 * minute)
    expect(await doors[door].redeem(shop, challengeId, code)).toBe('ok')
  })
})

describe('what is remembered of a command', () => {
  it('is made of no password and no code', async () => {
    const shop = await openAccounts()
    const digested: string[] = []
    const { digests } = shop.ports
    const ports = {
      ...shop.ports,
      digests: {
        digest: (purpose: string, text: string) => {
          if (purpose === 'command-input') digested.push(text)
          return digests.digest(purpose, text)
        },
      },
    }
    const registered = await registerAccount(ports, shop.as(guest), {
      email: owner,
      password: goodPassword,
      locale: 'en',
    })
    const { challengeId } = must(registered)
    const code = await shop.lastCode(owner)
    must(await activateAccount(ports, shop.as(guest), { challengeId, code }))
    must(await signIn(ports, shop.as(guest), { identifier: owner, password: goodPassword }))
    const reset = must(await requestReset(ports, shop.as(guest), { identifier: owner }))
    const newPassword = 'Vn4?bdXs-yGe8'
    const second = await shop.lastCode(owner)
    must(await resetPassword(ports, shop.as(guest), { challengeId: reset.challengeId, code: second, newPassword }))
    expect(digested).toHaveLength(5)
    for (const secret of [goodPassword, newPassword, `"${code}"`, `"${second}"`]) {
      expect(digested.join()).not.toContain(secret)
    }
  })
})
