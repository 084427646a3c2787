import type { ResultAsync } from 'neverthrow'
import { balanceIds, balanceOf, type PayeeBalance, payeeBalances } from '../../payments/payee-balance.js'
import type { Settlement } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import type { Currency } from '../../shared/currency.js'
import { filterPage } from '../../shared/filter-page.js'
import type { Instant } from '../../shared/instant.js'
import { compareCodePoints } from '../../shared/json.js'
import { type ListedRow, listed, type UnreadableRows } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, counters, find, known, rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type ListPayeesInput, type PayeeCursor, parseListPayees } from './list-payees.schema.js'

/** What a payee has to get, and what it owes, in one currency, as `orders.payee` shows it. */
export type PayeeStanding = Pick<PayeeBalance, 'currency' | 'availableMinor' | 'owedMinor'> & {
  /** As `orders.payOut` takes it. */
  readonly payee: string
  /** When the oldest share that is due to it was released; of a payee that only owes, the oldest that it owes of. */
  readonly since: Instant
}

/** A page of payees, who waits longest first. */
export type PayeePage = UnreadableRows & {
  readonly payees: readonly PayeeStanding[]
  readonly next: PayeeCursor | null
}

// Payees are found by the orders that they have something to get of, or owe of: so many are looked at for a page,
const looksAt = 500
// and of no more payees than it may hold, and these, it is asked whether an older one was looked at before.
const passedOver = 30
// The oldest share of a payee is the first of so many that can be read.
const oldestRead = 5

/**
 * Lists who has something to get, or owes something, a row for each payee and currency: the payees that `orders.payOut`
 * is for. What is held back for a return or a dispute, and what a gateway is still to divide, stands in it too. A page may
 * hold fewer than its limit, or none, and still not be the last: `next` says so.
 *
 * @errors QueryError
 */
export const listPayees = (
  ports: CorePorts,
  context: QueryContext,
  input: ListPayeesInput = {},
): ResultAsync<PayeePage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.payees',
    parse: parseListPayees,
    plan: ({ scope, input: { currency, after } }) => {
      const nothing = known<readonly ListedRow<Settlement>[]>([])
      // What a payee has to get is of all orders: whoever sees some of those only is told of no payee.
      if (scope.kind !== 'all') return { begun: nothing, found: nothing }
      const begun = after === undefined || after.payee === null ? nothing : listed(rows(settlements, [after.orderId]))
      const found = listed(
        find(settlements, {
          where: [{ field: 'unevenShares', is: 'gte', value: 1 }, ...inCurrency(currency)],
          orderBy: { field: 'releasedAt', direction: 'ascending' },
          limit: looksAt + 1,
          ...(after === undefined ? {} : { after: { value: after.since, id: after.orderId } }),
        }),
      )
      return { begun, found }
    },
    answer: ({ begun, found }, { now, input: { limit = 20, currency, after } }) => {
      const looked = found.slice(0, looksAt)
      const isAsked = ({ share }: Looked): boolean =>
        share !== null && isBehind(share, after) && share.currency === (currency ?? share.currency)
      const places = [...begun.flatMap(placesOf).filter(isAsked), ...looked.flatMap(placesOf)]
      const asked = firstOf(places, limit + passedOver)
      const payees = distinctPayees(asked.flatMap(({ share }) => share ?? []))
      const plan = askOldest(payees)
      return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan }).map((facts) => {
        const oldest = new Map(
          payees.map((share, place) => {
            const [due, owing] = [facts[`openPayeeIds ${place}`], facts[`owingPayeeIds ${place}`]]
            return [payeeKey(share), firstRead(due) ?? firstRead(owing)]
          }),
        )
        const keep = ({ share, orderId }: Looked): boolean => share === null || oldest.get(payeeKey(share)) === orderId
        const page = filterPage(places, { limit, looksAt: asked.length, keep })
        const last = page.endsBehind
        return {
          payees: page.rows.flatMap(({ share, since }) => {
            if (share === null) return []
            const { payee, currency: own } = share
            const { availableMinor, owedMinor } = balanceOf(facts.balances, payee, own)
            return [{ payee, currency: own, availableMinor, owedMinor, since }]
          }),
          unreadable: page.rows.flatMap(({ share, orderId }) => (share === null ? [orderId] : [])),
          next: last === undefined ? behind(looked, found) : { ...placeOf(last), payee: last.share?.payee ?? null },
        }
      })
    },
  })

