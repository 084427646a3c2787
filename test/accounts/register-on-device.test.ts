import { errAsync, okAsync } from 'neverthrow'
import {
  accounts,
  activateAccount,
  challenges,
  correctContact,
  credentials,
  defaultAccountsPolicy,
  type Installations,
  myAccount,
  rateBudgets,
  readFacts,
  registerOnDevice,
  resendCode,
  row,
  setUserName,
  showErasurePlan,
  subjectKeys,
  sweepAccounts,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { pruneRecords } from '../../src/shared/prune-records.js'
import { unchecked } from '../support/unchecked.js'
import {
  day,
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  type OpenOptions,
  openAccounts,
  otherThan,
  tagOf,
} from './open-accounts.js'

/** Vouches for evidence `device`, once each: the first word is the device, what follows makes it another evidence. */
const createRegister = () => {
  const shown = new Set<string>()
  const register: Installations = {
    verify: (evidence) => {
      if (evidence.startsWith('forged') || shown.has(evidence)) return errAsync({ type: 'InstallationRefused' })
      if (evidence === 'down') return errAsync({ type: 'InstallationsUnavailable', detail: 'scripted' })
      shown.add(evidence)
      const [installationId = ''] = evidence.split(' ')
      return okAsync({ installationId, pushAddress: `push:${installationId}` })
    },
  }
  return { register, shown }
}

const many = 1_000
const roomy = {
  ...defaultAccountsPolicy.code,
  perHour: many,
  perDay: many,
}

const push = { activationByPush: { accountsPerInstallation: 3 } }

const open = async (options: OpenOptions = {}) => {
  const { register, shown } = createRegister()
  const shop = await openAccounts({ policy: push, installations: register, ...options })
  let proofs = 0
  const ask = (userName: string, device = 'phone1', more: object = {}) => {
    proofs += 1
    const input = { userName, evidence: `${device} ${proofs}`, password: goodPassword, locale: 'en' as const, ...more }
    return registerOnDevice(shop.ports, shop.as(guest), input)
  }
  const activate = (challengeId: string, code: string) =>
    activateAccount(shop.ports, shop.as(guest), { challengeId, code })
  return { shop, ask, activate, shown }
}

const readAll = async (shop: OpenAccounts, accountId: string) =>
  must(
    await readFacts(shop.ports.storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: shop.now(),
      plan: {
        account: row(accounts, accountId),
        key: row(subjectKeys, accountId),
        secret: row(credentials, accountId),
      },
    }),
  )

const waitingAccount = (shop: OpenAccounts): string => /"accountId":"(account_\w+)"/.exec(shop.stored.join())?.[1] ?? ''

