import { ok, type ResultAsync } from 'neverthrow'
import { balanceIds, balanceOf, type PayeeBalance, payeeBalances } from '../../payments/payee-balance.js'
import type { Payout } from '../../payments/payout.js'
import { payouts } from '../../payments/payout.schema.js'
import { type ListedRow, listed, readListed, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { counters, find, known } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { PayeeInput } from './pay-out.schema.js'
import { parsePayee } from './pay-out.schema.js'

/** What stands to the account of a payee, and what it was paid last. */
export type PayeeAccount = PayeeBalance &
  UnreadableRows & {
    readonly payee: string
    /** The latest twenty, newest first, without those that cannot be read; what was paid out counts those too. */
    readonly payouts: readonly Payout[]
  }

/**
 * Shows what stands to the account of a payee in one currency: pending, available, paid out, owed. A merchant sees its own.
 *
 * @errors QueryError
 */
export const showPayee = (
  ports: CorePorts,
  context: QueryContext,
  input: PayeeInput,
): ResultAsync<PayeeAccount, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.payee',
    parse: parsePayee,
    plan: ({ scope, input: { payee, currency } }) => {
      const balance = counters(payeeBalances, balanceIds(payee, currency))
      const latest = listed(
        find(payouts, {
          where: [
            { field: 'payee', is: 'eq', value: payee },
            { field: 'currency', is: 'eq', value: currency },
          ],
          orderBy: { field: 'submittedAt', direction: 'descending' },
          limit: 20,
        }),
      )
      // Of another payee a merchant is told as little as of one that there is not.
      const mayKnow = scope.kind === 'all' || (scope.kind === 'merchant' && scope.merchantId === payee)
      return mayKnow
        ? { balance, payouts: latest }
        : { balance: known<ReadonlyMap<string, number>>(new Map()), payouts: known<readonly ListedRow<Payout>[]>([]) }
    },
    answer: (found, { input: { payee, currency }, scope }) => {
      const { rows, unreadable } = readListed(found.payouts, scope)
      const balance = balanceOf(found.balance, payee, currency)
      return ok({ payee, ...balance, payouts: rows.map(({ state }) => state), unreadable })
    },
  })
