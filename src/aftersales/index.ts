export { aftersalesAccess } from './access.js'
export type { ChangeReturnError, ReturnStanding } from './change-return.js'
export { type AftersalesError, aftersalesMessages } from './messages.js'
export { receiveReturn, type ReceiveReturnInput } from './receive-return.js'
export { type RefundedReturn, refundReturn, type RefundReturnError } from './refund-return.js'
export {
  type RequestedReturn,
  requestReturn,
  type RequestReturnError,
  type RequestReturnInput,
  type ReturnTooLarge,
} from './request-return.js'
export { returnRequests } from './return.collection.schema.js'
export { returnMachine, type ReturnState, returnTable } from './return-machine.js'
export { returnPage, type ReturnView } from './return-page.js'
export {
  approvesAlone,
  findReturnObstacle,
  freightPayerOf,
  isFault,
  refundDeadline,
  type ReturnNotPossible,
  returnWindowEnd,
} from './return-policy.js'
export type {
  FreightPayer,
  InspectedLine,
  RefusalGround,
  ReturnCommand,
  ReturnDetails,
  ReturnError,
  ReturnEvent,
  ReturnKind,
  ReturnRequest,
  ReturnRow,
} from './return-request.js'
export { approveReturn, cancelReturn, refuseReturn } from './review-return.js'
