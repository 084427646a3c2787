import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { GatewayBillRow } from '../../payments/gateway-bill.js'
import { payments } from '../../payments/payment.schema.js'
import { interrupted, type ReconcileError, reconcile } from '../../payments/reconcile.js'
import { compareRows, type LedgerRow, type Period } from '../../payments/reconcile-row.js'
import type { ReconciledTotals } from '../../payments/reconcile-tally.js'
import {
  type BillFinding,
  type CarriedOver,
  type Reconciliation,
  type ReconciliationRow,
  reconciliationIdOf,
  toldReconciliation,
} from '../../payments/reconciliation.js'
import { reconciliations } from '../../payments/reconciliation.schema.js'
import { admit, noteRefusal } from '../../shared/admit.js'
import { put } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { InvalidInput } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { startOfLocalDay } from '../../shared/local-day.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { noteLook, type QueryContext, type QueryError } from '../../shared/run-query.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'
import { askPastGateway, checkGatewayOfBooks } from '../paying/past-gateway.js'
import type { GatewayUnknown } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { differencesOf, type Found, findingOf, findingsOf, lessonOf } from './bill-findings.js'
import { createCarrying, earlyFeeOf, readBefore } from './carried-over.js'
import { gatherFindings, openAmong } from './gather-findings.js'
import { type Lesson, learnFromBill } from './learn-from-bill.js'
import { findReferences, type LedgerReferences, readLedgerRows } from './ledger-rows.js'
import { type BillOfDay, parseBillOfDay, parseBillRow, readDay } from './reconcile-bill.schema.js'
import { ownRowsOf } from './shared-bills.js'

/** A bill, and who wants to hear what is found in it. */
export type ReconcileBillRequest = BillOfDay & {
  /** Its rows in any order, as the gateway's adapter read them from the file; they are kept in memory until it is done. */
  readonly source: AsyncIterable<GatewayBillRow> | Iterable<GatewayBillRow>
  /** Told of each finding, open or not; the answer holds the first `mostFindings` of both. What it throws is passed over. */
  readonly onFinding?: (finding: BillFinding) => void
}

/** The day is not over by the gateway's clock, so that its bill is not whole. */
export type DayNotOver = { readonly type: 'DayNotOver'; readonly day: string; readonly endsAt: Instant }

/** A row of a bill is not what a row has to be; nothing of the bill was taken in. */
export type BillRowInvalid = {
  readonly type: 'BillRowInvalid'
  /** Which row, from 1. */
  readonly row: number
  readonly issues: InvalidInput['issues']
}

/** Why a bill was not reconciled. */
export type ReconcileBillError =
  | QueryError
  | StorageError
  | GatewayUnknown
  | DayNotOver
  | BillRowInvalid
  | ReconcileError

/** What a bill came to: as it is kept, and what was learned from it. */
export type ReconciledBill = Reconciliation & {
  /** Payments and refunds that were open here and are not any more, and fees that were not known. */
  readonly learned: number
}

type Failed = StorageError | GatewayUnknown | DayNotOver | BillRowInvalid | ReconcileError

/**
 * Reads a gateway's bill of a day against the ledger, and each of its payments against its order, line by line. What was
 * open here is learned from it: that it was paid, that a refund arrived, that no money came while it could have, and
 * what the gateway kept. What stands in the bill of another day than here is carried from one bill to the next, which are read
 * in the order of their days. Rows of other gateways of the same merchant are counted and left alone. Everything else is kept as findings, each open until a person resolves it. Reading it again finds the
 * same, learns nothing twice, and opens nothing anew. The shop may have the gateway no more.
 *
 * @errors DayNotOver, GatewayUnknown where nobody ever paid by it either, BillRowInvalid, ReconcileInterrupted, QueryError, StorageError
 */
