import fc from 'fast-check'
import type { PaymentCommand, PaymentError, PaymentEvent } from '../../src/payments/payment.js'
import {
  capturableMinor,
  paymentMachine,
  refundableMinor,
  suspendedMinor,
  takenMinor,
  undecidedMinor,
  untakenMinor,
} from '../../src/payments/payment-machine.js'
import type { PaymentState } from '../../src/payments/payment-steps.js'
import { paymentTable } from '../../src/payments/payment-table.js'
import type { PaymentSnapshot } from '../../src/payments/snapshot.js'
import { minutesMs } from '../../src/shared/instant.js'
import { alikeInOrder } from '../kit/alike.js'
import type { MachineUnderTest } from '../kit/machine-under-test.js'
import { capturedSnapshot, samplePayment, sampleSnapshot, t0 } from './payment-samples.js'

const heldSnapshot = (capturedMinor: number): PaymentSnapshot =>
  sampleSnapshot({ status: 'authorised', authorisedMinor: 8888, capturedMinor, at: t0 + 1600 })

const snapshots = [
  sampleSnapshot({ status: 'requiresAction' }),
  sampleSnapshot({ status: 'processing' }),
  sampleSnapshot({ status: 'authorised', authorisedMinor: 8888, at: t0 + 1500 }),
  sampleSnapshot({ status: 'authorised', authorisedMinor: 8888, capturedMinor: 3000, at: t0 + 1600 }),
  sampleSnapshot({ status: 'authorised', authorisedMinor: 8888, capturedMinor: 5888, at: t0 + 1700 }),
  capturedSnapshot({ authorisedMinor: 3000, capturedMinor: 3000 }),
  capturedSnapshot(),
  sampleSnapshot({ status: 'failed', failure: 'InsufficientFunds', at: t0 + 1200 }),
  sampleSnapshot({ status: 'closed', at: t0 + 1800 }),
  capturedSnapshot({ total: { minor: 1, currency: 'CNY' }, capturedMinor: 1 }),
  // Of what does not fit nothing was taken.
  sampleSnapshot({ status: 'requiresAction', total: { minor: 1, currency: 'CNY' } }),
]

const heldPayment = { type: 'StartPayment', ...samplePayment, capture: 'manual', holdUntil: t0 + 600_000 } as const

const at = fc.integer({ min: 0, max: 3 }).map((seconds) => t0 + seconds * 1000)
const refundId = fc.constantFrom('refund_1', 'refund_2', 'refund_3')

const model: MachineUnderTest<PaymentState, PaymentCommand, PaymentEvent, PaymentError>['model'] = {
  StartPayment: [heldPayment],
  RecordCreated: [
    { type: 'RecordCreated', gatewayRef: 'gw_1', nextKind: 'none', at: t0 },
    { type: 'RecordCreated', gatewayRef: null, nextKind: 'qr', at: t0 },
  ],
  RecordDeclined: [
    { type: 'RecordDeclined', code: 'InsufficientFunds', at: t0 },
    { type: 'RecordDeclined', code: 'AlreadyPaid', at: t0 },
  ],
  RecordUnknown: [{ type: 'RecordUnknown', cause: 'timeout', at: t0 }],
  RecordSnapshot: snapshots
    .filter(({ capturedMinor }) => capturedMinor !== 5888)
    .map((snapshot) => ({ type: 'RecordSnapshot', snapshot })),
  // How often it was asked is left to the random walks.
  RecordAsked: [],
  RequestClose: [{ type: 'RequestClose', reason: 'unpaidDeadline', at: t0 }],
  ConfirmClosed: [{ type: 'ConfirmClosed', evidence: 'closedByGateway', at: t0 }],
  RequestCapture: [{ type: 'RequestCapture', captureId: 'capture_1', amountMinor: 3000, final: false, at: t0 }],
  ResendCapture: [t0, t0 + minutesMs].map((at) => ({
    type: 'ResendCapture' as const,
    captureId: 'capture_1',
    at,
  })),
  FailCapture: [{ type: 'FailCapture', captureId: 'capture_1', code: 'Expired' }],
  // What is left of a hold is a part of its own.
  ForgoHold: [],
  ConfirmReleased: [{ type: 'ConfirmReleased' }],
  ReserveRefund: [{ type: 'ReserveRefund', refundId: 'refund_1', amountMinor: 2 }],
  SettleRefund: [{ type: 'SettleRefund', refundId: 'refund_1' }],
  ReopenRefund: [{ type: 'ReopenRefund', refundId: 'refund_1' }],
  ReduceRefund: [{ type: 'ReduceRefund', refundId: 'refund_1', amountMinor: 1 }],
  ReleaseRefund: [{ type: 'ReleaseRefund', refundId: 'refund_1' }],
  CoverRefund: [{ type: 'CoverRefund', refundId: 'refund_1', amountMinor: 1 }],
  // These are noted in every status alike; the random walks do so.
  RecordWaiting: [],
  RecordDispute: [],
  // Money in another currency, and what of the payment's own is accepted, are parts of their own.
  RecordHeldReturned: [],
  AcceptHeld: [],
  // What a person says is a part of its own, too.
  DecidePayment: [],
  WeighWord: [],
}