describe('a registration from a device', () => {
  it('is sent its code by push, and the code makes an account that signs in by its user name', async () => {
    const { shop, ask, activate } = await open()
    const registered = must(await ask(' LiMing '))
    expect(registered).toEqual({
      challengeId: registered.challengeId,
      expiresAt: shop.now() + 10 * minute,
      resendAt: shop.now() + minute,
      activateBy: shop.now() + day,
    })
    const code = await shop.lastCode('push:phone1')
    expect(shop.mailbox).toHaveLength(1)
    expect(shop.mailbox[0]).toMatchObject({ channel: 'push', to: 'push:phone1', subject: 'Activate your account' })
    // How, and until when.
    expect(shop.mailbox[0]?.text).toMatch(/2026-11-25 09:00/)
    const { accountId } = must(await activate(registered.challengeId, code))
    expect(await shop.enter('liming')).toMatchObject({ accountId })
    const view = must(await myAccount(shop.ports, { actor: await shop.actor('liming') }))
    expect(view).toMatchObject({ userName: 'liming', missing: 'contact' })
  })

  it('misses a contact until it has one; then its user name may go', async () => {
    const { shop, ask, activate } = await open()
    await shop.join('li@example.com')
    const other = await shop.actor('li@example.com')
    expect(must(await myAccount(shop.ports, { actor: other }))).not.toHaveProperty('missing')
    const { challengeId } = must(await ask('liming'))
    must(await activate(challengeId, await shop.lastCode('push:phone1')))
    const actor = await shop.actor('liming')
    expect(tagOf(await unbindIdentifier(shop.ports, shop.as(actor), { kind: 'userName' }))).toBe('LastContact')
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'wangfang' }))
    expect(tagOf(await ask('liming', 'phone2'))).toBe('ok')
    expect(tagOf(await ask('wangfang', 'phone2'))).toBe('UserNameTaken')
  })

  it('is told of so many names that others have, and then of none', async () => {
    const { shop, ask, activate } = await open({ attempts: 40 })
    const { challengeId } = must(await ask('liming'))
    must(await activate(challengeId, await shop.lastCode('push:phone1')))
    const { perHour } = shop.ports.accountsPolicy.code.account
    for (let tried = 0; tried < perHour; tried += 1) expect(tagOf(await ask('liming', 'reader'))).toBe('UserNameTaken')
    expect(tagOf(await ask('liming', 'reader'))).toBe('TooManyNames')
    expect(tagOf(await ask('certainly-free', 'reader'))).toBe('TooManyNames')
    // None of it counts as an account that the device has registered.
    shop.pass(60 * minute)
    expect(tagOf(await ask('certainly-free', 'reader'))).toBe('ok')
  })

  it('keeps where pushes go sealed, and nothing of what the device showed', async () => {
    const { shop, ask, activate } = await open()
    const { challengeId } = must(await ask('liming', 'canary-device'))
    const kept = shop.stored.join()
    expect(kept).not.toContain('canary-device')
    expect(kept).not.toContain('liming')
    must(await activate(challengeId, await shop.lastCode('push:canary-device')))
    const plan = { challenge: row(challenges, challengeId) }
    const found = must(
      await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan }),
    )
    expect(found.challenge?.state).toMatchObject({ status: 'redeemed' })
    expect(found.challenge?.state).not.toHaveProperty('address')
    expect(found.challenge?.state).not.toHaveProperty('sentTo')
  })

  it('gives the same answer to the same key, though its evidence is good but once', async () => {
    const { shop } = await open()
    const context = shop.as(guest)
    const input = { userName: 'liming', evidence: 'phone1 once', password: goodPassword, locale: 'en' } as const
    const first = must(await registerOnDevice(shop.ports, context, input))
    expect(must(await registerOnDevice(shop.ports, context, input))).toEqual(first)
    expect(must(await registerOnDevice(shop.ports, context, { ...input, evidence: 'phone1 again' }))).toEqual(first)
    const other = { ...input, evidence: 'phone1 third', userName: 'wangfang' }
    expect(tagOf(await registerOnDevice(shop.ports, context, other))).toBe('IdempotencyKeyReused')
    await shop.deliver()
    expect(shop.mailbox).toHaveLength(1)
  })

  it('has its code sent anew, to the same device; the one before is dead', async () => {
    const { shop, ask, activate } = await open()
    const { challengeId } = must(await ask('liming'))
    const first = await shop.lastCode('push:phone1')
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeTooSoon')
    shop.pass(minute)
    must(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    const second = await shop.lastCode('push:phone1')
    expect(shop.mailbox.map(({ channel, to }) => [channel, to])).toEqual([
      ['push', 'push:phone1'],
      ['push', 'push:phone1'],
    ])
    expect(tagOf(await activate(challengeId, first))).toBe('CodeRefused')
    expect(tagOf(await activate(challengeId, second))).toBe('ok')
  })

  it('lapses when it is not activated in time: the name is free and nothing personal is left', async () => {
    const { shop, ask, activate } = await open()
    const { challengeId } = must(await ask('liming'))
    const code = await shop.lastCode('push:phone1')
    const accountId = waitingAccount(shop)
    shop.pass(day)
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
    expect(tagOf(await activate(challengeId, code))).toBe('CodeRefused')
    expect(must(await sweepAccounts(shop.ports, { limit: 10 }))).toMatchObject({ lapsed: 1, failures: [] })
    const { account, key, secret } = await readAll(shop, accountId)
    expect([account?.state.status, key, secret]).toEqual(['lapsed', undefined, undefined])
    const again = must(await ask('liming', 'phone2'))
    expect(tagOf(await activate(again.challengeId, await shop.lastCode('push:phone2')))).toBe('ok')
  })

  it('refuses wrong codes, five and no more, and a contact in the place of the device', async () => {
    const { shop, ask, activate } = await open()
    const { challengeId } = must(await ask('liming'))
    const code = await shop.lastCode('push:phone1')
    const correction = { challengeId, email: 'li@example.com' }
    expect(tagOf(await correctContact(shop.ports, shop.as(guest), correction))).toBe('CodeRefused')
    for (let index = 1; index <= 5; index += 1) {
      expect(tagOf(await activate(challengeId, otherThan(code, index)))).toBe('CodeRefused')
    }
    expect(tagOf(await activate(challengeId, code))).toBe('CodeRefused')
  })

  it('of 64 who wait for one name exactly one has it', async () => {
    const { shop, ask, activate } = await open({ attempts: 80, policy: { ...push, code: roomy } })
    const waiting: { readonly challengeId: string; readonly code: string }[] = []
    for (let index = 0; index < 64; index += 1) {
      const { challengeId } = must(await ask('liming', `phone${index}`))
      waiting.push({ challengeId, code: await shop.lastCode(`push:phone${index}`) })
    }
    const answers = await Promise.all(waiting.map(({ challengeId, code }) => activate(challengeId, code)))
    expect(answers.map(tagOf).filter((tag) => tag === 'ok')).toHaveLength(1)
    expect(new Set(answers.map(tagOf))).toEqual(new Set(['ok', 'CodeRefused']))
    expect(tagOf(await ask('LiMing', 'another'))).toBe('UserNameTaken')
  })
})