/** Something of an order that a payee has to get, or owes. */
type OpenShare = { readonly payee: string; readonly currency: Currency; readonly isOwed: boolean }

/** A share with the order it is of; null where that cannot be read. */
type Looked = { readonly orderId: string; readonly since: Instant; readonly share: OpenShare | null }

const placesOf = ({ row, id: orderId, value }: ListedRow<Settlement>): readonly Looked[] => {
  if (row === null) return [{ orderId, since: Number(value), share: null }]
  if (row.state.status === 'pending') return []
  const { openPayeeIds, owingPayeeIds = [], currency, releasedAt: since } = row.state
  return [...openPayeeIds, ...owingPayeeIds]
    .sort(compareCodePoints)
    .map((payee) => ({ orderId, since, share: { payee, currency, isOwed: owingPayeeIds.includes(payee) } }))
}

const isBehind = ({ payee }: OpenShare, after: PayeeCursor | undefined): boolean =>
  typeof after?.payee === 'string' && compareCodePoints(payee, after.payee) > 0

const payeeKey = ({ payee, currency }: Pick<OpenShare, 'payee' | 'currency'>): string => `${currency} ${payee}`

/** The first places, up to that of the payee that would be one too many. */
const firstOf = (places: readonly Looked[], most: number): readonly Looked[] => {
  const seen = new Set<string>()
  const end = places.findIndex(({ share }) => share !== null && seen.add(payeeKey(share)).size > most)
  return end < 0 ? places : places.slice(0, end)
}

/** A share of each payee; one that it owes of, where there is any. */
const distinctPayees = (shares: readonly OpenShare[]): readonly OpenShare[] => {
  const [due, owed] = [shares.filter(({ isOwed }) => !isOwed), shares.filter(({ isOwed }) => isOwed)]
  return [...new Map([...due, ...owed].map((share) => [payeeKey(share), share])).values()]
}

type Way = 'openPayeeIds' | 'owingPayeeIds'
const waysOf = (isOwed: boolean): readonly Way[] => (isOwed ? ['openPayeeIds', 'owingPayeeIds'] : ['openPayeeIds'])
type OldestName = `${Way} ${number}`

type OldestPlan = {
  readonly balances: Asked<ReadonlyMap<string, number>>
  readonly [oldest: OldestName]: Asked<readonly ListedRow<Settlement>[]>
}

/** Asks for the balances of payees, and for the oldest share of each that is due to it, or that it owes of. */
const askOldest = (payees: readonly OpenShare[]): OldestPlan => {
  const oldest = payees.flatMap(({ payee, currency, isOwed }, place) =>
    waysOf(isOwed).map((way): readonly [OldestName, Asked<readonly ListedRow<Settlement>[]>] => [
      `${way} ${place}`,
      listed(
        find(settlements, {
          where: [{ field: way, is: 'containsAll', values: [payee] }, ...inCurrency(currency)],
          orderBy: { field: 'releasedAt', direction: 'ascending' },
          limit: oldestRead,
        }),
      ),
    ]),
  )
  const balances = counters(
    payeeBalances,
    payees.flatMap(({ payee, currency }) => balanceIds(payee, currency)),
  )
  return { ...Object.fromEntries(oldest), balances }
}

const inCurrency = (currency: Currency | undefined) =>
  currency === undefined ? [] : [{ field: 'currency', is: 'eq', value: currency } as const]

const firstRead = (found: readonly ListedRow<Settlement>[] | undefined): string | undefined =>
  found?.find(({ row }) => row !== null)?.id

const placeOf = ({ orderId, since }: Looked) => ({ since, orderId })

const behind = (
  looked: readonly ListedRow<Settlement>[],
  found: readonly ListedRow<Settlement>[],
): PayeeCursor | null => {
  const last = looked.at(-1)
  if (last === undefined || found.length === looked.length) return null
  return { since: Number(last.value), orderId: last.id, payee: null }
}
