import type { ResultAsync } from 'neverthrow'
import type { Authorizer } from './actor.js'
import type { BookShelf } from './books.js'
import type { OutboxEvent } from './events.js'
import type { IdSource } from './ids.js'
import type { Clock } from './instant.js'
import type { RolePolicy } from './roles.js'
import type { Storage } from './storage.js'
import type { Turns } from './turns.js'

/** The runtime cannot compute a digest or a cipher; the text is for the log. */
export type CryptoUnavailable = { readonly type: 'CryptoUnavailable'; readonly detail: string }

/** Keyed digests: equal text under equal purpose gives an equal digest, and nobody without the key can guess back. */
export type KeyedDigest = {
  /**
   * HMAC-SHA-256 under a key of the shop.
   *
   * @param purpose - keeps digests of different uses apart
   * @returns 64 lower-case hexadecimal digits
   */
  readonly digest: (purpose: string, text: string) => ResultAsync<string, CryptoUnavailable>
}

/** Nobody can say now where an address is; the text is for the log. */
export type CountryUnavailable = { readonly type: 'CountryUnavailable'; readonly detail: string }

/** Knows in which countries network addresses are. */
export type CountryLookup = {
  /** ISO 3166-1 alpha-2 (`CN`); undefined where it cannot be told. */
  readonly countryOf: (address: string) => ResultAsync<string | undefined, CountryUnavailable>
}

/** What every workflow needs of the world, whatever it does. */
export type CorePorts = {
  /** The shop that every call is for. */
  readonly shop: string
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: IdSource
  readonly authorizer: Authorizer
  readonly digests: KeyedDigest
  /** In which country a command comes from; security events say nothing of it when absent. */
  readonly countries?: CountryLookup
  /** What roles of staff may do and see; where there are none, staff do and see what the authorizer lets them. */
  readonly roles?: RolePolicy
  /** Books kept in process. */
  readonly books: BookShelf
  /** In which order those try again who lost a race for a row in this process. */
  readonly turns: Turns
  /** Tells listeners in this process what was committed; best effort, after the commit. */
  readonly emit: (events: readonly OutboxEvent[]) => void
  /** How often a decision is made anew when others write the same rows. */
  readonly attempts: number
}
