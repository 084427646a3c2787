import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { appendEntries } from '../../payments/move-payment.js'
import { moveBalances, postSettlements } from '../../payments/payee-balance.js'
import type { Payout } from '../../payments/payout.js'
import { payOutShare, type Settlement, unpaidMinor } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import { type ListedRow, listed } from '../../shared/list-page.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, find, type PageEnd, rows, type Stored } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import { isHeldBack } from '../order-pieces.js'
import type { OrderRow } from '../order-row.js'
import type { PayeeInput } from './pay-out.schema.js'

/** The most orders that one payout is for, and the most that it sets off; the rest is the next one's. */
const mostOrders = 100

/** What is due to a payee, and what it owes, as it was read: what cannot be read keeps nothing else from being paid. */
export type PayableRead = {
  readonly due: readonly ListedRow<Settlement>[]
  readonly dueOrders: readonly ListedRow<OrderRow>[]
  readonly owing: readonly ListedRow<Settlement>[]
  readonly owingOrders: readonly ListedRow<OrderRow>[]
}

/** Settlements that are to be read and not looked for. */
export type ChosenShares = { readonly due: readonly string[]; readonly owing: readonly string[] }

/** What was chosen, null where nothing is to be paid, and the orders that were passed over because they cannot be read. */
export type PayableChoice = { readonly chosen: ChosenShares | null; readonly unreadable: readonly string[] }

/** Which way a share is open: the payee is to get it, or owes it. */
type Way = 'openPayeeIds' | 'owingPayeeIds'

/** What of a share moves: above zero where it is paid, below where it is set off. */
type Part = { readonly settlement: Stored<Settlement>; readonly order: Stored<OrderRow>; readonly amountMinor: number }

/** Asks for what is due and what is owed, each apart, so that neither hides the other: the oldest, unless chosen. */
export const askPayable = (
  asked: PayeeInput,
  chosen: ChosenShares | null,
): { readonly [Name in keyof PayableRead]: Asked<PayableRead[Name]> } => ({
  due: chosen === null ? askShares('openPayeeIds', asked) : listed(rows(settlements, chosen.due)),
  dueOrders: listed(rows(orders, { from: 'due', path: 'orderId' })),
  owing: chosen === null ? askShares('owingPayeeIds', asked) : listed(rows(settlements, chosen.owing)),
  owingOrders: listed(rows(orders, { from: 'owing', path: 'orderId' })),
})

const askShares = (field: Way, { payee, currency }: PayeeInput, after?: PageEnd) =>
  listed(
    find(settlements, {
      where: [
        { field, is: 'containsAll', values: [payee] },
        { field: 'status', is: 'eq', value: 'available' },
        { field: 'currency', is: 'eq', value: currency },
      ],
      orderBy: { field: 'releasedAt', direction: 'ascending' },
      limit: mostOrders,
      ...(after === undefined ? {} : { after }),
    }),
  )

/**
 * What moves when a payee is paid: all that is due and not held back, and of what it owes as much as that covers.
 *
 * @returns the parts, and what they come to; nothing is owed besides where that is above zero and `isAll`. Of the orders that
 *   are `unreadable` nothing moves
 */
export const payableParts = (
  { due, dueOrders, owing, owingOrders }: PayableRead,
  asked: PayeeInput,
): {
  readonly parts: readonly Part[]
  readonly amountMinor: number
  readonly isAll: boolean
  readonly unreadable: readonly string[]
} => {
  const paid = freeShares(due, dueOrders, asked).filter(({ amountMinor }) => amountMinor > 0)
  const owed = freeShares(owing, owingOrders, asked).filter(({ amountMinor }) => amountMinor < 0)
  const dueMinor = sumOf(paid)
  const setOff = atMost(owed, dueMinor)
  const parts = [...setOff, ...paid]
  const unreadable = [...unreadableOf(due, dueOrders), ...unreadableOf(owing, owingOrders)]
  return { parts, amountMinor: sumOf(parts), isAll: owing.length < mostOrders, unreadable }
}

// What an order comes to for its payees goes by the id of that order.
const unreadableOf = (...read: readonly (readonly ListedRow<unknown>[])[]): readonly string[] =>
  read.flat().flatMap(({ id, row }) => (row === null ? [id] : []))

const freeShares = (
  found: readonly ListedRow<Settlement>[],
  foundOrders: readonly ListedRow<OrderRow>[],
  { payee, currency }: PayeeInput,
): readonly Part[] =>
  found.flatMap(({ row: settlement }) => {
    if (settlement === null) return []
    const { state } = settlement
    const order = foundOrders.find(({ id }) => id === state.orderId)?.row ?? null
    const isOpen = state.status === 'available' && state.currency === currency
    if (!isOpen || order === null) return []
    const amountMinor = unpaidMinor(state, payee)
    // What is owed already is owed whatever else goes back.
    return amountMinor > 0 && isHeldBack(order.state) ? [] : [{ settlement, order, amountMinor }]
  })

