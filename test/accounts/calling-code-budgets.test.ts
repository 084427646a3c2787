import { ok } from 'neverthrow'
import {
  actorOf,
  confirmBinding,
  type PhoneMalformed,
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

  it('fails: whichever challenge a text is of, another goes a minute later, and none within half of it', async () => {
    const shop = await openAccounts()
    const phone = '+8613800138000'
    await shop.join(phone)
    shop.setNow(Date.UTC(2026, 10, 25, 9))
    const ask = (purpose: typeof requestReset) => purpose(shop.ports, shop.as(guest), { identifier: phone })
    const { challengeId } = must(await ask(requestReset))
    const again = async () => tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    shop.pass(minute)
    expect(tagOf(await ask(requestSignInCode))).toBe('ok')
    expect(await again()).toBe('TooManyCodes')
    shop.pass(minute)
    expect(await again()).toBe('ok')
    // Neither does the minute of the clock begin anything anew.
    shop.pass(minute + 59_900)
    expect(tagOf(await ask(requestSignInCode))).toBe('ok')
    shop.pass(200)
    expect(tagOf(await ask(requestSignInCode))).toBe('TooManyCodes')
    shop.pass(minute - 200)
    expect(tagOf(await ask(requestSignInCode))).toBe('ok')
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
