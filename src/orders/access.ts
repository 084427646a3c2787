import type { AccessPolicy } from '../shared/actor.js'

const buyers = { guest: 'own', customer: 'own' } as const
const shop = { staff: 'all', system: 'all' } as const

/** Who may do what with orders. */
export const ordersAccess = {
  'orders.preview': buyers,
  'orders.place': buyers,
  'orders.saveAddress': { customer: 'own' },
  'orders.setDefaultAddress': { customer: 'own' },
  'orders.removeAddress': { customer: 'own' },
  'orders.myAddresses': { customer: 'own' },
  'orders.pay': buyers,
  'orders.sharePayment': buyers,
  // Whose part it is decides the link, or the account that it is for.
  'orders.payShare': { guest: 'all', customer: 'all' },
  'orders.share': { guest: 'all', customer: 'all' },
  'orders.queryPayment': { ...buyers, ...shop },
  'orders.previewEdit': { ...buyers, ...shop },
  'orders.applyEdit': { ...buyers, ...shop },
  'orders.cancel': { ...buyers, ...shop },
  'orders.confirmReceipt': buyers,
  'orders.page': { ...buyers, merchant: 'own', ...shop },
  'orders.list': { ...buyers, merchant: 'own', ...shop },
  'orders.bills': { ...buyers, merchant: 'own', ...shop },
  'orders.statement': { ...buyers, merchant: 'own', ...shop },
  'orders.reportPayment': buyers,
  'orders.releaseHold': shop,
  'orders.rejectHold': shop,
  'orders.capture': shop,
  'orders.ship': shop,
  'orders.recordScan': shop,
  'orders.recordDelivery': shop,
  'orders.recordLoss': shop,
  'orders.complete': shop,
  'orders.refund': shop,
  'orders.retryRefund': shop,
  'orders.submitEvidence': shop,
  'orders.readDispute': { staff: 'all' },
  'orders.payRefundByHand': { staff: 'all' },
  'orders.recordReceipt': shop,
  'orders.reconcileBill': shop,
  'orders.paymentFailures': shop,
  'orders.payOut': shop,
  'orders.payee': { merchant: 'own', ...shop },
  'orders.replayPrice': shop,
  'orders.savePolicy': { staff: 'all' },
} satisfies AccessPolicy
