import fc from 'fast-check'
import type { OrderLine, RefundReason } from '../../src/orders/order.js'
import type { OrderCommand } from '../../src/orders/order-command.js'
import { awaitedOnDelivery } from '../../src/orders/order-dues.js'
import type { OrderError } from '../../src/orders/order-error.js'
import type { OrderEvent } from '../../src/orders/order-event.js'
import { undecidedLosses, undecidedQuantity } from '../../src/orders/order-losses.js'
import { type OrderState, orderMachine } from '../../src/orders/order-machine.js'
import { refundableCashMinor, refundableShippingMinor, returnableQuantity } from '../../src/orders/order-pieces.js'
import { orderTable } from '../../src/orders/order-table.js'
import type { MachineUnderTest } from '../kit/machine-under-test.js'
import { alikeOrders } from './alike-orders.js'
import { commandsFor } from './order-of-pieces.js'
import { at, type CommandOf, dearer, edited, money, pieces, place, refund, repriced } from './order-samples.js'

/** Of every command some that meet one another. */
export const commands: { readonly [Type in OrderCommand['type']]: readonly CommandOf<Type>[] } = {
  Place: [place],
  SplitOff: [{ type: 'SplitOff', facts: place.facts, checkoutId: 'o0', paymentId: 'p1', at }],
  StartAttempt: [
    { type: 'StartAttempt', paymentId: 'p1', at },
    { type: 'StartAttempt', paymentId: 'p2', payBy: at + 200, at },
  ],
  SharePayment: [
    {
      type: 'SharePayment',
      payers: [
        { payerId: 'y1', accountId: 'ann', amountMinor: 400 },
        { payerId: 'y2', accountId: null, amountMinor: 600 },
      ],
      at,
    },
  ],
  PayShare: [
    { type: 'PayShare', payerId: 'y1', paymentId: 'p1', at },
    { type: 'PayShare', payerId: 'y2', paymentId: 'p2', at },
  ],
  AcceptPart: [
    { type: 'AcceptPart', paymentId: 'p1', amountMinor: 300, payerIds: { part: 'y3', rest: 'y4' }, at },
    { type: 'AcceptPart', paymentId: 'p2', amountMinor: 1_000, payerIds: { part: 'y5', rest: 'y6' }, at },
  ],
  FailAttempt: [
    { type: 'FailAttempt', paymentId: 'p1', maximum: 2, at },
    { type: 'FailAttempt', paymentId: 'p1', maximum: 2, isUncounted: true, at },
  ],
  Pay: [
    { type: 'Pay', paymentId: 'p1', captured: money(1_000), at },
    { type: 'Pay', paymentId: 'p1', captured: money(999), at },
    { type: 'Pay', paymentId: 'p1', captured: money(1_000), orderIds: ['o2', 'o3'], at },
    { type: 'Pay', paymentId: 'p1', captured: money(1_000), onDelivery: true, at },
  ],
  PayByEarlier: [{ type: 'PayByEarlier', paymentId: 'p0', laterId: 'p1', at }],
  Hold: [
    { type: 'Hold', by: 'watch', reasons: ['velocity'], until: at + 40, at },
    { type: 'Hold', by: 'owner', reasons: ['reportedByOwner'], until: at + 50, at },
  ],
  ReleaseHold: [{ type: 'ReleaseHold', by: 'staff', at }],
  ReportPayment: [{ type: 'ReportPayment', at }],
  StartClosing: [
    { type: 'StartClosing', purpose: { kind: 'close', reason: 'unpaid' }, at },
    { type: 'StartClosing', purpose: { kind: 'cancel', by: 'buyer' }, at },
  ],
  PostponeClosing: [{ type: 'PostponeClosing', until: at + 50 }],
  Close: [{ type: 'Close', at }],
  Reinstate: [{ type: 'Reinstate', holdUntil: at + 60, at }],
  CancelPaid: [
    { type: 'CancelPaid', by: 'buyer', refund: refund('r0', 3, 1_000, 100), at },
    { type: 'CancelPaid', by: 'buyer', refund: refund('r0', 2, 600, 100), at },
    { type: 'CancelPaid', by: 'staff', refund: refund('r0', 0, 0), at },
  ],
  Edit: [
    {
      type: 'Edit',
      by: 'buyer',
      newRecipient: false,
      removed: pieces(1),
      refund: edited('r1', 1, 300),
      at,
      advanceAt: at + 10,
    },
    { type: 'Edit', by: 'staff', newRecipient: false, removed: pieces(1), refund: null, at, advanceAt: at + 10 },
    { type: 'Edit', by: 'buyer', newRecipient: true, removed: [], refund: null, at, advanceAt: at + 10 },
  ],
  ProposeEdit: [{ type: 'ProposeEdit', edit: { editId: 'e1', by: 'buyer', differenceMinor: 400 }, payBy: at + 30, at }],
  ExtendOrder: [
    { type: 'ExtendOrder', paymentId: 'p2', newRecipient: false, newLines: true, priced: dearer, at },
    { type: 'ExtendOrder', paymentId: 'p2', newRecipient: false, newLines: true, priced: repriced, at },
  ],
  LapseEdit: [{ type: 'LapseEdit', at }],
  Reprice: [{ type: 'Reprice', by: 'buyer', newRecipient: false, newLines: true, priced: repriced, at }],
  Ship: [
    { type: 'Ship', parcelId: 'b1', lines: pieces(1), collectMinor: 400, at, advanceAt: at + 10 },
    { type: 'Ship', parcelId: 'b2', lines: pieces(3), at, advanceAt: at + 10 },
  ],
  Sign: [
    { type: 'Sign', parcelId: 'b1', lines: pieces(1), by: 'carrier', at, advanceAt: at + 20 },
    { type: 'Sign', parcelId: null, lines: null, by: 'clock', at, advanceAt: at + 20 },
    { type: 'Sign', parcelId: 'b1', lines: pieces(1), by: 'carrier', handedMinor: 400, at, advanceAt: at + 20 },
  ],
  Collect: [
    { type: 'Collect', parcelId: 'b1', amountMinor: 400, collectMinor: 400, at },
    { type: 'Collect', parcelId: null, amountMinor: 1_000, collectMinor: 0, at },
  ],
  EndUndelivered: [{ type: 'EndUndelivered', by: 'staff', at }],
  LoseParcel: [
    { type: 'LoseParcel', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 20, makeGoodBy: at + 25 },
    { type: 'LoseParcel', parcelId: 'b1', lines: [], at, advanceAt: at + 20, makeGoodBy: at + 25 },
    { type: 'LoseParcel', parcelId: 'b2', lines: pieces(3), at, advanceAt: at + 20, makeGoodBy: at + 25 },
  ],
  PostponeLoss: [{ type: 'PostponeLoss', until: at + 45, at }],
  Reship: [{ type: 'Reship', lines: pieces(1), at }],
  PostponeReceipt: [{ type: 'PostponeReceipt', parcelIds: ['b1'], until: at + 15 }],
  Complete: [{ type: 'Complete', at }],
  StartRefund: [
    { type: 'StartRefund', refund: refund('r1', 1, 400), at },
    { type: 'StartRefund', refund: refund('r2', 1, 1_001), at },
    { type: 'StartRefund', refund: refund('r0', 3, 1_000, 100), at },
    { type: 'StartRefund', refund: { ...refund('r3', 1, 400), uncollectedMinor: 0, awaitedMinor: 400 }, at },
  ],
  SettleRefund: [
    { type: 'SettleRefund', refundId: 'r0', outcome: 'succeeded', at },
    { type: 'SettleRefund', refundId: 'r1', outcome: 'succeeded', at },
    { type: 'SettleRefund', refundId: 'r1', outcome: 'failed', at },
  ],
  SettleAwaited: [
    { type: 'SettleAwaited', refundId: 'r3', amountMinor: 300, came: true, at },
    { type: 'SettleAwaited', refundId: 'r3', amountMinor: 400, came: false, at },
  ],
  RecordReturn: [
    { type: 'RecordReturn', returnId: 'x1', lines: [{ lineId: 'a', quantity: 1 }], open: true, at, advanceAt: at + 30 },
    {
      type: 'RecordReturn',
      returnId: 'x1',
      lines: [{ lineId: 'a', quantity: 1 }],
      open: false,
      at,
      advanceAt: at + 30,
    },
  ],
  RecordDispute: [
    { type: 'RecordDispute', disputeId: 'd1', open: true, at },
    { type: 'RecordDispute', disputeId: 'd1', open: false, at },
  ],
}

