import { err, ok, type Result } from 'neverthrow'
import type { GatewayBillRow } from 'shopwright/payments'
import { type GatewayBillUnreadable, readBillDay } from '../bills.js'
import { readReference } from '../reference.js'
import { readShanghai } from '../shanghai-time.js'
import { fineScale, readCents, readFine } from '../yuan.js'

const heading = {
  gatewayRef: '支付宝交易号',
  tradeNumber: '商户订单号',
  kind: '业务类型',
  at: '完成时间',
  amount: '订单金额',
  received: '商家实收',
  requestNumber: '退款批次号/请求号',
  fee: '服务费',
} as const

type Column = keyof typeof heading
type Cells = (column: Column) => string

/** What every trade bill begins with. */
export const tradeBillTitle = '#支付宝业务明细查询'

const begin = /^#-+业务明细列表-+$/
const end = /^#-+业务明细列表结束-+$/
const sums = {
  payment: /^#交易合计：(\d+)笔，商家实收共(-?[\d.]+)元/,
  refund: /^#退款合计：(\d+)笔，商家实收退款共(-?[\d.]+)元/,
} as const

/** Whose bill, and of which day, was asked for. */
export type AlipayBillAsked = { readonly sellerId: string; readonly day: string }

/**
 * Reads a trade bill as Alipay writes it: lines before and after the list begin with `#`, numbers end with a tab, moments
 * are by the clock of Beijing. It has to be the account's and the day's that was asked for, and its counts and sums have to
 * be those of its rows.
 *
 * @errors GatewayBillUnreadable
 */
export const readTradeBill = (
  text: string,
  { sellerId, day }: AlipayBillAsked,
): Result<readonly GatewayBillRow[], GatewayBillUnreadable> => {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const first = lines.findIndex((line) => begin.test(line)) + 1
  const last = lines.findIndex((line) => end.test(line))
  if (lines[0] !== tradeBillTitle || first === 0) return refuse('heading', 1)
  const before = lines.slice(0, first).join('\n')
  if (!isAskedFor(before, { sellerId, day })) return refuse('otherBill', null)
  const names = (lines[first] ?? '').split(',').map((name) => name.trim().replace(/[（(]元[）)]$/, ''))
  const places = new Map(names.map((name, place) => [name, place]))
  if (!Object.values(heading).every((name) => places.has(name))) return refuse('heading', first + 1)
  if (last < first) return refuse('total', lines.length)
  const rows: GatewayBillRow[] = []
  const received = { payment: 0, refund: 0 }
  for (const [index, line] of lines.slice(first + 1, last).entries()) {
    const values = withoutCommas(line.split(','), names).map((value) => value.trim())
    const cells: Cells = (column) => values[places.get(heading[column]) ?? -1] ?? ''
    const row = values.length === names.length ? rowOf(cells) : null
    const cents = readCents(cells('received'))
    if (row === null || cents === null) return refuse('row', first + index + 2)
    rows.push(row)
    received[row.kind] += cents
  }
  const after = lines.slice(last + 1)
  const fits = (['payment', 'refund'] as const).every((kind) => {
    const count = rows.filter((row) => row.kind === kind).length
    return sumFits(after, sums[kind], count, received[kind])
  })
  return fits ? ok(rows) : refuse('total', last + 2)
}

const refuse = (reason: GatewayBillUnreadable['reason'], line: number | null) =>
  err<never, GatewayBillUnreadable>({ type: 'GatewayBillUnreadable', reason, line })

// What a payer reads may hold commas, and nothing stands around it. Were they in another column, that of the time would be
// none any more.
const withoutCommas = (values: readonly string[], names: readonly string[]): readonly string[] => {
  const place = names.indexOf('商品名称')
  const extra = values.length - names.length
  if (extra <= 0 || place < 0) return values
  const after = place + extra + 1
  return [...values.slice(0, place), values.slice(place, after).join(','), ...values.slice(after)]
}

// An account of the bill is the merchant's, and four digits after it.
const isAskedFor = (before: string, { sellerId, day }: AlipayBillAsked): boolean => {
  const [, account = ''] = /#账号：\[(\d+)\]/.exec(before) ?? []
  const [, from, to] = /#起始日期：\[(.+?)\]\s*终止日期：\[(.+?)\]/.exec(before) ?? []
  const period = readBillDay(day, 0)
  if (period === null) return false
  const next = new Date(period.to).toISOString().slice(0, 10)
  const midnight = (date: string) => date.replace(/^(\d+)-(\d+)-(\d+)$/, '$1年$2月$3日 00:00:00')
  return (
    account.startsWith(sellerId) &&
    account.length - sellerId.length <= 4 &&
    from === midnight(day) &&
    to === midnight(next)
  )
}

const kinds: Readonly<Record<string, GatewayBillRow['kind']>> = { 交易: 'payment', 退款: 'refund' }

const rowOf = (cells: Cells): GatewayBillRow | null => {
  const kind = Object.hasOwn(kinds, cells('kind')) ? kinds[cells('kind')] : undefined
  const at = readShanghai(cells('at'))
  const amount = readCents(cells('amount'))
  const fee = readFine(cells('fee'))
  const [gatewayRef, tradeNumber] = [cells('gatewayRef'), cells('tradeNumber')]
  if (kind === undefined || at === null || amount === null || fee === null) return null
  // What goes back is written below zero.
  const amountMinor = kind === 'refund' ? Math.abs(amount) : amount
  if (amountMinor <= 0 || gatewayRef === '' || tradeNumber === '') return null
  const attemptRef = readReference(tradeNumber)
  // A refund that was sent without a number of its own has that of its trade.
  const number = kind === 'refund' && cells('requestNumber') !== '' ? cells('requestNumber') : tradeNumber
  // A payment costs a fee and a refund brings some of it back, whichever sign either is written with.
  const kept = kind === 'payment' || fee === 0 ? Math.abs(fee) : -Math.abs(fee)
  return {
    kind,
    reference: readReference(number),
    attemptRef,
    gatewayRef,
    status: 'succeeded',
    currency: 'CNY',
    amountMinor,
    fee: { value: kept, scale: fineScale },
    at,
  }
}

// Of what there is none, nothing may be said.
const sumFits = (lines: readonly string[], pattern: RegExp, count: number, cents: number): boolean => {
  const said = lines.map((line) => pattern.exec(line)).find((found) => found !== null)
  if (said === undefined) return count === 0
  const sum = readCents(said?.[2] ?? '')
  return Number(said?.[1]) === count && sum !== null && Math.abs(sum) === Math.abs(cents)
}
