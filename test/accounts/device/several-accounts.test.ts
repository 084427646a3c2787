import {
  actorOf,
  joinDevice,
  leaveDevice,
  mySessions,
  requestSignInCode,
  showDevice,
  signIn,
  stepUp,
  switchAccount,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  goodPassword,
  guest,
  minute,
  must,
  type OpenAccounts,
  openAccounts,
  otherPassword,
  tagOf,
} from '../open-accounts.js'

const [ann, bob] = ['ann@example.com', '+8613800138000']

const enterOn = async (shop: OpenAccounts, identifier: string, wallet: string) => {
  const { token, sessionId, accountId } = await shop.enter(identifier)
  const joined = must(await joinDevice(shop.ports, shop.as(guest), { wallet, token }))
  expect(joined).toMatchObject({ sessionId, accountId })
  return { ...joined, token }
}

const list = async (shop: OpenAccounts, wallet: string) =>
  must(await showDevice(shop.ports, { actor: guest }, { wallet })).accounts

const openTwo = async () => {
  const shop = await openAccounts()
  await shop.join(ann, goodPassword, 'Ann')
  await shop.join(bob)
  const first = await enterOn(shop, ann, '')
  shop.pass(minute)
  const second = await enterOn(shop, bob, first.wallet)
  return { shop, first, second }
}