export const reconcileBill = (
  ports: MoneyPorts,
  context: QueryContext,
  request: ReconcileBillRequest,
): ResultAsync<ReconciledBill, ReconcileBillError> => {
  const stated = statedIn(request)
  const action = 'orders.reconcileBill'
  return (
    admit(ports, context, action)
      // A bill is of all orders: it is not for whoever may see some of them.
      .andThen(({ kind }) =>
        kind === 'fields'
          ? noteRefusal<ReconcileBillError>(ports, context, { type: 'Denied', action })
          : okAsync(undefined),
      )
      .andThen(() => parseBillOfDay(stated))
      .andThen((bill) => merchantAccountOf(ports, bill).map((merchantAccount) => ({ bill, merchantAccount })))
      .andThen(({ bill, merchantAccount }): Result<BillRead, ReconcileBillError> => {
        const day = periodOf(bill)
        return day.to <= ports.clock.now()
          ? ok({ bill, merchantAccount, day })
          : err({ type: 'DayNotOver', day: bill.day, endsAt: day.to })
      })
      .andThen(
        (read): ResultAsync<ReconciledBill, ReconcileBillError> =>
          new ResultAsync(work(ports, read, request)).andThen((found) =>
            noteLook(ports, context, action, found.reconciliationId).map(() => found),
          ),
      )
  )
}

/** Which bill is read, as whom the shop is known to its gateway, and from when to when its day is. */
type BillRead = { readonly bill: BillOfDay; readonly merchantAccount: string; readonly day: Period }

const merchantAccountOf = (
  ports: MoneyPorts,
  { gatewayId }: BillOfDay,
): ResultAsync<string, StorageError | GatewayUnknown> =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: askPastGateway(ports, gatewayId),
  })
    .andThen((past) => checkGatewayOfBooks(ports, gatewayId, past))
    .map(({ merchantAccount }) => merchantAccount)

// A caller without types may hand over anything; what is no object is left to the check of the input.
const statedIn = (request: ReconcileBillRequest): unknown => {
  if (typeof request !== 'object' || request === null) return request
  const { source: _, onFinding: __, ...stated } = request
  return stated
}

const periodOf = ({ day, timeZone }: BillOfDay): Period => {
  const { year, month, day: date } = readDay(day) ?? { year: 1970, month: 1, day: 1 }
  return {
    from: startOfLocalDay({ year, month, day: date }, timeZone),
    to: startOfLocalDay({ year, month, day: date + 1 }, timeZone),
  }
}

const work = async (
  ports: MoneyPorts,
  { bill, merchantAccount, day }: BillRead,
  { source, onFinding }: ReconcileBillRequest,
): Promise<Result<ReconciledBill, Failed>> => {
  const rows = await readBill(source)
  if (rows.isErr()) return err(rows.error)
  const { gatewayId } = bill
  const ofBill = await ownRowsOf(ports, { gatewayId, merchantAccount }, rows.value)
  if (ofBill.isErr()) return err(ofBill.error)
  const { own, otherGateway } = ofBill.value
  const references: LedgerReferences = { payments: new Set(), refunds: new Set() }
  for (const { kind, reference } of own) {
    if (kind === 'payment') references.payments.add(reference)
    else references.refunds.add(reference)
  }
  const read = await readBefore(ports, bill, day)
  if (read.isErr()) return err(read.error)
  const { covered, before, carried, earlyFees, itself } = read.value
  for (const { kind, reference } of carried) {
    if (kind === 'payment') references.payments.add(reference)
    else references.refunds.add(reference)
  }
  const found = await findReferences(ports, { gatewayId, day }, references)
  if (found.isErr()) return err(found.error)

  const gathering = gatherFindings(itself, ports.clock.now())
  const note = (found: Found): void => {
    const finding = gathering.note(found)
    try {
      onFinding?.(finding)
    } catch {
      // What is learned by now has to be kept with what was found.
    }
  }
  const lessons: Lesson[] = []
  const carrying = createCarrying(day)
  const ledger = new LedgerSide(readLedgerRows(ports, { gatewayId, day }, references))
  const totals = await reconcile({
    ledger: ledger.rows(),
    bill: own,
    day,
    covered,
    before,
    tell: (reconciled) => {
      if (!carrying.note(reconciled)) note(findingOf('missingInBill', reconciled, null))
      for (const finding of findingsOf(reconciled, ledger.order)) note(finding)
      const lesson = lessonOf(reconciled) ?? earlyFeeOf(reconciled, { earlyFees })
      if (lesson !== undefined) lessons.push(lesson)
    },
  })
  if (ledger.failure !== undefined) return err(ledger.failure)
  if (totals.isErr()) return err(totals.error)

  let learned = 0
  for (const lesson of lessons) {
    const written = await learnFromBill(ports, gatewayId, lesson)
    if (written.isErr()) {
      note(findingOf('notLearned', lesson, written.error.type))
      continue
    }
    learned += 1
    if (lesson.kind !== 'learnSucceeded') continue
    const differences = await differencesNow(ports, lesson)
    if (differences.isErr()) return err(differences.error)
    for (const finding of differences.value) note(finding)
  }
  const counts = { ...totals.value.counts, ...(otherGateway === 0 ? {} : { otherGateway }) }
  return keep(ports, { bill, totals: { ...totals.value, counts }, ...gathering.gathered(), over: carrying.over }).map(
    (kept) => ({
      ...toldReconciliation(kept),
      learned,
    }),
  )
}

