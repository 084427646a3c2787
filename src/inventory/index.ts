export { inventoryAccess } from './access.js'
export {
  type AllocatedLine,
  allocateLines,
  type FreeStock,
  findMissing,
  freePieces,
  type WantedLine,
} from './allocate-lines.js'
export { type DecidedQuarantine, decideQuarantine } from './decide-quarantine.js'
export { reservations, stockMovements } from './inventory.schema.js'
export { listMovements, type MovementPage } from './list-movements.js'
export { type InventoryError, inventoryMessages } from './messages.js'
export {
  allocateStock,
  type MovedStock,
  type ReservationPart,
  releaseStock,
  reserveStock,
  shipStock,
  sumMovements,
} from './move-stock.js'
export { inventoryPersonalRecords } from './personal-records.js'
export type { InventoryPorts } from './ports.js'
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
  ReservationFacts,
  ReservedLine,
  WantedPieces,
  WarehousePieces,
} from './reservation.js'
export {
  heldLines,
  heldQuantity,
  outQuantity,
  type ReservationState,
  type ReservationStatus,
  reservationMachine,
  reservationTable,
} from './reservation-machine.js'
export {
  type CountedPlace,
  defaultWarehouse,
  type MovementReason,
  type OutOfStock,
  placeCounters,
  placeId,
  type QuarantineTooLow,
  type SoundFinding,
  type StockLevels,
  type StockMovement,
  type StockPlace,
  type StockTooLow,
  stockCounters,
  stockId,
  type UnsoundFinding,
  type WarehouseUnknown,
} from './stock.js'
export type {
  DecideQuarantineInput,
  ListMovementsInput,
  MovementCursor,
  QuarantineDecision,
  ReceiveStockInput,
  StockLevelsInput,
  StockOfInput,
} from './stock-inputs.js'
export { type PlaceCounts, type SkuLevels, type StockLevelsAnswer, stockLevels } from './stock-levels.js'
export { type StockAnswer, stockOf } from './stock-of.js'
export { type ReturnedPieces, takeBackStock } from './take-back-stock.js'
