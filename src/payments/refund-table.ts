import type { TransitionTable } from '../shared/decider.js'
import type { Refund, RefundCommand, RefundEvent } from './refund.js'

export type RefundStatus = Refund['status'] | 'absent'

/** Something is under way. */
const sent: readonly RefundStatus[] = ['submitted', 'pending', 'unknown']

/** Those whose payer does not have the money yet, and is to get it. */
export const openRefundStatuses: readonly Refund['status'][] = [
  'requested',
  'submitted',
  'pending',
  'unknown',
  'failed',
  'manualPayout',
  'held',
]

/** Something is known of the end, or a person has taken over; what the gateway says still counts. */
const afterwards: readonly RefundStatus[] = ['succeeded', 'failed', 'manualPayout', 'paidManually', 'chargedBack']

/** To be sent, be it again: of a try before, the gateway may still speak. */
const waiting: readonly RefundStatus[] = ['requested', 'held']

/** The payer has it by another way than the gateway's. */
const paidOtherwise: readonly RefundStatus[] = ['paidManually', 'chargedBack']

/** One row for each status, staying there. */
const staying = (
  statuses: readonly RefundStatus[],
  row: {
    readonly command: RefundCommand['type']
    readonly events: RefundEvent['type'] | readonly []
    readonly guard?: string
  },
) => statuses.map((status) => ({ ...row, from: status, to: status }))

const said = 'RecordRefundSnapshot'
const known = 'nothing new'
const ofEarlier = 'of an earlier try'
const little = 'new, but not for the status'

/** Which command leads a refund where. */
export const refundTable: TransitionTable<RefundStatus, RefundCommand['type'], RefundEvent['type']> = [
  { from: 'absent', command: 'RequestRefund', events: 'RefundRequested', to: 'requested' },
  { from: ['requested', 'held'], command: 'CancelRefund', events: 'RefundCancelled', to: 'cancelled' },
  ...staying(['cancelled'], { command: 'CancelRefund', events: [] }),
  { from: ['requested', 'failed'], command: 'SubmitRefund', events: 'RefundSubmitted', to: 'submitted' },

  { from: ['submitted', 'unknown'], command: 'RecordRefundPending', events: 'RefundPending', to: 'pending' },
  ...staying(['pending', ...waiting, ...afterwards], {
    command: 'RecordRefundPending',
    events: 'RefundFactsLearned',
    guard: little,
  }),
  ...staying(['pending', ...waiting, ...afterwards], { command: 'RecordRefundPending', events: [], guard: known }),
  ...staying(['submitted', 'unknown'], { command: 'RecordRefundPending', events: [], guard: ofEarlier }),

  { from: sent, command: 'RecordRefundDeclined', events: 'RefundFailed', to: 'failed', guard: 'definite' },
  {
    from: 'submitted',
    command: 'RecordRefundDeclined',
    events: 'RefundUnknownOutcome',
    to: 'unknown',
    guard: 'it may hide a success',
  },
  ...staying(['pending', 'unknown', ...waiting, ...afterwards], {
    command: 'RecordRefundDeclined',
    events: [],
    guard: 'it may hide a success, or is no longer asked',
  }),
  ...staying(['submitted'], { command: 'RecordRefundDeclined', events: [], guard: ofEarlier }),

  { from: 'submitted', command: 'RecordRefundUnknown', events: 'RefundUnknownOutcome', to: 'unknown' },
  ...staying(['pending', 'unknown', ...waiting, ...afterwards], { command: 'RecordRefundUnknown', events: [] }),

  { from: ['submitted', 'unknown'], command: said, events: 'RefundPending', to: 'pending', guard: 'accepted' },
  {
    from: [...sent, ...waiting, 'failed', 'manualPayout'],
    command: said,
    events: 'RefundSucceeded',
    to: 'succeeded',
    guard: 'the payer has it',
  },
  { from: sent, command: said, events: 'RefundFailed', to: 'failed', guard: 'it failed' },
  { from: 'succeeded', command: said, events: 'RefundReversed', to: 'failed', guard: 'it came back' },
  {
    from: 'paidManually',
    command: said,
    events: 'RefundReversed',
    to: 'manualPayout',
    guard: 'what had arrived beside came back',
  },
  {
    from: 'manualPayout',
    command: said,
    events: 'RefundSucceeded',
    to: 'paidManually',
    guard: 'it arrived beside what was paid',
  },
  ...staying(paidOtherwise, { command: said, events: 'RefundPaidTwice', guard: 'the payer has it' }),
  ...staying([...sent, ...waiting, ...afterwards], { command: said, events: 'RefundFactsLearned', guard: little }),
  ...staying([...sent, ...waiting, ...afterwards], { command: said, events: [], guard: known }),

  { from: sent, command: 'DecideRefund', events: 'RefundSucceeded', to: 'succeeded', guard: 'it moved' },
  { from: sent, command: 'DecideRefund', events: 'RefundFailed', to: 'failed', guard: 'it did not move' },

  ...staying(sent, { command: 'RecordRefundAsked', events: 'RefundQueried' }),
  ...staying([...waiting, ...afterwards], { command: 'RecordRefundAsked', events: [] }),

  {
    from: ['requested', 'held', 'failed'],
    command: 'RequestManualPayout',
    events: 'ManualPayoutRequested',
    to: 'manualPayout',
  },
  ...staying(['manualPayout'], { command: 'RequestManualPayout', events: [] }),
  { from: 'manualPayout', command: 'ConfirmManualPayout', events: 'RefundPaidManually', to: 'paidManually' },
  ...staying(['paidManually'], { command: 'ConfirmManualPayout', events: [] }),

  { from: 'requested', command: 'HoldRefund', events: 'RefundHeld', to: 'held' },
  ...staying(['requested', 'held'], {
    command: 'ReduceRefund',
    events: 'RefundReduced',
    guard: 'never sent, and the payer has the difference by a dispute',
  }),
  ...staying(['requested', 'held'], { command: 'ReduceRefund', events: [], guard: 'by nothing' }),
  { from: ['held', 'chargedBack'], command: 'ResumeRefund', events: 'RefundResumed', to: 'requested' },
  {
    from: 'chargedBack',
    command: 'ResumeRefund',
    events: 'RefundResumed',
    to: 'succeeded',
    guard: 'the gateway has sent it all the same',
  },
  {
    from: 'chargedBack',
    command: 'ResumeRefund',
    events: 'RefundResumed',
    to: 'manualPayout',
    guard: 'a person had paid a part',
  },
  {
    from: 'chargedBack',
    command: 'ResumeRefund',
    events: 'RefundResumed',
    to: 'paidManually',
    guard: 'a person had paid a part, and the rest arrived',
  },
  {
    from: ['requested', 'held', 'failed', 'manualPayout'],
    command: 'CoverRefund',
    events: 'RefundChargedBack',
    to: 'chargedBack',
  },
  ...staying(['chargedBack'], {
    command: 'CoverRefund',
    events: 'RefundChargedBack',
    guard: 'by another dispute, or another part of it',
  }),
  ...staying(['chargedBack'], { command: 'CoverRefund', events: [], guard: 'by the same' }),
]
