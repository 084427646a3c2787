import { ok } from 'neverthrow'
import {
  type Actor,
  accountsPersonalData,
  activateAccount,
  actorOf,
  confirmBinding,
  eraseAccount,
  find,
  findUnregistered,
  type Json,
  messages,
  myAccount,
  notifyPersonalData,
  type PhoneMalformed,
  readFacts,
  registerAccount,
  requestBinding,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  setUserName,
  signIn,
  sweepAccounts,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { accounts, challenges } from '../../src/accounts/accounts.schema.js'
import { unchecked } from '../support/unchecked.js'
import {
  day,
  goodPassword,
  guest,
  hour,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  otherThan,
  tagOf,
} from './open-accounts.js'

const email = 'li.ming@example.com'
const phone = '+8613800138000'

/** Binds an address or a number by the code that goes to it. */
const bindTo = async (shop: OpenAccounts, actor: Actor, contact: string): Promise<void> => {
  const asked = { [contact.includes('@') ? 'email' : 'phone']: contact }
  const { challengeId } = must(await requestBinding(shop.ports, shop.as(actor), asked))
  must(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: await shop.lastCode(contact) }))
}

const view = async (shop: OpenAccounts, actor: Actor) => must(await myAccount(shop.ports, { actor }, {}))

describe('an account by mobile number', () => {
  it('is one account, whichever of the spellings registers and signs in', async () => {
    const shop = await openAccounts()
    const { challengeId } = must(
      await registerAccount(shop.ports, shop.as(guest), {
        phone: '138 0013 8000',
        password: goodPassword,
        locale: 'en',
      }),
    )
    const code = await shop.lastCode(phone)
    expect(shop.mailbox[0]).toMatchObject({ channel: 'sms', to: phone })
    const { accountId } = must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))
    for (const spelling of ['13800138000', '+86 138-0013-8000', '００８６１３８００１３８０００']) {
      expect((await shop.enter(spelling)).accountId).toBe(accountId)
      shop.pass(minute)
      const again = { phone: spelling, password: otherPassword, locale: 'en' } as const
      must(await registerAccount(shop.ports, shop.as(guest), again))
      await shop.deliver()
      expect(shop.mailbox.at(-1)).toMatchObject({ to: phone, subject: 'You already have an account' })
    }
    expect((await shop.enter(phone, goodPassword)).accountId).toBe(accountId)
  })

  it('resets its password by a code sent to the number, and is told there', async () => {
    const shop = await openAccounts()
    await shop.join(phone)
    shop.pass(minute)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: '13800138000' }))
    const code = await shop.lastCode(phone)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ channel: 'sms', to: phone, subject: 'Your password was changed' })
    expect((await shop.enter(phone, otherPassword)).accountId).toMatch(/^account_/)
  })

  it('takes no password that is made of the number', async () => {
    const shop = await openAccounts()
    const input = { phone, password: 'Vz!00138000', locale: 'en' } as const
    const refused = await registerAccount(shop.ports, shop.as(guest), input)
    const { reasons } = JSON.parse(JSON.stringify(refused._unsafeUnwrapErr()))
    expect(reasons).toContainEqual({ type: 'HoldsContextWord', source: 'phone' })
  })

  it('is refused where neither an address nor a number is named, or the number is none', async () => {
    const shop = await openAccounts()
    const rest = { password: goodPassword, locale: 'en' } as const
    const ask = async (contact: object) =>
      tagOf(await registerAccount(shop.ports, shop.as(guest), { ...rest, ...contact }))
    expect(await ask({})).toBe('InvalidInput')
    expect(await ask({ phone: '12345678901' })).toBe('PhoneMalformed')
    expect(shop.stored).toEqual([])
  })
})

