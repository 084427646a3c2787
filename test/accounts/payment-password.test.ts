import {
  type Actor,
  changePaymentPassword,
  defaultAccountsPolicy,
  eraseAccount,
  myAccount,
  type PaymentProofPolicy,
  paymentPasswords,
  provePayment,
  readFacts,
  requestBinding,
  requestPaymentCode,
  requestPaymentPasswordReset,
  requestReset,
  resetPaymentPassword,
  row,
  setPaymentPassword,
  signInGuards,
  signOut,
  stepUp,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  clerk,
  customer,
  day,
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherThan,
  tagOf,
} from './open-accounts.js'

const email = 'owner@example.com'
const phone = '+8613800748291'
const digits = '730415'
const otherDigits = '918264'

const proofsOf = (proofs: PaymentProofPolicy['proofs']) => ({
  stepUp: { ...defaultAccountsPolicy.stepUp, payment: { ...defaultAccountsPolicy.stepUp.payment, proofs } },
})

const set = (shop: OpenAccounts, actor: Actor, paymentPassword = digits) =>
  setPaymentPassword(shop.ports, shop.as(actor), { paymentPassword })
const change = (shop: OpenAccounts, actor: Actor, paymentPassword: string, newPaymentPassword: string) =>
  changePaymentPassword(shop.ports, shop.as(actor), { paymentPassword, newPaymentPassword })
const prove = (shop: OpenAccounts, actor: Actor, paymentPassword = digits) =>
  provePayment(shop.ports, shop.as(actor), { kind: 'paymentPassword', paymentPassword })
const proveByCode = (shop: OpenAccounts, actor: Actor, challengeId: string, code: string) =>
  provePayment(shop.ports, shop.as(actor), { kind: 'code', challengeId, code })

const openWithPassword = async (options?: Parameters<typeof openAccounts>[0]) => {
  const shop = await openAccounts(options)
  const accountId = await shop.join(email)
  const actor = await shop.actor(email)
  must(await set(shop, actor))
  return { shop, accountId, actor }
}

describe('a payment password', () => {
  it('is set once, after a fresh proof, and the owner is told; then it is changed or reset', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    const actor = await shop.actor(email)
    shop.pass(10 * minute)
    expect(tagOf(await set(shop, actor))).toBe('StepUpRequired')
    const { token } = must(
      await stepUp(shop.ports, shop.as(await shop.actor(email)), { kind: 'password', password: goodPassword }),
    )
    const proven = await shop.actorBy(token)
    expect(must(await set(shop, proven)).setAt).toBe(shop.now())
    expect(tagOf(await set(shop, proven, otherDigits))).toBe('PaymentPasswordStands')
    expect(must(await myAccount(shop.ports, { actor: proven }, {})).paymentPassword).toEqual({ setAt: shop.now() })
    await shop.deliver()
    expect(shop.mailbox.map(({ subject }) => subject)).toContain('Your payment password was changed')
  })

  it('proves a payment and nothing else; the session goes on under another token', async () => {
    const { shop, actor } = await openWithPassword()
    shop.pass(20 * minute)
    const { token, proof, freshUntil } = must(await prove(shop, actor))
    expect({ proof, freshUntil }).toEqual({ proof: 'paymentPassword', freshUntil: shop.now() + 5 * minute })
    const proven = await shop.actorBy(token)
    expect(proven).toMatchObject({ session: { paymentProof: { by: 'paymentPassword', at: shop.now() } } })
    expect(tagOf(await requestBinding(shop.ports, shop.as(proven), { phone }))).toBe('StepUpRequired')
  })

  it('is changed by who knows it, and not to what is easily guessed', async () => {
    const { shop, actor } = await openWithPassword()
    expect(tagOf(await change(shop, actor, otherThan(digits), otherDigits))).toBe('PaymentPasswordNotProven')
    expect((await change(shop, actor, digits, '123456'))._unsafeUnwrapErr()).toEqual({
      type: 'PaymentPasswordRefused',
      reasons: [{ type: 'TooSimple' }],
    })
    must(await change(shop, actor, digits, otherDigits))
    expect(tagOf(await prove(shop, actor, digits))).toBe('PaymentPasswordNotProven')
    expect(tagOf(await prove(shop, actor, otherDigits))).toBe('ok')
  })

  it('is set anew by a code, also when it is locked', async () => {
    const { shop, actor } = await openWithPassword()
    for (let index = 0; index < 5; index += 1) await prove(shop, actor, otherThan(digits, index + 1))
    expect(tagOf(await prove(shop, actor))).toBe('PaymentPasswordNotProven')
    const { challengeId } = must(await requestPaymentPasswordReset(shop.ports, shop.as(actor), {}))
    const code = await shop.lastCode(email)
    const reset = (given: string) =>
      resetPaymentPassword(shop.ports, shop.as(actor), { challengeId, code: given, newPaymentPassword: otherDigits })
    expect(tagOf(await reset(otherThan(code)))).toBe('CodeRefused')
    must(await reset(code))
    expect(tagOf(await reset(code))).toBe('CodeRefused')
    expect(tagOf(await prove(shop, actor, otherDigits))).toBe('ok')
  })

  it('goes with the account', async () => {
    const { shop, actor } = await openWithPassword()
    await prove(shop, actor, otherDigits)
    must(await eraseAccount(shop.ports, shop.as(actor), { password: goodPassword }))
    expect(tagOf(await prove(shop, actor))).toBe('NotFound')
    expect(tagOf(await set(shop, actor))).toBe('NotFound')
  })

  it.each(['set', 'reset', 'change'] as const)(
    'is not written after an erasure that ran meanwhile: %s',
    async (verb) => {
      const shop = await openAccounts()
      const accountId = await shop.join(email)
      const actor = await shop.actor(email)
      if (verb === 'change') must(await set(shop, actor))
      const { challengeId } = must(await requestPaymentPasswordReset(shop.ports, shop.as(actor), {}))
      const code = await shop.lastCode(email)
      const { hasher } = shop.ports
      // The account is gone once the new password is hashed.
      const hash = (password: string) =>
        eraseAccount(shop.ports, shop.as(actor), { password: goodPassword })
          .mapErr(() => ({ type: 'HasherUnavailable' as const, detail: 'not erased' }))
          .andThen(() => hasher.hash(password))
      const ports = { ...shop.ports, hasher: { ...hasher, hash } }
      const answer = await {
        set: () => setPaymentPassword(ports, shop.as(actor), { paymentPassword: otherDigits }),
        reset: () =>
          resetPaymentPassword(ports, shop.as(actor), { challengeId, code, newPaymentPassword: otherDigits }),
        change: () =>
          changePaymentPassword(ports, shop.as(actor), { paymentPassword: digits, newPaymentPassword: otherDigits }),
      }[verb]()
      expect(tagOf<{ readonly type: string }>(answer)).toBe('NotFound')
      const plan = { held: row(paymentPasswords, accountId) }
      const scope = { kind: 'all' } as const
      expect(
        must(await readFacts(shop.ports.storage, { shop: 'main', scope, at: shop.now(), plan })).held,
      ).toBeUndefined()
    },
  )
})

