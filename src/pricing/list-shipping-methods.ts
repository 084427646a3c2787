import { ok, type Result, type ResultAsync } from 'neverthrow'
import { book } from '../shared/books.js'
import type { CorePorts } from '../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { shippingBookId, shippingBooks } from './books.schema.js'
import type { ListShippingMethodsInput } from './list-shipping-methods.schema.js'
import { parseListShippingMethods } from './list-shipping-methods.schema.js'
import type { ShippingMethod, ShippingZone } from './shipping-book.js'
import { methodsIn, zoneOf } from './shipping-charge.js'

/** A way to send that serves a region. What it costs depends on the cart: `orders.preview` says it for each. */
export type OfferedShipping = Pick<ShippingMethod, 'methodId' | 'title'> & Pick<ShippingZone, 'days' | 'freeFromMinor'>

/** The ways to send to a region, in the order of the book. */
export type OfferedShippings = { readonly currency: string | null; readonly methods: readonly OfferedShipping[] }

/**
 * Lists the ways to send to a region that a checkout may offer.
 *
 * @errors QueryError
 */
export const listShippingMethods = (
  ports: CorePorts,
  context: QueryContext,
  input: ListShippingMethodsInput,
): ResultAsync<OfferedShippings, QueryError> =>
  runQuery(ports, context, input, {
    action: 'pricing.shippingMethods',
    parse: parseListShippingMethods,
    plan: ({ now }) => ({ shipping: book(ports.books, shippingBooks, shippingBookId, now) }),
    answer: (
      { shipping },
      { input: { region, currency = shipping?.state.currency } },
    ): Result<OfferedShippings, never> => {
      if (shipping === undefined || currency === undefined) return ok({ currency: null, methods: [] })
      const methods = (methodsIn(shipping.state, currency) ?? []).flatMap(({ methodId, title, zones }) => {
        const zone = zoneOf(zones, region)
        return zone === undefined ? [] : [{ methodId, title, days: zone.days, freeFromMinor: zone.freeFromMinor }]
      })
      return ok({ currency, methods })
    },
  })
