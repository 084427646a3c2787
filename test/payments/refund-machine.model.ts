import fc from 'fast-check'
import type { RefundCommand, RefundError, RefundEvent } from '../../src/payments/refund.js'
import { hasSucceeded, type RefundState, refundMachine } from '../../src/payments/refund-machine.js'
import { refundTable } from '../../src/payments/refund-table.js'
import { alikeInOrder } from '../kit/alike.js'
import type { MachineUnderTest } from '../kit/machine-under-test.js'
import { refundSnapshot, sampleRefund, t0 } from './payment-samples.js'

const moments = [t0 + 1000, t0 + 2000, t0 + 3000] as const
const at = fc.constantFrom(...moments)
const tries = fc.integer({ min: 0, max: 3 })

const reduced = (amountMinor: number) => ({
  type: 'ReduceRefund' as const,
  amountMinor,
  sources: [{ account: 'escrow:order_1' as const, amountMinor }],
})

const answered = (moment: number): RefundCommand & { readonly type: 'RecordRefundSnapshot' } => ({
  type: 'RecordRefundSnapshot',
  snapshot: refundSnapshot({ status: 'succeeded', at: moment }),
  isAnswer: true,
})

const model: MachineUnderTest<RefundState, RefundCommand, RefundEvent, RefundError>['model'] = {
  RequestRefund: [{ type: 'RequestRefund', ...sampleRefund }],
  SubmitRefund: [{ type: 'SubmitRefund', at: t0 }],
  RecordRefundPending: [
    { type: 'RecordRefundPending', gatewayRef: null, at: t0 },
    { type: 'RecordRefundPending', gatewayRef: 'gwr_1', at: t0 },
    { type: 'RecordRefundPending', tries: 0, gatewayRef: 'gwr_1', at: t0 },
  ],
  RecordRefundDeclined: [
    { type: 'RecordRefundDeclined', code: 'MerchantConfig', at: t0 },
    { type: 'RecordRefundDeclined', code: 'AlreadyRefunded', at: t0 },
    { type: 'RecordRefundDeclined', tries: 0, code: 'MerchantConfig', at: t0 },
  ],
  RecordRefundUnknown: [{ type: 'RecordRefundUnknown', cause: 'timeout', at: t0 }],
  RecordRefundSnapshot: moments.flatMap((moment) => [
    ...(moment === moments[0]
      ? [{ type: 'RecordRefundSnapshot' as const, snapshot: refundSnapshot({ status: 'pending', at: moment }) }]
      : []),
    { type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ status: 'succeeded', at: moment }) },
    { type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ status: 'failed', at: moment }) },
    // Asked, it answers between what it may say unasked.
    ...(moment === moments[1] ? [answered(moment)] : []),
  ]),
  DecideRefund: [
    { type: 'DecideRefund', moved: true, at: t0 },
    { type: 'DecideRefund', moved: false, at: t0 },
  ],
  RecordRefundAsked: [{ type: 'RecordRefundAsked', at: t0 }],
  RequestManualPayout: [{ type: 'RequestManualPayout', at: t0 }],
  ConfirmManualPayout: [{ type: 'ConfirmManualPayout', at: t0 }],
  CancelRefund: [{ type: 'CancelRefund', at: t0 }],
  HoldRefund: [{ type: 'HoldRefund', at: t0 }],
  ResumeRefund: [{ type: 'ResumeRefund', at: t0 }],
  ReduceRefund: [reduced(6000), reduced(5999)],
  CoverRefund: [
    { type: 'CoverRefund', disputeId: 'dispute_1', at: t0 },
    { type: 'CoverRefund', disputeId: 'dispute_2', at: t0 },
  ],
}

