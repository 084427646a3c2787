import { err, type Result, ResultAsync } from 'neverthrow'
import type { AmountOverflow } from '../shared/money.js'
import { rowsFor } from './add-bill-rows.js'
import type { GatewayBillRow } from './gateway-bill.js'
import { type RowsNotSorted, readBill, readLedger } from './reconcile-readers.js'
import {
  type BilledBefore,
  compareRows,
  type LedgerRow,
  type Period,
  type Reconciled,
  whatBecameOf,
} from './reconcile-row.js'
import { createTally, type ReconciledTotals } from './reconcile-tally.js'

/** What is held against each other. */
export type ReconcileRequest = {
  /** Sorted by `reference`, in code points. */
  readonly ledger: Iterable<LedgerRow> | AsyncIterable<LedgerRow>
  /** Likewise; what was taken, or went back, in parts may stand in several rows. */
  readonly bill: Iterable<GatewayBillRow> | AsyncIterable<GatewayBillRow>
  /** The day of the bill, in the gateway's time zone: what the ledger has of other days may stand in other bills. */
  readonly day: Period
  /** The time without a gap, up to the end of the day, of which all bills have been read; the day alone when absent. */
  readonly covered?: Period
  /** What the days before leave to this one; nothing when absent. */
  readonly before?: BilledBefore
  /** Told of every row once, in the order of references; of rows of the bill that are parts of one thing as one row. */
  readonly tell: (reconciled: Reconciled) => void
}

/** The rows of one side, or whoever was told of them, gave up on the way. */
export type ReconcileInterrupted = {
  readonly type: 'ReconcileInterrupted'
  readonly stage: 'ledger' | 'bill' | 'listener'
  /** The name of what was thrown, and no word of it: the address of a bill may let whoever has it in. */
  readonly fault: string
}

/** Tells of what was thrown. */
export const interrupted = (stage: ReconcileInterrupted['stage'], fault: unknown): ReconcileInterrupted => ({
  type: 'ReconcileInterrupted',
  stage,
  fault: fault instanceof Error ? fault.name : typeof fault,
})

/** Why two sides cannot be held against each other. */
export type ReconcileError = RowsNotSorted | ReconcileInterrupted | AmountOverflow

/**
 * Holds the ledger against a gateway's bill, row by row, in memory that does not grow with them. The same sides give the
 * same answer, however often.
 *
 * @errors RowsNotSorted, ReconcileInterrupted, AmountOverflow
 */
export const reconcile = (request: ReconcileRequest): ResultAsync<ReconciledTotals, ReconcileError> => {
  const at: Place = { stage: 'ledger' }
  return new ResultAsync(
    merge(request, at).catch((fault: unknown) => err<ReconciledTotals, ReconcileError>(interrupted(at.stage, fault))),
  )
}

/** Whose code is run, so that it can be said who threw. */
type Place = { stage: ReconcileInterrupted['stage'] }

const merge = async (request: ReconcileRequest, at: Place): Promise<Result<ReconciledTotals, ReconcileError>> => {
  const { day, covered = day, before, tell } = request
  const tally = createTally()
  const told = (reconciled: Reconciled): void => {
    tally.count(reconciled)
    const { stage } = at
    at.stage = 'listener'
    tell(reconciled)
    at.stage = stage
  }
  const ledger = readLedger(request.ledger, (ours) => told({ kind: 'duplicate', ours, theirs: null }))
  at.stage = 'bill'
  const bill = readBill(request.bill)
  try {
    at.stage = 'ledger'
    let ours = ledger.ready() ?? (await ledger.next())
    at.stage = 'bill'
    let theirs = bill.ready() ?? (await bill.next())
    for (;;) {
      if (ours.isErr()) return err(ours.error)
      if (theirs.isErr()) return err(theirs.error)
      const mine = ours.value
      const other = theirs.value
      if (mine === undefined && other === undefined) return tally.totals()
      const order = mine === undefined ? 1 : other === undefined ? -1 : compareRows(mine, other.whole)
      const ofOurs = order <= 0 ? mine : undefined
      const ofBill = order >= 0 && other !== undefined ? rowsFor(ofOurs, other) : undefined
      const reconciled = whatBecameOf({ ours: ofOurs, theirs: ofBill?.theirs }, { day, covered, before })
      if (reconciled !== undefined) told(reconciled)
      for (const theirs of ofBill?.apart ?? []) told({ kind: 'duplicate', ours: null, theirs })
      // To wait for what is there already would cost more than everything else.
      at.stage = 'ledger'
      if (order <= 0) ours = ledger.ready() ?? (await ledger.next())
      at.stage = 'bill'
      if (order >= 0) theirs = bill.ready() ?? (await bill.next())
    }
  } finally {
    await ledger.close()
    await bill.close()
  }
}
