import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../shared/instant.js'
import type { CorePorts } from '../shared/ports.js'
import { entries } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { LedgerEntry } from './ledger.js'
import { ledgerEntries } from './ledger.schema.js'
import type { ListLedgerInput } from './list-ledger.schema.js'
import { parseListLedger } from './list-ledger.schema.js'

/** A page of the ledger, oldest first. */
export type LedgerPage = {
  readonly entries: readonly LedgerEntry[]
  /** Where the next page begins; null when this is the last. */
  readonly next: { readonly at: Instant; readonly entryId: string } | null
}

/**
 * Lists entries of the ledger.
 *
 * @errors QueryError
 */
export const listLedger = (
  ports: CorePorts,
  context: QueryContext,
  input: ListLedgerInput,
): ResultAsync<LedgerPage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.ledger',
    parse: parseListLedger,
    about: ({ input: { orderId } }) => orderId ?? 'ledger',
    plan: ({ input: { orderId, limit, after } }) => ({
      entries: entries(ledgerEntries, {
        where: orderId === undefined ? [] : [{ field: 'orderId', is: 'eq', value: orderId }],
        orderBy: { field: 'at', direction: 'ascending' },
        limit,
        ...(after === undefined ? {} : { after: { value: after.at, id: after.entryId } }),
      }),
    }),
    answer: (found, { input: { limit } }) => {
      const page = found.entries.map(({ body }) => body)
      const last = page.at(-1)
      const next = last === undefined || page.length < limit ? null : { at: last.at, entryId: last.entryId }
      return ok({ entries: page, next })
    },
  })
