import type { ResultAsync } from 'neverthrow'
import { askListPrices, defaultChannel, type ListPriceRead } from '../pricing/list-price-facts.js'
import type { CurrencyNotSold } from '../pricing/sold-currency.js'
import { viewerPricesOf } from '../pricing/viewer-prices.js'
import { type Actor, customerIdOf, groupsOf, type Scope } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { QueryError } from '../shared/run-query.js'
import { checkCurrency } from './check-currency.js'
import type { ShownWhere } from './page-inputs.schema.js'
import { type CardPorts, granted } from './priced-cards.js'

/** Asks for what the prices of whoever looks hang on. */
export const askViewerPrices = (ports: CardPorts, { actor, now }: { readonly actor: Actor; readonly now: Instant }) =>
  askListPrices(ports, customerIdOf(actor), now)

/**
 * The ports under which a list is asked for whoever looks: sorted, bounded and counted at their prices.
 *
 * @errors CurrencyNotSold, QueryError
 */
export const viewerPorts = <Ports extends CardPorts>(
  ports: Ports,
  read: ListPriceRead,
  asked: { readonly actor: Actor; readonly scope: Scope; readonly where: ShownWhere; readonly now: Instant },
): ResultAsync<Ports, CurrencyNotSold | QueryError> => {
  const { channel = defaultChannel, region = null, currency: wanted } = asked.where
  return checkCurrency(ports, wanted).map((currency): Ports => {
    const viewer = { groups: groupsOf(asked.actor), channel, region, now: asked.now, currency }
    const prices = viewerPricesOf(read, viewer, ports.storage)
    return { ...ports, ...granted(ports, asked.scope), ...(prices === undefined ? {} : { prices }) }
  })
}
