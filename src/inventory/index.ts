export { inventoryAccess } from './access.js'
export { reservations, stockMovements } from './inventory.schema.js'
export { type InventoryError, inventoryMessages } from './messages.js'
export {
  allocateStock,
  findMissing,
  type ReturnedPieces,
  releaseStock,
  reserveStock,
  shipStock,
  sumMovements,
  takeBackStock,
  type WantedLine,
} from './move-stock.js'
export {
  type BulkReceipt,
  type ReceivedStock,
  receiveStock,
  receiveStockRows,
} from './receive-stock.js'
export type {
  LineQuantity,
  Reservation,
  ReservationCommand,
  ReservationError,
  ReservationEvent,
  ReservedLine,
} from './reservation.js'
export {
  heldLines,
  heldQuantity,
  type ReservationState,
  reservationMachine,
  reservationTable,
} from './reservation-machine.js'
export {
  defaultWarehouse,
  type MovementReason,
  type OutOfStock,
  type StockLevels,
  type StockMovement,
  type StockPlace,
  type StockTooLow,
  stockCounters,
  stockId,
} from './stock.js'
export type { ReceiveStockInput, StockOfInput } from './stock-inputs.js'
export { type StockAnswer, stockOf } from './stock-of.js'
