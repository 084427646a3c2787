import { applyEdit } from './apply-edit.js'
import { cancelOrder } from './cancel-order.js'
import { captureOrder } from './capture-order.js'
import { removeAddress, setDefaultAddress } from './change-address-book.js'
import { completeOrder, confirmReceipt } from './complete-order.js'
import { listBills } from './list-bills.js'
import { listOrders } from './list-orders.js'
import { listParkedFacts } from './list-parked-facts.js'
import { recordDelivery, recordLoss, recordParcelReturn } from './move-parcel.js'
import { myAddresses } from './my-addresses.js'
import { orderPage } from './order-page.js'
import { payOrder } from './pay-order.js'
import { payOut } from './pay-out.js'
import { payShare } from './pay-share.js'
import { placeOrder } from './place-order.js'
import type { OrderPorts } from './ports.js'
import { previewEdit } from './preview-edit.js'
import { previewOrder } from './preview-order.js'
import { queryPayment } from './query-payment.js'
import { readDispute } from './read-dispute.js'
import { receiveNotification } from './receive-notification.js'
import { reconcileBill } from './reconcile-bill.js'
import { recordReceipt } from './record-receipt.js'
import { recordScan } from './record-scan.js'
import { refundOrder } from './refund-order.js'
import { rejectHold } from './reject-hold.js'
import { releaseHold } from './release-hold.js'
import { replayPrice } from './replay-price.js'
import { reportFailures } from './report-failures.js'
import { reportPayment } from './report-payment.js'
import { payRefundByHand, retryRefund } from './rescue-refund.js'
import { returnHeldMoney } from './return-held-money.js'
import { saveAddress } from './save-address.js'
import { savePolicy } from './save-policy.js'
import { sharePayment } from './share-payment.js'
import type { captureAndShip } from './ship-order.js'
import { showPayee } from './show-payee.js'
import { showPolicy } from './show-policy.js'
import { showShare } from './show-share.js'
import { showStatement } from './show-statement.js'
import { submitEvidence } from './submit-evidence.js'
import type { PayoutPorts } from './tell-payout.js'

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
  recordScan: bind(recordScan),
  recordDelivery: bind(recordDelivery),
  recordLoss: bind(recordLoss),
  recordParcelReturn: bind(recordParcelReturn),
  complete: bind(completeOrder),
  refund: bind(refundOrder),
  retryRefund: bind(retryRefund),
  payRefundByHand: bind(payRefundByHand),
  readDispute: bind(readDispute),
  returnHeldMoney: bind(returnHeldMoney),
  parkedFacts: bind(listParkedFacts),
  submitEvidence: bind(submitEvidence),
  recordReceipt: bind(recordReceipt),
  reconcileBill: bind(reconcileBill),
  paymentFailures: bind(reportFailures),
  payOut: bind(payOut),
  payee: bind(showPayee),
  replayPrice: bind(replayPrice),
  policy: bind(showPolicy),
  savePolicy: bind(savePolicy),
})
