import {
  accounts,
  activateAccount,
  correctContact,
  createRecipientBook,
  credentials,
  readFacts,
  registerAccount,
  resendCode,
  row,
  showSignUpProgress,
  signIn,
  subjectKeys,
  sweepAccounts,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { unchecked } from '../support/unchecked.js'
import {
  day,
  goodPassword,
  guest,
  hour,
  minute,
  must,
  openAccounts,
  otherPassword,
  otherThan,
  tagOf,
} from './open-accounts.js'

const email = 'li.ming@example.com'

describe('registration', () => {
  it('sends a code to the address, and the code makes an account that may sign in', async () => {
    const shop = await openAccounts()
    const registered = await shop.register(' Li.Ming@Example.com', goodPassword, '李明')
    expect(registered).toEqual({
      challengeId: registered.challengeId,
      expiresAt: shop.now() + 10 * minute,
      resendAt: shop.now() + minute,
      activateBy: shop.now() + day,
    })
    const code = await shop.lastCode(email)
    expect(code).toMatch(/^\d{6}$/)
    expect(shop.mailbox).toHaveLength(1)
    expect(shop.mailbox[0]).toMatchObject({
      channel: 'email',
      to: email,
      subject: 'Activate your account',
      locale: 'en',
    })
    const { challengeId } = registered
    const { accountId } = must(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))
    expect(await shop.enter('LI.MING@example.com')).toMatchObject({ accountId, passwordReminder: false })
  })

  it('refuses a weak password with its reasons, and an address that is none', async () => {
    const shop = await openAccounts()
    const weak = { email, password: 'seldom', locale: 'en' } as const
    const refused = await registerAccount(shop.ports, shop.as(guest), weak)
    expect(refused.isErr() && refused.error).toEqual({
      type: 'PasswordRefused',
      reasons: [
        { type: 'TooShort', codePoints: 6, minCodePoints: 8 },
        { type: 'ClassesMissing', classes: ['upper', 'digit', 'symbol'], waivedAtCodePoints: 15 },
      ],
    })
    const malformed = { email: 'а@example.com', password: goodPassword, locale: 'en' } as const
    expect(tagOf(await registerAccount(shop.ports, shop.as(guest), malformed))).toBe('EmailMalformed')
    expect(shop.stored).toEqual([])
  })

  it('sends another code after a minute; the one before is dead', async () => {
    const shop = await openAccounts()
    const { challengeId } = await shop.register(email)
    const first = await shop.lastCode(email)
    const soon = await resendCode(shop.ports, shop.as(guest), { challengeId })
    expect(soon.isErr() && soon.error).toEqual({ type: 'CodeTooSoon', resendAt: shop.now() + minute })
    shop.pass(minute)
    const sent = must(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    expect(sent).toEqual({ challengeId, expiresAt: shop.now() + 10 * minute, resendAt: shop.now() + minute })
    const second = await shop.lastCode(email)
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: first }))).toBe('CodeRefused')
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: second }))).toBe('ok')
  })

  it('takes the code until the last moment, and not at it', async () => {
    for (const [late, outcome] of [
      [-1, 'ok'],
      [0, 'CodeRefused'],
    ] as const) {
      const shop = await openAccounts()
      const { challengeId, expiresAt } = await shop.register(email)
      const code = await shop.lastCode(email)
      shop.setNow(expiresAt + late)
      expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))).toBe(outcome)
    }
  })

  it('lapses when it is not activated in time: the address is free and nothing personal is left', async () => {
    const shop = await openAccounts()
    const { challengeId } = await shop.register(email, goodPassword, '李明')
    shop.setNow(shop.now() + day - 1)
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).lapsed).toBe(0)
    shop.pass(1)
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
    expect(must(await sweepAccounts(shop.ports, { limit: 10 }))).toMatchObject({ lapsed: 1, failures: [] })
    expect(must(await sweepAccounts(shop.ports, { limit: 10 })).lapsed).toBe(0)
    const accountId = /"accountId":"(account_\w+)"/.exec(shop.stored.join())?.[1] ?? ''
    const facts = must(
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
    expect(facts.account?.state.status).toBe('lapsed')
    expect([facts.key, facts.secret]).toEqual([undefined, undefined])
    expect(must(await createRecipientBook(shop.ports).find(accountId, 'email'))).toBeUndefined()
    expect(await shop.join(email, otherPassword)).not.toBe(accountId)
  })

  it('gives the address to whoever proves it first, however many wait', async () => {
    const shop = await openAccounts()
    const one = await shop.register(email, goodPassword)
    const codeOne = await shop.lastCode(email)
    const two = await shop.register(email, otherPassword)
    const codeTwo = await shop.lastCode(email)
    const answers = await Promise.all([
      activateAccount(shop.ports, shop.as(guest), { challengeId: two.challengeId, code: codeTwo }),
      activateAccount(shop.ports, shop.as(guest), { challengeId: one.challengeId, code: codeOne }),
    ])
    expect(answers.map(tagOf).sort()).toEqual(['CodeRefused', 'ok'])
    const winner = answers[0]?.isOk() ? otherPassword : goodPassword
    expect((await shop.enter(email, winner)).accountId).toMatch(/^account_/)
  })

  it('answers the same key the same way and does it once', async () => {
    const shop = await openAccounts()
    const context = shop.as(guest)
    const input = { email, password: goodPassword, locale: 'en' } as const
    const first = must(await registerAccount(shop.ports, context, input))
    expect(must(await registerAccount(shop.ports, context, input))).toEqual(first)
    const code = await shop.lastCode(email)
    expect(shop.mailbox).toHaveLength(1)
    const activate = shop.as(guest)
    const given = { challengeId: first.challengeId, code }
    const activated = must(await activateAccount(shop.ports, activate, given))
    expect(must(await activateAccount(shop.ports, activate, given))).toEqual(activated)
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), given))).toBe('CodeRefused')
  })

  it('sends at most five codes an hour and ten a day to one address, however it is spelt', async () => {
    const shop = await openAccounts()
    const spellings = [email, 'LI.MING@example.com', 'ｌｉ.ming@example.com'] as const
    const ask = async (count: number): Promise<string[]> => {
      const tags: string[] = []
      for (let index = 0; index < count; index += 1) {
        const input = { email: spellings[index % 3], password: goodPassword, locale: 'en' } as const
        tags.push(tagOf(await registerAccount(shop.ports, shop.as(guest), unchecked(input))))
      }
      return tags
    }
    expect((await ask(7)).filter((tag) => tag === 'ok')).toHaveLength(5)
    const refused = await registerAccount(shop.ports, shop.as(guest), { email, password: goodPassword, locale: 'en' })
    expect(refused.isErr() && refused.error).toEqual({ type: 'TooManyCodes', retryAt: shop.now() + 60 * minute })
    shop.pass(60 * minute)
    expect((await ask(7)).filter((tag) => tag === 'ok')).toHaveLength(5)
    shop.pass(60 * minute)
    expect((await ask(3)).filter((tag) => tag === 'ok')).toHaveLength(0)
    await shop.deliver()
    expect(shop.mailbox).toHaveLength(10)
    expect(
      tagOf(
        await registerAccount(shop.ports, shop.as(guest), {
          email: 'x@example.com',
          password: goodPassword,
          locale: 'en',
        }),
      ),
    ).toBe('ok')
  })

  it('has its address corrected before it lapses: the code goes there, and what went elsewhere is void', async () => {
    const shop = await openAccounts()
    const typo = 'owner@exmaple.com'
    const { challengeId, activateBy } = await shop.register(typo)
    const stale = await shop.lastCode(typo)
    shop.pass(hour)
    const right = must(await correctContact(shop.ports, shop.as(guest), { challengeId, email }))
    expect(right.activateBy).toBe(activateBy)
    const code = await shop.lastCode(email)
    expect(shop.mailbox.at(-1)).toMatchObject({ to: email, subject: 'Activate your account' })
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code: stale }))).toBe('CodeRefused')
    expect(tagOf(await correctContact(shop.ports, shop.as(guest), { challengeId, email }))).toBe('CodeRefused')
    // And once more, to a number: whoever is reached there proves it.
    const phone = '+8613800138000'
    const last = must(await correctContact(shop.ports, shop.as(guest), { challengeId: right.challengeId, phone }))
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId: right.challengeId, code }))).toBe(
      'CodeRefused',
    )
    const proof = { challengeId: last.challengeId, code: await shop.lastCode(phone) }
    must(await activateAccount(shop.ports, shop.as(guest), proof))
    expect((await shop.enter(phone)).accountId).toMatch(/^account_/)
    expect(tagOf(await signIn(shop.ports, shop.as(guest), { identifier: email, password: goodPassword }))).toBe(
      'SignInRefused',
    )
    expect(tagOf(await correctContact(shop.ports, shop.as(guest), { challengeId: last.challengeId, email }))).toBe(
      'CodeRefused',
    )
  })

  it('is corrected with one answer, whether the registration or the address stands for anybody or not', async () => {
    const shop = await openAccounts()
    await shop.join(email)
    await shop.join('taken@example.com')
    await shop.deliver()
    shop.mailbox.length = 0
    const nobody = await shop.register(email)
    const somebody = await shop.register('new@example.com')
    const answers = []
    for (const { challengeId } of [nobody, somebody]) {
      const input = { challengeId, email: 'taken@example.com' }
      answers.push({ ...must(await correctContact(shop.ports, shop.as(guest), input)), challengeId: '' })
      expect(await correctContact(shop.ports, shop.as(guest), input)).toMatchObject({ error: { type: 'CodeRefused' } })
    }
    expect(answers[0]).toEqual(answers[1])
    await shop.deliver()
    expect(shop.mailbox.map(({ to, subject }) => `${to}: ${subject}`).sort()).toEqual([
      `${email}: You already have an account`,
      'new@example.com: Activate your account',
      'taken@example.com: You already have an account',
      'taken@example.com: You already have an account',
    ])
    shop.pass(day)
    const late = await shop.register('late@example.com')
    shop.pass(day)
    expect(tagOf(await correctContact(shop.ports, shop.as(guest), { challengeId: late.challengeId, email }))).toBe(
      'CodeRefused',
    )
  })

  it('tells nobody by a correction whether the address before it had an account', async () => {
    const seen = []
    for (const first of ['taken@example.com', 'free@example.com']) {
      const shop = await openAccounts()
      await shop.join('taken@example.com')
      shop.pass(hour)
      const { ports, as } = shop
      const begun = shop.now()
      const asked = await shop.register(first)
      // The first message is on its way still: it goes to where it was meant to.
      shop.pass(minute)
      const correct = async (challengeId: string, email: string) =>
        must(await correctContact(ports, as(guest), { challengeId, email }))
      const mine = await correct(asked.challengeId, 'mine@example.com')
      await shop.deliver()
      shop.pass(minute)
      const progress = must(await showSignUpProgress(ports, { actor: guest }, { challengeId: mine.challengeId }))
      const again = await correct(mine.challengeId, 'taken@example.com')
      shop.pass(minute)
      must(await resendCode(ports, as(guest), { challengeId: again.challengeId }))
      await shop.deliver()
      const last = await correct(again.challengeId, 'mine@example.com')
      // Past its day the registration is over, however late the last correction came.
      shop.setNow(begun + day - minute)
      must(await resendCode(ports, as(guest), { challengeId: last.challengeId }))
      const activated = tagOf(
        await activateAccount(ports, as(guest), {
          challengeId: last.challengeId,
          code: await shop.lastCode('mine@example.com'),
        }),
      )
      const codes = shop.mailbox.filter(({ to, text }) => to === 'mine@example.com' && /\d{6}/.test(text))
      const owners = shop.mailbox.filter(({ to, text }) => to === 'taken@example.com' && /\d{6}/.test(text))
      // Whose address it is was sent its own code once, when they registered, and none of somebody else.
      expect(owners).toHaveLength(1)
      seen.push({
        codes: codes.length,
        until: [asked, mine, again, last].map(({ activateBy }) => activateBy - begun),
        shown: progress.step === 'activate' ? progress.activateBy - begun : progress.step,
        activated,
      })
    }
    expect(seen[0]).toEqual({ codes: 3, until: [day, day, day, day], shown: day, activated: 'ok' })
    expect(seen[1]).toEqual(seen[0])
  })

  it('lapses when it would have, also where its address was corrected, and no code is good for longer', async () => {
    const shop = await openAccounts()
    const { ports, as } = shop
    const { challengeId, activateBy } = await shop.register('li.na@exmaple.com')
    shop.setNow(activateBy - 2 * minute)
    const asked = must(await correctContact(ports, as(guest), { challengeId, email: 'li.na@example.com' }))
    expect(asked).toMatchObject({ activateBy, expiresAt: activateBy })
    shop.setNow(activateBy)
    expect(tagOf(await resendCode(ports, as(guest), { challengeId: asked.challengeId }))).toBe('CodeRefused')
    const progress = must(await showSignUpProgress(ports, { actor: guest }, { challengeId: asked.challengeId }))
    expect(progress.step).toBe('register')
  })

  it('keeps spent tries spent when another code is sent', async () => {
    const shop = await openAccounts()
    const { challengeId } = await shop.register(email)
    const wrong = otherThan(await shop.lastCode(email))
    for (let index = 0; index < 4; index += 1) {
      await activateAccount(shop.ports, shop.as(guest), { challengeId, code: wrong })
    }
    shop.pass(minute)
    must(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    const code = await shop.lastCode(email)
    await activateAccount(shop.ports, shop.as(guest), { challengeId, code: otherThan(code) })
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), { challengeId, code }))).toBe('CodeRefused')
    shop.pass(minute)
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))).toBe('CodeRefused')
  })
})
