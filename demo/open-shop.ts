import { createIds, createShop, type OutboxEvent, type OutgoingMessage, type Shop, type Storage } from 'shopwright'
import { createSandboxGateway, type SandboxGateway } from 'shopwright/adapters/gateways/sandbox'
import { createConsoleNotifier } from 'shopwright/adapters/notify/console'
import { createScryptHasher } from 'shopwright/adapters/passwords/scrypt'
import { createKeyedDigest, createSealer } from 'shopwright/adapters/runtime'

/** A shop, and the world around it as the story moves it. */
export type DemoShop = {
  readonly shop: Shop
  readonly gateway: SandboxGateway
  /** Every message that went out, the newest last. */
  readonly mailbox: readonly OutgoingMessage[]
  /** Everything that happened, the newest last. */
  readonly happened: readonly OutboxEvent[]
  readonly now: () => number
  /** Lets time pass. */
  readonly pass: (ms: number) => void
}

/** 2026-03-10 10:00 in Shanghai. */
const openingTime = Date.UTC(2026, 2, 10, 2)

/** Opens a shop on a storage; its ids are those of the seed. */
export const openShop = (storage: Storage, name: string, seed: number): DemoShop => {
  let now = openingTime
  const clock = { now: () => now }
  const mailbox: OutgoingMessage[] = []
  const happened: OutboxEvent[] = []
  const gateway = createSandboxGateway({
    now: clock.now,
    keys: [{ keyId: 'demo', secret: 'a secret of the demo' }],
    feeRateBasisPoints: 60,
  })
  const lines: string[] = []
  const console = createConsoleNotifier((line) => lines.push(line))
  const shop = createShop({
    shop: name,
    storage,
    clock,
    ids: createIds(clock, chanceOf(seed)),
    // Keys of a shop that lasts a minute; a real one keeps its own in a safe place.
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(11) }),
    sealer: createSealer({ current: { keyId: 'demo', key: new Uint8Array(32).fill(12) } }),
    hasher: createScryptHasher(),
    notifier: {
      send: (message) => {
        mailbox.push(message)
        return console.send(message)
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
    now: clock.now,
    pass: (ms) => {
      now += ms
    },
  }
}

// mulberry32: enough for a story, and never for a secret that matters.
const chanceOf = (seed: number): ((alphabet: string, length: number) => string) => {
  let state = seed >>> 0
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return (alphabet, length) =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(draw() * alphabet.length))).join('')
}
