import * as z from 'zod'
import type { PaymentCommand, PaymentState } from '../../src/payments/index.js'
import { paymentMachine } from '../../src/payments/index.js'
import { minorText } from './amounts.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const text = z.string()

const caseShape = z.strictObject({
  id: text,
  group: z.literal('payments'),
  source: text,
  title: text,
  provenance: text,
  currency: text,
  setup: z.strictObject({ authorized: minorText }),
  steps: z.array(text),
  expected: z.strictObject({
    captured: z.optional(minorText),
    fullyCaptured: z.optional(z.boolean()),
    captures: z.optional(z.int()),
    rejectedStep: z.optional(z.int()),
    refunds: z.optional(z.array(minorText)),
    refunded: z.optional(minorText),
  }),
})

/** A step: the whole of what is held where no amount is named. */
const stepShape = /^(capture|refund)(?: (\d+(?:\.\d+)?))?$/

/** Runs captures and refunds of a held payment through the machine of a payment; what it refuses is a rejected step. */
export const runMedusaPayment = (raw: unknown): readonly Difference[] => {
  const { currency, setup, steps, expected } = readCase(caseShape, raw)
  const { expect, differences } = createComparison()
  const world = openHeld(setup.authorized, currency.toUpperCase())
  const rejected = steps.flatMap((step, place) => (world.take(step, place) ? [] : [place + 1]))
  const payment = world.payment()
  const capturedMinor = payment.known.captured?.minor ?? 0
  expect('captured', expected.captured, capturedMinor)
  expect('fullyCaptured', expected.fullyCaptured, capturedMinor === setup.authorized)
  expect('captures', expected.captures, world.captures())
  expect('rejectedStep', expected.rejectedStep, rejected[0])
  const refunds = payment.refunds.filter(({ status }) => status === 'refunded').map(({ amountMinor }) => amountMinor)
  expect('refunds', expected.refunds, refunds)
  expect('refunded', expected.refunded, payment.refundedMinor)
  return differences
}

const openHeld = (heldMinor: number, currency: string) => {
  let state: PaymentState = paymentMachine.initial
  let captures = 0
  const put = (command: PaymentCommand): boolean => {
    const decided = paymentMachine.decide(state, command)
    if (decided.isErr()) return false
    for (const event of decided.value) state = paymentMachine.evolve(state, event)
    return true
  }
  const payment = () => {
    if (state.status === 'absent') throw new Inexpressible('no payment')
    return state
  }
  const tell = (capturedMinor: number, at: number): boolean =>
    put({
      type: 'RecordSnapshot',
      snapshot: {
        kind: 'payment',
        attemptRef: 'payment',
        orderRef: 'order',
        gatewayRef: 'reference',
        merchantAccount: 'account',
        status: capturedMinor < heldMinor ? 'authorised' : 'captured',
        total: { minor: heldMinor, currency },
        authorisedMinor: heldMinor,
        capturedMinor,
        feeMinor: null,
        failure: null,
        at,
      },
    })
  put({
    type: 'StartPayment',
    paymentId: 'payment',
    orderId: 'order',
    accountId: 'buyer',
    merchantId: null,
    gatewayId: 'gateway',
    merchantAccount: 'account',
    method: 'creditCard',
    attempt: 1,
    amountMinor: heldMinor,
    currency,
    capture: 'manual',
    at: 1,
    expiresAt: 1_000_000,
    queryable: true,
  })
  tell(0, 2)
  /** Whether a step is taken. */
  const take = (step: string, place: number): boolean => {
    const [, verb, amount] = stepShape.exec(step) ?? []
    if (verb === undefined) throw new Inexpressible(`the step ${step}`)
    const amountMinor = amount === undefined ? heldMinor : minorText.parse(amount)
    if (verb === 'refund') {
      const refundId = `refund ${place}`
      return put({ type: 'ReserveRefund', refundId, amountMinor }) && put({ type: 'SettleRefund', refundId })
    }
    const captureId = `capture ${place}`
    const takenMinor = payment().known.captured?.minor ?? 0
    const asked = put({ type: 'RequestCapture', captureId, amountMinor, final: false, at: place + 3 })
    if (!asked || !tell(takenMinor + amountMinor, place + 3)) return false
    captures += 1
    return true
  }
  return { take, payment, captures: () => captures }
}
