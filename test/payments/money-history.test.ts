import fc from 'fast-check'
import type { GatewayAnswer, Outcome } from 'shopwright/payments'
import { expect, it } from 'vitest'
import { createSandboxGateway, type PaymentScript, type RefundScript } from '../../adapters/gateways/sandbox/index.js'
import type { Dispute, DisputeEvent } from '../../src/payments/dispute.js'
import { disputedMinor, disputeMachine } from '../../src/payments/dispute-machine.js'
import { accountBalance, type LedgerEntry, ledgerBalances, trialBalance } from '../../src/payments/ledger.js'
import {
  type MovingPair,
  type MovingPayment,
  moveDispute,
  movePayment,
  moveRefund,
  openPayment,
  openRefund,
  startPayment,
  startRefund,
} from '../../src/payments/move-payment.js'
import {
  commandsOfClose,
  commandsOfCreate,
  commandsOfQuery,
  commandsOfRefund,
  commandsOfRefundQuery,
} from '../../src/payments/outcome.js'
import type { Payment, PaymentCommand, PaymentEvent } from '../../src/payments/payment.js'
import { checkRefundLeaves, isUndecided, paymentMachine, takenMinor } from '../../src/payments/payment-machine.js'
import { postRefund } from '../../src/payments/post-refund.js'
import { postDispute, postPayment } from '../../src/payments/posting.js'
import type { Refund, RefundCommand, RefundEvent } from '../../src/payments/refund.js'
import { refundMachine } from '../../src/payments/refund-machine.js'
import type { DisputeSnapshot } from '../../src/payments/snapshot.js'
import { foldEvents } from '../../src/shared/decider.js'
import { samplePayment, sampleRefund, t0 } from './payment-samples.js'

/** A shop with one gateway: what it believes, what it has booked, and what happened. */
const openWorld = () => {
  let now = t0
  const sandbox = createSandboxGateway({
    now: () => now,
    keys: [{ keyId: 'k1', secret: 'history' }],
    merchantAccount: samplePayment.merchantAccount,
    feeRateBasisPoints: 60,
  })
  const payments = new Map<string, Payment>()
  const refunds = new Map<string, Refund>()
  const paymentEvents = new Map<string, PaymentEvent[]>()
  const refundEvents = new Map<string, RefundEvent[]>()
  const disputes = new Map<string, Dispute>()
  const disputeEvents = new Map<string, DisputeEvent[]>()
  const entries: LedgerEntry[] = []

  const keepPayment = ({ before, state, events }: MovingPayment) => {
    payments.set(state.paymentId, state)
    paymentEvents.set(state.paymentId, [...(paymentEvents.get(state.paymentId) ?? []), ...events])
    entries.push(...postPayment(before, state, now))
  }
  const keepPair = ({ payment, refund }: MovingPair) => {
    keepPayment(payment)
    refunds.set(refund.state.refundId, refund.state)
    refundEvents.set(refund.state.refundId, [...(refundEvents.get(refund.state.refundId) ?? []), ...refund.events])
    entries.push(...postRefund(refund.before, refund.state, now))
  }
  const tellPayment = (paymentId: string, commands: readonly PaymentCommand[]) => {
    const state = payments.get(paymentId)
    if (state === undefined) return
    const moved = movePayment(openPayment({ id: paymentId, version: 1, state }), commands)
    if (moved.isOk()) keepPayment(moved.value)
  }
  const tellRefund = (refundId: string, commands: readonly RefundCommand[]): boolean => {
    const refund = refunds.get(refundId)
    const payment = refund === undefined ? undefined : payments.get(refund.paymentId)
    if (refund === undefined || payment === undefined) return false
    const pair = {
      payment: openPayment({ id: payment.paymentId, version: 1, state: payment }),
      refund: openRefund({ id: refundId, version: 1, state: refund }),
    }
    const moved = moveRefund(pair, commands)
    if (moved.isOk()) keepPair(moved.value)
    return moved.isOk()
  }
  const tellDispute = (snapshot: DisputeSnapshot) => {
    const { disputeRef: disputeId, attemptRef: paymentId } = snapshot
    const payment = payments.get(paymentId)
    if (payment === undefined) return
    const { orderId, accountId, merchantId, gatewayId } = payment
    const about = { disputeId, paymentId, orderId, accountId, merchantId, gatewayId, queryable: true }
    const before = disputes.get(disputeId)
    const stored = before === undefined ? undefined : { id: disputeId, version: 1, state: before }
    const moved = moveDispute(stored, [{ type: 'RecordDispute', about, snapshot, at: now }])._unsafeUnwrap()
    disputes.set(disputeId, moved.state)
    disputeEvents.set(disputeId, [...(disputeEvents.get(disputeId) ?? []), ...moved.events])
    entries.push(...postDispute(moved.before, moved.state, now))
    const amountMinor = disputedMinor(moved.state)
    const status = amountMinor === 0 ? 'won' : moved.state.status === 'lost' ? 'lost' : 'held'
    tellPayment(paymentId, [{ type: 'RecordDispute', disputeId, amountMinor, status }])
  }
  return {
    sandbox,
    disputes,
    disputeEvents,
    tellDispute,
    payments,
    refunds,
    paymentEvents,
    refundEvents,
    entries,
    tellPayment,
    tellRefund,
    keepPayment,
    keepPair,
    now: () => now,
    wait: (ms: number) => {
      now += ms
    },
  }
}

