import { Decimal } from 'decimal.js'
import type { ReconciliationPage } from '../../payments/list-reconciliations.js'
import type { BillFinding, FindingKind, KeptFinding, Reconciliation } from '../../payments/reconciliation.js'
import { type CsvOptions, csvPage } from '../../shared/csv.js'
import type { Currency } from '../../shared/currency.js'
import { toDecimalText } from '../../shared/decimal-money.js'
import { type ExportedPage, jsonLines, unreadableCells } from '../../shared/export-pages.js'
import type { Locale, Messages } from '../../shared/messages.js'

/** What is found in a bill, for people. */
export const findingKindNames: Messages<FindingKind> = {
  missingInBill: { 'zh-CN': '账单缺失', en: 'Missing in the bill' },
  missingInLedger: { 'zh-CN': '本地缺失', en: 'Missing here' },
  amountDiff: { 'zh-CN': '金额不符', en: 'Other amount' },
  feeDiff: { 'zh-CN': '手续费不符', en: 'Other fee' },
  statusDiff: { 'zh-CN': '状态不符', en: 'Other state' },
  duplicate: { 'zh-CN': '账单重复', en: 'Twice in the bill' },
  orderDiff: { 'zh-CN': '与订单不符', en: 'Order differs' },
  notLearned: { 'zh-CN': '未能入账', en: 'Not learned' },
}

type Side = NonNullable<BillFinding['ours'] | BillFinding['theirs']>

const sideNames: Messages<Side['kind']> = {
  payment: { 'zh-CN': '付款', en: 'Payment' },
  refund: { 'zh-CN': '退款', en: 'Refund' },
}

const stateNames: Messages<Side['status']> = {
  succeeded: { 'zh-CN': '成功', en: 'Succeeded' },
  pending: { 'zh-CN': '处理中', en: 'Pending' },
  open: { 'zh-CN': '未结', en: 'Open' },
  failed: { 'zh-CN': '失败', en: 'Failed' },
}

const columns = [
  ['支付渠道', 'Gateway'],
  ['账单日', 'Day'],
  ['差异', 'Finding'],
  ['类型', 'Of'],
  ['编号', 'Reference'],
  ['订单编码', 'Order id'],
  ['说明', 'Detail'],
  ['本地状态', 'State here'],
  ['本地金额', 'Amount here'],
  ['本地手续费', 'Fee here'],
  ['本地币种', 'Currency here'],
  ['账单状态', 'State there'],
  ['账单金额', 'Amount there'],
  ['账单手续费', 'Fee there'],
  ['账单币种', 'Currency there'],
  ['发现时间', 'Found'],
  ['处理时间', 'Resolved'],
  ['处理人', 'Resolved by'],
  ['处理说明', 'Note'],
] as const

/**
 * A page of reconciliations as comma-separated values, a row for each finding that is kept: what stands here, what the bill
 * says, and who has resolved it. Amounts are plain decimals, moments ISO 8601 in UTC; a text that a spreadsheet would take
 * for a formula is kept from being one. A day that cannot be read is a row with its id.
 */
export const findingsCsv = (
  { reconciliations, ...page }: ExportedPage<ReconciliationPage, 'reconciliations'>,
  options: CsvOptions,
): string =>
  csvPage(
    columns.map(([chinese, english]) => (options.locale === 'en' ? english : chinese)),
    [
      ...reconciliations.flatMap((day) => day.findings.map((finding) => cellsOf(day, finding, options.locale))),
      ...unreadableCells(page, { columns: columns.length, locale: options.locale }),
    ],
    options,
  )

/**
 * A page of reconciliations as JSON Lines, a finding a line with its gateway and day, amounts in minor units; of a day that
 * cannot be read `reconciliationId` and `unreadable: true`.
 */
export const findingsJsonLines = ({
  reconciliations,
  unreadable = [],
}: ExportedPage<ReconciliationPage, 'reconciliations'>): string =>
  jsonLines([
    ...reconciliations.flatMap(({ reconciliationId, gatewayId, day, findings }) =>
      findings.map((finding) => ({ reconciliationId, gatewayId, day, ...finding })),
    ),
    ...unreadable.map((reconciliationId) => ({ reconciliationId, unreadable: true })),
  ])

const cellsOf = ({ gatewayId, day }: Reconciliation, finding: KeptFinding, locale: Locale) => {
  const { kind, reference, orderId, detail, ours, theirs, foundAt, resolved } = finding
  const about = ours ?? theirs
  return [
    gatewayId,
    day,
    findingKindNames[kind][locale],
    about === null ? '' : sideNames[about.kind][locale],
    reference,
    orderId ?? '',
    detail ?? '',
    ...sideCells(ours, ours === null || ours.feeMinor === null ? '' : amountOf(ours.feeMinor, ours.currency), locale),
    ...sideCells(theirs, theirs === null ? '' : feeOf(theirs), locale),
    momentOf(foundAt),
    resolved === null ? '' : momentOf(resolved.at),
    resolved?.by ?? '',
    resolved?.note ?? '',
  ]
}

const sideCells = (side: Side | null, fee: Cell, locale: Locale): readonly Cell[] =>
  side === null
    ? ['', '', '', '']
    : [stateNames[side.status][locale], amountOf(side.amountMinor, side.currency), fee, side.currency]

type Cell = string | { readonly decimal: string }

const amountOf = (minor: number, currency: Currency): Cell => ({
  decimal: toDecimalText({ minor, currency }).unwrapOr(String(minor)),
})

// With all the decimals that the bill has.
const feeOf = ({ fee }: NonNullable<BillFinding['theirs']>): Cell =>
  fee === null ? '' : { decimal: new Decimal(`${fee.value}e-${fee.scale}`).toFixed(fee.scale) }

const momentOf = (at: number): string => new Date(at).toISOString()
