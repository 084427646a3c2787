import {
  type BilledBefore,
  feeMinorOf,
  type LedgerRow,
  type Period,
  type Reconciled,
} from '../../payments/reconcile-row.js'
import {
  type CarriedOver,
  carriedId,
  type EarlyFee,
  mostCarried,
  type ReconciliationRow,
  reconciliationIdOf,
} from '../../payments/reconciliation.js'
import { reconciliations } from '../../payments/reconciliation.schema.js'
import { localDayName, startOfLocalDay } from '../../shared/local-day.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row, rows } from '../../shared/read-plan.js'
import { type BillOfDay, readDay } from './reconcile-bill.schema.js'

type Keyed = Pick<LedgerRow, 'kind' | 'reference'>

/** What the bills that were read before say to that of a day. */
export type ReadBefore = {
  /** The time without a gap up to the end of the day of which this gateway's bills have been read, this one included. */
  readonly covered: { readonly from: number; readonly to: number }
  readonly before: BilledBefore
  /** What the last bill before left to this one. */
  readonly carried: readonly Keyed[]
  /** What this one came to when it was last read; undefined where it was not. */
  readonly itself: ReconciliationRow | undefined
  /** What came back of its fee, minor units, by the id of a refund that an earlier bill had under way. */
  readonly earlyFees: ReadonlyMap<string, number>
}

/** How many days before one are looked at for bills that have been read: a refund may be under way over long holidays. */
const daysBack = 31

/**
 * Reads what became of the bills of a gateway before that of a day, and of its own, where it was read before.
 *
 * @errors StorageError
 */
export const readBefore = async (ports: CorePorts, bill: BillOfDay, day: Period) => {
  const { year, month, day: date } = readDay(bill.day) ?? { year: 1970, month: 1, day: 1 }
  const days = Array.from({ length: daysBack }, (_, back) => {
    const earlier = new Date(Date.UTC(year, month - 1, date - back - 1))
    const local = { year: earlier.getUTCFullYear(), month: earlier.getUTCMonth() + 1, day: earlier.getUTCDate() }
    return { id: reconciliationIdOf(bill.gatewayId, localDayName(local)), from: startOfLocalDay(local, bill.timeZone) }
  })
  const plan = {
    found: rows(
      reconciliations,
      days.map(({ id }) => id),
    ),
    itself: row(reconciliations, reconciliationIdOf(bill.gatewayId, bill.day)),
  }
  const request = { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan } as const
  return readFacts(ports.storage, request).map(({ found, itself }): ReadBefore => {
    const read = new Map(
      found.filter(({ state }) => state.timeZone === bill.timeZone).map(({ id, state }) => [id, state]),
    )
    let { from } = day
    for (const earlier of days) {
      if (!read.has(earlier.id)) break
      from = earlier.from
    }
    const last = days.map(({ id }) => read.get(id)).find((state) => state !== undefined)
    const billed = new Set([...read.values()].flatMap(({ billedEarly }) => billedEarly))
    const carried = new Set(last?.carried)
    return {
      covered: { from, to: day.to },
      before: { isBilled: (row) => billed.has(carriedId(row)), isCarried: (row) => carried.has(carriedId(row)) },
      carried: [...carried].map(keyedBy),
      itself: itself?.state,
      earlyFees: new Map(
        [...read.values()]
          .flatMap(({ earlyFees }) => earlyFees)
          .map(({ refundId, returnedMinor }) => [refundId, returnedMinor]),
      ),
    }
  })
}

const keyedBy = (id: string): Keyed => {
  const at = id.indexOf('/')
  return { kind: id.slice(0, at) === 'refund' ? 'refund' : 'payment', reference: id.slice(at + 1) }
}

/** Gathers, row by row, what a day leaves to the next ones. */
export const createCarrying = (day: Period) => {
  const billedEarly: string[] = []
  const carried: string[] = []
  const earlyFees: EarlyFee[] = []
  return {
    over: { billedEarly, carried, earlyFees } satisfies CarriedOver,
    /** Takes note of a row; false where it is one too many to be left to a later bill, and has to be told now. */
    note: (reconciled: Reconciled): boolean => {
      const { kind, ours, theirs } = reconciled
      if (ours === null || ours.part !== undefined) return true
      if (kind === 'inTransit' && theirs === null) {
        if (carried.length === mostCarried) return false
        carried.push(carriedId(ours))
      }
      if (theirs !== null && isEarly(reconciled, day) && billedEarly.length < mostCarried) {
        billedEarly.push(carriedId(ours))
        const returnedMinor = returnedWith(reconciled)
        if (returnedMinor > 0) earlyFees.push({ refundId: ours.reference, returnedMinor })
      }
      return true
    },
  }
}

/** What came back of a fee with a refund that a bill has as under way, minor units. */
const returnedWith = ({ kind, ours, theirs }: Reconciled): number => {
  if (ours?.kind !== 'refund' || theirs?.status !== 'pending' || theirs.fee === null) return 0
  if (kind !== 'matched' && kind !== 'inTransit') return 0
  return 0 - feeMinorOf(theirs.fee, theirs.currency).unwrapOr(0)
}

/** A bill has said what comes back of a fee with a refund, which was under way then and has arrived by now. */
export type EarlyFeeLesson = {
  readonly kind: 'learnEarlyFee'
  readonly ours: LedgerRow
  readonly theirs: null
  /** Above zero, minor units. */
  readonly returnedMinor: number
}

/** What this bill, or one before it, has said of the fee of a refund that no bill has as arrived; undefined of all else. */
export const earlyFeeOf = (
  reconciled: Reconciled,
  { earlyFees }: Pick<ReadBefore, 'earlyFees'>,
): EarlyFeeLesson | undefined => {
  const { kind, ours } = reconciled
  if (kind !== 'otherDay' && kind !== 'inTransit') return undefined
  if (ours.kind !== 'refund' || ours.status !== 'succeeded' || ours.feeMinor !== null) return undefined
  const returnedMinor = earlyFees.get(ours.reference) ?? returnedWith(reconciled)
  return returnedMinor > 0 ? { kind: 'learnEarlyFee', ours, theirs: null, returnedMinor } : undefined
}

const isEarly = ({ kind, ours, theirs }: Reconciled, day: Period): boolean => {
  if (ours === null || theirs === null) return false
  if (kind === 'learnSucceeded') return theirs.at >= day.to
  return ours.status === 'open' || ours.at >= day.to
}
