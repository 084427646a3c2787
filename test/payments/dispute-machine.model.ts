import fc from 'fast-check'
import type { DisputeCommand, DisputeError, DisputeEvent } from '../../src/payments/dispute.js'
import { type DisputeState, disputeMachine } from '../../src/payments/dispute-machine.js'
import { disputeTable } from '../../src/payments/dispute-table.js'
import type { DisputeSnapshot } from '../../src/payments/snapshot.js'
import { alikeInOrder } from '../kit/alike.js'
import type { MachineUnderTest } from '../kit/machine-under-test.js'
import { samplePayment, t0 } from './payment-samples.js'

const { paymentId, orderId, accountId, merchantId, gatewayId } = samplePayment

/** The dispute of the sample payment. */
export const sampleDispute = {
  disputeId: 'sandbox:dp_1',
  paymentId,
  orderId,
  accountId,
  merchantId,
  gatewayId,
  queryable: true,
}

/** What a gateway says of it: 88.88 wanted, to be contested within a week. */
export const disputeSnapshot = (facts: Partial<DisputeSnapshot> = {}): DisputeSnapshot => ({
  kind: 'dispute',
  disputeRef: 'dp_1',
  attemptRef: paymentId,
  status: 'evidenceDue',
  reason: 'notReceived',
  amount: { minor: 8888, currency: 'CNY' },
  lostMinor: null,
  feeMinor: null,
  evidenceDueAt: t0 + 604_800_000,
  at: t0 + 1000,
  ...facts,
})

const recordOf = (snapshot: DisputeSnapshot): Extract<DisputeCommand, { type: 'RecordDispute' }> => ({
  type: 'RecordDispute',
  about: sampleDispute,
  snapshot,
  at: snapshot.at,
})

const statuses = ['inquiry', 'evidenceDue', 'underReview', 'won', 'lost'] as const
const at = fc.integer({ min: 0, max: 3 }).map((seconds) => t0 + seconds * 1000)
const evidenceId = fc.constantFrom('evidence_1', 'evidence_2')

/** Any word on the dispute, in a world of four moments. */
export const anyDisputeSnapshot: fc.Arbitrary<DisputeSnapshot> = fc
  .record({
    status: fc.constantFrom(...statuses),
    mayAppeal: fc.boolean(),
    lostMinor: fc.constantFrom(null, 500),
    feeMinor: fc.constantFrom(null, 0, 1500),
    evidenceDueAt: fc.constantFrom(null, t0 + 1000),
    amountMinor: fc.constantFrom(8888, 2000),
    at,
  })
  .map(({ amountMinor, ...facts }) => disputeSnapshot({ ...facts, amount: { minor: amountMinor, currency: 'CNY' } }))

const model: MachineUnderTest<DisputeState, DisputeCommand, DisputeEvent, DisputeError>['model'] = {
  RecordDispute: [
    ...statuses.flatMap((status, index) => [
      recordOf(disputeSnapshot({ status, at: t0 + index })),
      recordOf(disputeSnapshot({ status, at: t0 + 10 - index })),
    ]),
    recordOf(disputeSnapshot({ feeMinor: 1500, amount: { minor: 2000, currency: 'CNY' }, at: t0 + 3 })),
    recordOf(disputeSnapshot({ status: 'lost', mayAppeal: true, at: t0 + 20 })),
  ],
  RecordDisputeAsked: [{ type: 'RecordDisputeAsked', at: t0 }],
  RecordDisputeUnheard: [{ type: 'RecordDisputeUnheard', at: t0 }],
  DecideDispute: [
    { type: 'DecideDispute', won: true, at: t0 },
    { type: 'DecideDispute', won: false, lostMinor: 500, at: t0 },
  ],
  RemindOfEvidence: [{ type: 'RemindOfEvidence', at: t0 + 604_800_000 }],
  SendEvidence: [
    { type: 'SendEvidence', evidenceId: 'evidence_1', at: t0 },
    { type: 'SendEvidence', evidenceId: 'evidence_1', at: t0, accepts: true },
  ],
  RecordEvidence: [
    { type: 'RecordEvidence', evidenceId: 'evidence_1', outcome: 'taken', code: null },
    { type: 'RecordEvidence', evidenceId: 'evidence_1', outcome: 'refused', code: 'Expired' },
  ],
}

/** A dispute of 88.88 in a world of few moments. */
export const disputeModel: MachineUnderTest<DisputeState, DisputeCommand, DisputeEvent, DisputeError> = {
  name: 'dispute',
  decider: disputeMachine,
  table: disputeTable,
  statuses: {
    absent: 'open',
    inquiry: 'open',
    evidenceDue: 'open',
    underReview: 'open',
    // A bank may come back on its word.
    won: 'rest',
    lost: 'rest',
  },
  arbitraries: {
    RecordDispute: anyDisputeSnapshot.map(recordOf),
    RecordDisputeAsked: fc.record({ type: fc.constant('RecordDisputeAsked'), at }),
    RecordDisputeUnheard: fc.record({ type: fc.constant('RecordDisputeUnheard'), at }),
    DecideDispute: fc.record(
      { type: fc.constant('DecideDispute'), won: fc.boolean(), lostMinor: fc.constant(500), at },
      { requiredKeys: ['type', 'won', 'at'] },
    ),
    RemindOfEvidence: fc.record({ type: fc.constant('RemindOfEvidence'), at }),
    SendEvidence: fc.record(
      { type: fc.constant('SendEvidence'), evidenceId, at, accepts: fc.constant(true) },
      { requiredKeys: ['type', 'evidenceId', 'at'] },
    ),
    RecordEvidence: fc.record({
      type: fc.constant('RecordEvidence'),
      evidenceId,
      outcome: fc.constantFrom('taken', 'refused'),
      code: fc.constantFrom(null, 'Expired'),
    }),
  },
  model,
  alike: alikeInOrder(model, ['queries', 'askedAt', 'queryAt']),
  invariants: {
    'what is open is asked about, and an appeal that nobody has answered': (state) =>
      state.status === 'absent' ||
      (state.queryAt !== null) ===
        (['inquiry', 'evidenceDue', 'underReview'].includes(state.status) ||
          (state.status === 'lost' &&
            state.decided === undefined &&
            state.known.word.mayAppeal === true &&
            state.evidence?.outcome === 'waiting' &&
            state.evidence.accepts !== true)),
    'nobody is reminded of what wants no answer': (state) =>
      state.status === 'absent' ||
      (state.remindAt ?? null) === null ||
      (['inquiry', 'evidenceDue'].includes(state.status) && state.known.word.evidenceDueAt !== state.remindedOf),
    'it is as the last word says': (state) =>
      state.status === 'absent' || state.status === (state.decided?.status ?? state.known.word.status),
    'only of what is still to be said is nothing heard': (state) =>
      state.status === 'absent' || state.unheardSince === undefined || state.queryAt !== null,
  },
}
