import { okAsync, type ResultAsync } from 'neverthrow'
import { daysMs } from '../../shared/instant.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { MoneyPorts } from '../ports.js'
import { type ListMissingBillsInput, parseListMissingBills } from './list-missing-bills.schema.js'
import { type MissingBill, missingBills } from './missing-bills.js'

/** Days of which no bill was taken in, the oldest first: all there are, 92 of a gateway at most. */
export type MissingBills = { readonly bills: readonly MissingBill[] }

/** A gateway makes the bill of a day in the morning or by noon of the next. */
const madeWithinMs = daysMs

/**
 * Lists days of the shop's gateways that ended a day ago or longer and of which no bill was taken in (`orders.reconcileBill`).
 * Of each gateway from its first bill on; of one that makes bills (`capabilities.bills`) and of which none was read yet, from
 * its first payment on, where the shop reads bills of others. A day without trades has a bill without rows.
 *
 * @errors QueryError
 */
export const listMissingBills = (
  ports: MoneyPorts,
  context: QueryContext,
  input: ListMissingBillsInput = {},
): ResultAsync<MissingBills, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.missingBills',
    parse: parseListMissingBills,
    plan: () => ({}),
    answer: (_, { now, scope, input: { gatewayId } }): ResultAsync<MissingBills, QueryError> => {
      // A bill is of all orders: whoever sees some of them only misses none.
      if (scope.kind !== 'all') return okAsync({ bills: [] })
      const asked = Object.keys(ports.gateways).filter((each) => gatewayId === undefined || each === gatewayId)
      return missingBills(ports, now - madeWithinMs, asked).map((bills) => ({ bills }))
    },
  })
