import { okAsync } from 'neverthrow'
import type { AccessPolicy, CorePorts, Instant, OutboxEvent, Storage } from 'shopwright'
import { createBookShelf, createIds, createTableAuthorizer, createTurns } from 'shopwright'

/** The core's ports for a test: a clock that is set by hand, ids that come again, digests that can be read. */
export type TestPorts = CorePorts & {
  /** Sets the clock. */
  readonly setNow: (now: Instant) => void
  /** What was told to listeners, in order. */
  readonly told: OutboxEvent[]
}

/** Ports over a storage; every action named in the policy is granted as it says, all others are denied. */
export const createTestPorts = (
  storage: Storage,
  policy: AccessPolicy,
  start: Instant = 1_790_000_000_000,
): TestPorts => {
  let now = start
  let drawn = 0
  const told: OutboxEvent[] = []
  const clock = { now: () => now }
  return {
    shop: 'main',
    storage,
    clock,
    ids: createIds(clock, (alphabet, length) => {
      drawn += 1
      return String(drawn).padStart(length, alphabet.charAt(0)).slice(-length)
    }),
    authorizer: createTableAuthorizer(policy),
    digests: { digest: (purpose, text) => okAsync(`${purpose}:${text}`) },
    books: createBookShelf(),
    turns: createTurns(),
    emit: (events) => {
      told.push(...events)
    },
    attempts: 8,
    setNow: (instant) => {
      now = instant
    },
    told,
  }
}
