import {
  type AskedIdentifier,
  activateAccount,
  claims,
  confirmBinding,
  correctContact,
  defaultAccountsPolicy,
  myAccount,
  type RegisterInput,
  readFacts,
  registerAccount,
  requestBinding,
  requestSignInCode,
  resendCode,
  showSignUpProgress,
  sweepAccounts,
  unbindIdentifier,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { identifierSpace } from '../../src/accounts/identify.js'
import { customer, day, goodPassword, guest, minute, must, openAccounts, otherThan, tagOf } from './open-accounts.js'

const email = 'li.ming@example.com'
const phone = '+8613800138000'

const open = async (identifier?: AskedIdentifier, callingCodes = defaultAccountsPolicy.code.callingCodes) => {
  const registration = { fields: {}, ...(identifier === undefined ? {} : { identifier }) }
  const code = { ...defaultAccountsPolicy.code, callingCodes }
  const shop = await openAccounts({ policy: { registration, code } })
  const register = (input: Pick<RegisterInput, 'email' | 'phone'>) =>
    registerAccount(shop.ports, shop.as(guest), { password: goodPassword, locale: 'en', ...input })
  const activate = async (challengeId: string, to: string): Promise<string> =>
    must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: await shop.lastCode(to) })).accountId
  const send = (challengeId: string) => resendCode(shop.ports, shop.as(guest), { challengeId })
  const confirm = (accountId: string, challengeId: string, code: string) =>
    confirmBinding(shop.ports, shop.as(customer(accountId)), { challengeId, code })
  const contacts = async (accountId: string) => {
    const { email, phone } = must(await myAccount(shop.ports, { actor: customer(accountId) }, {}))
    return { email, phone }
  }
  return { shop, register, activate, send, confirm, contacts }
}

describe('the identifier that a shop asks for', () => {
  it.each([
    ['email', { phone }, 'email'],
    ['phone', { email }, 'phone'],
  ] as const)('is %s: without it nobody registers', async (identifier, input, field) => {
    const { shop, register } = await open(identifier)
    expect((await register(input))._unsafeUnwrapErr()).toEqual({
      type: 'DetailsRefused',
      reasons: [{ field, reason: 'missing' }],
    })
    const form = must(await showSignUpProgress(shop.ports, { actor: guest }, {}))
    expect(form).toMatchObject({ step: 'register', identifier, missing: [identifier, 'password'] })
    // Nor does a registration by the one become one by the other.
    const { challengeId } = must(await register({ [identifier]: identifier === 'email' ? email : phone }))
    const corrected = await correctContact(shop.ports, shop.as(guest), { challengeId, ...input })
    expect(tagOf(corrected)).toBe('DetailsRefused')
  })

  it('is whichever the person chooses where the shop does not say', async () => {
    const { shop, register } = await open()
    expect(tagOf(await register({ email }))).toBe('ok')
    expect(tagOf(await register({ phone }))).toBe('ok')
    expect(tagOf(await register({}))).toBe('InvalidInput')
    const form = must(await showSignUpProgress(shop.ports, { actor: guest }, {}))
    expect(form).toMatchObject({ identifier: 'either', missing: ['contact', 'password'] })
  })

  it('stays with the account: it is replaced, but not taken off', async () => {
    const { shop, register, activate, send, confirm, contacts } = await open('phone')
    const asked = must(await register({ email, phone }))
    const accountId = await activate(asked.challengeId, phone)
    shop.pass(minute)
    must(await send(asked.second?.challengeId ?? ''))
    must(await confirm(accountId, asked.second?.challengeId ?? '', await shop.lastCode(email)))
    const actor = await shop.actor(phone)
    const refused = (await unbindIdentifier(shop.ports, shop.as(actor), { kind: 'phone' }))._unsafeUnwrapErr()
    expect(refused).toEqual({ type: 'LastContact', kind: 'phone' })
    const other = '+8613900139000'
    const { challengeId } = must(await requestBinding(shop.ports, shop.as(actor), { phone: other }))
    must(await confirmBinding(shop.ports, shop.as(actor), { challengeId, code: await shop.lastCode(other) }))
    must(await unbindIdentifier(shop.ports, shop.as(actor), { kind: 'email' }))
    expect(await contacts(accountId)).toEqual({ email: undefined, phone: other })
  })

  it.each([
    [undefined, email],
    ['email', email],
    ['phone', phone],
  ] as const)('of %s gets the code where both are told', async (identifier, to) => {
    const { shop, register } = await open(identifier)
    must(await register({ email, phone }))
    await shop.deliver()
    expect(shop.mailbox.map((message) => message.to)).toEqual([to])
  })
})

