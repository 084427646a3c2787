import { t0 } from '../sandbox-world.js'
import { type Faults, inSeconds, told, toldPayment, toldRefund } from './fault.js'

/** What can be wrong with what is said unasked. */
export const newsFaults: Faults = {
  'dates what it says unasked in milliseconds': [['notifications in seconds', told(inSeconds)]],
  'says unasked what it says when asked, of the shop’s own account, each under a name of its own': [
    ['another merchant', toldPayment((payment) => ({ ...payment, merchantAccount: 'another-merchant' }))],
    ['another payment', toldPayment((payment) => ({ ...payment, attemptRef: 'pay_contract_2' }))],
    ['another order', toldPayment((payment) => ({ ...payment, orderRef: 'order_other' }))],
    ['another total', toldPayment((payment) => ({ ...payment, total: { ...payment.total, minor: 1 } }))],
    ['that it failed', toldPayment((payment) => ({ ...payment, status: 'failed' }))],
    [
      'one name for all',
      ({ gateway }) => ({
        verifyNotification: (notification) =>
          gateway.verifyNotification(notification).map((said) => ({ ...said, eventId: 'payment.succeeded' })),
      }),
    ],
  ],
  'says unasked of each refund what was asked for': [
    ['an amount below nothing', toldRefund((refund) => ({ ...refund, amount: { ...refund.amount, minor: -6000 } }))],
    ['all of the payment', toldRefund((refund) => ({ ...refund, amount: { ...refund.amount, minor: 10_000 } }))],
    ['a name of its own', toldRefund((refund) => ({ ...refund, refundRef: 'sbx_refund_1' }))],
  ],
  'does not take the payment of another account for the shop’s own': [
    [
      'its own account in everything that is signed',
      (world) => toldPayment((payment) => ({ ...payment, merchantAccount: world.gateway.merchantAccount }))(world),
    ],
  ],
  'believes no other time than the one that was signed': [
    [
      'whatever time stands beside the signature',
      ({ gateway }) => {
        const signed = new Map<Uint8Array, Readonly<Record<string, string>>>()
        return {
          verifyNotification: ({ headers, ...notification }) => {
            const first = signed.get(notification.body) ?? { ...headers, 'sandbox-timestamp': String(t0) }
            signed.set(notification.body, first)
            return gateway.verifyNotification({ ...notification, headers: first })
          },
        }
      },
    ],
  ],
}
