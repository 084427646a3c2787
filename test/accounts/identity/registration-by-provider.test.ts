import { errAsync } from 'neverthrow'
import {
  type AskedIdentifier,
  activateAccount,
  claims,
  consentLog,
  type Denied,
  entries,
  find,
  myAccount,
  type RegisterByProviderInput,
  readFacts,
  registerAccount,
  registerByProvider,
  type SubjectKeyStore,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createMemoryKeyStore } from '../../../adapters/memory/index.js'
import { accounts, challenges } from '../../../src/accounts/accounts.schema.js'
import { identitySpace } from '../../../src/accounts/identity/identity-keys.js'
import { createAskedKeyStore } from '../../support/asked-key-store.js'
import { identityOf } from '../../support/puppet-provider.js'
import { unchecked } from '../../support/unchecked.js'
import { goodPassword, guest, hour, must, type OpenOptions, tagOf } from '../open-accounts.js'
import { email, openProviders, verified, wang } from './open-providers.js'

const registration = {
  fields: {
    birthDate: { kind: 'date', purpose: 'To congratulate you', required: true },
    city: { kind: 'text', purpose: 'To suggest a shop nearby' },
  },
} as const
const grown = { birthDate: '1990-02-28' }
const child = { birthDate: '2020-02-28' }

const open = async ({ asked, ...options }: Pick<OpenOptions, 'keptApart'> & { asked?: AskedIdentifier } = {}) => {
  const policy = { registration: { ...registration, ...(asked === undefined ? {} : { identifier: asked }) } }
  const world = await openProviders({ policy, ...options })
  const { shop, enter } = world
  /** Comes by the provider and is told to say more; the token that goes on. */
  const beUnfinished = async (identity = wang): Promise<string> => {
    const refusal = (await enter(identity))._unsafeUnwrapErr()
    if (refusal.type !== 'RegistrationUnfinished') throw new Error(refusal.type)
    return refusal.token
  }
  const register = (token: string, more: Partial<RegisterByProviderInput> = {}) =>
    registerByProvider(shop.ports, shop.as(guest), { token, locale: 'en', ...more })
  const everything = async () =>
    must(
      await readFacts(shop.ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: shop.now(),
        plan: {
          accounts: find(accounts, { where: [], limit: 99 }),
          challenges: find(challenges, { where: [], limit: 99 }),
          consents: entries(consentLog, { where: [], limit: 99 }),
        },
      }),
    )
  return { ...world, beUnfinished, register, everything }
}

