/**
 * How a buyer pays. A gateway names those it carries; UnionPay QuickPass and e-CNY are carried by acquirers, not by
 * gateways of their own.
 */
export type MethodId =
  | 'creditCard'
  | 'debitCard'
  | 'wechatPay'
  | 'alipay'
  | 'unionPayQuickPass'
  | 'bankTransfer'
  | 'eCny'
  | 'payPal'
  | 'cashOnDelivery'

/** Every method, in the order a shop shows them. */
export const methodIds: readonly MethodId[] = [
  'wechatPay',
  'alipay',
  'unionPayQuickPass',
  'creditCard',
  'debitCard',
  'eCny',
  'bankTransfer',
  'payPal',
  'cashOnDelivery',
]
