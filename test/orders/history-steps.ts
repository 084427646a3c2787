import fc from 'fast-check'
import type {
  CaptureScript,
  CloseScript,
  OpenedDispute,
  PaymentScript,
  QueryScript,
  RefundScript,
  SplitScript,
} from '../../adapters/gateways/sandbox/index.js'
import { daysMs, hoursMs, minutesMs } from '../../src/shared/instant.js'
import type { Fate } from '../support/losing-storage.js'
import type { Sku } from './open-shop.js'

/** One thing that somebody does. What it is done to is picked by number among what is there at that moment. */
type Step =
  | {
      readonly does: 'buy'
      readonly who: number
      readonly lines: readonly (readonly [Sku, number])[]
      readonly coupon: boolean
      readonly points: number
      readonly then: Then
    }
  | { readonly does: 'pay'; readonly at: number; readonly script: PaymentScript }
  /** An order is to be paid by its buyer and another, and one of them pays their part. */
  | { readonly does: 'share'; readonly at: number; readonly with: number }
  | { readonly does: 'payPart'; readonly at: number; readonly who: number; readonly script: PaymentScript }
  /** A payer goes to the bank, and the bank has its word. */
  | { readonly does: 'dispute'; readonly at: number; readonly opened: OpenedDispute }
  | {
      readonly does: 'bankSays'
      readonly at: number
      readonly status: 'evidenceDue' | 'underReview' | 'won' | 'lost'
      readonly part: boolean
    }
  /** What the gateway does when it is to divide a payment, or to take back what it gave. */
  | { readonly does: 'splitWill'; readonly script: SplitScript }
  | { readonly does: 'payOut'; readonly payee: string }
  /** A buyer says that a payment was not theirs; the gateway pays out what it holds, and tells the same of it again. */
  | { readonly does: 'report' | 'gatewayPaysOut'; readonly at: number }
  | { readonly does: 'payerPays'; readonly at: number; readonly evenIfEnded: boolean }
  | { readonly does: 'payerFails' | 'gatewayRepeats'; readonly at: number }
  /** What the gateway will do with the next request of its kind. */
  | { readonly does: 'closeWill'; readonly script: CloseScript }
  | { readonly does: 'captureWill'; readonly script: CaptureScript }
  | { readonly does: 'queryWill'; readonly script: QueryScript }
  | { readonly does: 'refundSettles' | 'refundFails'; readonly at: number }
  | { readonly does: 'gatewayTells'; readonly newestFirst: boolean; readonly twice: boolean }
  | { readonly does: 'cancel' | 'confirm' | 'complete' | 'ask'; readonly at: number; readonly byStaff: boolean }
  | { readonly does: 'ship' | 'refund' | 'edit' | 'sendBack'; readonly at: number; readonly some: Some }
  /** A paid order is made larger, and what it costs more is paid for at once, on delivery, later or never. */
  | { readonly does: 'enlarge'; readonly at: number; readonly some: Some; readonly then: Then }
  | { readonly does: 'lose' | 'comeBack' | 'reship'; readonly at: number }
  /** A parcel arrives, and what its courier collected is told with it, or later. */
  | { readonly does: 'deliver'; readonly at: number; readonly paid: boolean }
  /** Somebody chooses to pay on delivery; a courier brings what a parcel or an order was to bring, or a little less. */
  | { readonly does: 'promise'; readonly at: number }
  | { readonly does: 'bring'; readonly at: number; readonly byParcel: boolean; readonly short: boolean }
  | { readonly does: 'approve' | 'refuse' | 'withdraw' | 'receive' | 'refundReturn'; readonly at: number }
  | { readonly does: 'retryRefund' | 'payByHand' | 'returnHeld' | 'acceptHeld'; readonly at: number }
  | { readonly does: 'sweep'; readonly what: SweepName }
  | { readonly does: 'wait'; readonly ms: number }
  /** The shop's clock, not the world's, is set forward or back. */
  | { readonly does: 'clockJumps'; readonly ms: number }
  /** The last command is sent again under its key. */
  | { readonly does: 'sendAgain' }

/** Whether and how a buyer pays at the same moment. */
export type Then = 'later' | 'atOnce' | 'onDelivery'

/** The steps that somebody may take of a name. */
export type StepOf<Name extends Step['does'], Each = Step> = Each extends { readonly does: infer Does }
  ? Name extends Does
    ? Each
    : never
  : never

/** Pieces of one line, and what the gateway does with what has to go back for them. */
type Some = { readonly line: number; readonly pieces: number; readonly script: RefundScript }