describe('several accounts on one device', () => {
  it('are listed by name and masked contact, the one that signed in last in use, by one read and no write', async () => {
    const { shop, first, second } = await openTwo()
    const before = shop.stored.length
    expect(await list(shop, second.wallet)).toMatchObject([
      { accountId: second.accountId, shownAs: '*******8000', isCurrent: true, mustProve: false },
      { accountId: first.accountId, name: 'Ann', shownAs: 'a***@example.com', isCurrent: false },
    ])
    expect(shop.stored.length).toBe(before)
    expect(shop.stored.join('\n')).not.toContain(first.token.split('.')[1])
  })

  it('are switched without a new sign-in, and what was proved in one counts in no other', async () => {
    const { shop, first, second } = await openTwo()
    shop.pass(20 * minute)
    const actor = await shop.actorBy(second.token)
    const proved = must(await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword }))
    const { wallet } = must(
      await joinDevice(shop.ports, shop.as(actor), { wallet: second.wallet, token: proved.token }),
    )
    expect(wallet).not.toContain(second.token)
    const back = must(await switchAccount(shop.ports, { actor }, { wallet, sessionId: first.sessionId }))
    expect(back.actor).toMatchObject({ accountId: first.accountId, session: { provenAt: shop.now() - 21 * minute } })
    expect((await list(shop, back.wallet)).find(({ isCurrent }) => isCurrent)?.accountId).toBe(first.accountId)
    const again = { wallet: back.wallet, sessionId: second.sessionId }
    const forth = must(await switchAccount(shop.ports, { actor }, again))
    expect(forth).toMatchObject({ token: proved.token, actor: { session: { provenAt: shop.now() } } })
  })

  it('are signed out alone, and nobody takes the place of the one that was in use', async () => {
    const { shop, first, second } = await openTwo()
    const left = must(
      await leaveDevice(shop.ports, shop.as(guest), { wallet: second.wallet, sessionId: second.sessionId }),
    )
    expect(left.ended).toBe(1)
    expect(await list(shop, left.wallet)).toMatchObject([{ accountId: first.accountId, isCurrent: false }])
    expect(
      tagOf(await switchAccount(shop.ports, { actor: guest }, { wallet: second.wallet, sessionId: second.sessionId })),
    ).toBe('SessionRefused')
    expect((await shop.actorBy(first.token)).kind).toBe('customer')
    const none = must(await leaveDevice(shop.ports, shop.as(guest), { wallet: left.wallet }))
    expect(none).toEqual({ wallet: '', ended: 1 })
    expect(must(await leaveDevice(shop.ports, shop.as(guest), { wallet: second.wallet })).ended).toBe(0)
  })

  it('are signed out by a token from before a step-up, too', async () => {
    const { shop, first, second } = await openTwo()
    const actor = await shop.actorBy(second.token)
    const proved = must(await stepUp(shop.ports, shop.as(actor), { kind: 'password', password: goodPassword }))
    shop.pass(10 * minute)
    const forged = { wallet: second.wallet.replaceAll(second.token.split('.')[1] ?? '', 'x'.repeat(43)) }
    expect(must(await leaveDevice(shop.ports, shop.as(guest), forged)).ended).toBe(1)
    expect(tagOf(await actorOf(shop.ports, first.token))).toBe('SessionRefused')
    expect(tagOf(await actorOf(shop.ports, proved.token))).toBe('ok')
    expect(must(await leaveDevice(shop.ports, shop.as(guest), { wallet: second.wallet })).ended).toBe(1)
    expect(tagOf(await actorOf(shop.ports, proved.token))).toBe('SessionRefused')
  })

  it('hold one session of an account: the earlier one on the device ends, one elsewhere stays', async () => {
    const { shop, second } = await openTwo()
    const elsewhere = await shop.enter(ann)
    const again = await enterOn(shop, ann, second.wallet)
    expect((await list(shop, again.wallet)).map(({ sessionId }) => sessionId)).toEqual([
      again.sessionId,
      second.sessionId,
    ])
    const actor = await shop.actorBy(again.token)
    const { sessions } = must(await mySessions(shop.ports, { actor }, {}))
    expect(sessions.map(({ sessionId }) => sessionId).sort()).toEqual([elsewhere.sessionId, again.sessionId].sort())
  })

  it('leave no session behind of which the device holds but a token that was replaced', async () => {
    const { shop, second } = await openTwo()
    const bobs = await shop.actorBy(second.token)
    const proof = { kind: 'password', password: goodPassword } as const
    const proved = must(await stepUp(shop.ports, shop.as(bobs), proof))
    const thirds = 'cid@example.com'
    await shop.join(thirds)
    // Within its grace the token is good, and stays.
    const early = await enterOn(shop, thirds, second.wallet)
    expect(await list(shop, early.wallet)).toHaveLength(3)
    expect(tagOf(await actorOf(shop.ports, proved.token))).toBe('ok')
    // Later it leaves the device, and its session ends, whoever holds the token in its place.
    shop.pass(10 * minute)
    const late = await enterOn(shop, ann, early.wallet)
    expect(late.wallet).not.toContain(second.sessionId)
    expect(tagOf(await actorOf(shop.ports, proved.token))).toBe('SessionRefused')
    expect((await shop.actorBy(early.token)).kind).toBe('customer')
  })

  it('are signed out by a token that was replaced more than once', async () => {
    const { shop, second } = await openTwo()
    const proof = { kind: 'password', password: goodPassword } as const
    const proved = must(await stepUp(shop.ports, shop.as(await shop.actorBy(second.token)), proof))
    const again = must(await stepUp(shop.ports, shop.as(await shop.actorBy(proved.token)), proof))
    shop.pass(10 * minute)
    const left = must(
      await leaveDevice(shop.ports, shop.as(guest), { wallet: second.wallet, sessionId: second.sessionId }),
    )
    expect(left.ended).toBe(1)
    expect(tagOf(await actorOf(shop.ports, again.token))).toBe('SessionRefused')
  })

  it('are no more than the shop allows: one too many is told, and leaves no session behind', async () => {
    const shop = await openAccounts()
    let wallet = ''
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await shop.join(`${name}@example.com`)
      wallet = (await enterOn(shop, `${name}@example.com`, wallet)).wallet
    }
    await shop.join(ann)
    const { token } = await shop.enter(ann)
    const full = await joinDevice(shop.ports, shop.as(guest), { wallet, token })
    expect(full.isErr() && full.error).toEqual({ type: 'DeviceFull', most: 5 })
    expect(await list(shop, `${token}`)).toEqual([])
    expect(await list(shop, wallet)).toHaveLength(5)
    // Whoever is one of the five may sign in again.
    expect(await list(shop, (await enterOn(shop, 'a@example.com', wallet)).wallet)).toHaveLength(5)
  })

  it('take no token that opens nothing, and show nobody by an id without its secret', async () => {
    const { shop, first, second } = await openTwo()
    const forged = `${first.sessionId}.${second.token.split('.')[1]}`
    expect(tagOf(await joinDevice(shop.ports, shop.as(guest), { wallet: '', token: forged }))).toBe('SessionRefused')
    expect(await list(shop, `*${forged}`)).toEqual([])
    expect(must(await leaveDevice(shop.ports, shop.as(guest), { wallet: forged })).ended).toBe(0)
    expect((await shop.actorBy(first.token)).kind).toBe('customer')
  })

  it('are known at the device each for itself, and share what the device may ask for', async () => {
    const { shop } = await openTwo()
    const origin = { device: 'shared tablet', address: '203.0.113.7' }
    const tryIn = async (identifier: string, password: string) =>
      tagOf(await signIn(shop.ports, { ...shop.as(guest), origin }, { identifier, password }))
    expect(await tryIn(ann, goodPassword)).toBe('ok')
    // Ann is known here. Failures at Bob's account lock Bob, who is not, and neither lock nor lift anything of hers.
    for (let time = 0; time < 10; time += 1) expect(await tryIn(bob, otherPassword)).toBe('SignInRefused')
    expect(await tryIn(bob, goodPassword)).toBe('SignInRefused')
    expect(await tryIn(ann, goodPassword)).toBe('ok')
    // Codes are counted by the device over all who ask there: the policy gives it ten an hour.
    const codes: string[] = []
    for (let account = 0; account < 12; account += 1) {
      const asked = { identifier: `stranger-${account}@example.com` }
      codes.push(tagOf(await requestSignInCode(shop.ports, { ...shop.as(guest), origin }, asked)))
    }
    expect(codes.filter((tag) => tag === 'ok')).toHaveLength(10)
  })
})
