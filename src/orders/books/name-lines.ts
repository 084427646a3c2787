import { okAsync, type ResultAsync } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import type { MovedLine, StatementLine } from '../../payments/statement.js'
import type { Scope } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type ReadPlan, readable, rows } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'

const everywhere = { kind: 'all' } as const

/**
 * Gives the lines of a statement what people know them by: the number of their order, and how they were paid.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const nameLines = (
  ports: CorePorts,
  { scope, at }: { readonly scope: Scope; readonly at: Instant },
  lines: readonly MovedLine[],
): ResultAsync<readonly StatementLine[], StorageUnavailable | StoredDataInvalid> => {
  const orderIds = new Set(lines.flatMap(({ orderId }) => orderId ?? []))
  const paymentIds = new Set(lines.flatMap(({ paymentId }) => paymentId ?? []))
  if (orderIds.size + paymentIds.size === 0) return okAsync(lines.map((line) => named(line, null, null)))
  const ofOrders = { orders: readable(rows(orders, [...orderIds])) }
  const ofPayments = { payments: readable(rows(payments, [...paymentIds])) }
  const read = <Plan extends ReadPlan>(plan: Plan, within: Scope) =>
    readFacts(ports.storage, { shop: ports.shop, at, scope: within, plan })
  // Whoever paid a part of another's order was shown its number; of an order of several merchants each knows their own. How
  // it was paid is seen by whoever may see what moved.
  const known =
    scope.kind === 'own' || scope.kind === 'all'
      ? read({ ...ofOrders, ...ofPayments }, everywhere)
      : read(ofOrders, scope).andThen((own) => read(ofPayments, everywhere).map((paid) => ({ ...own, ...paid })))
  return known.map((found) => {
    const numbers = new Map(found.orders.found.map(({ id, state }) => [id, state.orderNumber]))
    const methods = new Map(found.payments.found.map(({ id, state }) => [id, state.method]))
    return lines.map((line) =>
      named(line, numbers.get(line.orderId ?? '') ?? null, methods.get(line.paymentId ?? '') ?? null),
    )
  })
}

const named = (
  { entryId, at, orderId, kind, currency, amountMinor }: MovedLine,
  orderNumber: StatementLine['orderNumber'],
  method: StatementLine['method'],
): StatementLine => {
  const inPoints = kind === 'paidInPoints' || kind === 'pointsReturned'
  return { entryId, at, orderId, orderNumber, kind, method: inPoints ? 'points' : method, currency, amountMinor }
}