/** Where a payment that was learned of, and its order, differ: as they stand now. */
const differencesNow = (
  ports: MoneyPorts,
  lesson: Extract<Lesson, { kind: 'learnSucceeded' }>,
): ResultAsync<readonly Found[], StorageError> => {
  const { reference, orderId } = lesson.ours
  return readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { order: row(orders, orderId), payment: row(payments, reference) },
  }).map(({ order, payment }) => {
    if (order === undefined || payment === undefined) return []
    const { status, known, forgoneMinor = 0 } = payment.state
    const isOpen = status === 'partlyCaptured' || known.captured === null
    return differencesOf(lesson, order.state, isOpen ? null : known.captured.minor + forgoneMinor)
  })
}

/** Reads the rows of a bill, each checked, and puts them in the order of their references. */
const readBill = async (
  source: ReconcileBillRequest['source'],
): Promise<Result<readonly GatewayBillRow[], BillRowInvalid | ReconcileError>> => {
  const read: GatewayBillRow[] = []
  try {
    for await (const each of source) {
      const row = parseBillRow(each)
      if (row.isErr()) return err({ type: 'BillRowInvalid', row: read.length + 1, issues: row.error.issues })
      read.push(row.value)
    }
  } catch (fault) {
    return err(interrupted('bill', fault))
  }
  return ok(read.sort(compareRows))
}

/** The rows of the ledger as the merge takes them: the order that goes with the last one, and what went wrong, beside it. */
class LedgerSide {
  readonly #read: ReturnType<typeof readLedgerRows>
  order: OrderRow | undefined
  failure: StorageError | undefined

  constructor(read: ReturnType<typeof readLedgerRows>) {
    this.#read = read
  }

  async *rows(): AsyncGenerator<LedgerRow, void> {
    for await (const read of this.#read) {
      if (read.isErr()) {
        this.failure = read.error
        return
      }
      this.order = read.value.order
      yield read.value.row
    }
  }
}

/** Keeps what a bill came to in place of what it came to before; what persons have said of it stays. */
const keep = (
  ports: MoneyPorts,
  came: {
    readonly bill: BillOfDay
    readonly totals: ReconciledTotals
    readonly over: CarriedOver
  } & ReturnType<ReturnType<typeof gatherFindings>['gathered']>,
): ResultAsync<ReconciliationRow, StorageError> => {
  const { bill, totals, findings, findingCount, unkeptCount, over } = came
  const id = reconciliationIdOf(bill.gatewayId, bill.day)
  return decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ kept: row(reconciliations, id) }),
    decide: ({ kept }, { now }) => {
      const resolutions = kept?.state.resolutions ?? []
      const found = { findings, resolutions, reconciledAt: now }
      const open = openAmong(found, unkeptCount)
      const said = kept?.state.reopenings === undefined ? {} : { reopenings: kept.state.reopenings }
      const state = { reconciliationId: id, ...bill, ...totals, ...found, ...said, findingCount, ...open, ...over }
      return ok({ changes: [put(reconciliations, { id, version: kept?.version ?? 0, state })], answer: state })
    },
  })
}
