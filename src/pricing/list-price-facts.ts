import type { Variant } from '../catalog/product.js'
import { members } from '../membership/member.collection.schema.js'
import { levelIdAt, type Member } from '../membership/member.js'
import { type Actor, groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, type IdsFrom, row, type Stored } from '../shared/read-plan.js'
import type { PriceListBook, PriceTier, ResolvedPrice } from './price-list.js'
import { priceListBookId, priceListBooks } from './price-list-book.schema.js'
import type { PriceCartInput } from './priced-cart.js'
import { listPriceTiers, resolveListPrice } from './resolve-list-price.js'

/** What is read to know the list price of single items. */
export type ListPriceRead = {
  readonly priceLists: Stored<PriceListBook> | undefined
  readonly member: Stored<Member> | undefined
}

/** Who looks at a price, and where. */
export type PriceViewer = {
  readonly groups: readonly string[]
  readonly channel: string
  readonly region: string | null
  readonly now: Instant
}

/** The channel of whoever names none. */
export const defaultChannel = 'web'

/** Asks for the price lists. */
export const askPriceLists = (ports: CorePorts, now: Instant): Asked<Stored<PriceListBook> | undefined> =>
  book(ports.books, priceListBooks, priceListBookId, now)

/** Asks for what the list price of an item hangs on beside the catalog. */
export const askListPrices = (
  ports: CorePorts,
  buyerId: string | IdsFrom,
  now: Instant,
): { readonly [Name in keyof ListPriceRead]: Asked<ListPriceRead[Name]> } => ({
  priceLists: askPriceLists(ports, now),
  member: row(members, buyerId),
})

/** The price lists as a price takes them; nothing where the shop has none. */
export const priceListsFor = (
  priceLists: Stored<PriceListBook> | undefined,
  actor: Actor,
  region: string | null,
): Pick<PriceCartInput, 'priceLists'> =>
  priceLists === undefined ? {} : { priceLists: { lists: priceLists.state.lists, groups: groupsOf(actor), region } }

/** The list price of a piece of a variant, for so many pieces on a line. */
export const listPriceOf = (
  read: ListPriceRead,
  { sku, listPrice }: Variant,
  quantity: number,
  viewer: PriceViewer,
): ResolvedPrice => {
  const catalog = { unitMinor: listPrice.minor, originalUnitMinor: listPrice.minor, listId: null, kind: null }
  const item = { sku, quantity, catalogUnitMinor: listPrice.minor }
  return resolveListPrice(listsOf(read), contextOf(read, listPrice.currency, viewer), item) ?? catalog
}

/** The list price of a piece of a variant, from every number of pieces on at which it changes. */
export const listTiersOf = (
  read: ListPriceRead,
  { sku, listPrice }: Variant,
  viewer: PriceViewer,
): readonly PriceTier[] =>
  listPriceTiers(listsOf(read), contextOf(read, listPrice.currency, viewer), { sku, catalogUnitMinor: listPrice.minor })

const listsOf = ({ priceLists }: ListPriceRead): PriceListBook['lists'] => priceLists?.state.lists ?? []

const contextOf = ({ member }: ListPriceRead, currency: string, { now, ...viewer }: PriceViewer) => ({
  ...viewer,
  now,
  currency,
  levelId: levelIdAt(member?.state, now),
})
