import type { RefundSnapshot } from 'shopwright/payments'
import { changed, type Faults, found, inSeconds, refundAsked, refunded } from './fault.js'

/** What can be wrong with money that goes back. */
export const refundsFaults: Faults = {
  'dates a refund in milliseconds': [
    ['a refund in seconds', refunded(inSeconds)],
    ['a refund that is asked about, in seconds', refundAsked(inSeconds)],
  ],
  'gives back what was asked for, in each currency that it offers, and says so': [
    ['refunds of one currency', refunded((refund) => ({ ...refund, amount: { ...refund.amount, currency: 'CNY' } }))],
    [
      'more than was asked for, and what was asked for in the answer',
      ({ gateway }) => {
        const read = (refund: RefundSnapshot): RefundSnapshot => ({
          ...refund,
          amount: { ...refund.amount, minor: refund.amount.minor - 1 },
        })
        return {
          refund: (request) =>
            changed(
              gateway.refund({ ...request, amount: { ...request.amount, minor: request.amount.minor + 1 } }),
              read,
            ),
          queryRefund: (request) => changed(gateway.queryRefund(request), found(read)),
        }
      },
    ],
  ],
  'says of each of two refunds what was asked for, and not of both together': [
    ['an amount below nothing', refunded((refund) => ({ ...refund, amount: { ...refund.amount, minor: -6000 } }))],
    ['another refund', refunded((refund) => ({ ...refund, refundRef: 'refund_other' }))],
    ['another payment', refunded((refund) => ({ ...refund, attemptRef: 'pay_other' }))],
    ['another currency', refunded((refund) => ({ ...refund, amount: { ...refund.amount, currency: 'USD' } }))],
    ['that it failed', refunded((refund) => ({ ...refund, status: 'failed', failure: 'AmountInvalid' }))],
    [
      'all that went back so far',
      ({ gateway }) => {
        const sums = new Map<string, number>()
        let sum = 0
        return {
          refund: (request) =>
            changed(gateway.refund(request), (refund) => {
              sum += sums.has(refund.refundRef) ? 0 : refund.amount.minor
              sums.set(refund.refundRef, sum)
              return refund
            }),
          queryRefund: (request) =>
            changed(
              gateway.queryRefund(request),
              found((refund) => ({
                ...refund,
                amount: { ...refund.amount, minor: sums.get(refund.refundRef) ?? refund.amount.minor },
              })),
            ),
        }
      },
    ],
  ],
  'gives money back of the payment that is named, and leaves others whole': [
    [
      'money of the first payment, whichever is named',
      ({ gateway }) => ({
        refund: (request) =>
          changed(gateway.refund({ ...request, attemptRef: 'pay_contract_1' }), (refund) => ({
            ...refund,
            attemptRef: request.attemptRef,
          })),
      }),
    ],
  ],
  'gives nothing back of a payment that it has never heard of': [
    [
      'money of whichever payment there is',
      ({ gateway }) => ({ refund: (request) => gateway.refund({ ...request, attemptRef: 'pay_contract_1' }) }),
    ],
  ],
  'makes one refund of one reference, however often it is sent': [
    [
      'a refund for every request',
      ({ gateway }) => {
        let sent = 0
        return {
          refund: (request) => {
            sent += 1
            return changed(gateway.refund({ ...request, refundRef: `${request.refundRef}_${sent}` }), (refund) => ({
              ...refund,
              refundRef: request.refundRef,
              gatewayRef: null,
            }))
          },
        }
      },
    ],
  ],
}
