import { ok } from 'neverthrow'
import {
  actorOf,
  confirmBinding,
  type PhoneMalformed,
  remindOfUserName,
  requestBinding,
  requestPaymentCode,
  requestReset,
  requestSignInCode,
  resendCode,
  setUserName,
  signIn,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { goodPassword, guest, hour, minute, must, openAccounts, tagOf } from './open-accounts.js'

/** Three people with a number abroad each, and a shop that sends so many texts there in an hour. */
const openAbroad = async (perHour: number) => {
  const { code } = (await openAccounts()).ports.accountsPolicy
  const callingCodes = { ...code.callingCodes, others: { perHour, perDay: 100 } }
  const shop = await openAccounts({ policy: { code: { ...code, callingCodes } } })
  const ports = { ...shop.ports, phones: { canonical: (typed: string) => ok<string, PhoneMalformed>(typed) } }
  const people = []
  for (const index of [0, 1, 2]) {
    const email = `person${index}@example.com`
    await shop.join(email)
    const origin = { device: `device ${index}`, address: `198.51.${index}.1` }
    const at = () => ({ ...shop.as(guest), origin })
    const { token } = must(await signIn(ports, at(), { identifier: email, password: goodPassword }))
    const { actor } = must(await actorOf(ports, token))
    const phone = `+9923700000${index}`
    const { challengeId } = must(await requestBinding(ports, { ...at(), actor }, { phone }))
    must(await confirmBinding(ports, { ...at(), actor }, { challengeId, code: await shop.lastCode(phone) }))
    must(await setUserName(ports, { ...at(), actor }, { userName: `person${'abc'[index]}` }))
    people.push({ email, phone, actor, at })
    // The text by which the number was bound is of an hour before.
    shop.pass(hour)
  }
  for (const person of people) {
    const { token } = must(await signIn(ports, person.at(), { identifier: person.email, password: goodPassword }))
    person.actor = must(await actorOf(ports, token)).actor
  }
  await shop.deliver()
  shop.mailbox.length = 0
  const texts = async () => {
    await shop.deliver()
    return shop.mailbox.filter(({ channel }) => channel === 'sms').length
  }
  return { shop, ports, people, texts }
}

describe('attack 6: text messages to numbers that somebody earns by', () => {
  it('fails: what owners have sent to their own numbers counts by calling code, apart from what strangers ask for', async () => {
    const { shop, ports, people, texts } = await openAbroad(2)
    const [one, two, three] = people
    if (one === undefined || two === undefined || three === undefined) expect.unreachable()
    const pay = async ({ actor, at }: typeof one) => tagOf(await requestPaymentCode(ports, { ...at(), actor }, {}))
    expect([await pay(one), await pay(two), await pay(three)]).toEqual(['ok', 'ok', 'TooManyCodes'])
    expect(await texts()).toBe(2)
    // At devices that nobody knows: a number and, of the same sum, a user name whose number it is.
    const from = { ...shop.as(guest), origin: { address: '203.0.113.1' } }
    expect(tagOf(await requestReset(ports, from, { identifier: three.phone }))).toBe('ok')
    const asked = { ...shop.as(guest), origin: { address: '203.0.114.1' } }
    expect(tagOf(await requestSignInCode(ports, asked, { identifier: two.phone }))).toBe('ok')
    const late = { ...shop.as(guest), origin: { address: '203.0.115.1' } }
    expect(tagOf(await requestSignInCode(ports, late, { identifier: one.phone }))).toBe('TooManyCodes')
    shop.pass(hour)
    expect(await pay(three)).toBe('ok')
  })

  it('fails: codes that are sent anew count too', async () => {
    const { shop, ports, people, texts } = await openAbroad(2)
    const [one] = people
    if (one === undefined) expect.unreachable()
    const origin = { address: '203.0.113.1' }
    const { challengeId } = must(await requestReset(ports, { ...shop.as(guest), origin }, { identifier: one.phone }))
    const again = async () => {
      shop.pass(minute)
      return tagOf(await resendCode(ports, { ...shop.as(guest), origin }, { challengeId }))
    }
    expect([await again(), await again()]).toEqual(['ok', 'TooManyCodes'])
    expect(await texts()).toBe(2)
  })

  it('fails to tell who has an account: a number that nobody has is sent no more anew than one that somebody has', async () => {
    const { shop, ports, people } = await openAbroad(2)
    const from = (network: number) => ({ ...shop.as(guest), origin: { address: `203.0.${network}.1` } })
    const [known, nobody, other] = [people[0]?.phone ?? '', '+992370000098', '+992370000099']
    for (const [index, purpose] of [requestReset, requestSignInCode].entries()) {
      shop.pass(hour)
      const mine = must(await purpose(ports, from(index), { identifier: known })).challengeId
      const theirs = must(await purpose(ports, from(10 + index), { identifier: nobody })).challengeId
      shop.pass(minute)
      expect(tagOf(await purpose(ports, from(20 + index), { identifier: other }))).toBe('TooManyCodes')
      const again = async (challengeId: string) =>
        (await resendCode(ports, from(30), { challengeId }))._unsafeUnwrapErr()
      const refusal = await again(mine)
      expect(refusal.type).toBe('TooManyCodes')
      expect(await again(theirs)).toEqual(refusal)
    }
  })

  it('fails: whichever challenge a text is of, another goes a minute later to the millisecond, and none before', async () => {
    const shop = await openAccounts()
    const phone = '+8613800138000'
    await shop.join(phone)
    shop.setNow(Date.UTC(2026, 10, 25, 9) + 59_900)
    const ask = (purpose: typeof requestReset) => purpose(shop.ports, shop.as(guest), { identifier: phone })
    const { challengeId } = must(await ask(requestReset))
    const sentAt = shop.now()
    const again = async () => tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    const remind = async () => tagOf(await remindOfUserName(shop.ports, shop.as(guest), { phone }))
    const signInCode = async () => tagOf(await ask(requestSignInCode))
    // Neither does the minute of the clock begin anything anew, nor half of it.
    for (const gap of [1, 200, 30_000, 59_999]) {
      shop.setNow(sentAt + gap)
      expect((await ask(requestSignInCode))._unsafeUnwrapErr()).toEqual({
        type: 'TooManyCodes',
        retryAt: sentAt + minute,
      })
      expect(await remind()).toBe('TooManyCodes')
    }
    for (const [first, others] of [
      [signInCode, [again, remind]],
      [again, [remind, signInCode]],
      [remind, [again, signInCode]],
    ] as const) {
      shop.setNow(shop.now() + (shop.now() < sentAt + minute ? 1 : minute))
      expect(await first()).toBe('ok')
      for (const other of others) expect(await other()).toBe('TooManyCodes')
    }
  })

  it('fails: of eight that are asked for at once, whatever they are for, one goes', async () => {
    const shop = await openAccounts({ attempts: 40 })
    await shop.join('+8613800138000')
    shop.pass(minute)
    const answers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const context = { ...shop.as(guest), origin: { address: `198.51.${index}.1` } }
        return index % 2 === 0
          ? tagOf(await remindOfUserName(shop.ports, context, { phone: '13800138000' }))
          : tagOf(await requestReset(shop.ports, context, { identifier: '+86 13800138000' }))
      }),
    )
    expect(answers.sort()).toEqual([...Array.from({ length: 7 }, () => 'TooManyCodes'), 'ok'])
  })

  it('fails: reminders and codes together are no more texts a day than codes may be', async () => {
    const code = { ...(await openAccounts()).ports.accountsPolicy.code, perHour: 2, perDay: 4 }
    const shop = await openAccounts({ policy: { code } })
    await shop.join('+8613800138000')
    shop.setNow(Date.UTC(2026, 10, 25))
    shop.mailbox.length = 0
    for (let asked = 0; asked < 24; asked += 1) {
      await (asked % 2 === 0
        ? remindOfUserName(shop.ports, shop.as(guest), { phone: '13800138000' })
        : requestReset(shop.ports, shop.as(guest), { identifier: '13800138000' }))
      shop.pass(20 * minute)
    }
    await shop.deliver()
    expect(shop.mailbox.map(({ channel }) => channel)).toEqual(['sms', 'sms', 'sms', 'sms'])
  })

  it('fails: the texts that its owner asks for lie a minute apart too, at whichever device, and no stranger’s puts one off', async () => {
    const shop = await openAccounts()
    const phone = '+8613800138000'
    await shop.join(phone)
    const at = (device: string) => ({ origin: { device, address: '203.0.113.7' } })
    const enter = async (device: string) => {
      const context = { ...shop.as(guest), ...at(device) }
      return shop.actorBy(must(await signIn(shop.ports, context, { identifier: phone, password: goodPassword })).token)
    }
    const actor = await enter('home')
    shop.pass(hour)
    const pay = (device: string) => requestPaymentCode(shop.ports, { ...shop.as(actor), ...at(device) }, {})
    const stranger = async (device?: string) =>
      tagOf(
        await requestReset(
          shop.ports,
          { ...shop.as(guest), ...(device === undefined ? {} : at(device)) },
          { identifier: phone },
        ),
      )
    expect(await stranger()).toBe('ok')
    expect(tagOf(await pay('home'))).toBe('ok')
    const sentAt = shop.now()
    for (const gap of [0, 30_000, 59_999]) {
      shop.setNow(sentAt + gap)
      for (const device of ['home', 'another']) {
        expect((await pay(device))._unsafeUnwrapErr()).toEqual({ type: 'TooManyCodes', retryAt: sentAt + minute })
      }
      expect(await stranger('home')).toBe('TooManyCodes')
    }
    shop.setNow(sentAt + minute)
    expect(tagOf(await pay('another'))).toBe('ok')
    expect(await stranger('home')).toBe('TooManyCodes')
    // Nor is a stranger told that its owner has just asked for one.
    expect(await stranger()).toBe('ok')
  })

  it('fails: thirty codes asked for one number at once, from as many networks, are one text, and five in an hour', async () => {
    const shop = await openAccounts()
    shop.setNow(Date.UTC(2026, 10, 25, 9))
    let asks = 0
    const flood = async () => {
      for (let index = 0; index < 30; index += 1) {
        asks += 1
        const origin = { address: `198.51.${asks % 250}.1`, device: `bot ${asks}` }
        await requestSignInCode(shop.ports, { ...shop.as(guest), origin }, { identifier: '+8613800138000' })
      }
    }
    const accepted = () =>
      shop.stored.filter((text) => text.includes('"accounts.requestSignInCode"') && text.includes('"done"')).length
    await flood()
    expect(accepted()).toBe(1)
    for (let index = 0; index < 8; index += 1) {
      shop.pass(minute)
      await flood()
    }
    expect(accepted()).toBe(5)
  })
})