/** A refund of 60.00 in a world of three moments. */
export const refundModel: MachineUnderTest<RefundState, RefundCommand, RefundEvent, RefundError> = {
  name: 'refund',
  decider: refundMachine,
  table: refundTable,
  statuses: {
    absent: 'open',
    requested: 'open',
    submitted: 'open',
    pending: 'open',
    unknown: 'open',
    succeeded: 'rest',
    failed: 'open',
    manualPayout: 'open',
    // The gateway's word still counts: it tells that the payer was paid twice.
    paidManually: 'rest',
    held: 'open',
    // The same holds for what a dispute has paid.
    chargedBack: 'rest',
    cancelled: 'final',
  },
  arbitraries: {
    RequestRefund: fc.constant({ type: 'RequestRefund', ...sampleRefund }),
    SubmitRefund: fc.record({ type: fc.constant('SubmitRefund'), at }),
    RecordRefundPending: fc.record(
      {
        type: fc.constant('RecordRefundPending'),
        tries,
        gatewayRef: fc.constantFrom(null, 'gwr_1'),
        at,
      },
      { requiredKeys: ['type', 'gatewayRef', 'at'] },
    ),
    RecordRefundDeclined: fc.record(
      {
        type: fc.constant('RecordRefundDeclined'),
        tries,
        code: fc.constantFrom('MerchantConfig', 'AlreadyRefunded', 'GatewayDown'),
        at,
      },
      { requiredKeys: ['type', 'code', 'at'] },
    ),
    RecordRefundUnknown: fc.record({
      type: fc.constant('RecordRefundUnknown'),
      cause: fc.constantFrom('timeout', 'reset'),
      at,
    }),
    RecordRefundSnapshot: fc.record(
      {
        type: fc.constant('RecordRefundSnapshot'),
        snapshot: fc.record({ status: fc.constantFrom('pending', 'succeeded', 'failed'), at }).map(refundSnapshot),
        isAnswer: fc.constant(true),
        tries,
      },
      { requiredKeys: ['type', 'snapshot'] },
    ),
    DecideRefund: fc.record(
      {
        type: fc.constant('DecideRefund'),
        moved: fc.boolean(),
        goneMinor: fc.constantFrom(0, 2000, 6000),
        at,
      },
      { requiredKeys: ['type', 'moved', 'at'] },
    ),
    RecordRefundAsked: fc.record({ type: fc.constant('RecordRefundAsked'), at }),
    RequestManualPayout: fc.record({ type: fc.constant('RequestManualPayout'), at }),
    ConfirmManualPayout: fc.record({ type: fc.constant('ConfirmManualPayout'), at }),
    CancelRefund: fc.record({ type: fc.constant('CancelRefund'), at }),
    HoldRefund: fc.record({ type: fc.constant('HoldRefund'), at }),
    ResumeRefund: fc.record({ type: fc.constant('ResumeRefund'), at }),
    ReduceRefund: fc.constantFrom(6000, 5999, 0, 7000).map(reduced),
    CoverRefund: fc.record(
      {
        type: fc.constant('CoverRefund'),
        disputeId: fc.constantFrom('dispute_1', 'dispute_2'),
        coveredMinor: fc.constantFrom(0, 2000, 6000, 7000),
        at,
      },
      { requiredKeys: ['type', 'disputeId', 'at'] },
    ),
  },
  model,
  parts: {
    'paid by hand for the rest': [
      'RequestRefund',
      'SubmitRefund',
      { type: 'DecideRefund', moved: false, goneMinor: 2000, at: t0 },
      'RequestManualPayout',
      'ConfirmManualPayout',
      ...[moments[0], moments[2]].map(
        (moment): RefundCommand => ({
          type: 'RecordRefundSnapshot',
          snapshot: refundSnapshot({ status: 'failed', at: moment }),
        }),
      ),
      {
        type: 'RecordRefundSnapshot',
        snapshot: { ...refundSnapshot({ status: 'failed', at: moments[1] }), goneMinor: 2000 },
      },
      { type: 'RecordRefundSnapshot', snapshot: refundSnapshot({ status: 'succeeded', at: moments[2] }) },
      'ResumeRefund',
      { type: 'CoverRefund', disputeId: 'dispute_1', at: t0 },
    ],
  },
  limits: { maxStates: 60_000 },
  alike: alikeInOrder(model, ['queries', 'tries', 'askedAt', 'queryAt']),
  invariants: {
    'succeeded says what the gateway says, or else a person': (state) =>
      state.status !== 'succeeded' || hasSucceeded(state) || state.known.decided?.moved === true,
    'a failed one has not succeeded': (state) => state.status !== 'failed' || !hasSucceeded(state),
    'what is under way is asked about': (state) =>
      state.status === 'absent' ||
      (state.queryAt !== null) === ['submitted', 'pending', 'unknown'].includes(state.status),
  },
}