// Of parts in their order, as much as comes to no more than so much, whichever way they go.
const atMost = (parts: readonly Part[], mostMinor: number): readonly Part[] => {
  let leftMinor = mostMinor
  return parts.flatMap((part) => {
    const minor = Math.min(leftMinor, Math.abs(part.amountMinor))
    leftMinor -= minor
    return minor === 0 ? [] : [{ ...part, amountMinor: Math.sign(part.amountMinor) * minor }]
  })
}

const sumOf = (parts: readonly Part[]): number => parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0)

/** Pays parts out, or sets them off, under a reference; a return or a dispute that is opened meanwhile holds back what is due after all. */
export const movedShares = (
  parts: readonly Part[],
  { payee, payoutId, at }: Pick<Payout, 'payee' | 'payoutId'> & { readonly at: Instant },
): readonly Change[] => {
  const moved = parts.map((part) => ({
    stored: part.settlement,
    before: part.settlement.state,
    after: payOutShare(part.settlement.state, payee, part.amountMinor),
  }))
  const booked = postSettlements(moved, { entryId: `payeePaidOut/${payoutId}`, kind: 'payeePaidOut', at, about: null })
  return [
    ...moved.map(({ stored, after }) => put(settlements, { id: stored.id, version: stored.version, state: after })),
    ...parts.map(({ order }) => expectRow(orders, order)),
    ...moveBalances(moved),
    ...appendEntries(booked),
  ]
}

/**
 * Looks through all that is due to a payee, and all that it owes, for what a payout can be for. Where what it owes takes
 * more than one payout can be for, that is set off first, part by part, each in a commit of its own.
 *
 * @returns what to pay, and what was passed over
 */
export const choosePayable = (ports: CorePorts, asked: PayeeInput): ResultAsync<PayableChoice, StorageError> =>
  gatherFree(ports, asked, 'openPayeeIds').andThen(({ free: due, unreadable: ofDue }) =>
    gatherFree(ports, asked, 'owingPayeeIds').andThen(
      ({ free: owing, unreadable: ofOwing }): ResultAsync<PayableChoice, StorageError> => {
        const chosen = { due: idsOf(due), owing: idsOf(owing) }
        const unreadable = [...ofDue, ...ofOwing]
        const leftMinor = sumOf(due) + sumOf(owing)
        if (leftMinor > 0 && owing.length < mostOrders) return okAsync({ chosen, unreadable })
        const nothing = okAsync<PayableChoice, StorageError>({ chosen: null, unreadable })
        if (due.length === 0 || (leftMinor <= 0 && due.length < mostOrders)) return nothing
        return setOff(ports, asked, chosen).andThen((isMoved) => (isMoved ? choosePayable(ports, asked) : nothing))
      },
    ),
  )

type Gathered = { readonly free: readonly Part[]; readonly unreadable: readonly string[] }

const idsOf = (parts: readonly Part[]): readonly string[] => parts.map(({ settlement }) => settlement.id)

// Pages on past what is held back, until there are as many as one payout is for.
const gatherFree = (
  ports: CorePorts,
  asked: PayeeInput,
  way: Way,
  sofar: Gathered = { free: [], unreadable: [] },
  after?: PageEnd,
): ResultAsync<Gathered, StorageError> => {
  const plan = { found: askShares(way, asked, after), orders: listed(rows(orders, { from: 'found', path: 'orderId' })) }
  const request = { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan } as const
  return readFacts(ports.storage, request).andThen((read): ResultAsync<Gathered, StorageError> => {
    const free = [...sofar.free, ...freeShares(read.found, read.orders, asked)].slice(0, mostOrders)
    const gathered = { free, unreadable: [...sofar.unreadable, ...unreadableOf(read.found, read.orders)] }
    const last = read.found.at(-1)
    const isEnd = read.found.length < mostOrders || free.length === mostOrders
    if (isEnd || last === undefined) return okAsync(gathered)
    return gatherFree(ports, asked, way, gathered, { value: last.value, id: last.id })
  })
}

// What one way has too much of is moved in part; the books say so, and nobody sends anything.
const setOff = (ports: CorePorts, asked: PayeeInput, chosen: ChosenShares): ResultAsync<boolean, StorageError> =>
  decideAndCommit<ReturnType<typeof askPayable>, boolean, never>(ports, {
    scope: { kind: 'all' },
    plan: () => askPayable(asked, chosen),
    decide: ({ due, dueOrders, owing, owingOrders }, { now: at }) => {
      const paid = freeShares(due, dueOrders, asked).filter(({ amountMinor }) => amountMinor > 0)
      const owed = freeShares(owing, owingOrders, asked).filter(({ amountMinor }) => amountMinor < 0)
      const minor = Math.min(sumOf(paid), 0 - sumOf(owed))
      if (minor === 0) return ok({ changes: [], answer: false })
      const parts = [...atMost(owed, minor), ...atMost(paid, minor)]
      const payoutId = ports.ids.next('payout')
      return ok({ changes: movedShares(parts, { payee: asked.payee, payoutId, at }), answer: true })
    },
  })
