import { err, ok, type Result } from 'neverthrow'
import type { Account, LedgerEntry, LedgerEntryKind } from '../../payments/ledger.js'
import { ledgerEntries } from '../../payments/ledger.schema.js'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isUndecided } from '../../payments/payment-machine.js'
import type { LedgerRow, Period } from '../../payments/reconcile-row.js'
import type { Refund } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { feeOfTaking, type Taking, takingsOf } from '../../payments/takings.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import { daysMs, hoursMs } from '../../shared/instant.js'
import { compareCodePoints } from '../../shared/json.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Entry, entries, find, type IdsFrom, type ReadPlan, rows, type Stored } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'

/** Which payments and refunds of ours are held against a bill. */
export type LedgerReferences = { readonly payments: Set<string>; readonly refunds: Set<string> }

/** A row of the ledger, with what it is about. */
export type LedgerRowRead = { readonly row: LedgerRow; readonly order: OrderRow | undefined }

const everywhere = { kind: 'all' } as const
const pageSize = 1_000
const chunkSize = 100
/** More entries than so many payments or refunds ever have. */
const mostEntries = 10_000

// What a gateway says of a day is written when it is heard, which may be later: what is heard later still was open, and
// is found by that.
const heardAfterMs = 2 * daysMs
const clockSkewMs = hoursMs
// A refund that arrived by our gateway's word may stand in its bill of the day after.
const refundBilledWithinMs = daysMs

const moneyKinds: readonly LedgerEntryKind[] = ['captured', 'suspended']
const paymentKinds: readonly LedgerEntryKind[] = [...moneyKinds, 'feeCharged']

const read = <Plan extends ReadPlan>(ports: CorePorts, plan: Plan) =>
  readFacts(ports.storage, { shop: ports.shop, scope: everywhere, at: ports.clock.now(), plan })

/**
 * Adds to the references those of the day: what the ledger booked on a gateway's account, and what is still open there.
 *
 * @errors StorageError
 */
export const findReferences = async (
  ports: CorePorts,
  { gatewayId, day }: { readonly gatewayId: string; readonly day: Period },
  references: LedgerReferences,
): Promise<Result<void, StorageError>> => {
  const clearing: Account = `gatewayClearing:${gatewayId}`
  let after: { readonly value: number; readonly id: string } | undefined
  for (;;) {
    const facts = await read(ports, {
      page: entries(ledgerEntries, {
        where: [
          { field: 'at', is: 'gte', value: day.from - clockSkewMs },
          { field: 'at', is: 'lt', value: day.to + heardAfterMs },
        ],
        orderBy: { field: 'at', direction: 'ascending' },
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      }),
    })
    if (facts.isErr()) return err(facts.error)
    const { page } = facts.value
    for (const { body } of page) {
      if (!body.lines.some(({ account }) => account === clearing)) continue
      if (body.refundId !== null) references.refunds.add(body.refundId)
      else if (body.paymentId !== null) references.payments.add(body.paymentId)
    }
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) break
    after = { value: last.body.at, id: last.id }
  }
  return findOpen(ports, { gatewayId, day }, references)
}

const findOpen = async (
  ports: CorePorts,
  { gatewayId, day }: { readonly gatewayId: string; readonly day: Period },
  references: LedgerReferences,
): Promise<Result<void, StorageError>> => {
  let after: { readonly value: number; readonly id: string } | undefined
  for (;;) {
    const facts = await read(ports, {
      page: find(payments, {
        where: [
          { field: 'gatewayId', is: 'eq', value: gatewayId },
          { field: 'startedAt', is: 'lt', value: day.to },
        ],
        // Only of an open payment is there anything to be asked.
        orderBy: { field: 'queryAt', direction: 'ascending' },
        limit: pageSize,
        ...(after === undefined ? {} : { after }),
      }),
    })
    if (facts.isErr()) return err(facts.error)
    const { page } = facts.value
    for (const { id } of page) references.payments.add(id)
    const last = page.at(-1)
    if (last === undefined || last.state.queryAt === null || page.length < pageSize) return ok(undefined)
    after = { value: last.state.queryAt, id: last.id }
  }
}

/**
 * The rows of payments and refunds of one gateway, in the order of references, read a hundred at a time. Of a payment that
 * is taken in steps it is what was taken on the day.
 */
