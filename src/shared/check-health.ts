import { okAsync, type ResultAsync } from 'neverthrow'
import type { CorePorts } from './ports.js'
import { isSecureAddress } from './secure-address.js'
import type { StorageLink } from './storage.js'

/** How a shop's surroundings stand. */
export type ShopHealth = {
  readonly storage: {
    /** It answered; a storage that is of this process always does. */
    readonly isUp: boolean
    /** How what is kept travels to it; null while it does not answer. */
    readonly link: StorageLink | null
    /** Nobody between can read along: it is encrypted, or never leaves the machine. */
    readonly isLinkSafe: boolean
  }
  /** Addresses that the shop gives out, and whether they are https, or of this machine. */
  readonly addresses: readonly { readonly name: string; readonly isSafe: boolean }[]
}

/**
 * Asks how a shop's surroundings stand, for whoever watches it. A storage that cannot be reached is an answer and no failure.
 *
 * @param addresses - what the shop gives out, by the name of its setting
 */
export const checkHealth = (
  { storage }: Pick<CorePorts, 'storage'>,
  addresses: Readonly<Record<string, string>>,
): ResultAsync<ShopHealth, never> => {
  const ask: ResultAsync<StorageLink | null, never> =
    storage.link === undefined
      ? okAsync({ kind: 'unknown' })
      : storage
          .link()
          .map((link): StorageLink | null => link)
          .orElse(() => okAsync(null))
  return ask.map((link) => ({
    storage: {
      isUp: link !== null,
      link,
      isLinkSafe: link !== null && ['inProcess', 'local', 'tls'].includes(link.kind),
    },
    addresses: Object.entries(addresses).map(([name, url]) => ({ name, isSafe: isSecureAddress(url) })),
  }))
}