describe('a code before a payment', () => {
  it('goes to the number first, else to the address, and is of one use', async () => {
    const shop = await openAccounts()
    await shop.join(phone)
    const actor = await shop.actor(phone)
    expect((await requestPaymentCode(shop.ports, shop.as(actor), { to: 'email' }))._unsafeUnwrapErr()).toEqual({
      type: 'NotBound',
      kind: 'email',
    })
    shop.pass(minute)
    const { challengeId } = must(await requestPaymentCode(shop.ports, shop.as(actor), {}))
    const code = await shop.lastCode(phone)
    expect(tagOf(await proveByCode(shop, actor, challengeId, otherThan(code)))).toBe('CodeRefused')
    expect(must(await proveByCode(shop, actor, challengeId, code)).proof).toBe('code')
    expect(tagOf(await proveByCode(shop, actor, challengeId, code))).toBe('CodeRefused')
  })

  it('costs its sender: a text message a minute, five codes an hour', async () => {
    const shop = await openAccounts()
    await shop.join(phone)
    const actor = await shop.actor(phone)
    const ask = async () => tagOf(await requestPaymentCode(shop.ports, shop.as(actor), {}))
    // The code of the registration, which anybody may ask for, counts apart.
    expect([await ask(), await ask()]).toEqual(['ok', 'TooManyCodes'])
    const answers: string[] = []
    for (let index = 0; index < 5; index += 1) {
      shop.pass(minute)
      answers.push(await ask())
    }
    expect(answers).toEqual(['ok', 'ok', 'ok', 'ok', 'TooManyCodes'])
  })

  it('is not taken where the shop wants the payment password', async () => {
    const { shop, actor } = await openWithPassword({ policy: proofsOf(['paymentPassword']) })
    const { challengeId } = must(await requestPaymentCode(shop.ports, shop.as(actor), {}))
    const code = await shop.lastCode(email)
    expect((await proveByCode(shop, actor, challengeId, code))._unsafeUnwrapErr()).toEqual({
      type: 'ProofNotTaken',
      proof: 'code',
    })
    expect(tagOf(await prove(shop, actor))).toBe('ok')
  })
})