export async function* readLedgerRows(
  ports: CorePorts,
  { gatewayId, day }: { readonly gatewayId: string; readonly day: Period },
  references: LedgerReferences,
): AsyncGenerator<Result<LedgerRowRead, StorageError>, void> {
  const sorted = [...new Set([...references.payments, ...references.refunds])].sort(compareCodePoints)
  for (let start = 0; start < sorted.length; start += chunkSize) {
    const ids = sorted.slice(start, start + chunkSize)
    const facts = await read(ports, askLedgerRows(ids))
    if (facts.isErr()) {
      yield err(facts.error)
      return
    }
    const found = facts.value
    const ordersById = new Map(
      [...found.paidOrders, ...found.refundedOrders].map(({ id, state }): readonly [string, OrderRow] => [id, state]),
    )
    const moved = {
      ofPayments: byReference(found.ofPayments, 'paymentId'),
      ofRefunds: byReference(found.ofRefunds, 'refundId'),
    }
    const paid = new Map(mine(found.payments, gatewayId).map((payment) => [payment.paymentId, payment]))
    const back = new Map(mine(found.refunds, gatewayId).map((refund) => [refund.refundId, refund]))
    for (const id of ids) {
      const payment = paid.get(id)
      const refund = back.get(id)
      const made = [
        ...(payment === undefined ? [] : [rowOfPayment(payment, moved.ofPayments.get(id) ?? [], day)]),
        ...(refund === undefined ? [] : [rowOfRefund(refund, moved.ofRefunds.get(id) ?? [])]),
      ]
      for (const row of made) yield ok({ row, order: ordersById.get(row.orderId) })
    }
  }
}

const ordersFrom = (from: string): IdsFrom => ({ from, path: 'orderId' })

const askLedgerRows = (ids: readonly string[]) => ({
  payments: rows(payments, ids),
  refunds: rows(refunds, ids),
  paidOrders: rows(orders, ordersFrom('payments')),
  refundedOrders: rows(orders, ordersFrom('refunds')),
  ofPayments: entries(ledgerEntries, {
    where: [
      { field: 'paymentId', is: 'in', values: ids },
      { field: 'kind', is: 'in', values: paymentKinds },
    ],
    limit: mostEntries,
  }),
  ofRefunds: entries(ledgerEntries, { where: [{ field: 'refundId', is: 'in', values: ids }], limit: mostEntries }),
})

const mine = <State extends { readonly gatewayId: string }>(
  found: readonly Stored<State>[],
  gatewayId: string,
): readonly State[] => found.map(({ state }) => state).filter((state) => state.gatewayId === gatewayId)

const byReference = (
  found: readonly Entry<LedgerEntry>[],
  field: 'paymentId' | 'refundId',
): ReadonlyMap<string, readonly LedgerEntry[]> => {
  const groups = new Map<string, LedgerEntry[]>()
  for (const { body } of found) {
    const reference = body[field]
    if (reference === null) continue
    const group = groups.get(reference)
    if (group === undefined) groups.set(reference, [body])
    else group.push(body)
  }
  return groups
}

const rowOfPayment = (payment: Payment, booked: readonly LedgerEntry[], day: Period): LedgerRow => {
  const { paymentId, orderId, gatewayId } = payment
  const clearing: Account = `gatewayClearing:${gatewayId}`
  const money = booked.filter(({ kind }) => moneyKinds.includes(kind))
  const currency = money[0]?.lines[0]?.currency ?? payment.currency
  const takenMinor = sumOn(money, clearing, currency)
  const fees = booked.filter(({ kind }) => kind === 'feeCharged')
  const facts = {
    kind: 'payment',
    reference: paymentId,
    orderId,
    feeMinor: fees.length === 0 ? null : 0 - sumOn(fees, clearing, currency),
  } as const
  if (takenMinor > 0) {
    const at = payment.known.captured?.at ?? money[0]?.at ?? payment.startedAt
    const whole: LedgerRow = { ...facts, status: 'succeeded', currency, amountMinor: takenMinor, at, payable: null }
    const foreign = currency === payment.currency ? {} : { feeIsForeign: true as const }
    const counts = { countsMinor: (payment.known.captured?.minor ?? 0) + (payment.forgoneMinor ?? 0) }
    const isPlain = payment.known.suspended.length === 0
    const row: LedgerRow = isPlain ? partOfDay(payment, whole, day) : { ...whole, ...foreign, ...counts }
    return row.part === undefined ? { ...row, billedBy: at + clockSkewMs } : row
  }
  const open = isUndecided(payment)
  return {
    ...facts,
    status: open ? 'open' : 'failed',
    currency: payment.currency,
    amountMinor: payment.capturing?.amountMinor ?? payment.amountMinor,
    at: payment.startedAt,
    payable: open && wouldBeBilled(payment) ? { from: payment.startedAt, to: payment.expiresAt } : null,
  }
}

