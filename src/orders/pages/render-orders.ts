import { textIn } from '../../catalog/local-text.js'
import { type CsvOptions, csvPage } from '../../shared/csv.js'
import { toDecimalText } from '../../shared/decimal-money.js'
import { type ExportedPage, jsonLines, unreadableCells } from '../../shared/export-pages.js'
import type { Locale } from '../../shared/messages.js'
import { displayedRefundNames, displayedStateNames } from '../order-display.js'
import type { OrderPageList, OrderSummary } from './list-orders.js'

const headers: Readonly<Record<Locale, readonly string[]>> = {
  'zh-CN': ['订单号', '状态', '退款', '下单时间', '商品名称', 'SKU', '数量', '应付金额', '币种'],
  en: ['Order', 'State', 'Refund', 'Placed', 'Item', 'SKU', 'Quantity', 'Payable', 'Currency'],
}

/**
 * A page of orders as comma-separated values, a row for each item; what its order comes to stands on the first of them alone,
 * so that the column sums up. Amounts are plain decimals, moments ISO 8601 in UTC;
 * a text that a spreadsheet would take for a formula is kept from being one. An order that cannot be read is a row with its id.
 */
export const ordersCsv = ({ orders, ...page }: ExportedPage<OrderPageList, 'orders'>, options: CsvOptions): string => {
  const { locale } = options
  const columns = headers[locale].length
  const rows = orders.flatMap((order) => rowsOf(order, locale))
  return csvPage(headers[locale], [...rows, ...unreadableCells(page, { columns, locale })], options)
}

/** A page of orders as JSON Lines, an order a line, amounts in minor units; of one that cannot be read `orderId` and `unreadable: true`. */
export const ordersJsonLines = ({ orders, unreadable = [] }: ExportedPage<OrderPageList, 'orders'>): string =>
  jsonLines([...orders, ...unreadable.map((orderId) => ({ orderId, unreadable: true }))])

const rowsOf = (order: OrderSummary, locale: Locale): readonly (readonly (string | number)[])[] => {
  const { payableMinor: minor, currency } = order
  return order.lines.map(({ title, sku, quantity }, place) => [
    order.orderNumber,
    displayedStateNames[order.state][locale],
    displayedRefundNames[order.refund][locale],
    new Date(order.placedAt).toISOString(),
    title === null ? sku : textIn(title, locale),
    sku,
    quantity,
    place === 0 ? toDecimalText({ minor, currency }).unwrapOr(String(minor)) : '',
    currency,
  ])
}