/** A step and what becomes of the first calls it makes to the storage; all later ones go well. */
export type FatedStep = { readonly step: Step; readonly fates: readonly Fate[] }

type DisputeStatus = StepOf<'bankSays'>['status']

/** Work that somebody starts now and then. */
const sweepNames = [
  'closeUnpaidOrders',
  'endHolds',
  'settlePayments',
  'settleRefunds',
  'settleDisputes',
  'advanceOrders',
  'markLateParcels',
  'releaseShares',
  'splitShares',
  'settlePayouts',
] as const
export type SweepName = (typeof sweepNames)[number]

const pick = fc.nat(1_000)
const delivery = fc.record({ times: fc.nat(2), lateMs: fc.constantFrom(0, minutesMs, 3 * hoursMs, 3 * daysMs) })
const paymentScript: fc.Arbitrary<PaymentScript> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('succeed' as const), delivery }) },
  fc.record({ kind: fc.constant('pending' as const), delivery }),
  fc.record({ kind: fc.constant('timeout' as const), charged: fc.boolean(), delivery }),
  fc.record({ kind: fc.constant('decline' as const), code: fc.constant('InsufficientFunds' as const), delivery }),
  // More came than was asked, or less.
  fc.record({ kind: fc.constant('otherAmount' as const), minor: fc.constantFrom(900, 9_000, 90_000), delivery }),
  // Taken, and told as that of another order.
  fc.record({ kind: fc.constant('wrongOrder' as const), orderRef: fc.constant('order_elsewhere'), delivery }),
)
const refundScript: fc.Arbitrary<RefundScript> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('succeed' as const), delivery }) },
  fc.record({ kind: fc.constant('pending' as const), delivery }),
  fc.record({ kind: fc.constant('timeout' as const), refunded: fc.boolean(), delivery }),
  fc.record({ kind: fc.constant('decline' as const), code: fc.constant('InstrumentInvalid' as const), delivery }),
)
const closeScript: fc.Arbitrary<CloseScript> = fc.oneof(
  fc.constant({ kind: 'paidFirst' as const }),
  fc.record({ kind: fc.constant('timeout' as const), closed: fc.boolean() }),
)
const captureScript: fc.Arbitrary<CaptureScript> = fc.oneof(
  fc.constant({ kind: 'decline' as const, code: 'InsufficientFunds' as const }),
  fc.record({ kind: fc.constant('timeout' as const), captured: fc.boolean() }),
)
const openedDispute: fc.Arbitrary<OpenedDispute> = fc.record({
  ...{ delivery, feeMinor: fc.constantFrom(0, 1_500) },
  status: fc.constantFrom('inquiry' as const, 'evidenceDue' as const, 'evidenceDue' as const),
})
const splitScript: fc.Arbitrary<SplitScript> = fc.oneof(
  fc.constant({ kind: 'pending' as const }),
  fc.record({ kind: fc.constant('timeout' as const), moved: fc.boolean() }),
  fc.constant({ kind: 'decline' as const, code: 'InstrumentDeclined' as const }),
)
const line = fc.tuple(fc.constantFrom<Sku>('kettle', 'lamp', 'mug'), fc.integer({ min: 1, max: 3 }))
const some = fc.record({ line: pick, pieces: fc.integer({ min: 1, max: 3 }), script: refundScript })
const waits = fc.oneof(
  { weight: 6, arbitrary: fc.constant(minutesMs) },
  { weight: 2, arbitrary: fc.constant(hoursMs) },
  { weight: 1, arbitrary: fc.constant(9 * daysMs) },
)
const one = <Name extends string>(...names: readonly Name[]) => fc.constantFrom(...names)