/** A payment of 88.88 in a world of few moments, few words and three refunds. */
export const paymentModel: MachineUnderTest<PaymentState, PaymentCommand, PaymentEvent, PaymentError> = {
  name: 'payment',
  decider: paymentMachine,
  table: paymentTable,
  statuses: {
    absent: 'open',
    created: 'open',
    requiresAction: 'open',
    processing: 'open',
    unknown: 'open',
    authorised: 'open',
    partlyCaptured: 'open',
    failed: 'rest',
    closing: 'open',
    closed: 'rest',
    captured: 'rest',
    capturedAfterClose: 'rest',
    integrityHold: 'rest',
  },
  arbitraries: {
    StartPayment: fc.constantFrom('automatic', 'manual').map((capture) => ({ ...heldPayment, capture })),
    RecordCreated: fc.record({
      type: fc.constant('RecordCreated'),
      gatewayRef: fc.constantFrom(null, 'gw_1', 'gw_2'),
      nextKind: fc.constantFrom('none', 'qr'),
      at,
    }),
    RecordDeclined: fc.record({
      type: fc.constant('RecordDeclined'),
      code: fc.constantFrom('InsufficientFunds', 'AlreadyPaid', 'GatewayDown'),
      at,
    }),
    RecordUnknown: fc.record({
      type: fc.constant('RecordUnknown'),
      cause: fc.constantFrom('timeout', 'reset', 'serverError'),
      at,
    }),
    // What is seen only after another word is said more often.
    RecordSnapshot: fc.record({
      type: fc.constant('RecordSnapshot'),
      snapshot: fc.constantFrom(...snapshots, ...snapshots.filter(({ capturedMinor }) => capturedMinor === 5888)),
    }),
    RecordAsked: fc.record({ type: fc.constant('RecordAsked' as const), at }).map((asked) => {
      if (asked.at === t0) return { ...asked, byPerson: true as const }
      return asked.at === t0 + 1000 ? { ...asked, gone: true as const } : { ...asked, unheard: true as const }
    }),
    RequestClose: fc.record({
      type: fc.constant('RequestClose'),
      reason: fc.constantFrom('unpaidDeadline', 'buyerSaysUnpaid'),
      at,
    }),
    ConfirmClosed: fc.record({
      type: fc.constant('ConfirmClosed'),
      evidence: fc.constantFrom('closedByGateway', 'notFoundAfterExpiry', 'failed'),
      at: fc.constantFrom(t0, samplePayment.expiresAt),
    }),
    RequestCapture: fc.record({
      type: fc.constant('RequestCapture'),
      captureId: fc.constantFrom('capture_1', 'capture_2'),
      amountMinor: fc.constantFrom(0, 3000, 5888, 8888),
      final: fc.boolean(),
      at,
    }),
    ResendCapture: fc.record({
      type: fc.constant('ResendCapture'),
      captureId: fc.constantFrom('capture_1', 'capture_2'),
      at: fc.constantFrom(t0, t0 + minutesMs, t0 + 2 * minutesMs),
    }),
    FailCapture: fc.record({
      type: fc.constant('FailCapture'),
      captureId: fc.constantFrom('capture_1', 'capture_2'),
      code: fc.constantFrom('Expired', 'AlreadyPaid'),
    }),
    ForgoHold: fc.record({ type: fc.constant('ForgoHold'), amountMinor: fc.constantFrom(0, 2888, 5888, 8888) }),
    RecordWaiting: fc.record({ type: fc.constant('RecordWaiting'), waits: fc.boolean() }),
    ConfirmReleased: fc.constant({ type: 'ConfirmReleased' }),
    ReserveRefund: fc.record(
      {
        type: fc.constant('ReserveRefund'),
        refundId,
        amountMinor: fc.constantFrom(0, 1, 2888, 4444, 6000, 8888),
        waits: fc.constant(true),
      },
      { requiredKeys: ['type', 'refundId', 'amountMinor'] },
    ),
    SettleRefund: fc.record({ type: fc.constant('SettleRefund'), refundId }),
    ReopenRefund: fc.record({ type: fc.constant('ReopenRefund'), refundId }),
    ReduceRefund: fc.record({
      type: fc.constant('ReduceRefund'),
      refundId,
      amountMinor: fc.constantFrom(0, 1, 2888, 4444, 8888),
    }),
    ReleaseRefund: fc.record({ type: fc.constant('ReleaseRefund'), refundId }),
    CoverRefund: fc.record({ type: fc.constant('CoverRefund'), refundId, amountMinor: fc.constantFrom(1, 100) }),
    RecordDispute: fc.record({
      type: fc.constant('RecordDispute'),
      disputeId: fc.constantFrom('dispute_1', 'dispute_2'),
      amountMinor: fc.constantFrom(2888, 8888),
      status: fc.constantFrom('inquiry', 'held', 'lost', 'won'),
    }),
    AcceptHeld: fc.record(
      { type: fc.constant('AcceptHeld'), amountMinor: fc.constantFrom(0, 1, 2, 8888), final: fc.constant(true), at },
      { requiredKeys: ['type', 'amountMinor', 'at'] },
    ),
    DecidePayment: fc.record({ type: fc.constant('DecidePayment'), paid: fc.boolean(), at }),
    WeighWord: fc.record(
      {
        type: fc.constant('WeighWord'),
        takenMinor: fc.constantFrom(0, 3000, 5888, 8888),
        heldMinor: fc.constantFrom(0, 3000, 8888),
        at,
      },
      { requiredKeys: ['type', 'takenMinor', 'at'] },
    ),
    RecordHeldReturned: fc.record({
      type: fc.constant('RecordHeldReturned'),
      currency: fc.constantFrom('CNY', 'USD'),
      at,
    }),
  },
  model,
  parts: {
    'a dispute before its money': [
      ...(['StartPayment', 'RecordCreated', 'RecordUnknown', 'RecordDeclined'] as const),
      { type: 'RecordSnapshot', snapshot: heldSnapshot(0) },
      ...(['inquiry', 'lost'] as const).map((status) => ({
        type: 'RecordDispute' as const,
        disputeId: 'dispute_1',
        amountMinor: 2888,
        status,
      })),
    ],
    'held money that counts': [
      'StartPayment',
      ...[3, 5].map((minor) => ({
        type: 'RecordSnapshot' as const,
        snapshot: capturedSnapshot({ total: { minor, currency: 'CNY' }, capturedMinor: minor }),
      })),
      { type: 'RecordSnapshot', snapshot: capturedSnapshot() },
      ...[2, 3, 6].map((amountMinor) => ({ type: 'AcceptHeld' as const, amountMinor, at: t0 })),
      { type: 'ReserveRefund', refundId: 'refund_1', amountMinor: 2, heldMinor: 2 },
      'SettleRefund',
      ...[1, 3].map((amountMinor) => ({ type: 'SettleRefund' as const, refundId: 'refund_1', amountMinor })),
      'ReopenRefund',
      'ReduceRefund',
      'ReleaseRefund',
    ],
    'held money that counts, of which more comes': [
      'StartPayment',
      {
        type: 'RecordSnapshot',
        snapshot: capturedSnapshot({ total: { minor: 5000, currency: 'CNY' }, capturedMinor: 5000 }),
      },
      { type: 'RecordSnapshot', snapshot: capturedSnapshot() },
      ...[5000, 3888].map((amountMinor) => ({
        type: 'AcceptHeld' as const,
        amountMinor,
        final: true as const,
        at: t0,
      })),
      { type: 'ReserveRefund', refundId: 'refund_1', amountMinor: 2, heldMinor: 2 },
      'SettleRefund',
    ],
    'a hold of which the rest is not taken': [
      'StartPayment',
      { type: 'RecordSnapshot', snapshot: heldSnapshot(0) },
      { type: 'RecordSnapshot', snapshot: heldSnapshot(3000) },
      {
        type: 'RecordSnapshot',
        snapshot: sampleSnapshot({ status: 'failed', failure: 'InsufficientFunds', at: t0 + 1200 }),
      },
      { type: 'RecordSnapshot', snapshot: capturedSnapshot() },
      ...[8888, 5888].map((amountMinor) => ({ type: 'ForgoHold' as const, amountMinor })),
      'RequestCapture',
      'ConfirmReleased',
      'RequestClose',
      'ConfirmClosed',
    ],
    'a hold that is taken in steps': [
      'StartPayment',
      { type: 'RecordDeclined', code: 'InsufficientFunds', at: t0 + 5000 },
      ...[0, 3000, 5888].map((minor) => ({ type: 'RecordSnapshot' as const, snapshot: heldSnapshot(minor) })),
    ],
    'the part of an order that waits for others': [
      'StartPayment',
      { type: 'RecordCreated', gatewayRef: null, nextKind: 'none', at: t0 },
      { type: 'RecordSnapshot', snapshot: sampleSnapshot({ status: 'processing' }) },
      { type: 'RecordSnapshot', snapshot: capturedSnapshot() },
      ...[true, false].map((waits) => ({ type: 'RecordWaiting' as const, waits })),
      'ReserveRefund',
    ],
    'what a person says': [
      'StartPayment',
      'RecordUnknown',
      { type: 'RecordSnapshot', snapshot: heldSnapshot(0) },
      { type: 'RecordSnapshot', snapshot: heldSnapshot(3000) },
      {
        type: 'RecordSnapshot',
        snapshot: sampleSnapshot({ status: 'requiresAction', total: { minor: 1, currency: 'CNY' } }),
      },
      { type: 'RecordSnapshot', snapshot: heldSnapshot(5888) },
      'RequestCapture',
      { type: 'RequestCapture', captureId: 'capture_2', amountMinor: 5888, final: true, at: t0 },
      'RequestClose',
      'ResendCapture',
      'FailCapture',
      ...[true, false].map((paid) => ({ type: 'DecidePayment' as const, paid, at: t0 })),
      ...[0, 3000, 8888].map((takenMinor) => ({ type: 'WeighWord' as const, takenMinor, at: t0 })),
      { type: 'WeighWord', takenMinor: 0, heldMinor: 8888, at: t0 },
    ],
    'what a person says of what is taken at once': [
      { ...heldPayment, capture: 'automatic' },
      'RecordUnknown',
      {
        type: 'RecordSnapshot',
        snapshot: sampleSnapshot({ status: 'requiresAction', total: { minor: 1, currency: 'CNY' } }),
      },
      'RequestClose',
      ...[true, false].map((paid) => ({ type: 'DecidePayment' as const, paid, at: t0 })),
      ...[0, 3000, 8888].map((takenMinor) => ({ type: 'WeighWord' as const, takenMinor, at: t0 })),
      ...[{}, { byPerson: true as const }].map((by) => ({ type: 'RecordAsked' as const, ...by, at: t0 })),
    ],
    'a hold of a gateway that is gone': [
      'StartPayment',
      { type: 'RecordSnapshot', snapshot: heldSnapshot(0) },
      { type: 'RecordSnapshot', snapshot: heldSnapshot(3000) },
      // What a person asks is not counted, so that there is an end to it.
      ...[{ gone: true as const }, {}].map((found) => ({
        ...{ type: 'RecordAsked' as const, byPerson: true as const, at: t0 },
        ...found,
      })),
      { type: 'ForgoHold', amountMinor: 3000 },
      'RequestCapture',
      'RequestClose',
      ...[true, false].map((paid) => ({ type: 'DecidePayment' as const, paid, at: t0 })),
      { type: 'WeighWord', takenMinor: 3000, at: t0 },
    ],
    'money in another currency': [
      'StartPayment',
      ...[8888, 9999].map((minor) => ({
        type: 'RecordSnapshot' as const,
        snapshot: capturedSnapshot({ total: { minor, currency: 'USD' }, capturedMinor: minor }),
      })),
      { type: 'RecordSnapshot', snapshot: capturedSnapshot() },
      ...['CNY', 'USD', 'EUR'].map((currency) => ({ type: 'RecordHeldReturned' as const, currency, at: t0 })),
      'ReserveRefund',
      'SettleRefund',
      'RequestClose',
      'ConfirmClosed',
    ],
  },
  alike: alikeInOrder(model, ['queries', 'askedAt', 'queryAt']),
  invariants: {
    'what goes back was taken': (state) =>
      state.status === 'absent' ||
      (refundableMinor(state) >= 0 && state.refundReservedMinor + state.refundedMinor <= takenMinor(state)),
    'the sums of the shares are the totals': (state) =>
      state.status === 'absent' ||
      (state.refundReservedMinor === sumShares(state, 'reserved') &&
        state.refundedMinor === sumShares(state, 'refunded')),
    'what is under way is asked about': (state) =>
      state.status === 'absent' ||
      (state.queryAt !== null) ===
        (state.said !== undefined ||
          ['created', 'requiresAction', 'processing', 'unknown', 'authorised', 'partlyCaptured', 'closing'].includes(
            state.status,
          )),
    'no more is taken, or to be taken, than the amount': (state) =>
      state.status === 'absent' ||
      (capturableMinor(state) >= 0 && capturableMinor(state) <= untakenMinor(state)) ||
      untakenMinor(state) < 0,
    'no more of another currency has gone back than came, and who is to decide knows': (state) =>
      state.status === 'absent' ||
      (state.known.suspended.every(({ currency }) => undecidedMinor(state, currency) >= 0) &&
        (state.toDecide !== true || state.status === 'integrityHold')),
    'what a person has still to decide about stands in suspense, and nobody has it back': (state) =>
      state.status === 'absent' ||
      undecidedMinor(state, state.currency) <= Math.min(suspendedMinor(state, state.currency), refundableMinor(state)),
    'what a person says was taken is counted as taken, and no more is denied': (state) =>
      state.status === 'absent' ||
      state.said === undefined ||
      (takenMinor(state) >= state.said.minor &&
        (state.said.deniedMinor ?? 0) <= state.said.minor &&
        (state.said.heldMinor ?? 0) <= (state.said.deniedMinor ?? 0)),
    'a capture is under way only while money is held': (state) =>
      state.status === 'absent' ||
      state.capturing === undefined ||
      state.status === 'authorised' ||
      state.status === 'partlyCaptured' ||
      (state.status === 'captured' && state.said?.heldMinor !== undefined),
  },
  limits: { walkLength: 60 },
}

const sumShares = (state: Exclude<PaymentState, { status: 'absent' }>, status: 'reserved' | 'refunded'): number =>
  state.refunds.filter((share) => share.status === status).reduce((sum, share) => sum + share.amountMinor, 0)
