export { aftersalesAccess } from './access.js'
export type { ChangeReturnError, ReturnStanding } from './change-return.js'
export { closeUnsentReturns } from './close-unsent-returns.js'
export { forgetDescriptions } from './forget-descriptions.js'
export { listReturns, type ReturnList } from './list-returns.js'
export type { ListReturnsInput, ReturnCursor } from './list-returns.schema.js'
export { type AftersalesError, aftersalesMessages } from './messages.js'
export { aftersalesPersonalData } from './personal-data.js'
export { aftersalesPersonalRecords } from './personal-records.js'
export { type PreviewReturnError, previewReturn, type ReturnPreview } from './preview-return.js'
export { receiveReturn } from './receive-return.js'
export { type RefundedReturn, type RefundReturnError, refundReturn } from './refund-return.js'
export {
  type RequestedReturn,
  type RequestReturnError,
  requestReturn,
} from './request-return.js'
export { returnRequests } from './return.collection.schema.js'
export type { ReturnAction } from './return-actions.js'
export type { PreviewReturnInput, ReceiveReturnInput, RequestReturnInput } from './return-inputs.js'
export { type ReturnState, returnMachine, returnTable } from './return-machine.js'
export { type ReturnView, returnPage } from './return-page.js'
export {
  approvesAlone,
  findReturnObstacle,
  freightPayerOf,
  type ReturnNotPossible,
  refundDeadline,
  sendDeadline,
} from './return-policy.js'
export type {
  ApprovedFacts,
  FreightPayer,
  InspectedFacts,
  InspectedLine,
  ReceivedFacts,
  RefusalGround,
  ReturnCommand,
  ReturnDetails,
  ReturnEndedBy,
  ReturnError,
  ReturnEvent,
  ReturnFacts,
  ReturnKind,
  ReturnRequest,
  ReturnRow,
} from './return-request.js'
export type { ReturnTooLarge } from './return-worth.js'
export { approveReturn, cancelReturn, refuseReturn } from './review-return.js'
export type { ListedReturn } from './view-return.js'
