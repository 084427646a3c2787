import { askListPrices, defaultChannel, type ListPriceRead } from '../pricing/list-price-facts.js'
import { viewerPricesOf } from '../pricing/viewer-prices.js'
import { type Actor, customerIdOf, groupsOf, type Scope } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { ShownWhere } from './page-inputs.schema.js'
import { type CardPorts, granted } from './priced-cards.js'

/** Asks for what the prices of whoever looks hang on. */
export const askViewerPrices = (ports: CardPorts, { actor, now }: { readonly actor: Actor; readonly now: Instant }) =>
  askListPrices(ports, customerIdOf(actor), now)

/** The ports under which a list is asked for whoever looks: sorted, bounded and counted at their prices. */
export const viewerPorts = <Ports extends CardPorts>(
  ports: Ports,
  read: ListPriceRead,
  asked: { readonly actor: Actor; readonly scope: Scope; readonly where: ShownWhere; readonly now: Instant },
): Ports => {
  const { channel = defaultChannel, region = null, currency } = asked.where
  // A currency that the shop does not sell in is refused where the cards are priced, if it is not that of the catalog.
  const isSold = currency !== undefined && ports.soldCurrencies?.includes(currency) === true
  const prices = viewerPricesOf(read, {
    groups: groupsOf(asked.actor),
    channel,
    region,
    now: asked.now,
    ...(isSold ? { currency } : {}),
  })
  return { ...ports, ...granted(ports, asked.scope), ...(prices === undefined ? {} : { prices }) }
}
