import { type AccountsPorts, requestReset, requestSignInCode, resendCode, setUserName } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { day, goodPassword, guest, hour, minute, must, openAccounts, tagOf } from './open-accounts.js'

const phone = '+8613800138000'

const open = async () => {
  const shop = await openAccounts()
  await shop.join(phone)
  must(await setUserName(shop.ports, shop.as(await shop.actor(phone)), { userName: 'liming' }))
  // What registering spent is another day's.
  shop.pass(day)
  await shop.deliver()
  shop.mailbox.length = 0
  const ask = (identifier: string) => requestSignInCode(shop.ports, shop.as(guest), { identifier })
  const codes = async () => {
    await shop.deliver()
    return shop.mailbox.filter(({ to, text }) => to === phone && /\d{6}/.test(text)).length
  }
  return { shop, ask, codes }
}

describe('codes that are asked for with a user name', () => {
  it('count by the number that they go to: once a minute, five an hour, and nobody is told', async () => {
    const { shop, ask, codes } = await open()
    must(await ask(phone))
    const silent = must(await ask('liming'))
    expect(silent).toMatchObject({ challengeId: expect.any(String), resendAt: shop.now() + minute })
    expect(await codes()).toBe(1)
    for (let time = 0; time < 4; time += 1) {
      shop.pass(minute)
      must(await ask('liming'))
    }
    expect(await codes()).toBe(5)
    // The number's own are spent, whichever way they were asked for.
    shop.pass(minute)
    expect(tagOf(await ask(phone))).toBe('TooManyCodes')
    shop.pass(hour)
    must(await ask('liming'))
    expect(await codes()).toBe(6)
  })

  it('count by the number when they are sent anew, and nobody is told', async () => {
    const { shop, ask, codes } = await open()
    const { challengeId } = must(await ask('liming'))
    for (let time = 0; time < 4; time += 1) {
      shop.pass(minute)
      must(await ask(phone))
    }
    expect(await codes()).toBe(5)
    shop.pass(minute)
    must(await resendCode(shop.ports, shop.as(guest), { challengeId }))
    expect(await codes()).toBe(5)
  })
})

describe('a code that is sent anew to nobody', () => {
  it('costs the same work with keys as one to somebody', async () => {
    const shop = await openAccounts()
    await shop.join('owner@example.com', goodPassword)
    const work: string[] = []
    const { sealer } = shop.ports
    const counting: AccountsPorts['sealer'] = {
      createKey: (subject) => {
        work.push('createKey')
        return sealer.createKey(subject)
      },
      seal: (...given) => {
        work.push('seal')
        return sealer.seal(...given)
      },
      open: (...given) => {
        work.push('open')
        return sealer.open(...given)
      },
    }
    const ports = { ...shop.ports, sealer: counting }
    const workOf = async (identifier: string) => {
      const { challengeId } = must(await requestReset(ports, shop.as(guest), { identifier }))
      shop.pass(minute)
      work.length = 0
      must(await resendCode(ports, shop.as(guest), { challengeId }))
      return [...work]
    }
    const known = await workOf('owner@example.com')
    expect(known).toContain('seal')
    expect(await workOf('nobody@example.com')).toEqual(known)
  })
})
