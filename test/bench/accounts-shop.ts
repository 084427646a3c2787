import { okAsync, type Result } from 'neverthrow'
import {
  type AccountsPolicy,
  type Actor,
  createShop,
  defaultAccountsPolicy,
  type OutgoingMessage,
  type PasswordHasher,
  type Storage,
} from 'shopwright'
import { createKeyedDigest, createSealer, systemClock } from 'shopwright/adapters/runtime'

export const password = 'Tr7!mqLz-wHk2'
export const guest: Actor = { kind: 'guest', guestId: 'bench' }

let keys = 0
/** A command of an actor under a key of its own. */
export const by = (actor: Actor) => {
  keys += 1
  return { actor, key: `bench-${keys}` }
}

/** The value, or an error that ends the benchmark. */
export const must = <Value>(result: Result<Value, unknown>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )

/** A shop with a mailbox, and a way to join it. */
export const openAccountsShop = (storage: Storage, hasher: PasswordHasher, policy: Partial<AccountsPolicy> = {}) => {
  const mailbox: OutgoingMessage[] = []
  const key = new Uint8Array(32).fill(7)
  const shop = createShop({
    storage,
    clock: systemClock,
    digests: createKeyedDigest({ key }),
    sealer: createSealer({ current: { keyId: 'k1', key } }),
    hasher,
    notifier: {
      send: (message) => {
        mailbox.push(message)
        return okAsync(undefined)
      },
    },
    gateways: {},
    accountsPolicy: { ...defaultAccountsPolicy, ...policy },
  })
  const register = async (email: string) =>
    must(await shop.accounts.register(by(guest), { email, password, locale: 'en' }))
  const join = async (email: string): Promise<string> => {
    const { challengeId } = await register(email)
    must(await shop.upkeep.sendMessages({ limit: 10 }))
    const code = /code is (\d{6,})/.exec(mailbox.at(-1)?.text ?? '')?.[1] ?? ''
    return must(await shop.accounts.activate(by(guest), { challengeId, code })).accountId
  }
  return { shop, register, join }
}
