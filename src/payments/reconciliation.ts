import type { Instant } from '../shared/instant.js'
import type { GatewayBillRow } from './gateway-bill.js'
import type { LedgerRow, Reconciled } from './reconcile-row.js'
import type { ReconciledTotals } from './reconcile-tally.js'
import type { Resolution } from './resolution.js'

/** What a person has to look at. */
export type FindingKind =
  | Extract<
      Reconciled['kind'],
      'missingInBill' | 'missingInLedger' | 'amountDiff' | 'feeDiff' | 'statusDiff' | 'duplicate'
    >
  /** Both sides agree, and the order, or one of its lines, comes to something else. */
  | 'orderDiff'
  /** The bill could not be learned from. */
  | 'notLearned'

/** Something of a bill that a person has to look at. */
export type BillFinding = {
  /** Made of what is found: reading the bill of that day again and finding the same gives the same. */
  readonly findingId: string
  readonly kind: FindingKind
  /** Our id of the payment or refund, or what the bill calls it. */
  readonly reference: string
  readonly orderId: string | null
  /** Of an `orderDiff`: the line, or what the order as a whole comes to. Of `notLearned`: why not. */
  readonly detail: string | null
  readonly ours: Pick<LedgerRow, 'kind' | 'status' | 'currency' | 'amountMinor' | 'feeMinor' | 'at'> | null
  readonly theirs: Pick<
    GatewayBillRow,
    'kind' | 'status' | 'currency' | 'amountMinor' | 'fee' | 'gatewayRef' | 'at'
  > | null
}

/** A finding that is kept with its reconciliation. */
export type KeptFinding = BillFinding & {
  /** When it was first found. */
  readonly foundAt: Instant
  /** Null while it is open. */
  readonly resolved: Resolution | null
  /** Who opened it again after it was resolved, and why; absent where nobody has, and once it is resolved anew. */
  readonly reopened?: Resolution
}

/** What the bill of a gateway's day came to against the ledger when it was last read. */
export type Reconciliation = ReconciledTotals & {
  /** Gateway and day. */
  readonly reconciliationId: string
  readonly gatewayId: string
  /** ISO 8601 (`2026-11-11`), in the time zone of the gateway. */
  readonly day: string
  readonly timeZone: string
  /** When it was last found to be as it says. */
  readonly reconciledAt: Instant
  /** How many findings there are. */
  readonly findingCount: number
  /** How many of them are open: no person has said what came of them. */
  readonly openCount: number
  /** Since when the oldest of those is known; null where none is open. */
  readonly openSince: Instant | null
  /** Those that are open and those that are not, the first `mostFindings` of each, in the order of references. */
  readonly findings: readonly KeptFinding[]
}

/** What a day leaves to the next ones, each by its `carriedId`, at most `mostCarried` of each kind. */
export type CarriedOver = {
  /** What the bill has, though its day here comes later, or is not known yet. */
  readonly billedEarly: readonly string[]
  /** What the bill does not have and that of a later day may have. */
  readonly carried: readonly string[]
  /** What came back of fees with refunds that the bill has as under way: it is booked once they have arrived. */
  readonly earlyFees: readonly EarlyFee[]
}

/** What a bill says that a gateway gives back of its fee with a refund that is under way. */
export type EarlyFee = {
  readonly refundId: string
  /** Above zero, minor units of the refund's currency. */
  readonly returnedMinor: number
}

/** A reconciliation as it is stored. */
export type ReconciliationRow = Omit<Reconciliation, 'findings'> &
  CarriedOver & {
    readonly findings: readonly Omit<KeptFinding, 'resolved' | 'reopened'>[]
    /** What persons have said of findings of this day, also of those that were not found again. */
    readonly resolutions: readonly SaidOfFinding[]
    /** What they said as they opened findings again that are open since; none when absent. */
    readonly reopenings?: readonly SaidOfFinding[]
  }

/** What a person has said of a finding. */
export type SaidOfFinding = Resolution & Pick<BillFinding, 'findingId'>

/** A reconciliation as it is told. */
export const toldReconciliation = ({
  billedEarly: _,
  carried: __,
  earlyFees: ___,
  resolutions,
  reopenings = [],
  findings,
  ...told
}: ReconciliationRow): Reconciliation => {
  const [resolved, opened] = [resolutions, reopenings].map(
    (said) => new Map(said.map(({ findingId, ...word }) => [findingId, word])),
  )
  return {
    ...told,
    findings: findings.map((each) => {
      const reopened = opened?.get(each.findingId)
      const found = { ...each, resolved: resolved?.get(each.findingId) ?? null }
      return reopened === undefined ? found : { ...found, reopened }
    }),
  }
}

/** The most findings that are kept with a reconciliation, of those that are open and of those that are not. */
export const mostFindings = 500

/** The most that a day leaves to the next ones of each kind; what is more is told as a finding, on its day or the next. */
export const mostCarried = 10_000

/** The name by which a day leaves something to the next. */
export const carriedId = ({ kind, reference }: Pick<LedgerRow, 'kind' | 'reference'>): string => `${kind}/${reference}`

/** The row of a gateway's day. */
export const reconciliationIdOf = (gatewayId: string, day: string): string => `${gatewayId}/${day}`
