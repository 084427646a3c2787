import { okAsync, type ResultAsync } from 'neverthrow'
import type { LedgerEntry } from '../../payments/ledger.js'
import { ledgerEntries } from '../../payments/ledger.schema.js'
import { createStatement, movesCover, type Statement } from '../../payments/statement.js'
import { type Actor, askedBuyer, buyerAsTold, type Scope } from '../../shared/actor.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type Listed, listed } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, type Entry, entries, type PageEnd, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import { parseStatement, type StatementInput } from './list-bills.schema.js'
import { nameLines } from './name-lines.js'

/** What moved in a period: of one buyer, or of all within reach. */
export type PeriodStatement = Statement & {
  readonly from: Instant
  readonly to: Instant
  readonly accountId: string | null
}

const pageSize = 1_000

type ListedEntries = readonly Listed<Entry<LedgerEntry>>[]
type PartsRead = { readonly partIds: ReadonlySet<string>; readonly unknownIds: ReadonlySet<string> }

/**
 * Makes a statement of a period from the ledger: its movements of money within the actor's reach, page by page, and on
 * the first page the sums of all of them. What gateways kept stands on the statement of the shop only. An entry that cannot
 * be read is left out, of the sums too, and the statement says that it is not whole.
 *
 * @errors QueryError
 */
export const showStatement = (
  ports: CorePorts,
  context: QueryContext,
  input: StatementInput,
): ResultAsync<PeriodStatement, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.statement',
    parse: parseStatement,
    about: ({ input: { accountId } }) => accountId ?? 'statement',
    plan: ({ input, actor }) => ({
      page: askPage(askedBy(actor, input), input.after && { value: input.after.at, id: input.after.entryId }),
    }),
    answer: ({ page }, { now, scope, actor, input }) => {
      const asked = askedBy(actor, input)
      const ofShop = asked.accountId === undefined && (actor.kind === 'staff' || actor.kind === 'system')
      const ofMerchant = isOfMerchants(scope)
      const statement = createStatement({ withFees: ofShop, ofMerchant, limit: asked.limit, after: asked.after })
      return addPages(ports, { asked, scope, at: now }, page, statement).andThen(() => {
        const gathered = statement.close()
        return nameLines(ports, { scope, at: now }, gathered.lines).map((lines) => ({
          from: asked.from,
          to: asked.to,
          accountId: buyerAsTold(actor, asked.accountId ?? null),
          ...gathered,
          // Whose an entry is that cannot be read, nobody can tell.
          unreadable: scope.kind === 'all' ? gathered.unreadable : [],
          lines,
        }))
      })
    },
  })

const askedBy = (actor: Actor, { accountId, ...asked }: StatementInput): StatementInput => {
  const buyer = askedBuyer(actor, accountId)
  return buyer === undefined ? asked : { ...asked, accountId: buyer }
}

const isOfMerchants = (scope: Scope): boolean =>
  scope.kind === 'merchant' || (scope.kind === 'fields' && scope.fields.merchantId !== undefined)

const askPage = ({ from, to, accountId }: StatementInput, after: PageEnd | undefined): Asked<ListedEntries> =>
  listed(
    entries(ledgerEntries, {
      where: [
        { field: 'at', is: 'gte', value: from },
        { field: 'at', is: 'lt', value: to },
        ...(accountId === undefined ? [] : [{ field: 'accountId', is: 'eq' as const, value: accountId }]),
      ],
      orderBy: { field: 'at', direction: 'ascending' },
      limit: pageSize,
      ...(after === undefined ? {} : { after }),
    }),
  )

const addPages = (
  ports: CorePorts,
  reading: { readonly asked: StatementInput; readonly scope: Scope; readonly at: Instant },
  page: ListedEntries,
  statement: Pick<ReturnType<typeof createStatement>, 'add' | 'leaveOut' | 'isFull'>,
): ResultAsync<void, StorageUnavailable | StoredDataInvalid> => {
  const { asked, scope, at } = reading
  const found = page.flatMap(({ row }) => row?.body ?? [])
  return readParts(ports, reading, found).andThen(({ partIds, unknownIds }) => {
    for (const { id, value, row } of page) {
      // Where nobody can tell what of it is the merchant's, it is as good as not read.
      const isKnown = row !== null && !(movesCover(row.body) && unknownIds.has(row.body.orderId ?? ''))
      if (isKnown) statement.add([row.body], partIds)
      else statement.leaveOut({ at: Number(value), entryId: id })
    }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize || statement.isFull()) return okAsync(undefined)
    const plan = { page: askPage(asked, { value: last.value, id: last.id }) }
    return readFacts(ports.storage, { shop: ports.shop, scope, at, plan }).andThen((facts) =>
      addPages(ports, reading, facts.page, statement),
    )
  })
}

/**
 * Which orders that refunds came to by a dispute are parts of a divided checkout, and of which nobody can tell; nobody but a
 * merchant has to know.
 */
const readParts = (
  ports: CorePorts,
  { scope, at }: { readonly scope: Scope; readonly at: Instant },
  found: readonly LedgerEntry[],
): ResultAsync<PartsRead, StorageUnavailable | StoredDataInvalid> => {
  const ids = isOfMerchants(scope) ? found.filter(movesCover).flatMap(({ orderId }) => orderId ?? []) : []
  if (ids.length === 0) return okAsync({ partIds: new Set(), unknownIds: new Set() })
  const plan = { orders: listed(rows(orders, [...new Set(ids)])) }
  return readFacts(ports.storage, { shop: ports.shop, scope, at, plan }).map((read) => ({
    partIds: new Set(read.orders.filter(({ row }) => row?.state.details.partOf !== undefined).map(({ id }) => id)),
    unknownIds: new Set(read.orders.filter(({ row }) => row === null).map(({ id }) => id)),
  }))
}
