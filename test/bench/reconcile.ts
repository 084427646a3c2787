import type { GatewayBillRow } from '../../src/payments/gateway-bill.js'
import { reconcile } from '../../src/payments/reconcile.js'
import type { LedgerRow } from '../../src/payments/reconcile-row.js'
import { noCounts } from '../../src/payments/reconcile-tally.js'
import { type Bench, type Figure, wholeOption } from './bench.js'

const day = { from: Date.UTC(2026, 10, 10, 16), to: Date.UTC(2026, 10, 11, 16) }

/** What is wrong with a row, by its number; nothing with most. */
type Fault = 'missingInBill' | 'missingInLedger' | 'amountDiff' | 'feeDiff' | 'statusDiff' | 'duplicate'
const faultEvery: readonly (readonly [number, Fault])[] = [
  [100_003, 'missingInBill'],
  [50_021, 'missingInLedger'],
  [20_011, 'amountDiff'],
  [10_007, 'feeDiff'],
  [30_011, 'statusDiff'],
  [40_009, 'duplicate'],
]
const faultOf = (number: number): Fault | undefined => faultEvery.find(([every]) => number % every === every - 1)?.[1]

const referenceOf = (number: number): string => `pay_${String(number).padStart(12, '0')}`
const feeOf = (number: number): number => number % 90

const ledgerRow = (number: number): LedgerRow => ({
  kind: 'payment',
  reference: referenceOf(number),
  orderId: `order_${number}`,
  status: 'succeeded',
  currency: 'CNY',
  amountMinor: 100 + (number % 100_000),
  feeMinor: feeOf(number),
  at: day.from + (number % 86_400_000),
  payable: null,
})

const billRow = (number: number, fault: Fault | undefined): GatewayBillRow => ({
  kind: 'payment',
  reference: referenceOf(number),
  attemptRef: referenceOf(number),
  gatewayRef: `gateway-${number}`,
  status: fault === 'statusDiff' ? 'failed' : 'succeeded',
  currency: 'CNY',
  amountMinor: 100 + (number % 100_000) + (fault === 'amountDiff' ? 1 : 0),
  fee: { value: (feeOf(number) + (fault === 'feeDiff' ? 1 : 0)) * 1_000, scale: 5 },
  at: day.from + (number % 86_400_000),
})

function* ledgerOf(rows: number): Generator<LedgerRow> {
  for (let number = 0; number < rows; number += 1) if (faultOf(number) !== 'missingInLedger') yield ledgerRow(number)
}

function* billOf(rows: number): Generator<GatewayBillRow> {
  for (let number = 0; number < rows; number += 1) {
    const fault = faultOf(number)
    if (fault === 'missingInBill') continue
    yield billRow(number, fault)
    if (fault === 'duplicate') yield billRow(number, fault)
  }
}

const expectedOf = (rows: number): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = { ...noCounts }
  const count = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  for (let number = 0; number < rows; number += 1) {
    const fault = faultOf(number)
    if (fault === undefined || fault === 'duplicate') count('matched')
    if (fault !== undefined) count(fault)
  }
  return counts
}

const megabytes = (bytes: number): number => bytes / 1_048_576

/** Two sides of a day, made row by row as they are asked for, so that only what the merge keeps is in memory. */
export const bench: Bench<'rows'> = {
  name: 'reconcile',
  summary: 'holds a gateway bill of a day against the ledger, on a heap of 64 MB',
  options: { rows: { summary: 'rows of each side', otherwise: '1000000' } },
  run: async ({ rows: given }, report) => {
    const rows = wholeOption('rows', given, 1_000)
    const expected = expectedOf(rows)
    globalThis.gc?.()
    const before = process.memoryUsage()
    let peakHeap = before.heapUsed
    let peakResident = before.rss
    let seen = 0
    let findings = 0
    const started = performance.now()
    const result = await reconcile({
      ledger: ledgerOf(rows),
      bill: billOf(rows),
      day,
      tell: ({ kind }) => {
        if (kind !== 'matched') findings += 1
        seen += 1
        if (seen % 10_000 !== 0) return
        const { heapUsed, rss } = process.memoryUsage()
        peakHeap = Math.max(peakHeap, heapUsed)
        peakResident = Math.max(peakResident, rss)
      },
    })
    const seconds = (performance.now() - started) / 1000
    const totals = result._unsafeUnwrap()
    const wrong = Object.entries(expected).filter(
      ([kind, count]) => Object.entries(totals.counts).find(([name]) => name === kind)?.[1] !== count,
    )
    report(`${findings} findings among ${seen} rows told of`)
    globalThis.gc?.()
    const kept = process.memoryUsage().heapUsed - before.heapUsed
    const figure = (name: string, value: number, unit: string, rest: Partial<Figure>): Figure => ({
      case: name,
      value,
      unit,
      baseline: null,
      ratio: null,
      target: null,
      kind: 'memory',
      ...rest,
    })
    return [
      figure('rows of each side', rows, 'rows', { kind: 'time' }),
      figure('kinds of finding counted wrongly', wrong.length, 'kinds', {
        kind: 'correctness',
        target: { kind: 'exactly', value: 0 },
      }),
      figure('rows a second, each side', rows / seconds, 'rows/s', { kind: 'time' }),
      figure('most heap in use', megabytes(peakHeap), 'MB', { target: { kind: 'atMost', value: 64 } }),
      figure('most memory over that at the start', megabytes(peakResident - before.rss), 'MB', {
        target: { kind: 'atMost', value: 64 },
      }),
      figure('heap kept afterwards', megabytes(kept), 'MB', { target: { kind: 'atMost', value: 1 } }),
    ]
  },
}
