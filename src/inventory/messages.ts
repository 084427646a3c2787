import type { Messages } from '../shared/messages.js'
import type { ReservationError } from './reservation.js'
import type { OutOfStock, QuarantineTooLow, StockTooLow, WarehouseUnknown } from './stock.js'

/** Every refusal of the inventory. */
export type InventoryError = OutOfStock | StockTooLow | QuarantineTooLow | WarehouseUnknown | ReservationError

export const inventoryMessages: Messages<InventoryError['type']> = {
  OutOfStock: {
    'zh-CN': '部分商品库存不足，请修改数量或移除后再下单。',
    en: 'Some items are out of stock. Change the quantity or remove them, then order again.',
  },
  StockTooLow: {
    'zh-CN': '{sku} 在仓库 {warehouse} 的可用库存只有 {available} 件，不能扣减更多。',
    en: '{sku} has only {available} free in warehouse {warehouse}; no more can be taken away.',
  },
  QuarantineTooLow: {
    'zh-CN': '{sku} 在仓库 {warehouse} 的待检区只有 {quarantined} 件，不能处理 {asked} 件。',
    en: '{sku} has only {quarantined} in quarantine in warehouse {warehouse}; {asked} were decided on.',
  },
  WarehouseUnknown: {
    'zh-CN': '店铺没有仓库 {warehouse}。',
    en: 'The shop has no warehouse {warehouse}.',
  },
  ReservationStateForbids: {
    'zh-CN': '库存预留处于 {status} 状态，不能执行 {command}。',
    en: 'The stock reservation is {status}; {command} does not apply.',
  },
  ReservationTooSmall: {
    'zh-CN': '该商品行只剩 {left} 件，不能处理 {asked} 件。',
    en: 'Only {left} of this line are left; {asked} were asked for.',
  },
  ReservationLineUnknown: {
    'zh-CN': '订单中没有商品行 {lineId}。',
    en: 'The order has no line {lineId}.',
  },
}