describe('several identifiers of one account', () => {
  it('all lead to it; each is added by a code that went to it, and the others are told', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    await bindTo(shop, actor, phone)
    must(await setUserName(shop.ports, shop.as(actor), { userName: ' ＬiMing ' }))
    await shop.deliver()
    const told = shop.mailbox.filter(({ subject }) => subject === 'How you sign in was changed')
    expect(told.map(({ channel, to, text }) => `${channel} ${to} ${text.slice(4, 30)}`).sort()).toEqual([
      `email ${email} mobile number of your acco`,
      `email ${email} user name of your account `,
      `sms ${phone} user name of your account `,
    ])
    expect(await view(shop, actor)).toMatchObject({ email, phone, userName: 'liming' })
    for (const identifier of [email, '138 0013 8000', 'LIMING', 'ｌｉｍｉｎｇ']) {
      expect((await shop.enter(identifier)).accountId).toBe(accountId)
    }
    shop.pass(minute)
    const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: 'liming' }))
    const code = await shop.lastCode(email)
    must(await resetPassword(shop.ports, shop.as(guest), { challengeId, code, newPassword: otherPassword }))
  })

  it('share one guard: each more is not as many guesses more', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    await bindTo(shop, actor, phone)
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'liming' }))
    for (const identifier of [email, phone, 'liming', email, phone]) {
      await signIn(shop.ports, shop.as(guest), { identifier, password: 'wrong' })
    }
    for (const identifier of [email, phone, 'liming']) {
      const answer = await signIn(shop.ports, shop.as(guest), { identifier, password: goodPassword })
      expect(tagOf(answer)).toBe('SignInRefused')
    }
    shop.pass(minute)
    expect((await shop.enter('liming')).accountId).toMatch(/^account_/)
  })

  it('are changed by proof of the new; the old is told at the old, leads nowhere and is free', async () => {
    const shop = await openAccounts()
    const accountId = await shop.join(email)
    const actor = await shop.actor(email)
    const stale = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const staleCode = await shop.lastCode(email)
    const next = 'ming.li@example.com'
    await bindTo(shop, actor, next)
    await shop.deliver()
    expect(shop.mailbox.at(-1)).toMatchObject({ to: email, subject: 'How you sign in was changed' })
    expect((await shop.enter(next)).accountId).toBe(accountId)
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    // A code that went to the old address before is void.
    const input = { challengeId: stale.challengeId, code: staleCode, newPassword: otherPassword }
    expect(tagOf(await resetPassword(shop.ports, shop.as(guest), input))).toBe('CodeRefused')
    expect(await shop.join(email, otherPassword)).not.toBe(accountId)
  })

  it('are taken off, but for the last by which the person is reached', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    const unbind = async (kind: string) => unbindIdentifier(shop.ports, shop.as(actor), { kind: unchecked(kind) })
    expect((await unbind('email'))._unsafeUnwrapErr()).toEqual({ type: 'LastContact', kind: 'email' })
    expect((await unbind('userName'))._unsafeUnwrapErr()).toEqual({ type: 'NotBound', kind: 'userName' })
    await bindTo(shop, actor, phone)
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'liming' }))
    must(await unbind('email'))
    await shop.deliver()
    expect(new Set(shop.mailbox.slice(-2).map(({ to }) => to))).toEqual(new Set([email, phone]))
    expect(tagOf(await unbind('phone'))).toBe('LastContact')
    expect(await view(shop, actor)).not.toHaveProperty('email')
    expect(await shop.join(email, otherPassword)).toMatch(/^account_/)
  })

  it('are all free again when the account is erased', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    await bindTo(shop, actor, phone)
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'liming' }))
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    shop.pass(minute)
    await shop.join(phone)
    const second = await shop.actor(phone)
    await bindTo(shop, second, email)
    expect(tagOf(await setUserName(shop.ports, shop.as(second), { userName: 'liming' }))).toBe('ok')
  })

  it('stand sealed wherever they stand, and are registered with their purpose', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    await bindTo(shop, actor, phone)
    must(await setUserName(shop.ports, shop.as(actor), { userName: 'li-ming-canary' }))
    must(await requestBinding(shop.ports, shop.as(actor), { email: 'pending.canary@example.com' }))
    const everything = shop.stored.join('\n')
    for (const canary of ['li.ming', '13800138000', 'li-ming-canary', 'pending.canary']) {
      expect(everything.includes(canary), canary).toBe(false)
    }
    const plan = {
      accounts: find(accounts, { where: [], limit: 9 }),
      challenges: find(challenges, { where: [], limit: 9 }),
      messages: find(messages, { where: [], limit: 9 }),
    }
    const kept = must(
      await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan }),
    )
    const rows = [
      ...kept.accounts.map(({ state }) => ({ collection: 'account', state: state as Json })),
      ...kept.challenges.map(({ state }) => ({ collection: 'challenge', state: state as Json })),
      ...kept.messages.map(({ state }) => ({ collection: 'message', state: state as Json })),
    ]
    expect(findUnregistered([...accountsPersonalData, ...notifyPersonalData], rows)).toEqual([])
    expect(findUnregistered([], rows).map(({ collection, path }) => `${collection}/${path}`)).toEqual(
      expect.arrayContaining(['account/identifiers.userName.value', 'challenge/address', 'message/to']),
    )
  })
})

