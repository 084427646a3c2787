import { banAccount, eraseAccount, signIn } from 'shopwright'
import { clerk, customer, goodPassword, guest, must, type OpenAccounts, openAccounts } from './open-accounts.js'

/** Addresses or numbers, one for every state that an account can be in. */
export type Addresses = Readonly<Record<'known' | 'unknown' | 'pending' | 'banned' | 'erased' | 'locked', string>>

/**
 * A shop with an account in every state.
 *
 * @param afterJoining - what is done in each account that is active, before it is locked, banned or erased
 */
export const openStreetOf = async (
  addresses: Addresses,
  afterJoining: (shop: OpenAccounts, address: string) => Promise<void> = async () => {},
): Promise<OpenAccounts> => {
  const shop = await openAccounts()
  const join = async (address: string): Promise<string> => {
    const accountId = await shop.join(address)
    await afterJoining(shop, address)
    return accountId
  }
  await join(addresses.known)
  await join(addresses.locked)
  await shop.register(addresses.pending)
  const banned = await join(addresses.banned)
  must(await banAccount(shop.ports, shop.as(clerk), { accountId: banned, reason: 'abuse', until: null }))
  const erased = await join(addresses.erased)
  must(await eraseAccount(shop.ports, shop.as(customer(erased)), { password: goodPassword }))
  for (let index = 0; index < 5; index += 1) {
    await signIn(shop.ports, shop.as(guest), { identifier: addresses.locked, password: 'wrong' })
  }
  await shop.deliver()
  shop.mailbox.length = 0
  return shop
}

/** The same shop, counting the slow work: hashes of passwords, and calls to where the keys of people are. */
export const counted = (shop: OpenAccounts) => {
  const { sealer } = shop.ports
  const before = shop.hashes()
  const calls = { createKey: 0, seal: 0, open: 0 }
  const ports: OpenAccounts['ports'] = {
    ...shop.ports,
    sealer: {
      createKey: (subjectId) => {
        calls.createKey += 1
        return sealer.createKey(subjectId)
      },
      seal: (key, place, text) => {
        calls.seal += 1
        return sealer.seal(key, place, text)
      },
      open: (key, place, sealed) => {
        calls.open += 1
        return sealer.open(key, place, sealed)
      },
    },
  }
  return { ports, work: () => ({ ...calls, hashes: shop.hashes() - before }) }
}

/** A public answer with what differs between any two calls made equal: ids that are drawn. */
export const masked = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer).replace(/"(challengeId|accountId)":"[^"]+"/g, '"$1":"…"'))
