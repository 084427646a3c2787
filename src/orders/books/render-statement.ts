import type { Statement, StatementLine } from '../../payments/statement.js'
import { type CsvOptions, csvPage } from '../../shared/csv.js'
import { toDecimalText } from '../../shared/decimal-money.js'
import { type ExportedPage, jsonLines, unreadableCells } from '../../shared/export-pages.js'
import type { Locale, Messages } from '../../shared/messages.js'
import { methodNamesOf } from './render-bills.js'

/** What moved on a statement, for people. */
export const statementKindNames: Messages<StatementLine['kind']> = {
  paid: { 'zh-CN': '付款', en: 'Paid' },
  paidInPoints: { 'zh-CN': '积分抵扣', en: 'Paid in points' },
  refunded: { 'zh-CN': '退款', en: 'Refunded' },
  refundReturned: { 'zh-CN': '退款退回', en: 'Refund returned' },
  pointsReturned: { 'zh-CN': '积分退还', en: 'Points returned' },
  chargedBack: { 'zh-CN': '争议扣款', en: 'Charged back' },
}

const headers: Readonly<Record<Locale, readonly string[]>> = {
  'zh-CN': ['时间', '类型', '订单号', '订单编码', '支付方式', '金额', '币种', '记账编号'],
  en: ['At', 'Kind', 'Order', 'Order id', 'Paid by', 'Amount', 'Currency', 'Entry'],
}

/**
 * A page of a statement as comma-separated values, a row for each movement; above zero to the shop, below to the buyer.
 * Amounts are plain decimals, moments ISO 8601 in UTC; a text that a spreadsheet would take for a formula is kept from
 * being one. An entry that cannot be read is a row with its id.
 */
export const statementCsv = (
  { lines, ...page }: ExportedPage<Statement, 'lines'>,
  { locale, ...options }: CsvOptions,
): string =>
  csvPage(
    headers[locale],
    [
      ...lines.map(({ at, kind, orderNumber, orderId, method, amountMinor: minor, currency, entryId }) => [
        new Date(at).toISOString(),
        statementKindNames[kind][locale],
        orderNumber ?? '',
        orderId ?? '',
        method === null ? '' : methodNamesOf({ methods: [method] }, locale),
        { decimal: toDecimalText({ minor, currency }).unwrapOr(String(minor)) },
        currency,
        entryId,
      ]),
      ...unreadableCells(page, { columns: headers[locale].length, locale }),
    ],
    { locale, ...options },
  )

/**
 * A page of a statement as JSON Lines, a movement a line, amounts in minor units; of an entry that cannot be read `entryId`
 * and `unreadable: true`.
 */
export const statementJsonLines = ({ lines, unreadable = [] }: ExportedPage<Statement, 'lines'>): string =>
  jsonLines([...lines, ...unreadable.map((entryId) => ({ entryId, unreadable: true }))])