describe('attack 14: taking an identifier before its owner', () => {
  it('fails: a pending change, a registration and a session of a stranger hold nothing of what is not proved', async () => {
    const shop = await openAccounts()
    await shop.join('attacker@example.com')
    const attacker = await shop.actor('attacker@example.com')
    const { challengeId } = must(await requestBinding(shop.ports, shop.as(attacker), { email }))
    await shop.deliver()
    await shop.register(email, otherPassword)
    await shop.deliver()
    const accountId = await shop.join(email, goodPassword)
    const code = await shop.lastCode(email)
    for (const guess of [code, otherThan(code)]) {
      const answer = await confirmBinding(shop.ports, shop.as(attacker), { challengeId, code: guess })
      expect(tagOf(answer)).toBe('CodeRefused')
    }
    expect((await shop.enter(email, goodPassword)).accountId).toBe(accountId)
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: otherPassword }))).toBe(
      'SignInRefused',
    )
    shop.pass(2 * day)
    must(await sweepAccounts(shop.ports, { limit: 10 }))
    expect((await shop.enter(email, goodPassword)).accountId).toBe(accountId)
  })

  it('fails: whoever proves an address while two ask for it has it, and the other code is refused', async () => {
    const shop = await openAccounts()
    await shop.join('one@example.com')
    await shop.join('two@example.com')
    const one = await shop.actor('one@example.com')
    const two = await shop.actor('two@example.com')
    const asked = []
    for (const actor of [one, two]) {
      const { challengeId } = must(await requestBinding(shop.ports, shop.as(actor), { email }))
      asked.push({ actor, challengeId, code: await shop.lastCode(email) })
    }
    const answers = await Promise.all(
      asked.map(({ actor, challengeId, code }) => confirmBinding(shop.ports, shop.as(actor), { challengeId, code })),
    )
    expect(answers.map(tagOf).sort()).toEqual(['CodeRefused', 'ok'])
  })

  it('fails: a code of another is worth nothing, and asking for what is another’s answers as for what is free', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await shop.join('two@example.com')
    const one = await shop.actor(email)
    const two = await shop.actor('two@example.com')
    const mine = must(await requestBinding(shop.ports, shop.as(one), { phone }))
    const code = await shop.lastCode(phone)
    const stolen = { challengeId: mine.challengeId, code }
    expect(tagOf(await confirmBinding(shop.ports, shop.as(two), stolen))).toBe('CodeRefused')
    expect(tagOf(await confirmBinding(shop.ports, shop.as(one), stolen))).toBe('ok')
    const free = must(await requestBinding(shop.ports, shop.as(two), { email: 'free@example.com' }))
    const taken = must(await requestBinding(shop.ports, shop.as(two), { email }))
    expect({ ...taken, challengeId: '' }).toEqual({ ...free, challengeId: '' })
    await shop.deliver()
    expect(shop.mailbox.filter(({ to }) => to === email).map(({ subject }) => subject)).toContain(
      'You already have an account',
    )
    expect(tagOf(await requestBinding(shop.ports, shop.as(one), { email }))).toBe('AlreadyBound')
    must(await setUserName(shop.ports, shop.as(one), { userName: 'liming' }))
    expect(tagOf(await setUserName(shop.ports, shop.as(two), { userName: 'LiMing' }))).toBe('UserNameTaken')
  })

  it('fails: of 16 who want a user name at once one has it', async () => {
    const shop = await openAccounts({ attempts: 40 })
    const actors: Actor[] = []
    for (let index = 0; index < 16; index += 1) {
      await shop.join(`person${index}@example.com`)
      actors.push(await shop.actor(`person${index}@example.com`))
    }
    const answers = await Promise.all(
      actors.map((actor) => setUserName(shop.ports, shop.as(actor), { userName: '王小明' })),
    )
    expect(answers.map(tagOf).filter((tag) => tag === 'ok')).toHaveLength(1)
    expect(new Set(answers.map(tagOf))).toEqual(new Set(['ok', 'UserNameTaken']))
  })

  it('fails: whoever reads user names off one by one is told of so many, and then of none, free or not', async () => {
    const shop = await openAccounts()
    const { code } = shop.ports.accountsPolicy
    await shop.join(email)
    await shop.join('thief@example.com')
    const one = await shop.actor(email)
    must(await setUserName(shop.ports, shop.as(one), { userName: 'liming' }))
    let thief = await shop.actor('thief@example.com')
    const guess = async (userName: string) => tagOf(await setUserName(shop.ports, shop.as(thief), { userName }))
    // Misspelt ones tell nothing, and cost nothing.
    expect(await guess('??')).toBe('UserNameMalformed')
    for (let tried = 0; tried < code.account.perHour; tried += 1) expect(await guess('LiMing')).toBe('UserNameTaken')
    expect(await guess('liming')).toBe('TooManyNames')
    expect(await guess('certainly-free')).toBe('TooManyNames')
    // Another hour tells of as many again, another person is not kept from anything.
    expect(tagOf(await setUserName(shop.ports, shop.as(one), { userName: 'ming-li' }))).toBe('ok')
    shop.pass(60 * minute)
    thief = await shop.actor('thief@example.com')
    expect(await guess('certainly-free')).toBe('ok')
  })

  it('fails: a change that waits for its code is void after a reset', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const thief = await shop.actor(email)
    const planted = must(await requestBinding(shop.ports, shop.as(thief), { email: 'thief@example.com' }))
    const code = await shop.lastCode('thief@example.com')
    const reset = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const newPassword = otherPassword
    const given = { challengeId: reset.challengeId, code: await shop.lastCode(email), newPassword }
    must(await resetPassword(shop.ports, shop.as(guest), given))
    const input = { challengeId: planted.challengeId, code }
    expect(tagOf(await confirmBinding(shop.ports, shop.as(thief), input))).toBe('CodeRefused')
  })
})