const oneOf = <Command>(list: readonly Command[]) => fc.constantFrom(...list)
export const quantity = fc.integer({ min: 0, max: 4 })
const someRefund = fc
  .record({
    reason: fc.constantFrom<RefundReason>('goodwill', 'goodwill', 'lost', 'returned'),
    id: fc.constantFrom('r1', 'r2', 'r3'),
    pieces: quantity,
    cash: fc.integer({ min: -1, max: 1_050 }),
    shipping: fc.constantFrom(0, 100, 101),
    awaited: fc.constantFrom(0, 0, 100, 400),
  })
  .map(({ id, pieces: count, cash, shipping, reason, awaited }) => ({
    ...refund(id, count, cash, shipping),
    ...(awaited > 0 ? { uncollectedMinor: Math.max(0, cash - awaited), awaitedMinor: awaited } : {}),
    reason,
  }))

export const linesOf = (state: OrderState): readonly OrderLine[] => (state.status === 'absent' ? [] : state.lines)

// What may meet in one order of three pieces; all of it together comes to no end.
const parts: Readonly<Record<string, readonly OrderCommand['type'][]>> = {
  paying: [
    'Place',
    'StartAttempt',
    'FailAttempt',
    'SharePayment',
    'PayShare',
    'AcceptPart',
    'Pay',
    'Reprice',
    'Hold',
    'ReleaseHold',
    'ReportPayment',
    'StartClosing',
    'PostponeClosing',
    'Close',
    'Reinstate',
  ],
  goods: [
    'SplitOff',
    'Ship',
    'Sign',
    'PostponeReceipt',
    'RecordReturn',
    'LoseParcel',
    'PostponeLoss',
    'Reship',
    'StartRefund',
    'SettleRefund',
    'CancelPaid',
    'Complete',
  ],
  'on delivery': [
    'Place',
    'Pay',
    'Ship',
    'Sign',
    'Collect',
    'LoseParcel',
    'EndUndelivered',
    'CancelPaid',
    'SettleRefund',
    'Complete',
  ],
  'paid at the door': ['Place', 'Pay', 'Ship', 'Sign', 'Collect', 'StartRefund', 'SettleAwaited', 'Complete'],
  'paid twice': ['Place', 'Pay', 'PayByEarlier', 'ProposeEdit', 'LapseEdit', 'Ship', 'CancelPaid'],
  'money back': [
    'SplitOff',
    'Ship',
    'Sign',
    'Edit',
    'CancelPaid',
    'StartRefund',
    'SettleRefund',
    'RecordDispute',
    'Complete',
  ],
  edits: ['SplitOff', 'Edit', 'ProposeEdit', 'ExtendOrder', 'LapseEdit', 'Ship', 'CancelPaid', 'SettleRefund'],
}

