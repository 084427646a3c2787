import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { type Asked, find, known, type Readable, readable, type Stored } from '../../shared/read-plan.js'
import type { MoneyPorts } from '../ports.js'
import { checkGateway, type GatewayUnknown } from './record-outcome.js'

/** What of a gateway is known here where the shop has it no more: its latest payment, if there ever was one. */
export type PastGatewayRead = { readonly through: Readable<Stored<Payment>> }

/** Asks for the latest payment through a gateway; nothing where the shop has the gateway. */
export const askPastGateway = (
  ports: Pick<MoneyPorts, 'gateways'>,
  gatewayId: string,
): { readonly [Name in keyof PastGatewayRead]: Asked<PastGatewayRead[Name]> } => ({
  through: checkGateway(ports, gatewayId).isOk()
    ? known({ found: [], ids: [], unreadable: 0 })
    : readable(
        find(payments, {
          where: [{ field: 'gatewayId', is: 'eq', value: gatewayId }],
          orderBy: { field: 'startedAt', direction: 'descending' },
          limit: 1,
        }),
      ),
})

/**
 * Whether there are books of a gateway: the shop has it, or had it, and somebody paid by it. Money of it is paid out to
 * the shop, and its last bills come, when nobody can pay by it any more.
 *
 * @returns as whom the shop was known there; empty where that cannot be read
 */
export const checkGatewayOfBooks = (
  { gateways }: Pick<MoneyPorts, 'gateways'>,
  gatewayId: string,
  { through }: PastGatewayRead,
): Result<{ readonly merchantAccount: string }, GatewayUnknown> => {
  const gateway = Object.hasOwn(gateways, gatewayId) ? gateways[gatewayId] : undefined
  if (gateway !== undefined) return ok({ merchantAccount: gateway.merchantAccount })
  return through.ids.length === 0
    ? err({ type: 'GatewayUnknown', gatewayId })
    : ok({ merchantAccount: through.found[0]?.state.merchantAccount ?? '' })
}