describe('attack 6: having text messages sent at somebody else’s cost', () => {
  it('fails: one a minute, five an hour and ten a day to one number, however spelt and from wherever', async () => {
    const shop = await openAccounts()
    const ask = async (index: number) => {
      const identifier = ['13800138000', '+86 138 0013 8000', '１３８００１３８０００'][index % 3] ?? ''
      const origin = { address: `203.0.${index}.7`, device: `device-${index}` }
      return requestReset(shop.ports, { ...shop.as(guest), origin }, { identifier })
    }
    await shop.join(phone)
    shop.mailbox.length = 0
    for (let index = 0; index < 60; index += 1) {
      await ask(index)
      await shop.deliver()
      shop.pass(30 * minute)
    }
    await shop.deliver()
    // 30 hours touch two days of UTC, and the registration was one code of the first.
    expect(shop.mailbox).toHaveLength(19)
    shop.pass(day)
    expect(tagOf(await ask(1))).toBe('ok')
    expect(tagOf(await ask(2))).toBe('TooManyCodes')
  })

  it('fails: a device, a network and the shop have budgets of their own, which unknown numbers use up too', async () => {
    const code = (await openAccounts()).ports.accountsPolicy.code
    const budget = { perHour: 3, perDay: 100 }
    const cases = [
      ['device', (index: number) => ({ device: 'one', address: `198.51.${index}.1` })],
      ['network', (index: number) => ({ device: `d${index}`, address: `203.0.113.${index}` })],
      ['network', (index: number) => ({ device: `d${index}`, address: `2001:db8:0:7::${index}` })],
      ['shop', (index: number) => ({ device: `d${index}`, address: `198.51.${index}.1` })],
    ] as const
    for (const [name, originOf] of cases) {
      const shop = await openAccounts({ policy: { code: { ...code, [name]: budget } } })
      const tags: string[] = []
      for (let index = 0; index < 5; index += 1) {
        const context = { ...shop.as(guest), origin: originOf(index) }
        tags.push(tagOf(await requestReset(shop.ports, context, { identifier: `1380013800${index}` })))
      }
      expect(tags, name).toEqual(['ok', 'ok', 'ok', 'TooManyCodes', 'TooManyCodes'])
      shop.pass(hour)
      const context = { ...shop.as(guest), origin: originOf(9) }
      expect(tagOf(await requestReset(shop.ports, context, { identifier: '13800138009' })), name).toBe('ok')
    }
  })

  it('fails: numbers of one calling code abroad use up what is theirs, and leave the rest to everybody else', async () => {
    const { code } = (await openAccounts()).ports.accountsPolicy
    const callingCodes = { ...code.callingCodes, others: { perHour: 3, perDay: 100 } }
    const shop = await openAccounts({ policy: { code: { ...code, callingCodes } } })
    const ports = { ...shop.ports, phones: { canonical: (typed: string) => ok<string, PhoneMalformed>(typed) } }
    const ask = async (start: string, count: number) => {
      const tags: string[] = []
      for (let index = 0; index < count; index += 1) {
        const context = { ...shop.as(guest), origin: { address: `198.51.${index}.1` } }
        tags.push(tagOf(await requestSignInCode(ports, context, { identifier: `${start}${index}` })))
      }
      return tags
    }
    const three = ['ok', 'ok', 'ok', 'TooManyCodes', 'TooManyCodes']
    expect(await ask('+99237000000', 5)).toEqual(three)
    expect(await ask('+99470000000', 5)).toEqual(three)
    expect(await ask('+1876555000', 5)).toEqual(three)
    expect(await ask('+861380013800', 9)).toEqual(Array.from({ length: 9 }, () => 'ok'))
    shop.pass(hour)
    expect(await ask('+99237000010', 1)).toEqual(['ok'])
  })

  it('fails: an account that is signed in has a budget over all that it asks to bind', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    const tags: string[] = []
    for (let index = 0; index < 12; index += 1) {
      const asked = { phone: `138001380${String(index).padStart(2, '0')}` }
      tags.push(tagOf(await requestBinding(shop.ports, shop.as(actor), asked)))
    }
    expect(tags.filter((tag) => tag === 'ok')).toHaveLength(10)
    expect(tags.at(-1)).toBe('TooManyCodes')
  })

  it('fails: another code of a challenge goes where the first went, and counts', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    const { challengeId } = must(await requestBinding(shop.ports, shop.as(actor), { phone }))
    const first = await shop.lastCode(phone)
    shop.pass(minute)
    must(await resendCode(shop.ports, shop.as(actor), { challengeId }))
    const second = await shop.lastCode(phone)
    expect(shop.mailbox.at(-1)).toMatchObject({ channel: 'sms', to: phone })
    expect(tagOf(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: first }))).toBe('CodeRefused')
    must(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: second }))
    expect(must(await actorOf(shop.ports, (await shop.enter(phone)).token)).actor.kind).toBe('customer')
  })
})
