import { removeAddress, setDefaultAddress } from './addresses/change-address-book.js'
import { myAddresses } from './addresses/my-addresses.js'
import { saveAddress } from './addresses/save-address.js'
import { listBills } from './books/list-bills.js'
import { listMissingBills } from './books/list-missing-bills.js'
import { reconcileBill } from './books/reconcile-bill.js'
import { recordGatewayPayout } from './books/record-gateway-payout.js'
import { reopenFindings } from './books/reopen-findings.js'
import { resolveFindings } from './books/resolve-findings.js'
import { showStatement } from './books/show-statement.js'
import { acceptDispute } from './disputes/accept-dispute.js'
import { decideDispute } from './disputes/decide-dispute.js'
import { prepareEvidence } from './disputes/prepare-evidence.js'
import { readDispute } from './disputes/read-dispute.js'
import { submitEvidence } from './disputes/submit-evidence.js'
import { applyEdit } from './editing/apply-edit.js'
import { cancelOrder } from './editing/cancel-order.js'
import { previewEdit } from './editing/preview-edit.js'
import { listOrders } from './pages/list-orders.js'
import { orderPage } from './pages/order-page.js'
import { completeOrder, confirmReceipt } from './parcels/complete-order.js'
import { correctParcel } from './parcels/correct-parcel.js'
import { recordDelivery, recordLoss, recordParcelReturn } from './parcels/move-parcel.js'
import { recordScan } from './parcels/record-scan.js'
import { reshipOrder } from './parcels/reship-order.js'
import type { captureAndShip } from './parcels/ship-order.js'
import { payShare } from './payers/pay-share.js'
import { sharePayment } from './payers/share-payment.js'
import { showShare } from './payers/show-share.js'
import { captureOrder } from './paying/capture-order.js'
import { decidePayment } from './paying/decide-payment.js'
import { payOrder } from './paying/pay-order.js'
import { queryPayment } from './paying/query-payment.js'
import { receiveNotification } from './paying/receive-notification.js'
import { placeOrder } from './placing/place-order.js'
import { previewOrder } from './placing/preview-order.js'
import { savePolicy } from './policy/save-policy.js'
import { showPolicy } from './policy/show-policy.js'
import type { OrderPorts } from './ports.js'
import { replayPrice } from './price-record/replay-price.js'
import { decideRefund } from './refunds/decide-refund.js'
import { refundOrder } from './refunds/refund-order.js'
import { payRefundByHand, retryRefund } from './refunds/rescue-refund.js'
import { decidePayout, listUnclearPayouts } from './settlement/decide-payout.js'
import { giveUpSplit } from './settlement/give-up-split.js'
import { listPayees } from './settlement/list-payees.js'
import { payOut } from './settlement/pay-out.js'
import { showPayee } from './settlement/show-payee.js'
import type { PayoutPorts } from './settlement/tell-payout.js'
import { acceptHeldMoney } from './suspense/accept-held-money.js'
import { holdReceipt, returnReceipt } from './suspense/hold-receipt.js'
import { listParkedFacts } from './suspense/list-parked-facts.js'
import { recordReceipt } from './suspense/record-receipt.js'
import { resolveParkedFact } from './suspense/resolve-parked-fact.js'
import { returnHeldByHand } from './suspense/return-held-by-hand.js'
import { returnHeldMoney } from './suspense/return-held-money.js'
import { listPaymentAlerts } from './watch/list-payment-alerts.js'
import { rejectHold } from './watch/reject-hold.js'
import { releaseHold } from './watch/release-hold.js'
import { reportFailures } from './watch/report-failures.js'
import { reportPayment } from './watch/report-payment.js'
import { resolvePaymentAlert } from './watch/resolve-payment-alert.js'

/** Binds a workflow of orders to the ports of a shop. */
type Bind = <Rest extends readonly unknown[], Answer>(
  workflow: (world: BoundPorts, ...rest: Rest) => Answer,
) => (...rest: Rest) => Answer

type BoundPorts = OrderPorts & PayoutPorts

/**
 * The workflows of orders, bound to a shop.
 *
 * @param ship - how a parcel is sent off: with what is only held taken before, or without
 */
export const bindOrders = (bind: Bind, ship: typeof captureAndShip) => ({
  preview: bind(previewOrder),
  saveAddress: bind(saveAddress),
  setDefaultAddress: bind(setDefaultAddress),
  removeAddress: bind(removeAddress),
  myAddresses: bind(myAddresses),
  place: bind(placeOrder),
  pay: bind(payOrder),
  sharePayment: bind(sharePayment),
  payShare: bind(payShare),
  share: bind(showShare),
  queryPayment: bind(queryPayment),
  /** Takes in what a gateway says unasked; its bytes prove who speaks, so it names no actor. */
  receiveNotification: bind(receiveNotification),
  previewEdit: bind(previewEdit),
  applyEdit: bind(applyEdit),
  cancel: bind(cancelOrder),
  reportPayment: bind(reportPayment),
  releaseHold: bind(releaseHold),
  rejectHold: bind(rejectHold),
  confirmReceipt: bind(confirmReceipt),
  page: bind(orderPage),
  list: bind(listOrders),
  bills: bind(listBills),
  statement: bind(showStatement),
  capture: bind(captureOrder),
  ship: bind(ship),
  correctParcel: bind(correctParcel),
  recordScan: bind(recordScan),
  recordDelivery: bind(recordDelivery),
  recordLoss: bind(recordLoss),
  recordParcelReturn: bind(recordParcelReturn),
  reship: bind(reshipOrder),
  complete: bind(completeOrder),
  refund: bind(refundOrder),
  retryRefund: bind(retryRefund),
  payRefundByHand: bind(payRefundByHand),
  decidePayment: bind(decidePayment),
  decideRefund: bind(decideRefund),
  decideDispute: bind(decideDispute),
  readDispute: bind(readDispute),
  prepareEvidence: bind(prepareEvidence),
  acceptHeldMoney: bind(acceptHeldMoney),
  returnHeldMoney: bind(returnHeldMoney),
  returnHeldByHand: bind(returnHeldByHand),
  missingBills: bind(listMissingBills),
  parkedFacts: bind(listParkedFacts),
  resolveParkedFact: bind(resolveParkedFact),
  paymentAlerts: bind(listPaymentAlerts),
  resolvePaymentAlert: bind(resolvePaymentAlert),
  submitEvidence: bind(submitEvidence),
  acceptDispute: bind(acceptDispute),
  recordReceipt: bind(recordReceipt),
  holdReceipt: bind(holdReceipt),
  returnReceipt: bind(returnReceipt),
  recordGatewayPayout: bind(recordGatewayPayout),
  reconcileBill: bind(reconcileBill),
  resolveFindings: bind(resolveFindings),
  reopenFindings: bind(reopenFindings),
  paymentFailures: bind(reportFailures),
  payOut: bind(payOut),
  decidePayout: bind(decidePayout),
  giveUpSplit: bind(giveUpSplit),
  unclearPayouts: bind(listUnclearPayouts),
  payee: bind(showPayee),
  payees: bind(listPayees),
  replayPrice: bind(replayPrice),
  policy: bind(showPolicy),
  savePolicy: bind(savePolicy),
})
