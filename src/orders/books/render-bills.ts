import { textIn } from '../../catalog/local-text.js'
import type { BillStatus } from '../../payments/bill.js'
import { methodNames } from '../../payments/messages.js'
import { type CsvOptions, csvPage } from '../../shared/csv.js'
import { toDecimalText } from '../../shared/decimal-money.js'
import { type ExportedPage, jsonLines, unreadableCells } from '../../shared/export-pages.js'
import type { Locale, Messages } from '../../shared/messages.js'
import type { BillPage, OrderBill } from './list-bills.js'

/** The states of a bill, for people. */
export const billStatusNames: Messages<BillStatus> = {
  created: { 'zh-CN': '待付款', en: 'To be paid' },
  paid: { 'zh-CN': '已付款', en: 'Paid' },
  partRefunded: { 'zh-CN': '部分退款', en: 'Part refunded' },
  refunded: { 'zh-CN': '已退款', en: 'Refunded' },
  closed: { 'zh-CN': '已关闭', en: 'Closed' },
}

const columns = [
  ['orderNumber', '订单号', 'Order'],
  ['state', '账单状态', 'State'],
  ['placedAt', '下单时间', 'Placed'],
  ['paidAt', '支付时间', 'Paid at'],
  ['methods', '支付方式', 'Paid by'],
  ['item', '商品名称', 'Item'],
  ['sku', 'SKU', 'SKU'],
  ['quantity', '数量', 'Quantity'],
  ['unitPrice', '单价', 'Unit price'],
  ['lineTotal', '小计', 'Line total'],
  ['shipping', '运费', 'Shipping'],
  ['total', '订单总额', 'Total'],
  ['paid', '已付', 'Paid amount'],
  ['refunded', '已退', 'Refunded'],
  ['currency', '币种', 'Currency'],
] as const

/**
 * A page of bills as comma-separated values, a row for each item; the sums of its order, carriage among them, stand on the first of them
 * alone, so that a column sums up. Amounts are plain decimals, moments ISO 8601 in UTC; a text that a spreadsheet would take for a formula is kept from being one. A bill
 * that cannot be made, for its order cannot be read, is a row with the id of that.
 */
export const billsCsv = ({ bills, ...page }: ExportedPage<BillPage, 'bills'>, options: CsvOptions): string => {
  const { locale } = options
  const header = columns.map(([, chinese, english]) => (locale === 'en' ? english : chinese))
  return csvPage(
    header,
    [...bills.flatMap((bill) => rowsOf(bill, locale)), ...unreadableCells(page, { columns: header.length, locale })],
    options,
  )
}

/** A page of bills as JSON Lines, a bill a line, amounts in minor units; of one that cannot be made `orderId` and `unreadable: true`. */
export const billsJsonLines = ({ bills, unreadable = [] }: ExportedPage<BillPage, 'bills'>): string =>
  jsonLines([...bills, ...unreadable.map((orderId) => ({ orderId, unreadable: true }))])

/** What a bill was paid by, for people. */
export const methodNamesOf = ({ methods }: Pick<OrderBill, 'methods'>, locale: Locale): string =>
  methods
    .map((method) => (method === 'points' ? pointsName : methodNames[method])[locale])
    .join(locale === 'en' ? ', ' : '、')

const pointsName = { en: 'Points', 'zh-CN': '积分' }

const rowsOf = (bill: OrderBill, locale: Locale): readonly (readonly (string | number)[])[] => {
  const amount = (minor: number): string => toDecimalText({ minor, currency: bill.currency }).unwrapOr(String(minor))
  return bill.lines.map((line, place) => [
    bill.orderNumber,
    billStatusNames[bill.status][locale],
    momentText(bill.placedAt),
    bill.paidAt === null ? '' : momentText(bill.paidAt),
    methodNamesOf(bill, locale),
    line.title === null ? line.sku : textIn(line.title, locale),
    line.sku,
    line.quantity,
    amount(line.unitMinor),
    amount(line.totalMinor),
    place === 0 ? amount(bill.shippingMinor) : '',
    place === 0 ? amount(bill.totalMinor) : '',
    place === 0 ? amount(bill.paidMinor) : '',
    place === 0 ? amount(bill.refundedMinor) : '',
    bill.currency,
  ])
}

const momentText = (at: number): string => new Date(at).toISOString()
