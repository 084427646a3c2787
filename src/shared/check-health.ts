import { okAsync, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from './collection.js'
import { operations } from './operation.schema.js'
import type { CorePorts } from './ports.js'
import { readFacts } from './read-facts.js'
import { row } from './read-plan.js'
import { isSecureAddress } from './secure-address.js'
import type { StorageLink } from './storage.js'

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
  /** Addresses that the shop gives out, and whether they are https, or of this machine. */
  readonly addresses: readonly { readonly name: string; readonly isSafe: boolean }[]
  /** Stored rows that this process could not read and goes on without, as products that are then not searched. */
  readonly unreadable: readonly StoredDataInvalid[]
}

/**
 * Asks how a shop's surroundings stand, for whoever watches it. A storage that cannot be reached is an answer and no failure.
 *
 * @param addresses - what the shop gives out, by the name of its setting
 * @param unreadable - stored rows that this process goes on without
 */
export const checkHealth = (
  { storage, shop, clock }: Pick<CorePorts, 'storage' | 'shop' | 'clock'>,
  addresses: Readonly<Record<string, string>>,
  unreadable: readonly StoredDataInvalid[] = [],
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
  return ask.map((link) => ({
    storage: {
      isUp: link !== null,
      link,
      isLinkSafe: link !== null && ['inProcess', 'local', 'tls'].includes(link.kind),
    },
    addresses: Object.entries(addresses).map(([name, url]) => ({ name, isSafe: isSecureAddress(url) })),
    unreadable,
  }))
}
