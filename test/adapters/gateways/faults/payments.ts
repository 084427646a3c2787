import { okAsync } from 'neverthrow'
import type { PaymentGateway, PaymentSnapshot } from 'shopwright/payments'
import { asked, captured, changed, declared, declined, type Faults, found, inSeconds } from './fault.js'

/** What can be wrong with payments. */
export const paymentsFaults: Faults = {
  'dates a payment in milliseconds': [['a payment in seconds', asked(inSeconds)]],
  'takes what it holds, once, and no more than it holds': [
    ['a capture in seconds', captured(inSeconds)],
    ['a capture for another merchant', captured((payment) => ({ ...payment, merchantAccount: 'another' }))],
  ],
  'declares spans in milliseconds': [
    ['a hold of seven days, in seconds', declared({ holdMs: 604_800 })],
    ['a key of a day, in seconds', declared({ idempotency: { style: 'key', windowMs: 86_400 } })],
    ['two hours to pay, in seconds', declared({ expiry: { minMs: 60, maxMs: 7200 } })],
  ],
  'takes what was asked for, in each currency that it offers, and says so': [
    [
      'one currency, whichever is asked for',
      ({ gateway }) => ({
        create: (request) => gateway.create({ ...request, amount: { ...request.amount, currency: 'CNY' } }),
      }),
    ],
    [
      'hundredths of every currency, there and back',
      ({ gateway }) => {
        const whole = (minor: number) => (minor - (minor % 10)) / 10
        const read = (payment: PaymentSnapshot): PaymentSnapshot =>
          payment.total.currency === 'KWD'
            ? {
                ...payment,
                total: { ...payment.total, minor: payment.total.minor * 10 + 5 },
                capturedMinor: payment.capturedMinor * 10 + 5,
              }
            : payment
        return {
          create: (request) =>
            gateway.create(
              request.amount.currency === 'KWD'
                ? { ...request, amount: { ...request.amount, minor: whole(request.amount.minor) } }
                : request,
            ),
          query: (request) => changed(gateway.query(request), found(read)),
        }
      },
    ],
    [
      'another currency when it is asked',
      ({ gateway }) => ({
        query: (request) =>
          changed(
            gateway.query(request),
            found((payment) => ({ ...payment, total: { minor: 12_345, currency: 'CNY' } })),
          ),
      }),
    ],
  ],
  'takes the money of one request, however often that is sent': [
    [
      'a payment for every request',
      (world) => {
        const { gateway } = world
        let sent = 0
        return {
          create: (request) => {
            sent += 1
            if (sent > 1) world.letPayerWait()
            return changed(
              gateway.create(sent > 1 ? { ...request, attemptRef: `${request.attemptRef}_${sent}` } : request),
              (created) => ({ ...created, gatewayRef: `x${sent}` }),
            )
          },
          query: (request) =>
            changed(
              gateway.query(request),
              found((payment) => ({ ...payment, capturedMinor: payment.capturedMinor * sent })),
            ),
        }
      },
    ],
  ],
  'keeps part of what it took, and no more than that': [
    ['a fee below nothing', asked((payment) => ({ ...payment, feeMinor: -30 }))],
    ['all of it and more', asked((payment) => ({ ...payment, feeMinor: 10_001 }))],
  ],
  'says of a paid payment what was asked for': [
    ['an amount below nothing', asked((payment) => ({ ...payment, capturedMinor: -payment.capturedMinor }))],
    ['another merchant', asked((payment) => ({ ...payment, merchantAccount: 'another-merchant' }))],
    ['another order', asked((payment) => ({ ...payment, orderRef: 'order_other' }))],
    ['an amount a hundred times as large', asked((payment) => ({ ...payment, capturedMinor: 1_000_000 }))],
  ],
  'answers for a payment it has never heard of with notFound': [
    [
      'a refusal',
      ({ gateway }) => ({
        query: (request) =>
          gateway.query(request).map((outcome) => (JSON.stringify(outcome).includes('notFound') ? declined : outcome)),
      }),
    ],
  ],
  'says of a payment that waits for its payer that nothing is taken and nothing held': [
    [
      'taken before the payer pays',
      asked((payment) => ({ ...payment, status: 'captured', capturedMinor: payment.total.minor })),
    ],
    ['held before the payer pays', asked((payment) => ({ ...payment, authorisedMinor: payment.total.minor }))],
  ],
  'says at once, where it does, what it says when asked': [
    [
      'twice as much at once',
      ({ gateway }) => ({
        create: (request) =>
          changed(gateway.create(request), (created) => ({
            ...created,
            snapshot: created.snapshot && { ...created.snapshot, capturedMinor: 20_000 },
          })),
      }),
    ],
    [
      'another merchant at once',
      ({ gateway }) => ({
        create: (request) =>
          changed(gateway.create(request), (created) => ({
            ...created,
            snapshot: created.snapshot && { ...created.snapshot, merchantAccount: 'another-merchant' },
          })),
      }),
    ],
  ],
  'tells two payments apart': [
    [
      'the first payment, whichever is asked about',
      ({ gateway }) => ({ query: (request) => gateway.query({ ...request, attemptRef: 'pay_contract_1' }) }),
    ],
    [
      'the name that is asked for, and the money of another',
      ({ gateway }) => ({
        query: ({ attemptRef, ...request }) =>
          changed(
            gateway.query({ ...request, attemptRef: 'pay_contract_1' }),
            found((payment) => ({ ...payment, attemptRef })),
          ),
      }),
    ],
  ],
  'ends nothing that it has never heard of, and does not call it paid': [
    [
      'paid, since nobody knows it',
      ({ gateway }) => ({
        close: (request) =>
          changed(gateway.close(request), (closed) => (closed === 'notFound' ? 'alreadyPaid' : closed)),
      }),
    ],
  ],
  'takes another amount under the same reference for what it is': [
    [
      'the first amount, whatever is asked for under its name',
      ({ gateway }) => {
        let first: Parameters<PaymentGateway['create']>[0] | null = null
        return {
          create: (request) => {
            first ??= request
            return gateway.create(first)
          },
        }
      },
    ],
  ],
  'takes part of what it holds, and gives up the rest with it': [
    ['all of it in the answer', captured((payment) => ({ ...payment, capturedMinor: 10_000 }))],
  ],
  'takes 30 and 50 of 100, not 21 more, and gives up the rest when asked to': [
    ['the single amount of a capture', captured((payment, capturedMinor) => ({ ...payment, capturedMinor }))],
    [
      'a capture for every request',
      ({ gateway }) => {
        let sent = 0
        return {
          capture: (request) => {
            sent += 1
            return gateway.capture?.({ ...request, key: `${request.key}:${sent}` }) ?? okAsync(declined)
          },
        }
      },
    ],
  ],
}
