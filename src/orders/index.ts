export { ordersAccess } from './access.js'
export { type AddressBook, type AddressBookFull, type KeptAddress, mostAddresses } from './addresses/address-book.js'
export { addressBooks } from './addresses/address-book.schema.js'
export { type ChangedAddressBook, removeAddress, setDefaultAddress } from './addresses/change-address-book.js'
export type { ChosenRecipientError } from './addresses/choose-recipient.js'
export { type AddressList, myAddresses } from './addresses/my-addresses.js'
export type { Recipient } from './addresses/recipient.js'
export { type SavedAddress, saveAddress } from './addresses/save-address.js'
export { type BillPage, listBills, type OrderBill } from './books/list-bills.js'
export type { ListBillsInput, PeriodInput, StatementInput } from './books/list-bills.schema.js'
export { listMissingBills, type MissingBills } from './books/list-missing-bills.js'
export type { ListMissingBillsInput } from './books/list-missing-bills.schema.js'
export type { MissingBill } from './books/missing-bills.js'
export {
  type BillRowInvalid,
  type DayNotOver,
  type ReconcileBillError,
  type ReconcileBillRequest,
  type ReconciledBill,
  reconcileBill,
} from './books/reconcile-bill.js'
export type { BillOfDay } from './books/reconcile-bill.schema.js'
export {
  type PayoutReferenceUsed,
  type RecordedGatewayPayout,
  type RecordGatewayPayoutError,
  recordGatewayPayout,
} from './books/record-gateway-payout.js'
export type { RecordGatewayPayoutInput } from './books/record-gateway-payout.schema.js'
export { billStatusNames, billsCsv, billsJsonLines } from './books/render-bills.js'
export { findingKindNames, findingsCsv, findingsJsonLines } from './books/render-findings.js'
export { statementCsv, statementJsonLines, statementKindNames } from './books/render-statement.js'
export { reopenFindings } from './books/reopen-findings.js'
export { type ResolvedFindings, resolveFindings } from './books/resolve-findings.js'
export type { ReopenFindingsInput, ResolveFindingsInput } from './books/resolve-findings.schema.js'
export { type PeriodStatement, showStatement } from './books/show-statement.js'
export { tellBill } from './books/tell-bill.js'
export { type AcceptanceNotOffered, type AcceptDisputeError, acceptDispute } from './disputes/accept-dispute.js'
export type { AcceptDisputeInput } from './disputes/accept-dispute.schema.js'
export {
  type DecideDisputeError,
  type DecidedDisputeStanding,
  type DisputeNotInDoubt,
  decideDispute,
} from './disputes/decide-dispute.js'
export type { DecideDisputeInput } from './disputes/decide-dispute.schema.js'
export type { DisputeMoveError } from './disputes/dispute-moves.js'
export type { ContestedDispute } from './disputes/dispute-sending.js'
export { followWord } from './disputes/follow-word.js'
export type { KnownEvidence } from './disputes/gather-evidence.js'
export { type PreparedEvidence, prepareEvidence } from './disputes/prepare-evidence.js'
export type { PrepareEvidenceInput } from './disputes/prepare-evidence.schema.js'
export {
  type DisputeNotShown,
  type GatewayNotAnswering,
  type ReadDispute,
  type ReadDisputeError,
  readDispute,
} from './disputes/read-dispute.js'
export type { ReadDisputeInput } from './disputes/read-dispute.schema.js'
export { settleDisputes } from './disputes/settle-disputes.js'
export {
  type EvidenceNotOffered,
  type ExplanationTooLong,
  type SubmitEvidenceError,
  submitEvidence,
} from './disputes/submit-evidence.js'
export type { SubmitEvidenceInput } from './disputes/submit-evidence.schema.js'
export { tellWatchers } from './disputes/tell-watchers.js'
export { type ApplyEditError, applyEdit, type EditedOrder, type EditOutdated } from './editing/apply-edit.js'
export { type CancelledOrder, type CancelOrderError, cancelOrder } from './editing/cancel-order.js'
export type {
  AddPiecesError,
  EditCostsMore,
  EditNeedsNewOrder,
  EditOrderError,
  EditOutcome,
} from './editing/order-edit.js'
export type { UndoError, UndoTooLate, VersionUnknown } from './editing/order-versions.js'
export { previewEdit } from './editing/preview-edit.js'
export type { EditPreview, ReckonEditError } from './editing/reckon-edit.js'
export { forgetRecipients } from './forget-recipients.js'
export { type OrdersError, orderMessages } from './messages.js'
export type { AttemptUnderway } from './money/attempt-underway.js'
export type { HeldMoneyView } from './money/held-money.js'
export type { NotCaptured } from './money/order-money.js'
export type {
  ReceiptCurrencyDiffers,
  ReceiptDiffers,
  ReceiptTooHigh,
  ReceiptTooLow,
  ReceivedMoney,
} from './money/receipt-amount.js'
export type { NewRefund, ReckonRefundError, RefundAsked } from './money/refund-shares.js'
export {
  orderReactions,
  tellAwaited,
  tellCancelled,
  tellClosed,
  tellPaid,
  tellPaymentFailed,
  tellRefunded,
  tellRefundFailed,
  tellShipped,
  tellTakenOut,
} from './notices/notify-buyer.js'
export type { OrderContact } from './notices/order-contact.js'
export {
  type OnDeliveryAsked,
  type OnDeliveryNotOffered,
  type OnDeliveryRefusal,
  type OnDeliveryTerms,
  openOnDelivery,
  whyNotOnDelivery,
} from './on-delivery/on-delivery-terms.js'
export { orders, parcels } from './order.collection.schema.js'
export type {
  CloseReason,
  ClosingPurpose,
  DeliveryDues,
  EditFacts,
  EndedBy,
  HoldReason,
  LineAmount,
  OfferDiscount,
  Order,
  OrderFacts,
  OrderHold,
  OrderLine,
  OrderPayer,
  OrderRefund,
  OrderTotals,
  PaidFacts,
  PendingEdit,
  RefundReason as OrderRefundReason,
} from './order.js'
export type { OrderCommand, PlacedLine, RepricedFacts } from './order-command.js'
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
} from './order-display.js'
export type { OrderMoveError } from './order-draft.js'
export type { OrderError } from './order-error.js'
export type { OrderEvent, SoldPieces } from './order-event.js'
export { orderHistory } from './order-history.schema.js'
export type {
  AddressInput,
  ApplyEditInput,
  CaptureOrderInput,
  CorrectParcelInput,
  EditOrderInput,
  HoldReceiptInput,
  LineTarget,
  ListOrdersInput,
  OrderChoice,
  OrderCursor,
  PayerInput,
  PayOrderInput,
  PayShareInput,
  PlaceOrderInput,
  PreviewOrderInput,
  QueryPaymentInput,
  RecordDeliveryInput,
  RecordParcelReturnInput,
  RecordReceiptInput,
  RecordScanInput,
  RefundOrderInput,
  ReshipOrderInput,
  ReturnHeldByHandInput,
  ReturnReceiptInput,
  SaveAddressInput,
  ShareOfInput,
  SharePaymentInput,
  ShipOrderInput,
} from './order-inputs.js'
export { type OrderState, orderMachine } from './order-machine.js'
export type {
  CheckoutPart,
  MerchantOrder,
  OrderDetails,
  OrderedItem,
  OrderRow,
  OrderVersion,
  ProposedPrice,
} from './order-row.js'
export { type OrderStatus, type OrderTransitions, orderTable } from './order-table.js'
export type { BuyerTotals } from './order-totals.js'
export {
  listOrders,
  type OrderPageList,
  type OrderSummary,
} from './pages/list-orders.js'
export { listPayments, type OrderPayments } from './pages/list-payments.js'
export type { MoneyBack, RefundBack } from './pages/money-back.js'
export { type NextAction, nextActions, type OrderNow, type OrderParty, verbsOf } from './pages/next-actions.js'
export { type Happening, type HistoryEntry, type HistoryStep, happeningNames } from './pages/order-history.js'
export { type OrderPagePorts, type OrderView, orderPage } from './pages/order-page.js'
export { ordersCsv, ordersJsonLines } from './pages/render-orders.js'
export type { ParcelView } from './pages/view-parcel.js'
export { completeOrder, confirmReceipt, type OrderStanding } from './parcels/complete-order.js'
export { correctParcel } from './parcels/correct-parcel.js'
export {
  type MovedParcel,
  type MoveParcelError,
  recordDelivery,
  recordLoss,
  recordParcelReturn,
} from './parcels/move-parcel.js'
export type {
  LateReason,
  Parcel,
  ParcelCommand,
  ParcelError,
  ParcelEvent,
  ParcelFacts,
  ParcelWatch,
} from './parcels/parcel.js'
export { type ParcelState, parcelMachine, parcelTable } from './parcels/parcel-machine.js'
export type { ScanAhead, ScanKind, TrackingEntry, TrackingStep } from './parcels/parcel-tracking.js'
export { parcelTracking } from './parcels/parcel-tracking.schema.js'
export { type RecordScanError, recordScan } from './parcels/record-scan.js'
export {
  type CaptureAndShipError,
  type CaptureDeclined,
  captureAndShip,
  type ShipOrderError,
  type ShippedParcel,
  shipOrder,
} from './parcels/ship-order.js'
export {
  mostShares,
  type SharedTooOften,
  type SharePaymentError,
  type SharingNotOffered,
} from './payers/check-sharing.js'
export { mostInvitations } from './payers/notify-payers.js'
export { payShare } from './payers/pay-share.js'
export {
  type SharedPayment,
  sharePayment,
} from './payers/share-payment.js'
export { type ShareView, showShare } from './payers/show-share.js'
export type {
  AttemptAnswer,
  AttemptStep,
  MethodNotOffered,
  PaidOrder,
  PayOrderError,
} from './paying/attempt-payment.js'
export {
  type CapturedOrder,
  type CaptureNotOffered,
  type CaptureOrderError,
  type CapturePaysNoPiece,
  type CaptureStep,
  captureOrder,
  type NothingToCapture,
} from './paying/capture-order.js'
export type { PaymentOverdue } from './paying/check-attempt.js'
export { type DecidePaymentError, decidePayment, type PaymentNotUnheard } from './paying/decide-payment.js'
export type { DecidePaymentInput } from './paying/decide-payment.schema.js'
export type { ParkedFact } from './paying/parked-fact.js'
export { parkedFacts } from './paying/parked-fact.schema.js'
export { payOrder } from './paying/pay-order.js'
export { type QueriedPayment, queryPayment } from './paying/query-payment.js'
export {
  type HandledNotification,
  type RawNotification,
  type ReferenceUnknown,
  receiveNotification,
} from './paying/receive-notification.js'
export type { GatewayUnknown, PaymentStanding, RecordError, RefundStanding } from './paying/record-outcome.js'
export { ordersPersonalData } from './personal-data.js'
export { ordersPersonalRecords } from './personal-records.js'
export { isOrderNumber, makeOrderNumber } from './placing/order-number.js'
export type { LimitedPieces, LineNotInCart, QuoteError, ShippingNotSet } from './placing/order-quote.js'
export {
  type PlacedOrder,
  type PlaceOrderError,
  type PriceChanged,
  placeOrder,
} from './placing/place-order.js'
export { type OrderPreview, previewOrder } from './placing/preview-order.js'
export type { PricedForOtherMethods } from './placing/priced-methods.js'
export type { MissingGift } from './placing/quoted-gifts.js'
export { isFault, returnWindowEnd } from './policy/return-window.js'
export { type PolicySaved, type SavedPolicy, savePolicy } from './policy/save-policy.js'
export {
  type DaysToPay,
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
  type SettlementTermsMissing,
  type ShopPolicy,
} from './policy/shop-policy.js'
export { policyBooks, type SavePolicyInput } from './policy/shop-policy.schema.js'
export { type ShownPolicy, showPolicy } from './policy/show-policy.js'
export type { MoneyPorts, OrderPorts, PayOrderPorts, PlaceOrderPorts } from './ports.js'
export { keptBooks } from './price-record/kept-book.schema.js'
export type { BookOfKind, KeptBook, PriceNotReplayable, PriceRecord } from './price-record/price-record.js'
export { type PriceQuote, type ReplayedPrice, type ReplayPriceError, replayPrice } from './price-record/replay-price.js'
export type { RefundedOrder, RefundOrderError } from './refunds/begin-refund.js'
export { type DecideRefundError, decideRefund, type RefundNotInDoubt } from './refunds/decide-refund.js'
export type { DecideRefundInput } from './refunds/decide-refund.schema.js'
export { refundOrder } from './refunds/refund-order.js'
export { payRefundByHand, type RescuedRefund, type RescueError, retryRefund } from './refunds/rescue-refund.js'
export type { Watchful } from './resolution.js'
export type { ResolveParkedFactInput, ResolvePaymentAlertInput } from './resolution.schema.js'
export {
  type DecidePayoutError,
  decidePayout,
  listUnclearPayouts,
  type PayoutNotUnclear,
  type UnclearPayoutPage,
  type UndividedOrder,
} from './settlement/decide-payout.js'
export type {
  DecidePayoutInput,
  ListUnclearPayoutsInput,
  UnclearPayoutCursor,
} from './settlement/decide-payout.schema.js'
export {
  type GivenUpSplit,
  type GiveUpSplitError,
  giveUpSplit,
  type NoSplitToGiveUp,
} from './settlement/give-up-split.js'
export type { GiveUpSplitInput } from './settlement/give-up-split.schema.js'
export { listPayees, type PayeePage, type PayeeStanding } from './settlement/list-payees.js'
export type { ListPayeesInput, PayeeCursor } from './settlement/list-payees.schema.js'
export { type SplitError, splitOrder } from './settlement/order-split.js'
export { type NothingToPayOut, type PaidOut, type PassedOver, type PayOutError, payOut } from './settlement/pay-out.js'
export type { PayeeInput } from './settlement/pay-out.schema.js'
export { releaseShares, type SettlementPorts } from './settlement/release-shares.js'
export { type PayeeAccount, showPayee } from './settlement/show-payee.js'
export type { SplitNotAnswered, SplitSharesError } from './settlement/split-accounts.js'
export { splitShares } from './settlement/split-shares.js'
export {
  type BegunPayout,
  type PayoutNotOffered,
  type PayoutPorts,
  type PayoutUnclear,
  settlePayouts,
  type TellPayoutError,
} from './settlement/tell-payout.js'
export type { AskingPorts } from './spare-gateways.js'
export { type AcceptedMoney, acceptHeldMoney } from './suspense/accept-held-money.js'
export type { AcceptHeldMoneyError, HeldMoneyTooLow, NothingOwed } from './suspense/check-acceptance.js'
export type { MoneyPaysOrder, NoMoneyHeld, ReturnHeldMoneyError } from './suspense/check-held-money.js'
export type { ReceiptSettled } from './suspense/hold-money.js'
export { type HoldReceiptError, holdReceipt, type ReturnReceiptError, returnReceipt } from './suspense/hold-receipt.js'
export { listParkedFacts, type ParkedFactPage } from './suspense/list-parked-facts.js'
export type { ListParkedFactsInput, ParkedFactCursor } from './suspense/list-parked-facts.schema.js'
export {
  type HeldMoney,
  type ReceiptNotExpected,
  type ReceiptReferenceUsed,
  type ReceivedBefore,
  type RecordedReceipt,
  type RecordReceiptError,
  recordReceipt,
} from './suspense/record-receipt.js'
export { type ResolvedFact, resolveParkedFact } from './suspense/resolve-parked-fact.js'
export {
  type ReturnedByHand,
  type ReturnHeldByHandError,
  returnHeldByHand,
} from './suspense/return-held-by-hand.js'
export { type ReturnedMoney, returnHeldMoney } from './suspense/return-held-money.js'
export type { SweepOptions, SweepReport } from './sweep-due.js'
export {
  advanceOrders,
  closeUnpaidOrders,
  markLateParcels,
  settlePayments,
  settleRefunds,
} from './sweep-orders.js'
export { countForLevel } from './tallies/count-for-level.js'
export { endHolds } from './watch/end-holds.js'
export type { RejectHoldError } from './watch/hold-order.js'
export type { PaymentFlagged } from './watch/judge-attempt.js'
export { listPaymentAlerts, type PaymentAlertPage } from './watch/list-payment-alerts.js'
export type { ListPaymentAlertsInput, PaymentAlertCursor } from './watch/list-payment-alerts.schema.js'
export type { PaymentAlert } from './watch/payment-alert.js'
export { paymentAlerts } from './watch/payment-alert.schema.js'
export {
  type EarlierAttempt,
  type PaymentWatchTerms,
  paymentWatchOfOurs,
  type WatchFacts,
  type WatchResponse,
  type WatchRule,
  type WatchVerdict,
  watchPayment,
} from './watch/payment-watch.js'
export { type PaymentWatch, paymentWatches } from './watch/payment-watch.schema.js'
export { rejectHold } from './watch/reject-hold.js'
export { type ReleasedOrder, releaseHold } from './watch/release-hold.js'
export { type PeriodFailures, reportFailures } from './watch/report-failures.js'
export { type ReportedPayment, reportPayment } from './watch/report-payment.js'
export { type ResolvedAlert, resolvePaymentAlert } from './watch/resolve-payment-alert.js'
export { type WriteReviewError, type WrittenReview, writeReview } from './write-review.js'
