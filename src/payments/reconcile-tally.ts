import { ok, Result } from 'neverthrow'
import type { Currency } from '../shared/currency.js'
import { compareCodePoints } from '../shared/json.js'
import { type AmountOverflow, toSafeInteger } from '../shared/money.js'
import type { FineAmount } from './gateway-bill.js'
import type { Reconciled } from './reconcile-row.js'

/** How many rows became what; a kind that did not occur is 0. */
export type ReconciledCounts = Readonly<Record<Reconciled['kind'], number>> & {
  /** Rows of the bill that are of other gateways of the shop with the same merchant; none when absent. */
  readonly otherGateway?: number
}

/** What both sides come to in one currency: payments less refunds, minor units, of rows that are done. */
export type ReconciledSum = {
  readonly currency: Currency
  /** Without what belongs to the bills of other days, or may yet stand in one. */
  readonly ledgerMinor: number
  readonly billMinor: number
  readonly ledgerFeeMinor: number
  /** Exact, though every fee may be finer than the minor unit. */
  readonly billFee: FineAmount
}

/** What a reconciliation came to. */
export type ReconciledTotals = {
  readonly counts: ReconciledCounts
  /** By currency, in code order. */
  readonly sums: readonly ReconciledSum[]
}

/** Of no row. */
export const noCounts: ReconciledCounts = {
  matched: 0,
  missingInBill: 0,
  missingInLedger: 0,
  amountDiff: 0,
  feeDiff: 0,
  statusDiff: 0,
  duplicate: 0,
  learnSucceeded: 0,
  learnFee: 0,
  learnNotFound: 0,
  otherDay: 0,
  inTransit: 0,
  noMoney: 0,
}

// Kept as numbers, which a million rows do not outgrow; a sum that did is found out by its no longer being a safe one.
type Sum = { ledger: number; bill: number; ledgerFee: number; readonly billFees: number[] }

/** Counts rows and sums their money as they come. */
export const createTally = () => {
  const counts: Record<Reconciled['kind'], number> = { ...noCounts }
  const sums = new Map<Currency, Sum>()
  const sumOf = (currency: Currency): Sum => {
    const kept = sums.get(currency)
    if (kept !== undefined) return kept
    const sum: Sum = { ledger: 0, bill: 0, ledgerFee: 0, billFees: [] }
    sums.set(currency, sum)
    return sum
  }
  return {
    count: ({ kind, ours, theirs }: Reconciled): void => {
      counts[kind] += 1
      if (kind === 'duplicate' || kind === 'otherDay' || kind === 'inTransit') return
      if (ours?.status === 'succeeded') {
        const sum = sumOf(ours.currency)
        sum.ledger += ours.kind === 'payment' ? ours.amountMinor : -ours.amountMinor
        sum.ledgerFee += ours.feeMinor ?? 0
      }
      if (theirs?.status === 'succeeded') {
        const sum = sumOf(theirs.currency)
        sum.bill += theirs.kind === 'payment' ? theirs.amountMinor : -theirs.amountMinor
        if (theirs.fee !== null) {
          const { value, scale } = theirs.fee
          sum.billFees[scale] = (sum.billFees[scale] ?? 0) + value
        }
      }
    },
    totals: (): Result<ReconciledTotals, AmountOverflow> =>
      Result.combine(
        [...sums]
          .sort(([left], [right]) => compareCodePoints(left, right))
          .map(([currency, { ledger, bill, ledgerFee, billFees }]) =>
            Result.combine([checked(ledger), checked(bill), checked(ledgerFee)]).andThen((minors) =>
              addFees(billFees).map((billFee): ReconciledSum => {
                const [ledgerMinor = 0, billMinor = 0, ledgerFeeMinor = 0] = minors
                return { currency, ledgerMinor, billMinor, ledgerFeeMinor, billFee }
              }),
            ),
          ),
      ).andThen((totals) => ok({ counts: { ...counts }, sums: totals })),
  }
}

const checked = (sum: number): Result<number, AmountOverflow> => toSafeInteger(BigInt(sum))

/** Adds sums of fees, each at the scale of its place, at the finest scale that is needed. */
const addFees = (byScale: readonly number[]): Result<FineAmount, AmountOverflow> => {
  let scale = Math.max(0, byScale.length - 1)
  let value = byScale.reduce((sum, each, at) => sum + BigInt(each) * 10n ** BigInt(scale - at), 0n)
  for (; scale > 0 && value % 10n === 0n; scale -= 1) value /= 10n
  return toSafeInteger(value).map((safe) => ({ value: safe, scale }))
}
