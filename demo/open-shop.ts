import { createIds, createShop, type OutboxEvent, type OutgoingMessage, type Shop } from 'shopwright'
import { createSandboxGateway, type SandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer } from 'shopwright/adapters/runtime'
import { createChance } from './chance.js'
import type { OpenedStorage } from './open-storage.js'
import { type OutboxWatch, watchOutbox } from './watch-outbox.js'

/** A shop, and the world around it as the story moves it. */
export type DemoShop = {
  readonly shop: Shop
  readonly gateway: SandboxGateway
  /** Every message that went out, the newest last. */
  readonly mailbox: readonly OutgoingMessage[]
  /** Everything the shop told its listeners, the newest last. */
  readonly happened: readonly OutboxEvent[]
  readonly outbox: OutboxWatch
  readonly now: () => number
  /** Lets time pass. */
  readonly pass: (ms: number) => void
}

/** 2026-03-10 10:00 in Shanghai. */
const openingTime = Date.UTC(2026, 2, 10, 2)

/** Opens a shop on a storage; its ids are those of the seed. */
export const openShop = ({ storage, shop: name }: OpenedStorage, seed: number): DemoShop => {
  let now = openingTime
  const clock = { now: () => now }
  const outbox = watchOutbox(storage)
  const mailbox: OutgoingMessage[] = []
  const happened: OutboxEvent[] = []
  const gateway = createSandboxGateway({
    now: clock.now,
    keys: [{ keyId: 'demo', secret: 'a secret of the demo' }],
    feeRateBasisPoints: 60,
  })
  // The story shows the letters itself.
  const quiet = createConsoleNotifier(() => {})
  const shop = createShop({
    shop: name,
    storage: outbox.storage,
    clock,
    ids: createIds(clock, createChance(seed).text),
    // Keys of a shop that lasts a minute; a real one keeps its own in a safe place.
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(11) }),
    sealer: createSealer({ current: { keyId: 'demo', key: new Uint8Array(32).fill(12) } }),
    hasher: createScryptHasher(),
    notifier: {
      send: (message) => {
        mailbox.push(message)
        return quiet.send(message)
      },
    },
    gateways: { [gateway.gatewayId]: gateway },
  })
  shop.on('*', (event) => happened.push(event))
  return {
    shop,
    gateway,
    mailbox,
    happened,
    outbox,
    now: clock.now,
    pass: (ms) => {
      now += ms
    },
  }
}