// Who holds an order, disputes it or pays it with others is in the way of no piece by itself: with one piece it all meets.
const apart: readonly string[] = ['Hold', 'ReleaseHold', 'RecordDispute', 'SharePayment', 'PayShare', 'AcceptPart']

const ofType = (type: OrderCommand['type']): readonly OrderCommand[] => commands[type]

/** The order machine, and all that its laws need to know of it. */
export const orderModel: MachineUnderTest<OrderState, OrderCommand, OrderEvent, OrderError> = {
  name: 'order',
  decider: orderMachine,
  table: orderTable,
  statuses: {
    absent: 'open',
    awaitingPayment: 'open',
    closing: 'open',
    paid: 'open',
    partlyShipped: 'open',
    shipped: 'open',
    signed: 'open',
    completed: 'rest',
    cancelling: 'open',
    divided: 'final',
    cancelled: 'final',
    closed: 'rest',
  },
  arbitraries: {
    Place: oneOf(commands.Place),
    SplitOff: oneOf(commands.SplitOff),
    StartAttempt: fc.record({
      type: fc.constant('StartAttempt'),
      paymentId: fc.constantFrom('p1', 'p2'),
      at: fc.constant(at),
    }),
    SharePayment: oneOf(commands.SharePayment),
    PayShare: oneOf(commands.PayShare),
    AcceptPart: oneOf(commands.AcceptPart),
    FailAttempt: oneOf(commands.FailAttempt),
    Pay: oneOf(commands.Pay),
    PayByEarlier: oneOf(commands.PayByEarlier),
    Hold: oneOf(commands.Hold),
    ReleaseHold: oneOf(commands.ReleaseHold),
    ReportPayment: oneOf(commands.ReportPayment),
    StartClosing: oneOf(commands.StartClosing),
    PostponeClosing: oneOf(commands.PostponeClosing),
    Close: oneOf(commands.Close),
    Reinstate: oneOf(commands.Reinstate),
    CancelPaid: oneOf(commands.CancelPaid),
    Edit: fc.record({
      type: fc.constant('Edit'),
      by: fc.constantFrom('buyer', 'staff'),
      newRecipient: fc.boolean(),
      removed: quantity.map((count) => (count === 0 ? [] : pieces(count))),
      refund: fc.oneof(
        fc.constant(null),
        quantity.map((count) => edited('r3', count, count * 100)),
      ),
      at: fc.constant(at),
      advanceAt: fc.constant(at + 10),
    }),
    Reprice: oneOf(commands.Reprice),
    ProposeEdit: oneOf(commands.ProposeEdit),
    ExtendOrder: oneOf(commands.ExtendOrder),
    LapseEdit: oneOf(commands.LapseEdit),
    Ship: fc
      .tuple(quantity, fc.constantFrom(0, 400, 1_000))
      .map(([count, collectMinor]) => ({ ...commands.Ship[0]!, lines: pieces(count), collectMinor })),
    Sign: fc.oneof(
      oneOf(commands.Sign),
      fc
        .tuple(quantity, fc.constantFrom(0, 400, 1_000))
        .map(([count, handedMinor]) => ({ ...commands.Sign[0]!, lines: pieces(count), handedMinor })),
    ),
    LoseParcel: fc
      .tuple(quantity, fc.constantFrom(0, 400, 1_000), fc.constantFrom({}, { cameBack: true as const }))
      .map(([count, collectMinor, how]) => ({
        ...commands.LoseParcel[0]!,
        lines: count === 0 ? [] : pieces(count),
        collectMinor,
        ...how,
      })),
    Collect: fc.record({
      type: fc.constant('Collect'),
      parcelId: fc.constantFrom(null, 'b1'),
      amountMinor: fc.constantFrom(0, 400, 600, 1_000, 1_001),
      collectMinor: fc.constantFrom(0, 400, 600),
      at: fc.constant(at),
    }),
    EndUndelivered: oneOf(commands.EndUndelivered),
    PostponeLoss: oneOf(commands.PostponeLoss),
    Reship: quantity.map((count) => ({ ...commands.Reship[0]!, lines: pieces(count) })),
    PostponeReceipt: oneOf(commands.PostponeReceipt),
    Complete: oneOf(commands.Complete),
    StartRefund: someRefund.map((some) => ({ type: 'StartRefund' as const, refund: some, at })),
    SettleRefund: fc.record({
      type: fc.constant('SettleRefund'),
      refundId: fc.constantFrom('r0', 'r1', 'r2'),
      outcome: fc.constantFrom('succeeded', 'failed'),
      at: fc.constant(at),
    }),
    SettleAwaited: fc.record({
      type: fc.constant('SettleAwaited'),
      refundId: fc.constantFrom('r1', 'r2', 'r3'),
      amountMinor: fc.constantFrom(0, 100, 400),
      came: fc.boolean(),
      at: fc.constant(at),
    }),
    RecordReturn: oneOf(commands.RecordReturn),
    RecordDispute: oneOf(commands.RecordDispute),
  },
  model: commandsFor(1),
  invariants: {
    'no more money goes back than was paid': (state) => state.status === 'absent' || refundableCashMinor(state) >= 0,
    'no more carriage goes back than was paid': (state) =>
      state.status === 'absent' || refundableShippingMinor(state) >= 0,
    'no piece leaves, arrives or goes back twice': (state) =>
      linesOf(state).every(
        (line) =>
          line.shippedQuantity + (line.cancelledQuantity ?? 0) <= line.quantity &&
          line.signedQuantity + line.lostQuantity <= line.shippedQuantity &&
          line.refundedQuantity <= line.quantity,
      ),
    'a piece is refunded, sent again or delivered, and no two of these': (state) =>
      state.status === 'absent' ||
      state.lines.every((line) => {
        const kept = line.quantity - line.refundedQuantity
        return undecidedQuantity(line) <= kept && undecidedQuantity(line) <= returnableQuantity(state, line)
      }),
    'nothing leaves before it is paid, or promised on delivery': (state) =>
      'paidAt' in state ||
      // Of one that is given up afterwards all that left has not arrived.
      linesOf(state).every((line) => line.shippedQuantity === (state.status === 'cancelled' ? line.lostQuantity : 0)),
    'an order is held only while something of it may leave': (state) =>
      !('hold' in state) || ['awaitingPayment', 'closing', 'paid', 'partlyShipped'].includes(state.status),
    'what is signed or complete is not on its way': (state) =>
      (state.status !== 'signed' && state.status !== 'completed') ||
      state.lines.every(
        (line) => line.signedQuantity + line.lostQuantity + (line.cancelledQuantity ?? 0) === line.quantity,
      ),
    'an order with an open return does not complete by the clock': (state) =>
      state.status !== 'signed' || state.openReturnIds.length === 0 || state.advanceAt === null,
    'no order is sent whole, or given up, while a dearer change waits': (state) =>
      !('edit' in state) || state.lines.some((line) => line.shippedQuantity < line.quantity),
    'parcels bring no more than is due, and no more is due than is owed': (state) =>
      !('onDelivery' in state) ||
      (0 <= state.onDelivery.outMinor &&
        (state.onDelivery.unbroughtMinor ?? 0) <= state.onDelivery.dueMinor &&
        state.onDelivery.dueMinor <=
          refundableCashMinor(state) + awaitedOnDelivery(state) + (state.onDelivery.surplusMinor ?? 0)),
    'what was paid at a door is due until it comes': (state) =>
      !('onDelivery' in state) ||
      ((state.onDelivery.handedMinor ?? 0) <= Math.min(state.onDelivery.dueMinor, state.onDelivery.outMinor) &&
        (state.onDelivery.surplusMinor ?? 0) <= (state.onDelivery.handedMinor ?? 0)),
    'an order of which money is still to be collected does not complete': (state) =>
      !('onDelivery' in state) ||
      state.onDelivery.dueMinor === 0 ||
      (state.status !== 'completed' && (state.status !== 'signed' || state.advanceAt === null)),
    'a received order waits for a return, for money, or for the clock': (state) =>
      state.status !== 'signed' ||
      state.advanceAt !== null ||
      state.openReturnIds.length > 0 ||
      (state.onDelivery?.dueMinor ?? 0) > 0,
    'a lost piece is made good before its order is complete, and no clock is ahead of that': (state) => {
      if (state.status === 'absent') return true
      const isOpen = undecidedLosses(state).length > 0
      if (isOpen !== (state.makeGoodBy !== undefined)) return false
      if (!isOpen) return true
      return (
        state.status !== 'completed' &&
        !('advanceAt' in state && state.advanceAt !== null && state.advanceAt < (state.makeGoodBy ?? 0))
      )
    },
    'a cancelled order owes nothing': (state) =>
      state.status !== 'cancelled' || state.refunds.every((each) => each.status === 'succeeded'),
  },
  parts: {
    ...Object.fromEntries(Object.entries(parts).map(([name, types]) => [name, types.flatMap(ofType)])),
    'two pieces': Object.values<readonly OrderCommand[]>(commandsFor(2))
      .flat()
      .filter(({ type }) => !apart.includes(type)),
  },
  alike: alikeOrders,
  limits: { walkLength: 72 },
}