describe('what a device may register', () => {
  it('is as many accounts as the policy says in thirty days, at once or one after another, activated or not', async () => {
    const { shop, ask } = await open({ attempts: 40 })
    const names = Array.from({ length: 16 }, (_, index) => `person${index}`)
    const answers = await Promise.all(names.map((name) => ask(name)))
    expect(answers.map(tagOf).filter((tag) => tag === 'ok')).toHaveLength(3)
    expect(new Set(answers.map(tagOf))).toEqual(new Set(['ok', 'TooManyCodes']))
    const refused = await ask('onemore')
    const retryAt = refused.isErr() && refused.error.type === 'TooManyCodes' ? refused.error.retryAt : 0
    expect(retryAt - shop.now()).toBeGreaterThan(0)
    expect(retryAt - shop.now()).toBeLessThanOrEqual(30 * day)
    expect(tagOf(await ask('onemore', 'phone2'))).toBe('ok')
    shop.setNow(retryAt - 1)
    expect(tagOf(await ask('twomore'))).toBe('TooManyCodes')
    shop.pass(1)
    expect(tagOf(await ask('twomore'))).toBe('ok')
  })

  it('is forgotten a day after its month, as the erasure plan says', async () => {
    const { shop, ask, activate } = await open()
    const { challengeId } = must(await ask('liming'))
    must(await activate(challengeId, await shop.lastCode('push:phone1')))
    const plan = must(await showErasurePlan(shop.ports, { actor: await shop.actor('liming') }))
    const told = plan.passing.find(({ record }) => record === rateBudgets.name)
    expect(told?.purpose).toMatch(/how many accounts a device registers/)
    expect((told?.goneBy ?? 0) - shop.now()).toBe(31 * day)
    const ends = plan.passing.map(({ goneBy }) => goneBy)
    expect(ends).toEqual([...ends].sort((left, right) => left - right))
    shop.setNow((told?.goneBy ?? 0) + 1)
    expect(must(await pruneRecords(shop.ports, [rateBudgets], { limit: 100 })).told).toBeGreaterThan(0)
    expect(must(await pruneRecords(shop.ports, [rateBudgets], { limit: 100 })).told).toBe(0)
  })
})

