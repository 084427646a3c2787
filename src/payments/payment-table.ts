import type { TransitionTable } from '../shared/decider.js'
import type { Payment, PaymentCommand, PaymentEvent } from './payment.js'

export type PaymentStatus = Payment['status'] | 'absent'

/** Nothing is decided and nobody asked for the end. */
const waiting: readonly PaymentStatus[] = ['created', 'requiresAction', 'processing', 'unknown']

/** Held, in part taken or not. */
const held: readonly PaymentStatus[] = ['authorised', 'partlyCaptured']

/** Money was taken, and no more will be. */
const settled: readonly PaymentStatus[] = ['captured', 'capturedAfterClose', 'integrityHold']

const moneySeen: readonly PaymentStatus[] = ['partlyCaptured', ...settled]

const afterwards: readonly PaymentStatus[] = ['failed', 'closed', ...moneySeen]

/** One row for each status, staying there. */
const staying = (
  statuses: readonly PaymentStatus[],
  row: {
    readonly command: PaymentCommand['type']
    readonly events: PaymentEvent['type'] | readonly PaymentEvent['type'][]
    readonly guard?: string
  },
) => statuses.map((status) => ({ ...row, from: status, to: status }))

const said = 'RecordSnapshot'
const known = 'nothing new'
const little = 'new, but not for the status'