describe('attacks on a payment password', () => {
  it('guessing: five, then a lock of half an hour that doubles; disabled after 20, and the owner is told', async () => {
    const { shop, actor } = await openWithPassword()
    const guess = async (index: number, as: Actor = actor) => tagOf(await prove(shop, as, otherThan(digits, index + 1)))
    for (let index = 0; index < 5; index += 1) await guess(index)
    await shop.deliver()
    expect(shop.mailbox.filter(({ subject }) => subject === 'Wrong payment passwords')).toHaveLength(1)
    shop.pass(30 * minute - 1)
    expect(tagOf(await prove(shop, actor))).toBe('PaymentPasswordNotProven')
    shop.pass(1)
    for (let index = 5; index < 20; index += 1) {
      await guess(index, await shop.actor(email))
      shop.pass(day)
    }
    expect(tagOf(await prove(shop, await shop.actor(email)))).toBe('PaymentPasswordNotProven')
  })

  it('guessing twenty at once: no more than five are looked at', async () => {
    const { shop, accountId, actor } = await openWithPassword({ attempts: 60 })
    const guesses = Array.from({ length: 20 }, (_, index) => otherThan(digits, index + 1))
    await Promise.all(guesses.map((each) => prove(shop, actor, each)))
    const plan = { guard: row(signInGuards, `payment:${accountId}`) }
    const { guard } = must(
      await readFacts(shop.ports.storage, { shop: 'main', scope: { kind: 'all' }, at: shop.now(), plan }),
    )
    expect(guard?.state).toMatchObject({ consecutive: 5, lockedUntil: shop.now() + 30 * minute })
    expect(tagOf(await prove(shop, actor))).toBe('PaymentPasswordNotProven')
    shop.pass(minute * 30)
    expect(tagOf(await prove(shop, actor))).toBe('ok')
  })

  it('timing: a wrong one, none, and one that is locked cost one verification each', async () => {
    const { shop, actor } = await openWithPassword()
    const other = await shop.actor(email)
    const nobody = await shop.join('nobody@example.com').then(() => shop.actor('nobody@example.com'))
    const costOf = async (work: () => ReturnType<typeof prove>): Promise<number> => {
      const before = shop.hashes()
      await work()
      return shop.hashes() - before
    }
    expect(await costOf(() => prove(shop, actor, otherDigits))).toBe(1)
    expect(await costOf(() => prove(shop, nobody))).toBe(1)
    for (let index = 0; index < 5; index += 1) await prove(shop, other, otherDigits)
    expect(await costOf(() => prove(shop, actor))).toBe(1)
  })

  it('staff, guests, other buyers and ended sessions neither set nor change nor prove by it, and it is kept nowhere', async () => {
    const { shop, accountId, actor: owner } = await openWithPassword()
    const stranger = await shop.join('stranger@example.com').then(() => shop.actor('stranger@example.com'))
    for (const actor of [clerk, guest]) {
      expect(tagOf(await set(shop, actor))).toBe('Denied')
      expect(tagOf(await change(shop, actor, digits, otherDigits))).toBe('Denied')
      expect(tagOf(await requestPaymentPasswordReset(shop.ports, shop.as(actor), {}))).toBe('Denied')
      expect(tagOf(await prove(shop, actor))).toBe('Denied')
    }
    expect(tagOf(await prove(shop, stranger))).toBe('PaymentPasswordNotProven')
    expect(tagOf(await prove(shop, customer(accountId)))).toBe('NotFound')
    const { token } = must(await prove(shop, owner))
    must(await signOut(shop.ports, token))
    expect(tagOf(await prove(shop, owner))).toBe('NotFound')
    expect(shop.stored.some((text) => text.includes(digits) || text.includes([...digits].reverse().join('')))).toBe(
      false,
    )
  })

  it('a code of another purpose, or of another account, opens nothing', async () => {
    const { shop, actor } = await openWithPassword()
    const asked = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
    const resetCode = await shop.lastCode(email)
    expect(tagOf(await proveByCode(shop, actor, asked.challengeId, resetCode))).toBe('CodeRefused')
    const { challengeId } = must(await requestPaymentCode(shop.ports, shop.as(actor), {}))
    const code = await shop.lastCode(email)
    const thief = await shop.join('thief@example.com').then(() => shop.actor('thief@example.com'))
    expect(tagOf(await proveByCode(shop, thief, challengeId, code))).toBe('CodeRefused')
    const stolen = { challengeId, code, newPaymentPassword: otherDigits }
    expect(tagOf(await resetPaymentPassword(shop.ports, shop.as(actor), stolen))).toBe('CodeRefused')
  })
})