describe('no registration from a device', () => {
  const input = { userName: 'liming', evidence: 'phone1', password: goodPassword, locale: 'en' } as const

  it('where the shop has not chosen it, or nobody vouches for devices; nobody is asked then', async () => {
    const { register, shown } = createRegister()
    for (const options of [{ installations: register }, { policy: push }]) {
      const shop = await openAccounts(options)
      expect(tagOf(await registerOnDevice(shop.ports, shop.as(guest), input))).toBe('ActivationByPushNotOffered')
      expect(shop.stored).toEqual([])
    }
    expect([...shown]).toEqual([])
  })

  it('by evidence that is forged, shown before, or that nobody can judge now', async () => {
    const { shop, shown } = await open()
    const ask = async (evidence: string, userName = 'liming') =>
      tagOf(await registerOnDevice(shop.ports, shop.as(guest), { ...input, userName, evidence }))
    expect(await ask('forged')).toBe('InstallationRefused')
    expect(await ask('down')).toBe('InstallationsUnavailable')
    expect(shop.stored).toEqual([])
    // Nobody is asked about a name that is none, or about what is no evidence.
    expect(await ask('phone1 first', '13800138000')).toBe('UserNameMalformed')
    expect(await ask('')).toBe('InvalidInput')
    expect(await ask('x'.repeat(20_001))).toBe('InvalidInput')
    expect([...shown]).toEqual([])
    expect(await ask('phone1 first')).toBe('ok')
    expect(await ask('phone1 first', 'wangfang')).toBe('InstallationRefused')
  })

  it.each<[string, () => unknown]>([
    ['throws', () => expect.unreachable('phone1')],
    ['rejects', () => Promise.reject(new Error('phone1'))],
    ['answers nothing', () => undefined],
    ['answers no installation', () => okAsync({})],
    ['answers nothing in its place', () => okAsync(undefined)],
    ['answers no address', () => okAsync({ installationId: 'phone1', pushAddress: '' })],
    ['answers what is no text', () => okAsync({ installationId: 1, pushAddress: 'push:phone1' })],
    ['answers what cannot be stored', () => okAsync({ installationId: 'phone1', pushAddress: 'a\u0000b' })],
  ])('by a register that %s', async (_, verify) => {
    const installations: Installations = { verify: () => unchecked(verify()) }
    const shop = await openAccounts({ policy: push, installations })
    const refused = await registerOnDevice(shop.ports, shop.as(guest), input)
    expect(tagOf(refused)).toBe('InstallationsUnavailable')
    expect(JSON.stringify(refused.isErr() && refused.error)).not.toContain('phone1')
    expect(shop.stored).toEqual([])
  })

  it('with a weak password, of a child alone, or without what the shop asks', async () => {
    const registration = { fields: { city: { kind: 'text', purpose: '送货', required: true } } } as const
    const { ask, shown } = await open({ policy: { ...push, registration } })
    expect(tagOf(await ask('liming'))).toBe('DetailsRefused')
    const details = { city: '上海' }
    expect(tagOf(await ask('liming', 'phone1', { details, password: 'seldom' }))).toBe('PasswordRefused')
    expect(tagOf(await ask('limingli', 'phone1', { details, password: 'LiMingLi-77x' }))).toBe('PasswordRefused')
    expect(tagOf(await ask('liming', 'phone1', { details, birthDate: '2020-01-01' }))).toBe('GuardianRequired')
    // Nobody was asked about the device, for whose evidence is good once.
    expect([...shown]).toEqual([])
    expect(tagOf(await ask('liming', 'phone1', { details }))).toBe('ok')
  })

  it('beyond the budgets of codes: five an hour for one name, from whichever devices', async () => {
    const { ask } = await open()
    for (let index = 0; index < 5; index += 1) expect(tagOf(await ask('liming', `phone${index}`))).toBe('ok')
    expect(tagOf(await ask('liming', 'phone9'))).toBe('TooManyCodes')
  })
})
