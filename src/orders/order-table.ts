import type { TransitionTable } from '../shared/decider.js'
import type { Order } from './order.js'
import type { OrderCommand } from './order-command.js'
import type { OrderEvent } from './order-event.js'

export type OrderStatus = Order['status'] | 'absent'
export type OrderTransitions = TransitionTable<OrderStatus, OrderCommand['type'], OrderEvent['type']>

const underway = ['paid', 'partlyShipped', 'shipped', 'signed', 'completed'] as const
const left = ['partlyShipped', 'shipped', 'signed', 'completed'] as const

/** Which command leads an order where. */
export const orderTable: OrderTransitions = [
  { from: 'absent', command: 'Place', events: 'OrderPlaced', to: 'awaitingPayment' },
  { from: 'awaitingPayment', command: 'StartAttempt', events: 'AttemptStarted', to: 'awaitingPayment' },
  {
    from: 'awaitingPayment',
    command: 'FailAttempt',
    events: 'AttemptFailed',
    to: 'awaitingPayment',
    guard: 'fewer failures than the shop allows',
  },
  {
    from: 'awaitingPayment',
    command: 'FailAttempt',
    events: ['AttemptFailed', 'ClosingStarted'],
    to: 'closing',
    guard: 'as many failures as the shop allows',
  },
  { from: 'awaitingPayment', command: 'Pay', events: 'OrderPaid', to: 'paid', guard: 'all that is owed came in' },
  {
    from: ['awaitingPayment', 'closing'],
    command: 'Pay',
    events: ['OrderPaid', 'OrderDivided'],
    to: 'divided',
    guard: 'all that is owed came in, and its merchants sell apart',
  },
  {
    from: 'awaitingPayment',
    command: 'SharePayment',
    events: 'PaymentShared',
    to: 'awaitingPayment',
    guard: 'none has paid',
  },
  ...(['awaitingPayment', 'closing'] as const).map(
    (status) =>
      ({ from: status, command: 'PayShare', events: 'SharePaid', to: status, guard: 'it was not paid' }) as const,
  ),
  {
    from: 'awaitingPayment',
    command: 'AcceptPart',
    events: 'PartAccepted',
    to: 'awaitingPayment',
    guard: 'less than was due, which nobody has paid',
  },
  {
    from: 'paid',
    command: 'PayByEarlier',
    events: 'PaidByEarlier',
    to: 'paid',
    guard: 'nothing has left or gone back',
  },
  { from: 'absent', command: 'SplitOff', events: 'OrderSplitOff', to: 'paid' },
  { from: 'divided', command: 'FailAttempt', events: [], to: 'divided' },
  { from: 'awaitingPayment', command: 'StartClosing', events: 'ClosingStarted', to: 'closing' },
  { from: 'closing', command: 'StartClosing', events: 'ClosingStarted', to: 'closing', guard: 'now it is given up' },
  { from: 'closing', command: 'StartClosing', events: [], to: 'closing', guard: 'for no more than before' },
  { from: 'closing', command: 'FailAttempt', events: 'AttemptFailed', to: 'closing' },
  {
    from: 'closing',
    command: 'Pay',
    events: 'OrderPaid',
    to: 'paid',
    guard: 'all that is owed came in, and nobody gave it up',
  },
  { from: 'closing', command: 'PostponeClosing', events: 'ClosingPostponed', to: 'closing' },
  { from: 'closing', command: 'Close', events: 'OrderClosed', to: 'closed', guard: 'it was not paid' },
  { from: 'closing', command: 'Close', events: 'OrderCancelled', to: 'cancelled', guard: 'it was given up' },
  {
    from: 'closed',
    command: 'Reinstate',
    events: 'OrderReinstated',
    to: 'awaitingPayment',
    guard: 'by the terms of the shop, paid in the same commit',
  },
  {
    from: 'paid',
    command: 'CancelPaid',
    events: ['RefundStarted', 'CancellingStarted'],
    to: 'cancelling',
    guard: 'all that is left goes back',
  },
  {
    from: 'paid',
    command: 'CancelPaid',
    events: 'CancellingStarted',
    to: 'cancelling',
    guard: 'everything is on its way back',
  },
  {
    from: 'paid',
    command: 'CancelPaid',
    events: ['CancellingStarted', 'OrderCancelled'],
    to: 'cancelled',
    guard: 'everything is back',
  },
  ...(['awaitingPayment', 'paid', 'partlyShipped'] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'Hold', events: 'OrderHeld', to: status },
        { from: status, command: 'Hold', events: [], to: status, guard: 'it is held by the same' },
      ] as const,
  ),
  ...underway.map(
    (status) => ({ from: status, command: 'ReportPayment', events: 'PaymentReported', to: status }) as const,
  ),
  ...(['awaitingPayment', 'closing', 'paid', 'partlyShipped'] as const).map(
    (status) =>
      ({ from: status, command: 'ReleaseHold', events: 'HoldReleased', to: status, guard: 'it is held' }) as const,
  ),
  { from: 'awaitingPayment', command: 'Reprice', events: 'OrderRepriced', to: 'awaitingPayment' },
  ...(['paid', 'partlyShipped'] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'ProposeEdit', events: 'EditProposed', to: status, guard: 'none waits' },
        { from: status, command: 'StartAttempt', events: 'AttemptStarted', to: status, guard: 'a dearer change waits' },
        {
          from: status,
          command: 'PostponeClosing',
          events: 'ClosingPostponed',
          to: status,
          guard: 'a dearer change waits',
        },
        { from: status, command: 'ExtendOrder', events: 'OrderExtended', to: status, guard: 'the difference came in' },
        { from: status, command: 'LapseEdit', events: 'EditLapsed', to: status, guard: 'a dearer change waits' },
      ] as const,
  ),
  ...(['paid', 'partlyShipped'] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'Edit', events: 'OrderEdited', to: status, guard: 'nothing goes back' },
        {
          from: status,
          command: 'Edit',
          events: ['RefundStarted', 'OrderEdited'],
          to: status,
          guard: 'pieces remain, and money goes back',
        },
      ] as const,
  ),
  {
    from: 'partlyShipped',
    command: 'Edit',
    events: ['RefundStarted', 'OrderEdited'],
    to: 'shipped',
    guard: 'the rest is on its way, and money goes back',
  },
  {
    from: 'partlyShipped',
    command: 'Edit',
    events: 'OrderEdited',
    to: 'shipped',
    guard: 'the rest is on its way',
  },
  {
    from: 'partlyShipped',
    command: 'Edit',
    events: ['RefundStarted', 'OrderEdited', 'OrderSigned'],
    to: 'signed',
    guard: 'the rest has arrived, and money goes back',
  },
  {
    from: 'partlyShipped',
    command: 'Edit',
    events: ['OrderEdited', 'OrderSigned'],
    to: 'signed',
    guard: 'the rest has arrived',
  },
  { from: 'paid', command: 'Ship', events: 'GoodsShipped', to: 'partlyShipped', guard: 'pieces remain' },
  { from: 'paid', command: 'Ship', events: 'GoodsShipped', to: 'shipped', guard: 'nothing remains' },
  { from: 'partlyShipped', command: 'Ship', events: 'GoodsShipped', to: 'partlyShipped', guard: 'pieces remain' },
  { from: 'partlyShipped', command: 'Ship', events: 'GoodsShipped', to: 'shipped', guard: 'nothing remains' },
  { from: 'partlyShipped', command: 'Sign', events: 'GoodsSigned', to: 'partlyShipped' },
  { from: 'partlyShipped', command: 'LoseParcel', events: 'GoodsLost', to: 'partlyShipped' },
  { from: 'shipped', command: 'Sign', events: 'GoodsSigned', to: 'shipped', guard: 'pieces are still on their way' },
  {
    from: 'shipped',
    command: 'Sign',
    events: ['GoodsSigned', 'OrderSigned'],
    to: 'signed',
    guard: 'nothing is on its way',
  },
  {
    from: 'shipped',
    command: 'Sign',
    events: 'OrderSigned',
    to: 'signed',
    guard: 'by the clock, with nothing left to sign for and what was lost refunded',
  },
  {
    from: 'shipped',
    command: 'PostponeReceipt',
    events: 'ReceiptPostponed',
    to: 'shipped',
    guard: 'a parcel is late or could not be handed over, or a return is open',
  },
  {
    from: ['partlyShipped', 'shipped'],
    command: 'Reship',
    events: 'ReshipmentBegun',
    to: 'paid',
    guard: 'lost and not refunded, and nothing else has left',
  },
  {
    from: ['partlyShipped', 'shipped', 'signed'],
    command: 'Reship',
    events: 'ReshipmentBegun',
    to: 'partlyShipped',
    guard: 'lost and not refunded',
  },
  ...(['partlyShipped', 'shipped', 'signed'] as const).map(
    (status) =>
      ({
        from: status,
        command: 'PostponeLoss',
        events: 'LossPostponed',
        to: status,
        guard: 'lost pieces wait to be made good',
      }) as const,
  ),
  {
    from: 'shipped',
    command: 'LoseParcel',
    events: 'GoodsLost',
    to: 'shipped',
    guard: 'more is on its way, none arrived, or it was received',
  },
  {
    from: 'shipped',
    command: 'LoseParcel',
    events: ['GoodsLost', 'OrderSigned'],
    to: 'signed',
    guard: 'the rest arrived',
  },
  ...(['signed', 'completed'] as const).map(
    (status) =>
      ({
        from: status,
        command: 'LoseParcel',
        events: 'GoodsLost',
        to: status,
        guard: 'what is in it counts as received, and stays so',
      }) as const,
  ),
  ...(['paid', 'partlyShipped', 'shipped', 'signed'] as const).map(
    (status) =>
      ({
        from: status,
        command: 'Collect',
        events: 'MoneyCollected',
        to: status,
        guard: 'it was due on delivery',
      }) as const,
  ),
  ...(['partlyShipped', 'shipped', 'signed'] as const).map(
    (status) =>
      ({
        from: status,
        command: 'SettleAwaited',
        events: 'AwaitedMoneySettled',
        to: status,
        guard: 'a refund waits for it',
      }) as const,
  ),
  {
    from: 'shipped',
    command: 'EndUndelivered',
    events: ['CancellingStarted', 'OrderCancelled'],
    to: 'cancelled',
    guard: 'nothing arrived and nothing is owed',
  },
  {
    from: 'signed',
    command: 'Complete',
    events: 'OrderCompleted',
    to: 'completed',
    guard: 'no return is open, no loss undecided, and nothing is due on delivery',
  },
  ...underway.map((status) => ({ from: status, command: 'StartRefund', events: 'RefundStarted', to: status }) as const),
  ...underway.flatMap(
    (status) =>
      [
        { from: status, command: 'SettleRefund', events: 'RefundSucceeded', to: status, guard: 'the money has gone' },
        { from: status, command: 'SettleRefund', events: 'RefundFailed', to: status, guard: 'the money has not gone' },
        { from: status, command: 'SettleRefund', events: [], to: status, guard: 'it was known' },
        { from: status, command: 'FailAttempt', events: [], to: status },
      ] as const,
  ),
  {
    from: 'cancelling',
    command: 'SettleRefund',
    events: 'RefundSucceeded',
    to: 'cancelling',
    guard: 'more is on its way',
  },
  {
    from: 'cancelling',
    command: 'SettleRefund',
    events: ['RefundSucceeded', 'OrderCancelled'],
    to: 'cancelled',
    guard: 'it was the last',
  },
  {
    from: 'cancelling',
    command: 'SettleRefund',
    events: 'RefundFailed',
    to: 'cancelling',
    guard: 'the money has not gone',
  },
  { from: 'cancelling', command: 'SettleRefund', events: [], to: 'cancelling', guard: 'it was known' },
  { from: 'cancelling', command: 'FailAttempt', events: [], to: 'cancelling' },
  { from: 'cancelled', command: 'FailAttempt', events: [], to: 'cancelled' },
  { from: 'closed', command: 'FailAttempt', events: [], to: 'closed' },
  ...left.flatMap(
    (status) =>
      [
        { from: status, command: 'RecordReturn', events: 'ReturnOpened', to: status, guard: 'it is open' },
        { from: status, command: 'RecordReturn', events: 'ReturnSettled', to: status, guard: 'it is settled' },
        { from: status, command: 'RecordReturn', events: [], to: status, guard: 'it was noted before' },
      ] as const,
  ),
  ...(['awaitingPayment', 'closing', 'cancelling', ...underway] as const).flatMap(
    (status) =>
      [
        { from: status, command: 'RecordDispute', events: 'OrderDisputed', to: status, guard: 'it is open' },
        { from: status, command: 'RecordDispute', events: 'OrderDisputeSettled', to: status, guard: 'it is over' },
        { from: status, command: 'RecordDispute', events: [], to: status, guard: 'it was noted before' },
      ] as const,
  ),
  {
    from: 'closed',
    command: 'RecordDispute',
    events: 'OrderDisputeSettled',
    to: 'closed',
    guard: 'it was noted before and is over',
  },
  ...(['divided', 'cancelled', 'closed'] as const).map(
    (status) => ({ from: status, command: 'RecordDispute', events: [], to: status }) as const,
  ),
]