type World = ReturnType<typeof openWorld>

const answer = async <T>(asked: GatewayAnswer<T>): Promise<Outcome<T>> =>
  (await asked).match(
    (outcome) => outcome,
    (never) => never,
  )

type Step =
  | { readonly do: 'create'; readonly of: number; readonly script: PaymentScript }
  | { readonly do: 'query' | 'close' | 'failPay' | 'repeat'; readonly of: number }
  | { readonly do: 'pay'; readonly of: number; readonly evenIfEnded: boolean }
  | { readonly do: 'deliver'; readonly newestFirst: boolean; readonly twice: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | {
      readonly do: 'dispute'
      readonly of: number
      readonly amountMinor: number
      readonly feeMinor: number
      readonly delivery: { readonly times: number; readonly lateMs: number }
    }
  | {
      readonly do: 'moveDispute'
      readonly as: number
      readonly status: 'evidenceDue' | 'underReview' | 'won' | 'lost'
      readonly lostMinor: number | null
      readonly feeMinor: number
      readonly delivery: { readonly times: number; readonly lateMs: number }
    }
  | {
      readonly do: 'refund'
      readonly of: number
      readonly as: number
      readonly amountMinor: number
      readonly script: RefundScript
    }
  | { readonly do: 'sendAgain'; readonly as: number; readonly script: RefundScript }
  | { readonly do: 'settleRefund' | 'failRefund' | 'queryRefund' | 'takeOver' | 'payByHand'; readonly as: number }

const run = async (world: World, step: Step): Promise<void> => {
  const { sandbox } = world
  world.wait(1)
  const at = world.now()
  switch (step.do) {
    case 'create': {
      const paymentId = `pay_${step.of}`
      if (!world.payments.has(paymentId)) {
        const start = { ...samplePayment, paymentId, orderId: `order_${step.of}`, expiresAt: at + 1_800_000, at }
        world.keepPayment(startPayment(start)._unsafeUnwrap())
      }
      sandbox.script(step.script)
      const { amountMinor, currency, orderId, method, expiresAt } = world.payments.get(paymentId) ?? samplePayment
      const outcome = await answer(
        sandbox.create({
          attemptRef: paymentId,
          orderRef: orderId,
          orderNumber: '261124-0482-1367-7',
          key: paymentId,
          amount: { minor: amountMinor, currency },
          method,
          instrumentToken: null,
          capture: 'automatic',
          expiresAt,
          returnUrl: null,
          at,
        }),
      )
      return world.tellPayment(paymentId, commandsOfCreate(outcome, { at, inDoubt: false }))
    }
    case 'query':
      return queryPayment(world, `pay_${step.of}`)
    case 'close': {
      const paymentId = `pay_${step.of}`
      world.tellPayment(paymentId, [{ type: 'RequestClose', reason: 'unpaidDeadline', at }])
      const payment = world.payments.get(paymentId)
      if (payment?.status !== 'closing') return
      const asked = sandbox.close({ attemptRef: paymentId, gatewayRef: null, key: `close:${paymentId}`, at })
      const outcome = await answer(asked)
      return world.tellPayment(
        paymentId,
        commandsOfClose(outcome, { at, expiresAt: payment.expiresAt, status: payment.status }),
      )
    }
    case 'pay':
      sandbox.pay(`pay_${step.of}`, { evenIfEnded: step.evenIfEnded })
      return
    case 'failPay':
      sandbox.fail(`pay_${step.of}`, 'InsufficientFunds')
      return
    case 'repeat':
      sandbox.repeat(`pay_${step.of}`)
      return
    case 'deliver':
      return deliver(world, step)
    case 'wait':
      return world.wait(step.ms)
    case 'dispute':
      sandbox.dispute(`pay_${step.of}`, step)
      return
    case 'moveDispute': {
      const { status, feeMinor, delivery: how } = step
      const lostMinor = status === 'lost' ? step.lostMinor : null
      sandbox.moveDispute(`sbx_dispute_${step.as + 1}`, { status, lostMinor, feeMinor }, how)
      return
    }
    case 'refund': {
      const paymentId = `pay_${step.of}`
      const refundId = `refund_${step.as}`
      const payment = world.payments.get(paymentId)
      if (payment === undefined || world.refunds.has(refundId)) return
      const begun = startRefund(openPayment({ id: paymentId, version: 1, state: payment }), {
        ...sampleRefund,
        refundId,
        paymentId,
        orderId: payment.orderId,
        amountMinor: step.amountMinor,
        sources: [{ account: `escrow:${payment.orderId}`, amountMinor: step.amountMinor }],
        at,
      })
      if (begun.isErr()) return
      world.keepPair(begun.value)
      return send(world, refundId, step.script)
    }
    case 'sendAgain':
      return send(world, `refund_${step.as}`, step.script)
    case 'settleRefund':
      sandbox.settleRefund(`refund_${step.as}`)
      return
    case 'failRefund':
      sandbox.failRefund(`refund_${step.as}`, 'InstrumentInvalid')
      return
    case 'queryRefund':
      return queryRefund(world, `refund_${step.as}`)
    case 'takeOver':
      world.tellRefund(`refund_${step.as}`, [{ type: 'RequestManualPayout', at }])
      return
    case 'payByHand':
      world.tellRefund(`refund_${step.as}`, [{ type: 'ConfirmManualPayout', at }])
      return
  }
}

const send = async (world: World, refundId: string, script: RefundScript): Promise<void> => {
  const at = world.now()
  const refund = world.refunds.get(refundId)
  const payment = refund === undefined ? undefined : world.payments.get(refund.paymentId)
  if (refund === undefined || payment === undefined || checkRefundLeaves(payment, refundId).isErr()) return
  // A lost answer is no new try: the same is sent again.
  const isAgain = refund.status === 'submitted' || refund.status === 'unknown'
  if (!isAgain && !world.tellRefund(refundId, [{ type: 'SubmitRefund', at }])) return
  world.sandbox.scriptRefund(script)
  const { paymentId, amountMinor, currency } = refund
  const outcome = await answer(
    world.sandbox.refund({
      refundRef: refundId,
      attemptRef: paymentId,
      gatewayRef: null,
      key: refundId,
      captured: { minor: samplePayment.amountMinor, currency },
      amount: { minor: amountMinor, currency },
      at,
    }),
  )
  const tries = world.refunds.get(refundId)?.tries ?? 0
  world.tellRefund(refundId, commandsOfRefund(outcome, { tries, at }))
}

const queryPayment = async (world: World, paymentId: string): Promise<void> => {
  const at = world.now()
  const asked = world.sandbox.query({ attemptRef: paymentId, gatewayRef: null, at })
  const outcome = await answer(asked)
  world.tellPayment(paymentId, commandsOfQuery(outcome, { ...samplePayment, at }))
}

const queryRefund = async (world: World, refundId: string): Promise<void> => {
  const at = world.now()
  const tries = world.refunds.get(refundId)?.tries ?? 0
  const question = { refundRef: refundId, attemptRef: 'any', gatewayRef: null, paymentGatewayRef: null, at }
  const outcome = await answer(world.sandbox.queryRefund(question))
  world.tellRefund(refundId, [{ type: 'RecordRefundAsked', at }, ...commandsOfRefundQuery(outcome, tries)])
}

const deliver = async (
  world: World,
  how: { readonly newestFirst: boolean; readonly twice: boolean },
): Promise<void> => {
  const taken = await world.sandbox.takeNotifications({ newestFirst: how.newestFirst })
  for (const notification of how.twice ? [...taken, ...taken] : taken) {
    const verified = await world.sandbox.verifyNotification({ ...notification, receivedAt: world.now() })
    for (const fact of verified._unsafeUnwrap().facts) {
      if (fact.kind === 'payment') world.tellPayment(fact.attemptRef, [{ type: 'RecordSnapshot', snapshot: fact }])
      else if (fact.kind === 'dispute') world.tellDispute(fact)
      else world.tellRefund(fact.refundRef, [{ type: 'RecordRefundSnapshot', snapshot: fact }])
    }
  }
}

const checkInvariants = (world: World): void => {
  const { entries } = world
  const trial = trialBalance(entries)._unsafeUnwrap()
  expect(trial.balances, 'the ledger balances').toBe(true)
  expect(new Set(entries.map((entry) => entry.entryId)).size, 'no entry is written twice').toBe(entries.length)
  for (const payment of world.payments.values()) {
    const escrow = accountBalance(trial.rows, `escrow:${payment.orderId}`, 'CNY')
    expect(escrow, 'escrow owes nothing below zero').toBeLessThanOrEqual(0)
    expect(payment.refundedMinor + payment.refundReservedMinor, 'what goes back was taken').toBeLessThanOrEqual(
      takenMinor(payment),
    )
    expect(foldEvents(paymentMachine, world.paymentEvents.get(payment.paymentId) ?? []), 'replay').toEqual(payment)
  }
  for (const [disputeId, dispute] of world.disputes) {
    expect(foldEvents(disputeMachine, world.disputeEvents.get(disputeId) ?? []), 'replay').toEqual(dispute)
  }
  for (const refund of world.refunds.values()) {
    expect(foldEvents(refundMachine, world.refundEvents.get(refund.refundId) ?? []), 'replay').toEqual(refund)
  }
}

const of = fc.nat({ max: 2 })
const as = fc.nat({ max: 3 })
const lateMs = fc.constantFrom(0, 0, 5000)
const delivery = fc.record({ times: fc.constantFrom(0, 1, 1, 2), lateMs })
const paymentScript: fc.Arbitrary<PaymentScript> = fc.oneof(
  fc.record({ kind: fc.constant('succeed'), delivery }),
  fc.record({ kind: fc.constant('decline'), code: fc.constantFrom('InsufficientFunds', 'AlreadyPaid'), delivery }),
  fc.record({ kind: fc.constant('timeout'), charged: fc.boolean(), delivery }),
  fc.record({ kind: fc.constant('pending'), delivery }),
)
const refundScript: fc.Arbitrary<RefundScript> = fc.oneof(
  fc.record({ kind: fc.constant('succeed'), delivery }),
  fc.record({ kind: fc.constant('decline'), code: fc.constantFrom('MerchantConfig', 'InProgress'), delivery }),
  fc.record({ kind: fc.constant('timeout'), refunded: fc.boolean(), delivery }),
  fc.record({ kind: fc.constant('pending'), delivery }),
)
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('create'), of, script: paymentScript }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('query', 'close', 'failPay', 'repeat'), of }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pay'), of, evenIfEnded: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('deliver'), newestFirst: fc.boolean(), twice: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1000, 2_000_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('dispute'),
      of,
      amountMinor: fc.constantFrom(2000, 8888),
      feeMinor: fc.constantFrom(0, 1500),
      delivery,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('moveDispute'),
      as: fc.nat({ max: 2 }),
      status: fc.constantFrom('evidenceDue', 'underReview', 'won', 'lost'),
      lostMinor: fc.constantFrom(null, 500),
      feeMinor: fc.constantFrom(0, 1500, 3000),
      delivery,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('refund'),
      of,
      as,
      amountMinor: fc.constantFrom(1, 2888, 6000, 8888),
      script: refundScript,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('sendAgain'), as, script: refundScript }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('settleRefund', 'failRefund', 'queryRefund', 'takeOver', 'payByHand'),
      as,
    }),
  },
)

it('whatever happens, the books balance, and once all is heard they are those of the gateway', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (history) => {
      const world = openWorld()
      for (const step of history) {
        await run(world, step)
        checkInvariants(world)
      }
      world.wait(100_000)
      await deliver(world, { newestFirst: true, twice: false })
      for (const paymentId of world.payments.keys()) await queryPayment(world, paymentId)
      for (const refundId of world.refunds.keys()) await queryRefund(world, refundId)
      for (const { evidence: _, ...told } of world.sandbox.books().disputes) world.tellDispute(told)
      checkInvariants(world)
      const rows = ledgerBalances(world.entries)._unsafeUnwrap()
      const [totals] = world.sandbox.books().totals
      const clearing = accountBalance(rows, 'gatewayClearing:sandbox', 'CNY')
      expect(clearing, 'clearing is what the gateway owes').toBe(totals?.netMinor ?? 0)
      for (const { attemptRef, capturedMinor } of world.sandbox.books().payments) {
        const payment = world.payments.get(attemptRef)
        expect(payment?.known.captured?.minor ?? 0, 'what was taken is known').toBe(capturedMinor)
        if (payment !== undefined && capturedMinor > 0) expect(isUndecided(payment)).toBe(false)
      }
    }),
  )
})
