import { err, ok, type Result } from 'neverthrow'
import type { FineAmount, GatewayBillRow } from 'shopwright/payments'
import type { GatewayBillUnreadable } from '../bills.js'
import { readReference } from '../reference.js'
import { fineScale, readCents, readFine } from '../yuan.js'

const heading = {
  at: '交易时间',
  gatewayRef: '微信订单号',
  tradeNumber: '商户订单号',
  state: '交易状态',
  currency: '货币种类',
  settled: '应结订单金额',
  refundGatewayRef: '微信退款单号',
  refundNumber: '商户退款单号',
  refundSettled: '退款金额',
  refundCoupons: '充值券退款金额',
  refundState: '退款状态',
  fee: '手续费',
  amount: '订单金额',
  refundAmount: '申请退款金额',
} as const

type Column = keyof typeof heading
type Cells = (column: Column) => string

/** What the last line sums up, in the order it does so. */
const summed = ['settled', 'refundSettled', 'refundCoupons', 'fee', 'amount', 'refundAmount'] as const

const totalsHeading = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

/**
 * Reads a trade bill of all kinds (`ALL`) as WeChat Pay writes it: a backtick before every value, moments by the clock
 * of Beijing, fees with five decimals. The count and the six sums of its last line have to be those of its rows.
 *
 * @errors GatewayBillUnreadable
 */
export const readTradeBill = (text: string): Result<readonly GatewayBillRow[], GatewayBillUnreadable> => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1) === '') lines.pop()
  const places = placesOf((lines[0] ?? '').split(','))
  if (places === null) return refuse('heading', 1)
  if (lines.at(-2) !== totalsHeading) return refuse('total', lines.length)
  const rows: GatewayBillRow[] = []
  const sums = new Map<Column, number>(summed.map((column) => [column, 0]))
  for (const [index, line] of lines.slice(1, -2).entries()) {
    const cells = cellsOf(line, places)
    const row = cells === null ? null : rowOf(cells)
    if (cells === null || row === null) return refuse('row', index + 2)
    rows.push(row)
    for (const column of summed) {
      const value = readFine(cells(column))
      if (value === null) return refuse('row', index + 2)
      sums.set(column, (sums.get(column) ?? 0) + value)
    }
  }
  return totalsFit(lines.at(-1) ?? '', rows.length, sums) ? ok(rows) : refuse('total', lines.length)
}

const refuse = (reason: GatewayBillUnreadable['reason'], line: number | null) =>
  err<never, GatewayBillUnreadable>({ type: 'GatewayBillUnreadable', reason, line })

/** Where each column stands; null where one is missing. */
const placesOf = (names: readonly string[]): ReadonlyMap<string, number> | null => {
  const places = new Map(names.map((name, place) => [name, place]))
  return Object.values(heading).every((name) => places.has(name)) ? places : null
}

const valuesOf = (line: string): readonly string[] => (line.startsWith('`') ? line.slice(1).split(',`') : [])

const cellsOf = (line: string, places: ReadonlyMap<string, number>): Cells | null => {
  const values = valuesOf(line)
  return values.length === places.size ? (column) => values[places.get(heading[column]) ?? -1] ?? '' : null
}

const refundStatuses: Readonly<Record<string, GatewayBillRow['status']>> = {
  SUCCESS: 'succeeded',
  PROCESSING: 'pending',
  FAIL: 'failed',
  CHANGE: 'failed',
}

const rowOf = (cells: Cells): GatewayBillRow | null => {
  const at = readMoment(cells('at'))
  const value = readFine(cells('fee'))
  const currency = cells('currency')
  const isRefund = cells('state') === 'REFUND'
  const amountMinor = readCents(isRefund ? cells('refundAmount') : cells('amount'))
  if (at === null || value === null || amountMinor === null || currency !== 'CNY') return null
  if (amountMinor <= 0 || cells('tradeNumber') === '' || cells('gatewayRef') === '') return null
  const fee: FineAmount = { value, scale: fineScale }
  const facts = { currency, amountMinor, fee, at }
  const attemptRef = readReference(cells('tradeNumber'))
  if (isRefund) {
    const status = Object.hasOwn(refundStatuses, cells('refundState'))
      ? refundStatuses[cells('refundState')]
      : undefined
    if (status === undefined || ['', '0'].includes(cells('refundNumber'))) return null
    const reference = readReference(cells('refundNumber'))
    return { kind: 'refund', reference, attemptRef, gatewayRef: cells('refundGatewayRef'), status, ...facts }
  }
  if (cells('state') !== 'SUCCESS' && cells('state') !== 'REVOKED') return null
  const status = cells('state') === 'SUCCESS' ? 'succeeded' : 'failed'
  return { kind: 'payment', reference: attemptRef, attemptRef, gatewayRef: cells('gatewayRef'), status, ...facts }
}

const readMoment = (text: string): number | null => {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return null
  const at = Date.parse(`${text.replace(' ', 'T')}+08:00`)
  return Number.isNaN(at) ? null : at
}

const totalsFit = (line: string, rows: number, sums: ReadonlyMap<Column, number>): boolean => {
  const [count, ...totals] = valuesOf(line)
  if (count === undefined || Number(count) !== rows || totals.length !== summed.length) return false
  return summed.every((column, place) => {
    const total = readFine(totals[place] ?? '')
    const sum = sums.get(column) ?? 0
    if (total === null) return false
    // The sum of fees is written to the cent, their parts are not.
    return column === 'fee' ? Math.abs(total - sum) < (total % 1000 === 0 ? 1000 : 1) : total === sum
  })
}
