export { inventoryAccess } from './access.js'
export { reservations, stockMovements } from './inventory.schema.js'
export { type InventoryError, inventoryMessages } from './messages.js'
export {
  allocateStock,
  findMissing,
  releaseStock,
  reserveStock,
  type ReturnedPieces,
  shipStock,
  sumMovements,
  takeBackStock,
  type WantedLine,
} from './move-stock.js'
export {
  type BulkReceipt,
  type ReceivedStock,
  receiveStock,
  type ReceiveStockInput,
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
  reservationMachine,
  type ReservationState,
  reservationTable,
} from './reservation-machine.js'
export {
  defaultWarehouse,
  type MovementReason,
  type OutOfStock,
  stockCounters,
  stockId,
  type StockLevels,
  type StockMovement,
  type StockPlace,
  type StockTooLow,
} from './stock.js'
export { type StockAnswer, stockOf, type StockOfInput } from './stock-of.js'
