import type { CollectionTable } from '../collection-table.js'
import type { CounterTable } from '../counter-table.js'
import type { LogTable } from '../log-table.js'
import { accountTable } from './account.js'
import { addressBookTable } from './address-book.js'
import { auditTable } from './audit.js'
import { auditSealTable } from './audit-seal.js'
import { basketCountTable } from './basket-count.js'
import { browsingHistoryTable } from './browsing-history.js'
import { campaignTallyTable } from './campaign-tally.js'
import { cartTable } from './cart.js'
import { categoryTable } from './category.js'
import { challengeTable } from './challenge.js'
import { challengeAttemptsTable } from './challenge-attempts.js'
import { consentTable } from './consent.js'
import { couponTable } from './coupon.js'
import { couponIssuesTable } from './coupon-issues.js'
import { credentialTable } from './credential.js'
import { disputeTable } from './dispute.js'
import { erasedSubjectTable } from './erased-subject.js'
import { facetTallyTable } from './facet-tally.js'
import { feedbackTallyTable } from './feedback-tally.js'
import { formerContactsTable } from './former-contacts.js'
import { heldKeyTable } from './held-key.js'
import { heldReceiptTable } from './held-receipt.js'
import { importRunTable } from './import-run.js'
import { incidentTable } from './incident.js'
import { keptBookTable } from './kept-book.js'
import { ledgerEntryTable } from './ledger-entry.js'
import { levelEntryTable } from './level-entry.js'
import { linkedIdentitiesTable } from './linked-identities.js'
import { memberTable } from './member.js'
import { memberTallyTable } from './member-tally.js'
import { membershipBookTable } from './membership-book.js'
import { messageTable } from './message.js'
import { messagePreferenceTable } from './message-preference.js'
import { offerBookTable } from './offer-book.js'
import { offerUsesTable } from './offer-uses.js'
import { openOnDeliveryTable } from './open-on-delivery.js'
import { operationTable } from './operation.js'
import { orderTable } from './order.js'
import { orderHistoryTable } from './order-history.js'
import { paidCheckoutsTable } from './paid-checkouts.js'
import { parcelTable } from './parcel.js'
import { parcelTrackingTable } from './parcel-tracking.js'
import { parkedFactTable } from './parked-fact.js'
import { passkeysTable } from './passkeys.js'
import { payeeBalanceTable } from './payee-balance.js'
import { paymentTable } from './payment.js'
import { paymentAlertTable } from './payment-alert.js'
import { paymentPasswordTable } from './payment-password.js'
import { paymentWatchTable } from './payment-watch.js'
import { payoutTable } from './payout.js'
import { pointsAccountTable } from './points-account.js'
import { pointsEntryTable } from './points-entry.js'
import { policyBookTable } from './policy-book.js'
import { popularQueryTable } from './popular-query.js'
import { priceListBookTable } from './price-list-book.js'
import { privacyRequestTable } from './privacy-request.js'
import { productTable } from './product.js'
import { productStandingTable } from './product-standing.js'
import { productTallyTable } from './product-tally.js'
import { purchaseTable } from './purchase.js'
import { queryTallyTable } from './query-tally.js'
import { rateBudgetTable } from './rate-budget.js'
import { realNameProofTable } from './real-name-proof.js'
import { reconciliationTable } from './reconciliation.js'
import { refundTable } from './refund.js'
import { reservationTable } from './reservation.js'
import { returnRequestTable } from './return-request.js'
import { reviewTable } from './review.js'
import { reviewVoteTable } from './review-vote.js'
import { rewardStockTable } from './reward-stock.js'
import { secondFactorTable } from './second-factor.js'
import { sectionBookTable } from './section-book.js'
import { sessionTable } from './session.js'
import { settlementTable } from './settlement.js'
import { shippingBookTable } from './shipping-book.js'
import { signInGuardTable } from './sign-in-guard.js'
import { stockPlaceTable, stockTable } from './stock.js'
import { stockMovementTable } from './stock-movement.js'
import { subjectKeyTable } from './subject-key.js'
import { surveyStandingTable } from './survey-standing.js'
import { sweepPlaceTable } from './sweep-place.js'
import { taxBookTable } from './tax-book.js'
import { viewBatchTable } from './view-batch.js'
import { viewCountTable } from './view-count.js'

/** The table of every collection of the library. */
export const builtinCollections: readonly CollectionTable[] = [
  operationTable,
  subjectKeyTable,
  erasedSubjectTable,
  accountTable,
  sessionTable,
  secondFactorTable,
  linkedIdentitiesTable,
  passkeysTable,
  heldKeyTable,
  privacyRequestTable,
  surveyStandingTable,
  incidentTable,
  realNameProofTable,
  formerContactsTable,
  paymentPasswordTable,
  challengeTable,
  credentialTable,
  signInGuardTable,
  messagePreferenceTable,
  addressBookTable,
  categoryTable,
  productTable,
  importRunTable,
  reservationTable,
  couponTable,
  memberTable,
  pointsAccountTable,
  cartTable,
  orderTable,
  paymentWatchTable,
  parkedFactTable,
  paymentAlertTable,
  parcelTable,
  heldReceiptTable,
  paymentTable,
  refundTable,
  disputeTable,
  reconciliationTable,
  settlementTable,
  payoutTable,
  returnRequestTable,
  reviewTable,
  reviewVoteTable,
  browsingHistoryTable,
  basketCountTable,
  viewBatchTable,
  viewCountTable,
  popularQueryTable,
  productStandingTable,
  offerBookTable,
  taxBookTable,
  shippingBookTable,
  membershipBookTable,
  policyBookTable,
  keptBookTable,
  priceListBookTable,
  sectionBookTable,
  messageTable,
  auditSealTable,
  sweepPlaceTable,
]

/** The table of every family of counters of the library. */
export const builtinCounters: readonly CounterTable[] = [
  stockTable,
  offerUsesTable,
  couponIssuesTable,
  challengeAttemptsTable,
  rateBudgetTable,
  campaignTallyTable,
  memberTallyTable,
  feedbackTallyTable,
  purchaseTable,
  rewardStockTable,
  payeeBalanceTable,
  productTallyTable,
  queryTallyTable,
  facetTallyTable,
  openOnDeliveryTable,
  stockPlaceTable,
  paidCheckoutsTable,
]

/** The table of every log of the library. */
export const builtinLogs: readonly LogTable[] = [
  ledgerEntryTable,
  pointsEntryTable,
  levelEntryTable,
  stockMovementTable,
  orderHistoryTable,
  parcelTrackingTable,
  auditTable,
  consentTable,
]
