import { okAsync, ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from './collection.js'
import type { Instant } from './instant.js'
import { operations } from './operation.schema.js'
import type { Sealer } from './personal-data.js'
import type { CorePorts } from './ports.js'
import { readFacts } from './read-facts.js'
import { row } from './read-plan.js'
import { isSecureAddress } from './secure-address.js'
import type { Backlog, StorageLink } from './storage.js'

/** How a shop's surroundings stand. */
export type ShopHealth = {
  readonly storage: {
    /** It answered just now. */
    readonly isUp: boolean
    /** How what is kept travels to it; null while it does not answer. */
    readonly link: StorageLink | null
    /** Nobody between can read along: it is encrypted, or never leaves the machine. */
    readonly isLinkSafe: boolean
  }
  /** Events that no reaction has heard of yet, and those that were given up; null while the storage does not answer. */
  readonly events: Backlog | null
  /** Whether keyed digests can be made, and personal data sealed and read again: without either no account can be used. */
  readonly crypto: { readonly canDigest: boolean; readonly canSeal: boolean }
  /** Addresses that the shop gives out, and whether they are https, or of this machine. */
  readonly addresses: readonly { readonly name: string; readonly isSafe: boolean }[]
  /** Stored rows that this process could not read and goes on without, as products that are then not searched. */
  readonly unreadable: readonly StoredDataInvalid[]
  /** From what this process answers searches. */
  readonly search: SearchHealth
}

/** From what a process answers searches, as far as it has been asked; what it has not looked for yet is not told. */
export type SearchHealth =
  /** An index that it keeps itself. */
  | { readonly status: 'inProcess' }
  /** The storage's index, which it has not been asked yet. */
  | { readonly status: 'unasked' }
  /** All that is on sale, kept by this process, for nothing was sealed when it looked. */
  | { readonly status: 'unsealed'; readonly products: number }
  /** An epoch, made of the catalog as it was at `sealedAt`, and the products that changed since, kept by this process. */
  | { readonly status: 'sealed'; readonly sealedAt: Instant; readonly changed: number }

/**
 * Asks how a shop's surroundings stand, for whoever watches it. A storage that cannot be reached is an answer and no failure.
 *
 * @param addresses - what the shop gives out, by the name of its setting
 * @param known - what this process knows by itself: stored rows that it goes on without, and from what it answers searches
 */
export const checkHealth = (
  {
    storage,
    shop,
    clock,
    digests,
    sealer,
  }: Pick<CorePorts, 'storage' | 'shop' | 'clock' | 'digests'> & {
    readonly sealer: Sealer
  },
  addresses: Readonly<Record<string, string>>,
  known: Pick<ShopHealth, 'unreadable' | 'search'>,
): ResultAsync<ShopHealth, never> => {
  const ask: ResultAsync<StorageLink | null, never> = (
    storage.link === undefined
      ? // It says nothing of its link; whether it is there, any question tells.
        readFacts(storage, {
          shop,
          scope: { kind: 'all' },
          at: clock.now(),
          plan: { probe: row(operations, 'health') },
        }).map((): StorageLink => ({ kind: 'unknown' }))
      : storage.link()
  ).orElse(() => okAsync<StorageLink | null, never>(null))
  const isGood = (probe: ResultAsync<boolean, unknown>): ResultAsync<boolean, never> =>
    probe.orElse(() => okAsync<boolean, never>(false))
  const canDigest = isGood(digests.digest('health', 'probe').map((digest) => digest !== ''))
  const canSeal = isGood(
    sealer
      .createKey('health', 'passing')
      .andThen((key) => sealer.seal(key, 'health', 'probe').andThen((sealed) => sealer.open(key, 'health', sealed)))
      .map((text) => text === 'probe'),
  )
  const events = storage.backlog({ shop }).orElse(() => okAsync<Backlog | null, never>(null))
  return ResultAsync.combine([ask, canDigest, canSeal, events]).map(([link, digestsWell, sealsWell, backlog]) => ({
    crypto: { canDigest: digestsWell, canSeal: sealsWell },
    storage: {
      isUp: link !== null,
      link,
      isLinkSafe: link !== null && ['inProcess', 'local', 'tls'].includes(link.kind),
    },
    events: backlog,
    addresses: Object.entries(addresses).map(([name, url]) => ({ name, isSafe: isSecureAddress(url) })),
    ...known,
  }))
}