// What is taken in steps stands, step by step, in the bill of the day on which it was taken.
const partOfDay = (payment: Payment, whole: LedgerRow, day: Period): LedgerRow => {
  const { known, capturing, status } = payment
  const settledMinor = status === 'partlyCaptured' ? null : whole.amountMinor + (payment.forgoneMinor ?? 0)
  const taken = takingsOf(known)
  const ofDay = taken.filter(({ at }) => at >= day.from && at < day.to)
  const asked = capturing !== undefined && capturing.since < day.to ? capturing : undefined
  if (ofDay.length === 0 && asked !== undefined) {
    const part = { fromMinor: whole.amountMinor, settledMinor }
    const { amountMinor, since: at } = asked
    return { ...whole, status: 'open', amountMinor, feeMinor: null, at, part }
  }
  const [first, ...more] = ofDay.length === 0 ? nearestTo(day, taken) : ofDay
  if (first === undefined) return whole
  const { fromMinor, at } = first
  const { toMinor } = more.at(-1) ?? first
  const isLast = toMinor === whole.amountMinor
  const askedBesides = asked === undefined || !isLast ? {} : { askedMinor: asked.amountMinor }
  const part = { fromMinor, settledMinor, ...askedBesides }
  if (fromMinor === 0 && isLast)
    return settledMinor === null || payment.capture === 'manual' ? { ...whole, part } : whole
  const feeMinor = feeOfTaking(known, { fromMinor, toMinor })
  return { ...whole, amountMinor: toMinor - fromMinor, feeMinor, at, part }
}

// By the gateway's clock it may have been the day after, or before.
const nearestTo = (day: Period, taken: readonly Taking[]): readonly Taking[] => {
  const distance = ({ at }: Taking): number => Math.max(day.from - at, at - day.to)
  return [...taken].sort((one, other) => distance(one) - distance(other)).slice(0, 1)
}

/**
 * Whether money of a payment that came would stand in the bill of a day in which it could be paid. What is only held
 * stands in none, and what its gateway is still at work on may come days later: that no bill has it says nothing.
 */
export const wouldBeBilled = ({ capture, known }: Payment): boolean =>
  capture === 'automatic' && known.stage !== 'processing' && known.authorised === null && known.captured === null

const rowOfRefund = (refund: Refund, booked: readonly LedgerEntry[]): LedgerRow => {
  const { refundId, orderId, gatewayId, currency } = refund
  const clearing: Account = `gatewayClearing:${gatewayId}`
  const fees = booked.filter(({ kind }) => kind === 'feeReturned')
  const sentMinor = 0 - sumOn(booked, clearing, currency) + sumOn(fees, clearing, currency)
  const facts = {
    kind: 'refund',
    reference: refundId,
    orderId,
    currency,
    feeMinor: fees.length === 0 ? null : 0 - sumOn(fees, clearing, currency),
    payable: null,
  } as const
  if (sentMinor > 0) {
    const at = refund.known.succeededAt ?? booked[0]?.at ?? refund.requestedAt
    return { ...facts, status: 'succeeded', amountMinor: sentMinor, at, billedBy: at + refundBilledWithinMs }
  }
  return {
    ...facts,
    status: isUnderWay(refund) ? 'open' : 'failed',
    amountMinor: refund.amountMinor,
    at: refund.requestedAt,
  }
}

const isUnderWay = ({ status }: Refund): boolean => {
  switch (status) {
    case 'requested':
    case 'submitted':
    case 'pending':
    case 'unknown':
    case 'held':
      return true
    case 'succeeded':
    case 'failed':
    case 'manualPayout':
    case 'paidManually':
    case 'chargedBack':
    case 'cancelled':
      return false
  }
}

const sumOn = (booked: readonly LedgerEntry[], account: Account, currency: string): number => {
  let sum = 0
  for (const { lines } of booked) {
    for (const line of lines) if (line.account === account && line.currency === currency) sum += line.amountMinor
  }
  return sum
}
