import {
  activateAccount,
  type Collection,
  registerAccount,
  remindOfUserName,
  requestBinding,
  requestReset,
  requestSignInCode,
  resendCode,
  resetPassword,
  signIn,
} from 'shopwright'
import { describe, expect, it, vi } from 'vitest'
import { accounts, credentials } from '../../src/accounts/accounts.schema.js'
import { goodPassword, guest, minute, must, type OpenAccounts, otherPassword, tagOf } from './open-accounts.js'
import { counted, masked, openStreetOf } from './open-street.js'

const owner = 'owner@example.com'
const addresses = {
  known: owner,
  unknown: 'nobody@example.com',
  pending: 'pending@example.com',
  banned: 'banned@example.com',
  erased: 'erased@example.com',
  locked: 'locked@example.com',
}

const openStreet = (): Promise<OpenAccounts> => openStreetOf(addresses)

describe('attack 1: finding out who has an account by what is answered', () => {
  it('fails at every door: answers and the count of hashes are the same for every kind of address', async () => {
    const doors = {
      signIn: (shop: OpenAccounts, email: string) =>
        signIn(shop.ports, shop.as(guest), { identifier: email, password: 'Wrong-7-guess' }),
      register: (shop: OpenAccounts, email: string) =>
        registerAccount(shop.ports, shop.as(guest), { email, password: otherPassword, locale: 'en' }),
      requestReset: (shop: OpenAccounts, email: string) =>
        requestReset(shop.ports, shop.as(guest), { identifier: email }),
      requestSignInCode: (shop: OpenAccounts, email: string) =>
        requestSignInCode(shop.ports, shop.as(guest), { identifier: email }),
      // Somebody with an account of their own asks for the address of another.
      requestBinding: async (shop: OpenAccounts, email: string) => {
        await shop.join('stranger@example.com')
        return requestBinding(shop.ports, shop.as(await shop.actor('stranger@example.com')), { email })
      },
    }
    for (const [name, knock] of Object.entries(doors)) {
      const answers = []
      for (const email of Object.values(addresses)) {
        const shop = await openStreet()
        const before = shop.hashes()
        const answer = await knock(shop, email)
        answers.push({ answer: masked(answer), hashes: shop.hashes() - before })
      }
      for (const answer of answers) expect(answer, name).toEqual(answers[0])
    }
  })

  it('fails at the doors behind a code too: trying and sending anew look alike, right up to the end', async () => {
    const histories = []
    for (const email of Object.values(addresses)) {
      const shop = await openStreet()
      const { challengeId } = must(await requestReset(shop.ports, shop.as(guest), { identifier: email }))
      const before = shop.hashes()
      const history: unknown[] = [await resendCode(shop.ports, shop.as(guest), { challengeId })]
      shop.pass(minute)
      history.push(await resendCode(shop.ports, shop.as(guest), { challengeId }))
      for (let index = 0; index < 6; index += 1) {
        // The password holds the address, which only the owner's account could know.
        const newPassword = `${email.split('@')[0]}-Aa1!x`
        history.push(await resetPassword(shop.ports, shop.as(guest), { challengeId, code: '0000000', newPassword }))
      }
      shop.pass(minute)
      history.push(await resendCode(shop.ports, shop.as(guest), { challengeId }))
      histories.push({ history: history.map(masked), hashes: shop.hashes() - before })
    }
    for (const history of histories) expect(history).toEqual(histories[0])
  })

  it('tells the owner, by message, that somebody registered with the address', async () => {
    const shop = await openStreet()
    await shop.register(owner, otherPassword)
    await shop.register(addresses.unknown, otherPassword)
    await shop.deliver()
    expect(shop.mailbox.map(({ to, subject }) => `${to}: ${subject}`).sort()).toEqual([
      `${addresses.unknown}: Activate your account`,
      `${owner}: You already have an account`,
    ])
    expect((await shop.enter(owner, goodPassword)).accountId).toMatch(/^account_/)
  })

  it('fails at what is no address: it is refused like any other, each time', async () => {
    const shop = await openStreet()
    for (let index = 0; index < 3; index += 1) {
      const answer = await signIn(shop.ports, shop.as(guest), { identifier: 'no address', password: goodPassword })
      expect(tagOf(answer)).toBe('SignInRefused')
    }
  })

  it('fails at a challenge that was never issued', async () => {
    const shop = await openStreet()
    const input = { challengeId: 'challenge_none', code: '123456' }
    expect(tagOf(await activateAccount(shop.ports, shop.as(guest), input))).toBe('CodeRefused')
    expect(tagOf(await resendCode(shop.ports, shop.as(guest), { challengeId: 'challenge_none' }))).toBe('CodeRefused')
  })
})

describe('attack 2: finding out who has an account by how long the answer takes', () => {
  it('fails: every door does the same slow work, whoever is named', async () => {
    const doors = {
      signIn: (ports: OpenAccounts['ports'], shop: OpenAccounts, identifier: string) =>
        signIn(ports, shop.as(guest), { identifier, password: 'Wrong-7-guess' }),
      register: (ports: OpenAccounts['ports'], shop: OpenAccounts, email: string) =>
        registerAccount(ports, shop.as(guest), { email, password: otherPassword, locale: 'en' }),
      requestReset: (ports: OpenAccounts['ports'], shop: OpenAccounts, identifier: string) =>
        requestReset(ports, shop.as(guest), { identifier }),
      requestSignInCode: (ports: OpenAccounts['ports'], shop: OpenAccounts, identifier: string) =>
        requestSignInCode(ports, shop.as(guest), { identifier }),
      remindOfUserName: (ports: OpenAccounts['ports'], shop: OpenAccounts, email: string) =>
        remindOfUserName(ports, shop.as(guest), { email }),
    }
    const shop = await openStreet()
    for (const [name, knock] of Object.entries(doors)) {
      const works: unknown[] = []
      for (const email of Object.values(addresses)) {
        const { ports, work } = counted(shop)
        expect(shop.mailbox).toEqual([])
        await knock(ports, shop, email)
        // Messages are queued, and sent by somebody else: no answer waits for a mail server.
        expect(shop.mailbox).toEqual([])
        works.push(work())
      }
      for (const work of works) expect(work, name).toEqual(works[0])
    }
  })

  it('fails: a sign-in reads and checks as much of who has no account', async () => {
    const shop = await openStreet()
    const checked: string[] = []
    const note = <State>(collection: Collection<State>): void => {
      const { parse } = collection
      vi.spyOn(collection, 'parse').mockImplementation((stored, id) => {
        checked.push(collection.name)
        return parse(stored, id)
      })
    }
    note(accounts)
    note(credentials)
    try {
      for (const identifier of Object.values(addresses)) {
        checked.length = 0
        await signIn(shop.ports, shop.as(guest), { identifier, password: 'Wrong-7-guess' })
        expect(checked, identifier).toEqual(['account', 'credential'])
      }
    } finally {
      vi.restoreAllMocks()
    }
  })
})
