import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import { listed, pageOf, type WholeOrNot } from '../shared/list-page.js'
import type { CorePorts } from '../shared/ports.js'
import { entries } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { LedgerEntry } from './ledger.js'
import { ledgerEntries } from './ledger.schema.js'
import type { ListLedgerInput } from './list-ledger.schema.js'
import { parseListLedger } from './list-ledger.schema.js'
import { within } from './listed-period.schema.js'

/** A page of the ledger, oldest first. */
export type LedgerPage = WholeOrNot & {
  readonly entries: readonly LedgerEntry[]
  /** Where the next page begins; null when this is the last. */
  readonly next: { readonly at: Instant; readonly entryId: string } | null
}

/**
 * Lists entries of the ledger: of an order, of a period, or all. Of an entry that cannot be read nobody knows what it moved:
 * a page that leaves one out is not whole (`isWhole`), and no more are sums of it, as by `trialBalance`.
 *
 * @errors QueryError
 */
export const listLedger = (
  ports: CorePorts,
  context: QueryContext,
  input: ListLedgerInput = {},
): ResultAsync<LedgerPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.ledger',
    parse: parseListLedger,
    about: ({ input: { orderId } }) => orderId ?? 'ledger',
    plan: ({ input: { orderId, limit = 100, after, ...period } }) => ({
      found: listed(
        entries(ledgerEntries, {
          where: [
            ...(orderId === undefined ? [] : [{ field: 'orderId', is: 'eq', value: orderId } as const]),
            ...within('at', period),
          ],
          orderBy: { field: 'at', direction: 'ascending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.at, id: after.entryId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 100 }, scope }) => {
      const { rows, unreadable, isWhole, end } = pageOf(found, { limit, scope })
      const next = end === null ? null : { at: Number(end.value), entryId: end.id }
      return ok({ entries: rows.map(({ body }) => body), unreadable, isWhole, next })
    },
  })
