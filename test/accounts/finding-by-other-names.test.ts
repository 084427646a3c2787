import { registerAccount, requestBinding, requestReset, requestSignInCode, setUserName, signIn } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { goodPassword, guest, minute, must, type OpenAccounts, otherPassword, tagOf } from './open-accounts.js'
import { counted, masked, openStreetOf } from './open-street.js'

const numbers = {
  known: '+8613800138001',
  unknown: '+8613800138002',
  pending: '+8613800138003',
  banned: '+8613800138004',
  erased: '+8613800138005',
  locked: '+8613800138006',
}

/** By user name, where an account has one: whoever has proved no contact yet cannot have set any. */
const userNames: ReadonlyMap<string, string> = new Map([
  [numbers.known, 'known_to_all'],
  [numbers.unknown, 'never_heard_of'],
  [numbers.banned, 'banned_one'],
  [numbers.erased, 'erased_one'],
  [numbers.locked, 'locked_one'],
])

const openStreet = async (): Promise<OpenAccounts> => {
  const shop = await openStreetOf(numbers, async (opened, number) => {
    const userName = userNames.get(number) ?? ''
    must(await setUserName(opened.ports, opened.as(await opened.actor(number)), { userName }))
    // A number is sent one code a minute, whoever asks: what registering spent is over.
    opened.pass(minute)
  })
  await shop.join('stranger@example.com')
  shop.mailbox.length = 0
  return shop
}

type Ports = OpenAccounts['ports']
type Knock = (ports: Ports, shop: OpenAccounts, named: string) => Promise<unknown>

const named: Readonly<Record<string, Knock>> = {
  signIn: async (ports, shop, identifier) => signIn(ports, shop.as(guest), { identifier, password: 'Wrong-7-guess' }),
  requestReset: async (ports, shop, identifier) => requestReset(ports, shop.as(guest), { identifier }),
  requestSignInCode: async (ports, shop, identifier) => requestSignInCode(ports, shop.as(guest), { identifier }),
}

const byNumber: Readonly<Record<string, Knock>> = {
  ...named,
  register: async (ports, shop, phone) =>
    registerAccount(ports, shop.as(guest), { phone, password: otherPassword, locale: 'en' }),
  // Somebody with an account of their own asks for the number of another.
  requestBinding: async (ports, shop, phone) =>
    requestBinding(ports, shop.as(await shop.actor('stranger@example.com')), { phone }),
}

/** That a door answers alike to every name, as it does to whom nobody knows, and that it costs the same work. */
const expectAlike = async (doors: Readonly<Record<string, Knock>>, names: readonly string[]): Promise<void> => {
  for (const [door, knock] of Object.entries(doors)) {
    const found: { readonly answer: unknown; readonly work: unknown }[] = []
    for (const each of names) {
      const shop = await openStreet()
      const { ports, work } = counted(shop)
      const answer = masked(await knock(ports, shop, each))
      // Messages are queued, and sent by somebody else: no answer waits for whoever carries them.
      expect(shop.mailbox).toEqual([])
      found.push({ answer, work: work() })
    }
    const [first] = found
    const expected = door === 'signIn' ? { error: { type: 'SignInRefused' } } : { value: { challengeId: '…' } }
    expect(first?.answer, door).toMatchObject(expected)
    for (const [place, each] of found.entries()) expect(each, `${door} of ${names[place]}`).toEqual(first)
  }
}

describe('attacks 1 and 2: finding out who has an account by what is answered, or by the work that it takes', () => {
  it('by number, fails at every door: each answers alike and does the same slow work', () =>
    expectAlike(byNumber, Object.values(numbers)))

  it('by user name, fails at every door: each answers alike and does the same slow work', () =>
    expectAlike(named, [...userNames.values()]))

  it('has the locked account locked, by its number and by its user name alike', async () => {
    const shop = await openStreet()
    for (const identifier of [numbers.locked, userNames.get(numbers.locked) ?? '']) {
      const answer = await signIn(shop.ports, shop.as(guest), { identifier, password: goodPassword })
      expect(tagOf(answer), identifier).toBe('SignInRefused')
    }
    expect((await shop.enter(userNames.get(numbers.known) ?? '')).accountId).toMatch(/^account_/)
  })
})
