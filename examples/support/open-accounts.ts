import { okAsync } from 'neverthrow'
import { createShop } from 'shopwright'
import { createMemoryStorage } from 'shopwright/adapters/memory'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer } from 'shopwright/adapters/runtime'
import { must } from './must.js'

/** A shop of accounts with a clock set by hand, and a phone and a mailbox that can be looked into. */
export const openAccounts = () => {
  const key = crypto.getRandomValues(new Uint8Array(32))
  let now = Date.UTC(2026, 10, 28, 9)
  const received: { readonly to: string; readonly text: string }[] = []
  const shop = createShop({
    storage: createMemoryStorage(),
    clock: { now: () => now },
    digests: createKeyedDigest({ key }),
    sealer: createSealer({ current: { keyId: 'k1', key } }),
    hasher: createScryptHasher(),
    notifier: {
      send: ({ to, text }) => {
        received.push({ to, text })
        return okAsync(undefined)
      },
    },
    gateways: {},
  })
  let keys = 0
  return {
    shop,
    wait: (ms: number) => {
      now += ms
    },
    /** Somebody at a browser; every command has a key of its own. */
    visitor: () => {
      keys += 1
      return { actor: { kind: 'guest', guestId: 'visitor' }, key: `${keys}` } as const
    },
    /** The code in the last message to an address or number. */
    codeAt: async (to: string) => {
      must(await shop.upkeep.sendMessages({ limit: 10 }))
      return /\d{6}/.exec(received.filter((message) => message.to === to).at(-1)?.text ?? '')?.[0] ?? ''
    },
  }
}