describe('registering by somebody else who vouches for one', () => {
  it('asks what the shop asks of everybody, and registers at once where it was told', async () => {
    const { shop, goAndReturn, finish, enter, everything } = await open()
    const way = await goAndReturn(identityOf('idp.example', 'wang', verified))
    const details = { ...grown, city: 'Xi’an' }
    const first = must(await finish({ ...way, name: 'Wang', details }))
    const view = must(await myAccount(shop.ports, { actor: await shop.actorBy(first.token) }, {}))
    expect(view).toMatchObject({ email, name: 'Wang', details })
    // Who is known is asked nothing, whatever the shop has come to ask.
    expect(must(await enter(wang)).accountId).toBe(first.accountId)
    expect((await everything()).accounts).toHaveLength(1)
  })

  it('says what is lacking, and goes on without another trip to the provider', async () => {
    const { shop, puppet, enter, register, everything } = await open()
    const refusal = (await enter(identityOf('idp.example', 'wang', verified)))._unsafeUnwrapErr()
    expect(refusal).toMatchObject({
      type: 'RegistrationUnfinished',
      because: { type: 'DetailsRefused', reasons: [{ field: 'birthDate', reason: 'missing' }] },
      expiresAt: shop.now() + hour,
    })
    if (refusal.type !== 'RegistrationUnfinished') return
    expect((await everything()).accounts).toEqual([])
    puppet.turnOff()
    // The token outlives a mistake in the form.
    const wrong = await register(refusal.token, { details: { birthDate: '1990-02-30', shoe: '42' } })
    expect(wrong._unsafeUnwrapErr()).toEqual({
      type: 'DetailsRefused',
      reasons: [
        { field: 'shoe', reason: 'undeclared' },
        { field: 'birthDate', reason: 'malformed' },
      ],
    })
    const { token, accountId } = must(await register(refusal.token, { details: grown, name: 'Wang' }))
    const view = must(await myAccount(shop.ports, { actor: await shop.actorBy(token) }, {}))
    expect(view).toMatchObject({ email, name: 'Wang', details: grown, identities: [{ providerId: 'puppet' }] })
    expect((await everything()).accounts.map(({ id }) => id)).toEqual([accountId])
  })

  it.each([
    ['email', undefined, 'email'],
    ['email', { ...verified, verified: false }, 'email'],
    ['phone', verified, 'phone'],
    ['email', verified, undefined],
    ['either', undefined, undefined],
  ] as const)(
    'registers nobody without the contact that the shop asks for: of %s, with %o',
    async (asked, told, missing) => {
      const { shop, goAndReturn, finish, enter, link, register, everything } = await open({ asked })
      const identity = told === undefined ? wang : identityOf('idp.example', 'wang', told)
      const answer = await finish({ ...(await goAndReturn(identity)), details: grown })
      if (missing === undefined) {
        expect(tagOf(answer)).toBe('ok')
        return
      }
      const because = { type: 'DetailsRefused', reasons: [{ field: missing, reason: 'missing' }] }
      const refusal = answer._unsafeUnwrapErr()
      expect(refusal).toMatchObject({ type: 'RegistrationUnfinished', because })
      const token = refusal.type === 'RegistrationUnfinished' ? refusal.token : ''
      expect((await register(token, { details: grown }))._unsafeUnwrapErr()).toEqual(because)
      expect((await everything()).accounts).toEqual([])
      // They register by it, and link the identity then.
      const to = missing === 'email' ? email : '+8613800138000'
      const input = { [missing]: to, password: goodPassword, locale: 'en', details: grown } as const
      const { challengeId } = must(await registerAccount(shop.ports, shop.as(guest), input))
      must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(to) }))
      const { accountId } = await shop.enter(to)
      must(await link(await shop.actor(to), identity))
      expect(must(await enter(identity)).accountId).toBe(accountId)
    },
  )

  it('asks for the guardian of a child, as `register` does', async () => {
    const { shop, goAndReturn, finish, beUnfinished, register, everything } = await open()
    const way = await goAndReturn(wang)
    const refusal = (await finish({ ...way, details: child }))._unsafeUnwrapErr()
    expect(refusal).toMatchObject({
      type: 'RegistrationUnfinished',
      because: { type: 'GuardianRequired', belowYears: 14 },
    })
    const token = await beUnfinished(identityOf('idp.example', 'li'))
    expect(tagOf(await register(token, { details: child }))).toBe('GuardianRequired')
    expect(tagOf(await register(token, { details: grown, birthDate: '2020-02-28' }))).toBe('GuardianRequired')
    const { accountId } = must(await register(token, { details: child, guardian: { noticeVersion: 'v1' } }))
    expect((await everything()).consents.map(({ body }) => body)).toEqual([
      {
        accountId,
        purpose: 'guardian',
        decision: 'given',
        channels: [],
        noticeVersion: 'v1',
        by: 'guardian',
        at: shop.now(),
      },
    ])
  })

  it('is by a token that is good once, for an hour, unchanged, and of 16 at once for one account', async () => {
    const { shop, beUnfinished, register, everything } = await open()
    const token = await beUnfinished()
    const answers = await Promise.all(Array.from({ length: 16 }, () => register(token, { details: grown })))
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
    expect(new Set(answers.filter((answer) => answer.isErr()).map(tagOf))).toEqual(new Set(['CodeRefused']))
    expect(tagOf(await register(token, { details: grown }))).toBe('CodeRefused')

    const late = await beUnfinished(identityOf('idp.example', 'li'))
    shop.pass(hour)
    expect(tagOf(await register(late, { details: grown }))).toBe('CodeRefused')

    // Parts of one token in another open nothing, nor does a text that is none.
    const [one, two] = [
      await beUnfinished(identityOf('idp.example', 'mo')),
      await beUnfinished(identityOf('idp.example', 'he')),
    ].map((each) => each.split('~'))
    const forged = [[one?.[0], ...(two ?? []).slice(1)].join('~'), [...(one ?? []).slice(0, 4), two?.[4]].join('~')]
    for (const text of [...forged, 'x', '~~~~', `${one?.join('~')}~`, `${one?.[0]}~1~x~x~x`]) {
      expect([text, tagOf(await register(text, { details: grown }))]).toEqual([text, 'CodeRefused'])
    }
    expect((await everything()).accounts).toHaveLength(1)
  })

  it('leaves nothing of who never comes back: neither a claim nor a name', async () => {
    const { shop, enter, register, everything } = await open()
    const identity = identityOf('idp.example', 'subject-of-wang', verified)
    const refusal = (await enter(identity))._unsafeUnwrapErr()
    const token = refusal.type === 'RegistrationUnfinished' ? refusal.token : ''
    expect(token).not.toMatch(/subject-of-wang|owner@|idp\.example/)
    const kept = await everything()
    expect(JSON.stringify([kept.accounts, kept.challenges])).not.toMatch(/subject-of-wang|owner@/)
    expect(shop.stored.join('\n')).not.toContain(token)
    const owners = must(
      await readFacts(shop.ports.storage, {
        shop: 'main',
        scope: { kind: 'all' },
        at: shop.now(),
        plan: {
          owners: claims(
            identitySpace,
            shop.stored.flatMap((text) => /"keys":\["(\w+)"/.exec(text)?.[1] ?? []),
          ),
        },
      }),
    ).owners
    expect(owners.size).toBe(0)
    // The address is as free as before: whoever registers with it meanwhile has it, and the two are not joined.
    const input = { email, password: goodPassword, locale: 'en', details: grown } as const
    expect(tagOf(await registerAccount(shop.ports, shop.as(guest), input))).toBe('ok')
    await shop.deliver()
    expect(shop.mailbox.map(({ to }) => to)).toEqual([email])
    expect(tagOf(await register(token, { details: grown }))).toBe('ok')
  })

  it('leaves no share of a key of theirs either, where keys are kept apart', async () => {
    const store = createMemoryKeyStore()
    const kept: string[] = []
    const keptApart: SubjectKeyStore = {
      ...store,
      put: (subjectId, share) => {
        kept.push(subjectId)
        return store.put(subjectId, share)
      },
    }
    const { beUnfinished, register } = await open({ keptApart })
    const token = await beUnfinished()
    expect(kept).toEqual([])
    const { accountId } = must(await register(token, { details: grown }))
    expect(kept).toEqual([accountId])
  })

  it('links to no account that has the address by now, and signs in to the one that has the identity by now', async () => {
    const { shop, goAndReturn, finish, enter, register } = await open()
    const identity = identityOf('idp.example', 'wang', verified)
    const tokenOf = async () => {
      const refusal = (await enter(identity))._unsafeUnwrapErr()
      return refusal.type === 'RegistrationUnfinished' ? refusal.token : refusal.type
    }
    const [token, other] = [await tokenOf(), await tokenOf()]
    const { accountId } = must(await finish({ ...(await goAndReturn(wang)), details: grown }))
    expect(must(await register(token, { details: grown })).accountId).toBe(accountId)
    expect(must(await register(other)).accountId).toBe(accountId)

    const li = identityOf('idp.example', 'li', { address: 'li@example.com', verified: true })
    const unfinished = (await enter(li))._unsafeUnwrapErr()
    const input = { email: 'li@example.com', password: goodPassword, locale: 'en', details: grown } as const
    const asked = must(await registerAccount(shop.ports, shop.as(guest), input))
    const code = await shop.lastCode('li@example.com')
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId: asked.challengeId, code }))
    const late = unfinished.type === 'RegistrationUnfinished' ? unfinished.token : ''
    expect(tagOf(await register(late, { details: grown }))).toBe('LinkFirst')
  })

  it('opens no token that a stranger made up: it is refused as any other, and the store of keys is not asked', async () => {
    const { keptApart, asked } = createAskedKeyStore()
    const { shop, beUnfinished, register } = await open({ keptApart })
    const token = await beUnfinished()
    const parts = token.split('~')
    const ours = parts[0] ?? ''
    // A key that nobody holds, a share that is asked for by the id of somebody, a challenge of another purpose.
    const victim = (await shop.ports.sealer.createKey('account_victim'))._unsafeUnwrap()
    const input = { email: 'li@example.com', password: goodPassword, locale: 'en', details: grown } as const
    const sent = must(await registerAccount(shop.ports, shop.as(guest), input)).challengeId
    const key = victim.wrapped.split('.').slice(0, 3).join('.')
    asked.length = 0
    for (const id of ['account_victim', ours, sent, 'nobody']) {
      for (const wrapped of [victim.wrapped, `${key}.apart`, 'other.AAAA.AAAA', 'other.AAAA.AAAA.apart']) {
        const made = [id, '1', wrapped, parts[3], parts[4]].join('~')
        expect([made, tagOf(await register(made, { details: grown }))]).toEqual([made, 'CodeRefused'])
      }
    }
    expect(asked).toEqual([])
    // None of it spent a try of the token that is ours.
    expect(tagOf(await register(token, { details: grown }))).toBe('ok')
  })

  it('reads nothing for whom the authorizer refuses', async () => {
    const { shop, beUnfinished } = await open()
    const token = await beUnfinished()
    let reads = 0
    const ports = {
      ...shop.ports,
      authorizer: {
        authorize: () => errAsync<never, Denied>({ type: 'Denied', action: 'accounts.registerByProvider' }),
      },
      storage: {
        ...shop.ports.storage,
        read: (...asked: Parameters<typeof shop.ports.storage.read>) => {
          reads += 1
          return shop.ports.storage.read(...asked)
        },
      },
    }
    const refused = await registerByProvider(ports, shop.as(guest), { token, locale: 'en', details: grown })
    expect([tagOf(refused), reads]).toEqual(['Denied', 0])
  })

  it('takes no member that it does not know', async () => {
    const { beUnfinished, register } = await open()
    const token = await beUnfinished()
    for (const more of [{ password: goodPassword }, { email }, { providerId: 'other' }, { role: 'admin' }]) {
      expect(tagOf(await register(token, unchecked(more)))).toBe('InvalidInput')
    }
  })
})
