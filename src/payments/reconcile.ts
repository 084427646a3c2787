import { err, ok, type Result, ResultAsync } from 'neverthrow'
import type { AmountOverflow } from '../shared/money.js'
import type { GatewayBillRow } from './gateway-bill.js'
import { compareRows, type LedgerRow, type Period, type Reconciled, whatBecameOf } from './reconcile-row.js'
import { createTally, type ReconciledTotals } from './reconcile-tally.js'

/** What is held against each other. */
export type ReconcileRequest = {
  /** Sorted by `reference`, in code points. */
  readonly ledger: Iterable<LedgerRow> | AsyncIterable<LedgerRow>
  /** Likewise. */
  readonly bill: Iterable<GatewayBillRow> | AsyncIterable<GatewayBillRow>
  /** The day of the bill, in the gateway's time zone: what the ledger has of other days may stand in other bills. */
  readonly day: Period
  /** The time without a gap, up to the end of the day, of which all bills have been read; the day alone when absent. */
  readonly covered?: Period
  /** Told of every row once, in the order of references. */
  readonly tell: (reconciled: Reconciled) => void
}

/** A reference comes after one that it should stand before. */
export type RowsNotSorted = {
  readonly type: 'RowsNotSorted'
  readonly side: 'ledger' | 'bill'
  readonly reference: string
}

/** The rows of one side, or whoever was told of them, gave up on the way. */
export type ReconcileInterrupted = { readonly type: 'ReconcileInterrupted'; readonly detail: string }

/** Why two sides cannot be held against each other. */
export type ReconcileError = RowsNotSorted | ReconcileInterrupted | AmountOverflow

/**
 * Holds the ledger against a gateway's bill, row by row, in memory that does not grow with them. The same sides give the
 * same answer, however often.
 *
 * @errors RowsNotSorted, ReconcileInterrupted, AmountOverflow
 */
export const reconcile = (request: ReconcileRequest): ResultAsync<ReconciledTotals, ReconcileError> =>
  new ResultAsync(
    merge(request).catch((fault: unknown) =>
      err<ReconciledTotals, ReconcileError>({
        type: 'ReconcileInterrupted',
        detail: fault instanceof Error ? fault.message : String(fault),
      }),
    ),
  )

const merge = async (request: ReconcileRequest): Promise<Result<ReconciledTotals, ReconcileError>> => {
  const { day, covered = day, tell } = request
  const tally = createTally()
  const told = (reconciled: Reconciled): void => {
    tally.count(reconciled)
    tell(reconciled)
  }
  const ledger = createReader(request.ledger, 'ledger', (ours) => told({ kind: 'duplicate', ours, theirs: null }))
  const bill = createReader(request.bill, 'bill', (theirs) => told({ kind: 'duplicate', ours: null, theirs }))
  try {
    let ours = ledger.ready() ?? (await ledger.next())
    let theirs = bill.ready() ?? (await bill.next())
    for (;;) {
      if (ours.isErr()) return err(ours.error)
      if (theirs.isErr()) return err(theirs.error)
      const mine = ours.value
      const other = theirs.value
      if (mine === undefined && other === undefined) return tally.totals()
      const order = mine === undefined ? 1 : other === undefined ? -1 : compareRows(mine, other)
      const pair = { ours: order <= 0 ? mine : undefined, theirs: order >= 0 ? other : undefined }
      const reconciled = whatBecameOf(pair, { day, covered })
      if (reconciled !== undefined) told(reconciled)
      // To wait for what is there already would cost more than everything else.
      if (order <= 0) ours = ledger.ready() ?? (await ledger.next())
      if (order >= 0) theirs = bill.ready() ?? (await bill.next())
    }
  } finally {
    await ledger.close()
    await bill.close()
  }
}

type Keyed = { readonly kind: 'payment' | 'refund'; readonly reference: string }

type Read<Row> = Result<Row | undefined, RowsNotSorted>

/** Reads rows one by one, each reference once; what comes twice is told. `ready` answers where there is nothing to wait for. */
const createReader = <Row extends Keyed>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  side: RowsNotSorted['side'],
  tellDuplicate: (row: Row) => void,
) => {
  const iterator = Symbol.iterator in rows ? rows[Symbol.iterator]() : undefined
  const awaited = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : undefined
  let last: Row | undefined
  const take = (step: IteratorResult<Row>): Read<Row> | 'again' => {
    if (step.done === true) return ok(undefined)
    const order = last === undefined ? -1 : compareRows(last, step.value)
    if (order > 0) return err({ type: 'RowsNotSorted', side, reference: step.value.reference })
    if (order === 0) {
      tellDuplicate(step.value)
      return 'again'
    }
    last = step.value
    return ok(step.value)
  }
  return {
    ready: (): Read<Row> | undefined => {
      if (iterator === undefined) return undefined
      for (;;) {
        const read = take(iterator.next())
        if (read !== 'again') return read
      }
    },
    next: async (): Promise<Read<Row>> => {
      for (;;) {
        if (awaited === undefined) return ok(undefined)
        const read = take(await awaited.next())
        if (read !== 'again') return read
      }
    },
    close: async (): Promise<void> => {
      iterator?.return?.()
      await awaited?.return?.()
    },
  }
}
