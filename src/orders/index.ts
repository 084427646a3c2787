export { ordersAccess } from './access.js'
export { type AddressBook, type AddressBookFull, type KeptAddress, mostAddresses } from './address-book.js'
export { addressBooks } from './address-book.schema.js'
export { type ApplyEditError, applyEdit, type EditedOrder, type EditOutdated } from './apply-edit.js'
export type {
  AttemptAnswer,
  AttemptStep,
  MethodNotOffered,
  PaidOrder,
  PaymentOverdue,
  PayOrderError,
} from './attempt-payment.js'
export type { AttemptUnderway } from './attempt-underway.js'
export { type CancelledOrder, type CancelOrderError, cancelOrder } from './cancel-order.js'
export {
  type CapturedOrder,
  type CaptureNotOffered,
  type CaptureOrderError,
  type CaptureStep,
  captureOrder,
  type NothingToCapture,
} from './capture-order.js'
export { type ChangedAddressBook, removeAddress, setDefaultAddress } from './change-address-book.js'
export type { ChosenRecipientError } from './choose-recipient.js'
export { completeOrder, confirmReceipt, type OrderStanding } from './complete-order.js'
export { countForLevel } from './count-for-level.js'
export type { DisputeMoveError } from './dispute-moves.js'
export { endHolds } from './end-holds.js'
export type { NotCaptured } from './held-money.js'
export type { RejectHoldError } from './hold-order.js'
export type { PaymentFlagged } from './judge-attempt.js'
export { keptBooks } from './kept-book.schema.js'
export { type BillPage, listBills, type OrderBill } from './list-bills.js'
export type { ListBillsInput, PeriodInput, StatementInput } from './list-bills.schema.js'
export {
  listOrders,
  type OrderPageList,
  type OrderSummary,
} from './list-orders.js'
export { listParkedFacts, type ParkedFactPage } from './list-parked-facts.js'
export type { ListParkedFactsInput, ParkedFactCursor } from './list-parked-facts.schema.js'
export { type OrdersError, orderMessages } from './messages.js'
export {
  type MovedParcel,
  type MoveParcelError,
  recordDelivery,
  recordLoss,
  recordParcelReturn,
} from './move-parcel.js'
export { type AddressList, myAddresses } from './my-addresses.js'
export { orderReactions, tellClosed, tellPaid, tellPaymentFailed, tellRefunded, tellShipped } from './notify-buyer.js'
export {
  type OnDeliveryAsked,
  type OnDeliveryNotOffered,
  type OnDeliveryRefusal,
  type OnDeliveryTerms,
  openOnDelivery,
  whyNotOnDelivery,
} from './on-delivery-terms.js'
export { orders, parcels } from './order.collection.schema.js'
export type {
  CloseReason,
  ClosingPurpose,
  DeliveryDues,
  EditFacts,
  EndedBy,
  HoldReason,
  Order,
  OrderCommand,
  OrderFacts,
  OrderHold,
  OrderLine,
  OrderPayer,
  OrderRefund,
  OrderTotals,
  PaidFacts,
  PendingEdit,
  PlacedLine,
  RefundReason as OrderRefundReason,
  RepricedFacts,
} from './order.js'
export {
  type DisplayedDelivery,
  type DisplayedRefund,
  type DisplayedState,
  displayedDelivery,
  displayedDeliveryNames,
  displayedRefund,
  displayedRefundNames,
  displayedState,
  displayedStateNames,
  type NextAction,
  nextActions,
} from './order-display.js'
export type { OrderMoveError } from './order-draft.js'
export type {
  AddPiecesError,
  EditCostsMore,
  EditNeedsNewOrder,
  EditOrderError,
  EditOutcome,
} from './order-edit.js'
export type { OrderError } from './order-error.js'
export type { OrderEvent, SoldPieces } from './order-event.js'
export { type Happening, type HistoryEntry, type HistoryStep, happeningNames } from './order-history.js'
export { orderHistory } from './order-history.schema.js'
export type {
  AddressInput,
  ApplyEditInput,
  CaptureOrderInput,
  EditOrderInput,
  LineTarget,
  ListOrdersInput,
  OrderChoice,
  OrderCursor,
  PayerInput,
  PayOrderInput,
  PayShareInput,
  PlaceOrderInput,
  PreviewOrderInput,
  RecordDeliveryInput,
  RecordParcelReturnInput,
  RecordReceiptInput,
  RecordScanInput,
  RefundOrderInput,
  SaveAddressInput,
  ShareOfInput,
  SharePaymentInput,
  ShipOrderInput,
} from './order-inputs.js'
export { type OrderState, orderMachine } from './order-machine.js'
export { isOrderNumber, makeOrderNumber } from './order-number.js'
export { type OrderView, orderPage } from './order-page.js'
export type { LimitedPieces, LineNotInCart, QuoteError, ShippingNotSet } from './order-quote.js'
export type {
  CheckoutPart,
  MerchantOrder,
  OrderDetails,
  OrderedItem,
  OrderRow,
  OrderVersion,
  ProposedPrice,
} from './order-row.js'
export { type SplitError, splitOrder } from './order-split.js'
export { type OrderStatus, type OrderTransitions, orderTable } from './order-table.js'
export type { UndoError, UndoTooLate, VersionUnknown } from './order-versions.js'
export type { LateReason, Parcel, ParcelCommand, ParcelError, ParcelEvent, ParcelFacts, ParcelWatch } from './parcel.js'
export { type ParcelState, parcelMachine, parcelTable } from './parcel-machine.js'
export type { ScanAhead, ScanKind, TrackingEntry, TrackingStep } from './parcel-tracking.js'
export { parcelTracking } from './parcel-tracking.schema.js'
export type { ParkedFact } from './parked-fact.js'
export { parkedFacts } from './parked-fact.schema.js'
export { payOrder } from './pay-order.js'
export { type NothingToPayOut, type PayOutError, payOut } from './pay-out.js'
export type { PayeeInput } from './pay-out.schema.js'
export { payShare } from './pay-share.js'
export {
  type EarlierAttempt,
  type PaymentWatchTerms,
  paymentWatchOfOurs,
  type WatchFacts,
  type WatchResponse,
  type WatchRule,
  type WatchVerdict,
  watchPayment,
} from './payment-watch.js'
export { type PaymentWatch, paymentWatches } from './payment-watch.schema.js'
export { ordersPersonalData } from './personal-data.js'
export { ordersPersonalRecords } from './personal-records.js'
export {
  type PlacedOrder,
  type PlaceOrderError,
  type PriceChanged,
  placeOrder,
} from './place-order.js'
export type { MoneyPorts, OrderPorts, PayOrderPorts, PlaceOrderPorts } from './ports.js'
export { previewEdit } from './preview-edit.js'
export { type OrderPreview, previewOrder } from './preview-order.js'
export type { BookOfKind, KeptBook, PriceNotReplayable, PriceRecord } from './price-record.js'
export { type QueriedPayment, queryPayment } from './query-payment.js'
export type { MissingGift } from './quoted-gifts.js'
export {
  type DisputeNotShown,
  type GatewayNotAnswering,
  type ReadDispute,
  type ReadDisputeError,
  readDispute,
} from './read-dispute.js'
export type { ReadDisputeInput } from './read-dispute.schema.js'
export type {
  ReceiptCurrencyDiffers,
  ReceiptDiffers,
  ReceiptTooHigh,
  ReceiptTooLow,
  ReceivedMoney,
} from './receipt-amount.js'
export {
  type HandledNotification,
  type RawNotification,
  type ReferenceUnknown,
  receiveNotification,
} from './receive-notification.js'
export type { Recipient } from './recipient.js'
export type { EditPreview, ReckonEditError } from './reckon-edit.js'
export {
  type BillRowInvalid,
  type DayNotOver,
  type ReconcileBillError,
  type ReconcileBillRequest,
  type ReconciledBill,
  reconcileBill,
} from './reconcile-bill.js'
export type { BillOfDay } from './reconcile-bill.schema.js'
export type { GatewayUnknown, PaymentStanding, RecordError, RefundStanding } from './record-outcome.js'
export {
  type ReceiptNotExpected,
  type ReceiptReferenceUsed,
  type RecordedReceipt,
  type RecordReceiptError,
  recordReceipt,
} from './record-receipt.js'
export { type RecordScanError, recordScan } from './record-scan.js'
export { type RefundedOrder, type RefundOrderError, refundOrder } from './refund-order.js'
export type { NewRefund, ReckonRefundError, RefundAsked } from './refund-shares.js'
export { rejectHold } from './reject-hold.js'
export { type ReleasedOrder, releaseHold } from './release-hold.js'
export { releaseShares, type SettlementPorts } from './release-shares.js'
export { billStatusNames, billsCsv, billsJsonLines } from './render-bills.js'
export { ordersCsv, ordersJsonLines } from './render-orders.js'
export { type PriceQuote, type ReplayedPrice, type ReplayPriceError, replayPrice } from './replay-price.js'
export { type PeriodFailures, reportFailures } from './report-failures.js'
export { type ReportedPayment, reportPayment } from './report-payment.js'
export { payRefundByHand, type RescuedRefund, retryRefund } from './rescue-refund.js'
export {
  type MoneyPaysOrder,
  type NoMoneyHeld,
  type ReturnedMoney,
  type ReturnHeldMoneyError,
  returnHeldMoney,
} from './return-held-money.js'
export { type SavedAddress, saveAddress } from './save-address.js'
export { type PolicySaved, type SavedPolicy, savePolicy } from './save-policy.js'
export { settleDisputes } from './settle-disputes.js'
export { type SharedPayment, type SharePaymentError, type SharingNotOffered, sharePayment } from './share-payment.js'
export {
  type CaptureDeclined,
  captureAndShip,
  type ShipOrderError,
  type ShippedParcel,
  shipOrder,
} from './ship-order.js'
export {
  defaultShopPolicy,
  type LateParcelTerms,
  type NoReturnGround,
  type NoReturnRule,
  type PointsTerms,
  type PolicyBelowFloor,
  type RefundPolicy,
  type ReturnReason,
  type ReturnTerms,
  type ServiceContact,
  type ShopPolicy,
} from './shop-policy.js'
export { policyBooks } from './shop-policy.schema.js'
export { type PayeeAccount, showPayee } from './show-payee.js'
export { type ShownPolicy, showPolicy } from './show-policy.js'
export { type ShareView, showShare } from './show-share.js'
export { type PeriodStatement, showStatement } from './show-statement.js'
export type { SplitNotAnswered, SplitSharesError } from './split-accounts.js'
export { splitShares } from './split-shares.js'
export {
  type ContestedDispute,
  type EvidenceNotOffered,
  type ExplanationTooLong,
  type SubmitEvidenceError,
  submitEvidence,
} from './submit-evidence.js'
export type { SubmitEvidenceInput } from './submit-evidence.schema.js'
export type { SweepOptions, SweepReport } from './sweep-due.js'
export {
  advanceOrders,
  closeUnpaidOrders,
  markLateParcels,
  settlePayments,
  settleRefunds,
} from './sweep-orders.js'
export { tellBill } from './tell-bill.js'
export {
  type BegunPayout,
  type PayoutNotOffered,
  type PayoutPorts,
  settlePayouts,
  type TellPayoutError,
} from './tell-payout.js'
export { tellWatchers } from './tell-watchers.js'
export { type WriteReviewError, type WrittenReview, writeReview } from './write-review.js'
