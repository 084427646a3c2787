import type { Variant } from '../catalog/product.js'
import { members } from '../membership/member.collection.schema.js'
import { levelIdAt, type Member } from '../membership/member.js'
import { type Actor, groupsOf } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { type Asked, type IdsFrom, row, type Stored } from '../shared/read-plan.js'
import type { PriceListBook, PriceListContext, PriceTier, ResolvedPrice } from './price-list.js'
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
  /** What it is to be paid in; the currency of the catalog when absent. */
  readonly currency?: Currency | undefined
  readonly now: Instant
}

/** The price of a piece, in its currency. */
export type ListPrice = ResolvedPrice & { readonly currency: Currency }

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

/** The list price of a piece of a variant, for so many pieces on a line; nothing where it is not sold in the currency. */
export const listPriceOf = (
  read: ListPriceRead,
  variant: Pick<Variant, 'sku' | 'listPrice'>,
  quantity: number,
  viewer: PriceViewer,
): ListPrice | undefined => {
  const item = itemOf(variant, viewer)
  const price = resolveListPrice(listsOf(read), contextOf(read, item.currency, viewer), { ...item, quantity })
  return price === undefined ? undefined : { ...price, currency: item.currency }
}

/** The list price of a piece of a variant, from every number of pieces on at which it changes; none where it is not sold. */
export const listTiersOf = (read: ListPriceRead, variant: Variant, viewer: PriceViewer): readonly PriceTier[] => {
  const item = itemOf(variant, viewer)
  return listPriceTiers(listsOf(read), contextOf(read, item.currency, viewer), item)
}

const itemOf = (
  { sku, listPrice }: Pick<Variant, 'sku' | 'listPrice'>,
  { currency = listPrice.currency }: PriceViewer,
) => ({
  sku,
  currency,
  catalogUnitMinor: listPrice.currency === currency ? listPrice.minor : null,
})

const listsOf = ({ priceLists }: ListPriceRead): PriceListBook['lists'] => priceLists?.state.lists ?? []

const contextOf = (
  { member }: ListPriceRead,
  currency: Currency,
  { now, groups, channel, region }: PriceViewer,
): PriceListContext => ({
  groups,
  channel,
  region,
  now,
  currency,
  levelId: levelIdAt(member?.state, now),
})
