import type { TransitionTable } from '../shared/decider.js'
import type { Refund, RefundCommand, RefundEvent } from './refund.js'

type Status = Refund['status'] | 'absent'

/** The statuses in which something is under way. */
const sent: readonly Status[] = ['submitted', 'pending', 'unknown']

/** Which command leads a refund where. */
export const refundTable: TransitionTable<Status, RefundCommand['type'], RefundEvent['type']> = [
  { from: 'absent', command: 'RequestRefund', events: 'RefundRequested', to: 'requested' },
  { from: ['requested', 'submitted', 'unknown', 'failed'], command: 'SubmitRefund', events: 'RefundSubmitted', to: 'submitted' },
  { from: sent, command: 'RecordRefundPending', events: [], to: 'pending' },
  { from: ['succeeded','failed','manualPayout','paidManually'], command: 'RecordRefundPending', events: [], to: 'pending' },
  { from: [...sent, 'succeeded','failed','manualPayout','paidManually'], command: 'RecordRefundDeclined', events: [], to: 'pending' },
  { from: [...sent, 'succeeded','failed','manualPayout','paidManually'], command: 'RecordRefundUnknown', events: [], to: 'pending' },
  { from: [...sent, 'succeeded','failed','manualPayout','paidManually'], command: 'RecordRefundSnapshot', events: [], to: 'pending' },
  { from: [...sent], command: 'RecordRefundAsked', events: [], to: 'pending' },
  { from: ['requested','failed','manualPayout'], command: 'RequestManualPayout', events: [], to: 'pending' },
  { from: ['manualPayout','paidManually'], command: 'ConfirmManualPayout', events: [], to: 'pending' },
  { from: ['requested','cancelled'], command: 'CancelRefund', events: [], to: 'pending' },
]