describe('a second contact that is told on registering', () => {
  it('is sent nothing and claimed by nobody, and bound by its own code once the account is active', async () => {
    const { shop, register, activate, send, confirm, contacts } = await open()
    const asked = must(await register({ email, phone: '138 0013 8000' }))
    expect(asked.second).toEqual({
      challengeId: asked.second?.challengeId,
      resendAt: shop.now() + minute,
      kind: 'phone',
    })
    const second = asked.second?.challengeId ?? ''
    const accountId = await activate(asked.challengeId, email)
    expect(await contacts(accountId)).toEqual({ email, phone: undefined })
    expect(shop.mailbox.map(({ to }) => to)).toEqual([email])
    // At any time of the day.
    shop.pass(day - minute)
    must(await send(second))
    const code = await shop.lastCode(phone)
    expect(tagOf(await confirm(accountId, second, otherThan(code)))).toBe('CodeRefused')
    must(await confirm(accountId, second, code))
    expect(await contacts(accountId)).toEqual({ email, phone })
    expect(tagOf(await confirm(accountId, second, code))).toBe('CodeRefused')
  })

  it('is nobody else’s to confirm, and not before the account is active', async () => {
    const { shop, register, activate, send, confirm } = await open()
    const other = await shop.join('other@example.com')
    const asked = must(await register({ email, phone }))
    const second = asked.second?.challengeId ?? ''
    const accountId = await activate(asked.challengeId, email)
    shop.pass(minute)
    must(await send(second))
    const code = await shop.lastCode(phone)
    expect(tagOf(await confirm(other, second, code))).toBe('CodeRefused')
    // It activates nothing either.
    const activated = await activateAccount(shop.ports, shop.as(guest), { challengeId: second, code })
    expect(tagOf(activated)).toBe('CodeRefused')
    must(await confirm(accountId, second, code))
  })

  it('is sent no code before the account is active, whether somebody has it or not', async () => {
    const { shop, register, activate, send, confirm } = await open()
    await shop.join('+8613900139000')
    shop.pass(minute)
    const before = shop.mailbox.length
    const free = must(await register({ email, phone }))
    const taken = must(await register({ email: 'taken@example.com', phone: '+8613900139000' }))
    shop.pass(minute)
    const answers = [free, taken].map(({ second }) => second?.challengeId ?? '').map(send)
    const [ofFree, ofTaken] = (await Promise.all(answers)).map(must)
    expect({ ...ofFree, challengeId: '' }).toEqual({ ...ofTaken, challengeId: '' })
    await shop.deliver()
    expect(shop.mailbox.slice(before).filter(({ to, text }) => to.startsWith('+') && /\d{6}/.test(text))).toEqual([])
    // It is sent as soon as it is.
    const accountId = await activate(free.challengeId, email)
    shop.pass(minute)
    must(await send(free.second?.challengeId ?? ''))
    must(await confirm(accountId, free.second?.challengeId ?? '', await shop.lastCode(phone)))
  })

  it('has its owner told no more often than codes may go there, whatever addresses strangers make up beside it', async () => {
    const { shop, register } = await open()
    await shop.join(phone)
    const before = shop.mailbox.length
    const shapes: string[] = []
    const told: number[] = []
    for (const atHour of [9, 10, 11]) {
      shop.setNow(Date.UTC(2026, 10, 26, atHour))
      for (let index = 0; index < 12; index += 1) {
        const asked = must(await register({ email: `made-up-${atHour}-${index}@example.com`, phone }))
        shapes.push(Object.keys(asked.second ?? {}).join())
        // Two in each minute.
        shop.pass(index % 2 === 0 ? 1_000 : minute)
        await shop.deliver()
        if (index === 3) told.push(toPhone())
      }
      told.push(toPhone())
    }
    function toPhone() {
      return shop.mailbox.slice(before).filter(({ to }) => to === phone).length
    }
    // One a minute, five an hour, ten a day.
    expect(told).toEqual([2, 5, 7, 10, 10, 10])
    expect(new Set(shapes)).toEqual(new Set(['challengeId,resendAt,kind']))
  })

  it.each([false, true])(
    'spends its budgets alike where somebody has it (%s), and keeps nobody from registering',
    async (isTaken) => {
      const number = (index: number) => `+861380013800${index}`
      const { shop, register } = await open(undefined, { home: [], others: { perHour: 3, perDay: 20 } })
      for (const taken of isTaken ? [number(0), number(1)] : []) await shop.join(taken)
      const before = shop.mailbox.length
      shop.setNow(Date.UTC(2026, 10, 26, 9))
      const ask = async (index: number) =>
        tagOf(await requestSignInCode(shop.ports, shop.as(guest), { identifier: number(index) }))
      must(await register({ email: 'a@example.com', phone: number(0) }))
      // Its own, and with it that of its calling code.
      expect([await ask(0), await ask(2), await ask(3), await ask(4)]).toEqual([
        'TooManyCodes',
        'ok',
        'ok',
        'TooManyCodes',
      ])
      must(await register({ email: 'b@example.com', phone: number(1) }))
      await shop.deliver()
      const toPhones = shop.mailbox.slice(before).filter(({ to }) => to.startsWith('+'))
      expect(toPhones.map(({ to }) => to)).toEqual(isTaken ? [number(0)] : [])
    },
  )

  it('holds no claim: who proves it first has it, and the other is refused', async () => {
    const { shop, register, activate, send, confirm, contacts } = await open()
    const asked = must(await register({ email, phone }))
    const second = asked.second?.challengeId ?? ''
    const accountId = await activate(asked.challengeId, email)
    const key = await shop.ports.digests.digest('identifier', `phone:${phone}`)
    const plan = { owner: claims(identifierSpace, [must(key)]) }
    const read = { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan } as const
    expect(must(await readFacts(shop.ports.storage, read)).owner.size).toBe(0)
    shop.pass(minute)
    const first = await shop.join(phone)
    shop.pass(minute)
    must(await send(second))
    expect(tagOf(await confirm(accountId, second, await shop.lastCode(phone)))).toBe('CodeRefused')
    expect(await contacts(accountId)).toEqual({ email, phone: undefined })
    expect(await contacts(first)).toEqual({ email: undefined, phone })
  })

  it('of somebody else gets the same answer, and its owner a message instead of a code', async () => {
    const { shop, register, activate, send, confirm } = await open()
    await shop.join(phone)
    shop.pass(minute)
    const before = shop.mailbox.length
    const taken = must(await register({ email, phone }))
    const free = must(await register({ email: 'free@example.com', phone: '+8613900139000' }))
    expect(Object.keys(taken)).toEqual(Object.keys(free))
    expect({ ...taken.second, challengeId: '' }).toEqual({ ...free.second, challengeId: '' })
    const accountId = await activate(taken.challengeId, email)
    shop.pass(minute)
    const again = [must(await send(taken.second?.challengeId ?? '')), must(await send(free.second?.challengeId ?? ''))]
    expect({ ...again[0], challengeId: '' }).toEqual({ ...again[1], challengeId: '' })
    await shop.deliver()
    const toOwner = shop.mailbox.slice(before).filter(({ to }) => to === phone)
    expect(toOwner.map(({ text }) => text)).toEqual([expect.stringContaining('You already have an account')])
    expect(tagOf(await confirm(accountId, taken.second?.challengeId ?? '', '123456'))).toBe('CodeRefused')
  })

  it('is refused where it is none, and gone when the registration lapses', async () => {
    const { shop, register, send } = await open()
    expect(tagOf(await register({ email, phone: '138 0013' }))).toBe('PhoneMalformed')
    const asked = must(await register({ email, phone }))
    shop.pass(2 * day)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).lapsed).toBe(1)
    const before = shop.mailbox.length
    await send(asked.second?.challengeId ?? '')
    await shop.deliver()
    expect(shop.mailbox.slice(before).filter(({ to }) => to === phone)).toEqual([])
    expect(shop.stored.join('\n')).not.toContain('13800138000')
  })
})