/** Which command leads a payment where. */
export const paymentTable: TransitionTable<PaymentStatus, PaymentCommand['type'], PaymentEvent['type']> = [
  { from: 'absent', command: 'StartPayment', events: 'PaymentStarted', to: 'created' },

  {
    from: waiting,
    command: 'RecordCreated',
    events: 'PaymentCreated',
    to: 'processing',
    guard: 'the payer has nothing to do',
  },
  {
    from: ['created', 'unknown', 'requiresAction'],
    command: 'RecordCreated',
    events: 'PaymentCreated',
    to: 'requiresAction',
    guard: 'the payer has to act',
  },
  ...staying(['authorised', 'closing', ...afterwards], {
    command: 'RecordCreated',
    events: 'PaymentCreated',
    guard: 'new',
  }),
  ...staying(['requiresAction', 'processing', 'authorised', 'closing', ...afterwards], {
    command: 'RecordCreated',
    events: [],
    guard: known,
  }),

  {
    from: [...waiting, 'authorised'],
    command: 'RecordDeclined',
    events: 'PaymentFailed',
    to: 'failed',
    guard: 'definite',
  },
  {
    from: ['created', 'requiresAction', 'processing'],
    command: 'RecordDeclined',
    events: 'PaymentUnknown',
    to: 'unknown',
    guard: 'it may hide a success',
  },
  ...staying(['authorised', 'closing'], {
    command: 'RecordDeclined',
    events: 'PaymentUnknown',
    guard: 'it may hide a success',
  }),
  ...staying(['authorised', 'closing', ...afterwards], {
    command: 'RecordDeclined',
    events: 'PaymentFactsLearned',
    guard: 'a failure of another moment',
  }),
  ...staying(['unknown', 'authorised', 'closing', ...afterwards], {
    command: 'RecordDeclined',
    events: [],
    guard: known,
  }),

  {
    from: ['created', 'requiresAction', 'processing'],
    command: 'RecordUnknown',
    events: 'PaymentUnknown',
    to: 'unknown',
  },
  ...staying(['authorised', 'closing'], {
    command: 'RecordUnknown',
    events: 'PaymentUnknown',
    guard: 'not in doubt before',
  }),
  ...staying(['unknown', 'authorised', 'closing', ...afterwards], {
    command: 'RecordUnknown',
    events: [],
    guard: 'in doubt before, or decided',
  }),

  {
    from: ['created', 'unknown'],
    command: said,
    events: 'PaymentActionRequired',
    to: 'requiresAction',
    guard: 'the payer has to act',
  },
  {
    from: ['created', 'requiresAction', 'unknown'],
    command: said,
    events: 'PaymentProcessing',
    to: 'processing',
    guard: 'under way',
  },
  { from: [...waiting, 'failed'], command: said, events: 'PaymentAuthorised', to: 'authorised', guard: 'money held' },
  {
    from: [...waiting, 'authorised'],
    command: said,
    events: 'PaymentFailed',
    to: 'failed',
    guard: 'failed or closed there',
  },
  {
    from: [...waiting, 'authorised', 'failed', 'closing'],
    command: said,
    events: 'PaymentPartlyCaptured',
    to: 'partlyCaptured',
    guard: 'part of what is held is taken',
  },
  {
    from: [...waiting, ...held, 'failed', 'closing'],
    command: said,
    events: 'PaymentCaptured',
    to: 'captured',
    guard: 'money taken',
  },
  ...staying(['partlyCaptured'], { command: said, events: 'PaymentPartlyCaptured', guard: 'more is taken' }),
  ...staying(['captured'], { command: said, events: 'PaymentCaptured', guard: 'more was taken' }),
  ...staying(['capturedAfterClose'], { command: said, events: 'PaymentCapturedAfterClose', guard: 'more was taken' }),
  { from: 'closed', command: said, events: 'PaymentFactsLearned', to: 'closing', guard: 'held since' },
  {
    from: 'closed',
    command: said,
    events: 'PaymentCapturedAfterClose',
    to: 'capturedAfterClose',
    guard: 'money taken',
  },
  {
    from: [...waiting, 'authorised', 'closing', ...afterwards],
    command: said,
    events: 'PaymentHeld',
    to: 'integrityHold',
    guard: 'amount, currency, account or order differ',
  },
  ...staying(['requiresAction', 'processing', 'authorised', 'closing', ...afterwards], {
    command: said,
    events: 'PaymentFactsLearned',
    guard: little,
  }),
  ...staying(['requiresAction', 'processing', 'authorised', 'closing', ...afterwards], {
    command: said,
    events: [],
    guard: known,
  }),

  ...staying([...waiting, ...held, 'closing', 'integrityHold'], {
    command: 'RecordAsked',
    events: 'PaymentQueried',
  }),
  ...staying(['captured'], {
    command: 'RecordAsked',
    events: 'PaymentQueried',
    guard: 'a person alone has said that it was taken',
  }),
  ...staying(['captured'], { command: 'RecordAsked', events: [], guard: 'its gateway has said so' }),
  ...staying(['failed', 'closed', 'capturedAfterClose'], { command: 'RecordAsked', events: [] }),

  { from: [...waiting, 'authorised'], command: 'RequestClose', events: 'PaymentCloseRequested', to: 'closing' },
  {
    from: 'integrityHold',
    command: 'RequestClose',
    events: 'PaymentCloseRequested',
    to: 'closing',
    guard: 'no money was taken',
  },
  ...staying(['partlyCaptured'], { command: 'RequestClose', events: 'PaymentCloseRequested', guard: 'new' }),
  ...staying(['partlyCaptured'], { command: 'RequestClose', events: [], guard: known }),
  { from: 'failed', command: 'RequestClose', events: ['PaymentCloseRequested', 'PaymentClosed'], to: 'closed' },
  ...staying(['closing', 'closed'], { command: 'RequestClose', events: [] }),
  { from: 'closing', command: 'ConfirmClosed', events: 'PaymentClosed', to: 'closed', guard: 'it is certain' },
  ...staying(['closed'], { command: 'ConfirmClosed', events: [] }),

  ...staying(held, { command: 'RequestCapture', events: 'CaptureRequested', guard: 'within what is held' }),
  ...staying(['captured'], {
    command: 'RequestCapture',
    events: 'CaptureRequested',
    guard: 'a person said that it was taken, and it is held still',
  }),
  ...staying([...held, 'captured'], { command: 'RequestCapture', events: [], guard: 'the one that is under way' }),
  ...staying([...held, 'captured'], {
    command: 'ResendCapture',
    events: 'CaptureResent',
    guard: 'the call before is over',
  }),
  ...staying([...held, 'failed', 'closed', 'closing', ...settled], {
    command: 'ResendCapture',
    events: [],
    guard: 'it may still be on its way, or is decided',
  }),
  ...staying([...held, 'captured'], { command: 'FailCapture', events: 'CaptureFailed', guard: 'definite' }),
  ...staying([...held, 'failed', 'closed', 'closing', ...settled], {
    command: 'FailCapture',
    events: [],
    guard: 'it may hide a success, or is known',
  }),
  ...staying([...held, 'failed', 'closing', 'closed', 'captured', 'integrityHold'], {
    command: 'ForgoHold',
    events: 'HoldForgone',
    guard: 'within what is not taken',
  }),
  { from: 'partlyCaptured', command: 'ConfirmReleased', events: 'HoldReleased', to: 'captured' },
  ...staying(settled, { command: 'ConfirmReleased', events: [] }),

  ...staying(moneySeen, { command: 'ReserveRefund', events: 'RefundReserved', guard: 'within what was taken' }),
  ...staying(moneySeen, { command: 'ReserveRefund', events: [], guard: 'reserved or refunded before' }),
  ...staying(moneySeen, { command: 'ReduceRefund', events: 'RefundReserved', guard: 'reserved, and more of it' }),
  ...staying(moneySeen, { command: 'ReduceRefund', events: [], guard: 'as much reserved' }),
  ...staying(moneySeen, { command: 'SettleRefund', events: 'RefundSettled', guard: 'reserved, or another part' }),
  ...staying(moneySeen, { command: 'SettleRefund', events: [], guard: 'refunded before' }),
  ...staying(moneySeen, { command: 'ReopenRefund', events: 'RefundReopened', guard: 'refunded' }),
  ...staying(moneySeen, { command: 'ReopenRefund', events: [], guard: 'reserved before' }),
  ...staying(moneySeen, { command: 'ReleaseRefund', events: 'RefundReleased', guard: 'reserved' }),
  ...staying(moneySeen, { command: 'ReleaseRefund', events: [], guard: 'released before' }),
  ...staying(moneySeen, { command: 'CoverRefund', events: 'RefundReleased', guard: 'new' }),
  ...staying(moneySeen, { command: 'CoverRefund', events: [], guard: 'released before' }),

  ...staying(settled, { command: 'RecordWaiting', events: 'PaymentWaitingRecorded', guard: 'new' }),
  ...staying(settled, { command: 'RecordWaiting', events: [], guard: known }),

  // Whatever is known of the money: a bank may know before the gateway has said so.
  ...staying([...waiting, 'authorised', 'closing', ...afterwards], {
    command: 'RecordDispute',
    events: 'PaymentDisputed',
    guard: 'new',
  }),
  ...staying([...waiting, 'authorised', 'closing', ...afterwards], {
    command: 'RecordDispute',
    events: [],
    guard: known,
  }),

  ...staying(['integrityHold'], {
    command: 'RecordHeldReturned',
    events: 'HeldMoneyReturned',
    guard: 'of another currency, and some is left',
  }),
  ...staying(['integrityHold'], { command: 'RecordHeldReturned', events: [], guard: 'nothing is left of it' }),
  ...staying(['integrityHold'], {
    command: 'AcceptHeld',
    events: 'HeldMoneyAccepted',
    guard: 'within what waits for a person',
  }),

  {
    from: ['unknown', ...held, 'closing'],
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentCaptured'],
    to: 'captured',
    guard: 'it was taken',
  },
  {
    from: held,
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentPartlyCaptured'],
    to: 'partlyCaptured',
    guard: 'the part that was asked for was taken',
  },
  {
    from: 'closing',
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentHeld'],
    to: 'integrityHold',
    guard: 'it was taken, and what the gateway had said before does not fit',
  },
  {
    from: ['unknown', 'authorised'],
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentCloseRequested', 'PaymentClosed'],
    to: 'closed',
    guard: 'it was not taken',
  },
  {
    from: 'closing',
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentClosed'],
    to: 'closed',
    guard: 'it was not taken',
  },
  ...staying(['partlyCaptured', 'captured'], {
    command: 'DecidePayment',
    events: ['PaymentDecided', 'PaymentFactsLearned'],
    guard: 'what is being taken because it was held still was taken',
  }),
  ...staying(['partlyCaptured', 'captured'], {
    command: 'DecidePayment',
    events: 'PaymentDecided',
    guard: 'the same, of the moment that was known',
  }),
  ...staying([...held, 'captured'], {
    command: 'DecidePayment',
    events: ['PaymentDecided', 'CaptureFailed'],
    guard: 'what is being taken was not',
  }),
  {
    from: 'partlyCaptured',
    command: 'DecidePayment',
    events: ['PaymentDecided', 'HoldReleased'],
    to: 'captured',
    guard: 'what is given up, or held by one that is gone, was not taken',
  },

  ...staying(['partlyCaptured', 'captured', 'integrityHold'], {
    command: 'WeighWord',
    events: 'PaymentDenied',
    guard: 'less was taken than a person said',
  }),
  ...staying(['partlyCaptured', 'captured', 'integrityHold'], {
    command: 'WeighWord',
    events: 'PaymentConfirmed',
    guard: 'as much was taken as a person said',
  }),
  ...staying([...waiting, 'authorised', 'closing', ...afterwards], {
    command: 'WeighWord',
    events: [],
    guard: 'nobody has said that it was taken, or it is known',
  }),
]
