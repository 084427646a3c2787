import type { AccountsPolicy } from './accounts/accounts-policy.js'
import type { IdentityProviders } from './accounts/identity/identity-provider.js'
import type { Installations } from './accounts/installation.js'
import type { PasskeyVerifier } from './accounts/passkey/passkey-verifier.js'
import type { PhoneNumbers } from './accounts/phone-number.js'
import type { BreachedPasswords, PasswordHasher } from './accounts/ports.js'
import type { RealNameVerifier } from './accounts/real-name/real-name.js'
import type { CartPolicy } from './cart/cart.js'
import type { SealedIndex } from './catalog/search/sealed/sealed-index.js'
import type { SearchPolicy } from './catalog/search/search-policy.js'
import type { ContactBook, Notifier } from './notify/ports.js'
import type { PayoutPort } from './payments/payout.js'
import type { PaymentGateways } from './payments/ports.js'
import type { CarriageRates, ShownCurrencies, TaxRates } from './pricing/rate-sources.js'
import type { Authorizer } from './shared/actor.js'
import type { Currency } from './shared/currency.js'
import type { IdSource } from './shared/ids.js'
import type { Clock } from './shared/instant.js'
import type { Sealer } from './shared/personal-data.js'
import type { PersonalRecord } from './shared/personal-record.js'
import type { CountryLookup, KeyedDigest } from './shared/ports.js'
import type { RolePolicy } from './shared/roles.js'
import type { Storage } from './shared/storage.js'
import type { WorkCalendar } from './shared/work-calendar.js'
import type { HostReaction } from './shop-events.js'

/** What a shop needs of the world. */
export type ShopPorts = {
  /** Names the shop; one storage holds as many as wish. `main` when absent. */
  readonly shop?: string
  readonly storage: Storage
  readonly clock: Clock
  readonly digests: KeyedDigest
  readonly sealer: Sealer
  readonly hasher: PasswordHasher
  /** Which passwords have leaked; those of the most common ones, kept in the library, when absent. */
  readonly breachedPasswords?: BreachedPasswords
  readonly notifier: Notifier
  /** Which texts are mobile numbers; those of mainland China when absent. */
  readonly phones?: PhoneNumbers
  /** Who else may vouch for people, by the names the shop gives them; nobody when absent. */
  readonly identityProviders?: IdentityProviders
  /** In which country people are, by their network address; nothing is judged by countries when absent. */
  readonly countries?: CountryLookup
  /** Proves real names, where the shop asks for them; it asks nobody when absent. */
  readonly realNames?: RealNameVerifier
  /** Vouches for the devices that register with a code by push, where the policy `activationByPush` lets them; for none when absent. */
  readonly installations?: Installations
  /** Judges passkeys; a shop without one takes none. */
  readonly passkeys?: PasskeyVerifier
  /** Where people are reached by text message and push; nowhere when absent. */
  readonly contacts?: ContactBook
  /** Ways to take money, by id. */
  readonly gateways: PaymentGateways
  /** Ids and chance; made of the clock and the runtime's secure randomness when absent. */
  readonly ids?: IdSource
  /** Who may do what; the table of all modules when absent. */
  readonly authorizer?: Authorizer
  /** What roles of staff may do, and which personal data they see; all that the authorizer allows when absent. */
  readonly roles?: RolePolicy
  /** What carriage costs, asked of somebody else; the shipping book of the shop when absent. */
  readonly carriageRates?: CarriageRates
  /** What is taxed how, asked of somebody else; the tax book of the shop when absent. */
  readonly taxRates?: TaxRates
  /** In which currencies amounts are shown beside the shop's own, and at whose rates; in none when absent. */
  readonly shownCurrencies?: ShownCurrencies
  /** In which currencies the shop sells by price lists, beside that of the catalog; in none when absent. */
  readonly soldCurrencies?: readonly Currency[]
  readonly accountsPolicy?: AccountsPolicy
  /** What the host keeps of people in collections of its own; exported, and erased with an account, as the shop's. */
  readonly personalRecords?: readonly PersonalRecord[]
  readonly cartPolicy?: CartPolicy
  /** How searches are answered: synonyms, brands on the first page, pins, boosts. */
  readonly search?: SearchPolicy
  /**
   * Where searches look products up, for catalogs that no process should hold: `catalogIndex` of the Postgres storage; an
   * index in process when absent. To be filled by `upkeep.sealCatalog`.
   */
  readonly catalogIndex?: SealedIndex
  /** Where stock lies, in order of preference; `main` alone when absent. */
  readonly warehouses?: readonly string[]
  /** Which days are worked; absent: no share that waits for a working day is paid out. */
  readonly workCalendar?: WorkCalendar
  /** Whom to tell to pay payees out; nobody when absent. */
  readonly payouts?: PayoutPort
  /** Reactions of the host, run by the relay beside those of the modules. */
  readonly reactions?: readonly HostReaction[]
  /** How often a decision is made anew when others write the same rows; 16 when absent. */
  readonly attempts?: number
}