const then = fc.constantFrom<Then>('later', 'later', 'atOnce', 'atOnce', 'onDelivery')

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      does: fc.constant('buy' as const),
      who: pick,
      lines: fc.uniqueArray(line, { minLength: 1, maxLength: 3, selector: ([sku]) => sku }),
      coupon: fc.boolean(),
      points: fc.constantFrom(0, 0, 500),
      then,
    }),
  },
  { weight: 8, arbitrary: fc.record({ does: fc.constant('pay' as const), at: pick, script: paymentScript }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('payerPays' as const), at: pick, evenIfEnded: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('share' as const), at: pick, with: pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ does: fc.constant('payPart' as const), at: pick, who: pick, script: paymentScript }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('dispute' as const), at: pick, opened: openedDispute }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('bankSays' as const),
      at: pick,
      status: fc.constantFrom<DisputeStatus>('evidenceDue', 'underReview', 'won', 'lost', 'lost', 'lost'),
      part: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('splitWill' as const), script: splitScript }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('payOut' as const), payee: one('self', 'lights', 'potter', 'affiliate') }),
  },
  { weight: 2, arbitrary: fc.record({ does: one('report', 'gatewayPaysOut'), at: pick }) },
  { weight: 2, arbitrary: fc.record({ does: one('payerFails', 'gatewayRepeats'), at: pick }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('closeWill' as const), script: closeScript }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('captureWill' as const), script: captureScript }) },
  { weight: 1, arbitrary: fc.constant({ does: 'queryWill' as const, script: { kind: 'timeout' as const } }) },
  { weight: 2, arbitrary: fc.record({ does: one('refundSettles', 'refundFails'), at: pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('gatewayTells' as const),
      newestFirst: fc.boolean(),
      twice: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: one('cancel', 'confirm', 'complete', 'ask'), at: pick, byStaff: fc.boolean() }),
  },
  { weight: 9, arbitrary: fc.record({ does: one('ship', 'ship', 'refund', 'edit', 'sendBack'), at: pick, some }) },
  { weight: 2, arbitrary: fc.record({ does: one('enlarge'), at: pick, some, then }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('deliver' as const), at: pick, paid: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: one('lose', 'comeBack', 'reship'), at: pick }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('promise' as const), at: pick }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('bring' as const),
      at: pick,
      byParcel: fc.boolean(),
      short: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ does: one('approve', 'refuse', 'withdraw', 'receive', 'refundReturn'), at: pick }),
  },
  { weight: 1, arbitrary: fc.record({ does: one('retryRefund', 'payByHand', 'returnHeld'), at: pick }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('acceptHeld' as const), at: pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('sweep' as const),
      what: fc.constantFrom(...sweepNames),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('wait' as const), ms: waits }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('clockJumps' as const), ms: fc.constantFrom(-hoursMs, 2 * daysMs) }),
  },
  { weight: 2, arbitrary: fc.constant({ does: 'sendAgain' as const }) },
)

/** A step, and now and then a connection that breaks under it. */
export const fatedStep: fc.Arbitrary<FatedStep> = fc.record({
  step,
  fates: fc.oneof(
    { weight: 6, arbitrary: fc.constant([]) },
    fc.array(fc.constantFrom<Fate>('well', 'well', 'never', 'unheard'), { maxLength: 5 }),
  ),
})

// Clocks and the buyer's cart belong to nobody's machine, and the gateway tells what it has to tell once at a time.
const byThemselves: readonly string[] = ['buy', 'wait', 'clockJumps', 'sendAgain']
const mayMeet = (steps: readonly FatedStep[]): boolean =>
  steps.every(({ step: { does } }) => !byThemselves.includes(does)) &&
  steps.filter(({ step: { does } }) => does === 'gatewayTells').length <= 1

// What two people, or two machines, do at once without knowing of each other.
const contested: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ does: one('sweep'), what: fc.constantFrom(...sweepNames) }) },
  { weight: 3, arbitrary: fc.record({ does: one('ship', 'refund', 'edit', 'sendBack'), at: pick, some }) },
  { weight: 2, arbitrary: fc.record({ does: one('cancel', 'complete', 'ask'), at: pick, byStaff: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: one('pay'), at: pick, script: paymentScript }) },
  fc.record({ does: one('retryRefund', 'payByHand', 'returnHeld', 'acceptHeld', 'gatewayPaysOut'), at: pick }),
)

/** What happens at one moment: mostly one step, now and then several at once, to the same order as a rule, or the same step. */
export const turn: fc.Arbitrary<readonly FatedStep[]> = fc.oneof(
  { weight: 4, arbitrary: fatedStep.map((each) => [each]) },
  {
    weight: 2,
    arbitrary: fc
      .record({ at: fc.option(pick), steps: fc.array(fatedStep, { minLength: 2, maxLength: 3 }).filter(mayMeet) })
      .map(({ at, steps }) =>
        steps.map(
          ({ step: each, fates }): FatedStep =>
            at !== null && 'at' in each ? { step: { ...each, at }, fates } : { step: each, fates },
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ step: contested, fates: fc.constant([]), times: fc.integer({ min: 2, max: 3 }) })
      .map(({ times, ...each }) => Array.from({ length: times }, () => each)),
  },
)
