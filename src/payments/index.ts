export { holdsCardNumber } from '../shared/card-number.js'
export { freeTextSchema } from '../shared/free-text.schema.js'
export type { MethodId } from '../shared/payment-method.js'
export { methodIds } from '../shared/payment-method.js'
export { paymentsAccess } from './access.js'
export type { Bill, BilledOrder, BillStatus } from './bill.js'
export { billOf } from './bill.js'
export type {
  DecidedDispute,
  Dispute,
  DisputeCommand,
  DisputedPart,
  DisputeError,
  DisputeEvent,
  DisputeFacts,
  DisputeWord,
  KnownDispute,
  LearnedOfDispute,
  SentEvidence,
} from './dispute.js'
export { disputes } from './dispute.schema.js'
export { type DisputeState, disputedMinor, disputeMachine, isOpenDispute } from './dispute-machine.js'
export { type DisputeStatus, disputeTable } from './dispute-table.js'
export type {
  EvidenceFile,
  EvidenceFileRefused,
  EvidenceFileTerms,
  EvidenceMediaType,
  EvidencePurpose,
} from './evidence-file.js'
export type { FailureReport, FailureRow } from './failure-report.js'
export { createFailureReport } from './failure-report.js'
export type { FineAmount, GatewayBillRow } from './gateway-bill.js'
export type { GatewayErrorCode, GatewayErrorTraits, RetryAdvice, UnknownCause } from './gateway-error.js'
export { gatewayErrorCodes, gatewayErrors } from './gateway-error.js'
export { guardGateway } from './guard-gateway.js'
export type { HeldReceipt, HeldReceiptFacts, HeldReceiptReason } from './held-receipt.js'
export { heldReceipts } from './held-receipt.schema.js'
export type {
  Account as LedgerAccount,
  AccountShare,
  LedgerBalance,
  LedgerEntry,
  LedgerEntryKind,
  LedgerLine,
  TrialBalance,
} from './ledger.js'
export { accountBalance, entryBalances, ledgerBalances, trialBalance } from './ledger.js'
export { accountSchema, ledgerEntries } from './ledger.schema.js'
export { type AttemptPage, type ListedAttempt, listAttempts } from './list-attempts.js'
export type { AttemptCursor, ListAttemptsInput } from './list-attempts.schema.js'
export type { DisputePage, DisputeView } from './list-disputes.js'
export { listDisputes } from './list-disputes.js'
export type { DisputeCursor, ListDisputesInput } from './list-disputes.schema.js'
export type { HeldPayment, HeldPaymentPage } from './list-held-payments.js'
export { listHeldPayments } from './list-held-payments.js'
export type { HeldPaymentCursor, ListHeldPaymentsInput } from './list-held-payments.schema.js'
export { type HeldReceiptPage, listHeldReceipts } from './list-held-receipts.js'
export type { HeldReceiptCursor, ListHeldReceiptsInput } from './list-held-receipts.schema.js'
export type { LedgerPage } from './list-ledger.js'
export { listLedger } from './list-ledger.js'
export type { ListLedgerInput } from './list-ledger.schema.js'
export type { ListPaymentsInput } from './list-payments.schema.js'
export type { ReconciliationPage } from './list-reconciliations.js'
export { listReconciliations } from './list-reconciliations.js'
export type { ListReconciliationsInput, ReconciliationCursor } from './list-reconciliations.schema.js'
export { listRefunds, type OpenRefund, type RefundPage } from './list-refunds.js'
export type { ListRefundsInput, RefundCursor } from './list-refunds.schema.js'
export type { ListedPeriod } from './listed-period.schema.js'
export type { NextAdvice } from './messages.js'
export {
  gatewayErrorMessages,
  methodNames,
  methodSafetyTips,
  paymentMessages,
  unknownOutcomeMessage,
  whatNext,
} from './messages.js'
export type { MovingDispute, MovingPair, MovingPayment, MovingRefund } from './move-payment.js'
export {
  appendEntries,
  moveDispute,
  movePayment,
  moveRefund,
  openPayment,
  openRefund,
  startPayment,
  startRefund,
  writeDispute,
  writePair,
  writePayment,
  writeRefund,
} from './move-payment.js'
export { collectionOnDelivery, offlineReceipt, offlineRefund, onDelivery, promiseOnDelivery } from './offline.js'
export {
  commandsOfCapture,
  commandsOfClose,
  commandsOfCreate,
  commandsOfQuery,
  commandsOfRefund,
  commandsOfRefundQuery,
  mayTryAnew,
} from './outcome.js'
export type { PayeeBalance } from './payee-balance.js'
export { payeeBalances } from './payee-balance.js'
export type {
  CapturedFacts,
  CaptureFact,
  Capturing,
  Closed,
  Closing,
  Doubt,
  KnownFacts,
  Mismatch,
  MoneyFact,
  Payment,
  PaymentCloseEvidence,
  PaymentCloseReason,
  PaymentCommand,
  PaymentDisputeShare,
  PaymentError,
  PaymentEvent,
  PaymentFacts,
  PaymentFailure,
  PaymentRefundShare as RefundedShare,
  SaidTaken,
  WaitingFacts,
} from './payment.js'
export { payments } from './payment.schema.js'
export {
  capturableMinor,
  checkRefundLeaves,
  holdingDisputes,
  isUndecided,
  paymentMachine,
  refundableMinor,
  takenMinor,
  unreturnedMinor,
  untakenMinor,
} from './payment-machine.js'
export type { PaymentStart } from './payment-start.js'
export type { PaymentState } from './payment-steps.js'
export { type PaymentStatus, paymentTable } from './payment-table.js'
export type { PaymentView, RefundView } from './payment-view.js'
export type { Payout, PayoutFacts, PayoutPort, PayoutSplit, SentPayout, SplitReturn } from './payout.js'
export { payouts } from './payout.schema.js'
export { paymentsPersonalRecords } from './personal-records.js'
export type {
  CreatedPayment,
  CreateRequest,
  DisputeCase,
  DisputeEvidence,
  DisputePort,
  DisputeReference,
  GatewayAnswer,
  GatewayCapabilities,
  GatewayError,
  MovedSplit,
  NextStep,
  NotificationRejected,
  NotificationReply,
  Outcome,
  PaymentGateway,
  PaymentGateways,
  RefundRequest,
  SplitPort,
  SplitRequest,
  VerifiedNotification,
} from './ports.js'
export { notificationSkewMs } from './ports.js'
export { postRefund } from './post-refund.js'
export type { PostedOrder, WorthMoved } from './posting.js'
export {
  type PostedThing,
  postDispute,
  postFeeReturned,
  postGatewayPayout,
  postPayment,
  postPointsClawedBack,
  postPointsEarned,
  postPointsForfeited,
  postPointsReturn,
  postPointsTender,
  postReceiptConfirmed,
  postSubsidy,
  postSubsidyReturn,
  postSuspended,
  postSuspenseMove,
  postSuspenseReturn,
  type SuspendedMoney,
} from './posting.js'
export { nextQueryAt } from './query-schedule.js'
export type { ReconcileError, ReconcileInterrupted, ReconcileRequest } from './reconcile.js'
export { reconcile } from './reconcile.js'
export type { RowsNotSorted } from './reconcile-readers.js'
export type { BilledBefore, LedgerRow, Period, Reconciled, RowInBill, RowInBoth, RowInLedger } from './reconcile-row.js'
export { feeMinorOf } from './reconcile-row.js'
export type { ReconciledCounts, ReconciledSum, ReconciledTotals } from './reconcile-tally.js'
export type {
  BillFinding,
  CarriedOver,
  EarlyFee,
  FindingKind,
  KeptFinding,
  Reconciliation,
  ReconciliationRow,
  SaidOfFinding,
} from './reconciliation.js'
export { mostCarried, mostFindings, reconciliationIdOf } from './reconciliation.js'
export { reconciliations } from './reconciliation.schema.js'
export { mayRedirect, safeNextStep } from './redirect.js'
export type {
  KnownRefundFacts,
  Refund,
  RefundCommand,
  RefundError,
  RefundEvent,
  RefundFacts,
  RefundFailure,
  RefundReason,
  RefundStart,
} from './refund.js'
export { refunds } from './refund.schema.js'
export type { RefundState } from './refund-machine.js'
export { hasSucceeded, refundMachine } from './refund-machine.js'
export { type RefundStatus, refundTable } from './refund-table.js'
export type { Resolution } from './resolution.js'
export type {
  OrderSplit,
  PayeeShare,
  Settlement,
  SettlementFacts,
  SettlementRate,
  SettlementTerms,
} from './settlement.js'
export { settlements } from './settlement.schema.js'
export type { DisputeReason, DisputeSnapshot, PaymentSnapshot, RefundSnapshot } from './snapshot.js'
export { parseSnapshots } from './snapshot.schema.js'
export type { MovedLine, Statement, StatementCursor, StatementLine, StatementSum } from './statement.js'
export { createStatement, mostStatementLines } from './statement.js'
