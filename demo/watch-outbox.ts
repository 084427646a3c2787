import type { OutboxEvent, Storage } from 'shopwright'

/** What went into the outbox of a storage and what came out of it, as seen from outside. */
export type OutboxWatch = {
  /** The same storage, watched. */
  readonly storage: Storage
  /** Ids of the events that were written with decisions. */
  readonly written: ReadonlySet<string>
  /** How often each event was acknowledged as delivered. */
  readonly delivered: ReadonlyMap<string, number>
}

/** Watches what a storage is asked to write and what relays acknowledge. */
export const watchOutbox = (storage: Storage): OutboxWatch => {
  const written = new Set<string>()
  const delivered = new Map<string, number>()
  const note = (events: readonly OutboxEvent[]): void => {
    for (const { id } of events) written.add(id)
  }
  return {
    written,
    delivered,
    storage: {
      ...storage,
      commit: (commit) => storage.commit(commit).andTee(() => note(commit.events)),
      commitEach: (commits) =>
        storage.commitEach(commits).andTee((answers) => {
          for (const [place, answer] of answers.entries()) if (answer.isOk()) note(commits[place]?.events ?? [])
        }),
      acknowledge: (outcome) =>
        storage.acknowledge(outcome).andTee(() => {
          for (const id of outcome.delivered) delivered.set(id, (delivered.get(id) ?? 0) + 1)
        }),
    },
  }
}
