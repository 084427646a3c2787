import type { OrderCommand } from '../../src/orders/order-command.js'
import { at, type CommandOf, money, pieces, place } from './order-samples.js'

type Commands = { readonly [Type in OrderCommand['type']]: readonly CommandOf<Type>[] }

/**
 * Every command for an order of one line whose pieces cost 2 each, with the fewest names that meet: one attempt and one for a
 * change, one parcel, one return, one dispute, a refund of a piece, one of nothing but money, and one of all that is left.
 */
export const commandsFor = (count: number): Commands => {
  const whole = count * 2
  const worth = (minor: number) => ({
    ...place.facts.totals,
    ...{ listMinor: minor, goodsMinor: minor, shippingMinor: 0, pointsMinor: 0, shippingPaidMinor: 0 },
    payableMinor: minor,
  })
  const lines = (paidMinor: number) => place.facts.lines.map((line) => ({ ...line, quantity: count, paidMinor }))
  const free = { pointsSpent: 0, pointsEarned: 0 }
  const priced = (minor: number) => ({
    ...{ lines: lines(minor), totals: worth(minor), tenders: [], couponIds: [] },
    ...free,
  })
  const facts = { ...place.facts, ...free, lines: lines(whole), totals: worth(whole) }
  const back = (refundId: string, quantity: number, cashMinor: number, reason: 'goodwill' | 'lost' | 'edited') => ({
    ...{ refundId, reason, lines: quantity === 0 ? [] : pieces(quantity), cashMinor, shippingMinor: 0 },
    ...{ pointsMinor: 0, points: 0, earnedPoints: 0, subsidyMinor: 0 },
  })
  const some = Array.from({ length: count }, (_, index) => index + 1)
  const parcelId = 'b1'
  const split: CommandOf<'SplitOff'> = { type: 'SplitOff', facts, checkoutId: 'o0', paymentId: 'p1', at }
  const paid: CommandOf<'Pay'> = { type: 'Pay', paymentId: 'p1', captured: money(whole), at }
  const asked = { type: 'RecordReturn', returnId: 'x1', lines: pieces(1), at, advanceAt: at + 30 } as const
  const changed = { type: 'Edit', by: 'buyer', at, advanceAt: at + 10 } as const
  return {
    Place: [{ type: 'Place', facts, payBy: at + 100 }],
    SplitOff: [split, { ...split, onDelivery: true }],
    StartAttempt: [{ type: 'StartAttempt', paymentId: 'p1', at }],
    SharePayment: [
      {
        type: 'SharePayment',
        payers: [
          { payerId: 'y1', accountId: 'ann', amountMinor: 1 },
          { payerId: 'y2', accountId: null, amountMinor: whole - 1 },
        ],
        at,
      },
    ],
    PayShare: [{ type: 'PayShare', payerId: 'y1', paymentId: 'p1', at }],
    AcceptPart: [{ type: 'AcceptPart', paymentId: 'p1', amountMinor: 1, payerIds: { part: 'y3', rest: 'y4' }, at }],
    FailAttempt: [{ type: 'FailAttempt', paymentId: 'p1', maximum: 1, at }],
    Pay: [
      paid,
      { ...paid, captured: money(whole - 1) },
      { ...paid, orderIds: ['o2', 'o3'] },
      { ...paid, onDelivery: true },
    ],
    PayByEarlier: [{ type: 'PayByEarlier', paymentId: 'p0', laterId: 'p1', at }],
    Hold: [{ type: 'Hold', by: 'watch', reasons: ['velocity'], until: at + 40, at }],
    ReleaseHold: [{ type: 'ReleaseHold', by: 'staff', at }],
    ReportPayment: [{ type: 'ReportPayment', at }],
    StartClosing: [
      { type: 'StartClosing', purpose: { kind: 'close', reason: 'unpaid' }, at },
      { type: 'StartClosing', purpose: { kind: 'cancel', by: 'buyer' }, at },
    ],
    PostponeClosing: [{ type: 'PostponeClosing', until: at + 50 }],
    Close: [{ type: 'Close', at }],
    Reinstate: [{ type: 'Reinstate', holdUntil: at + 60, at }],
    CancelPaid: [0, ...some].flatMap((left) =>
      [left * 2 - 1, left * 2, left * 2 + 1]
        .filter((minor) => minor >= 0)
        .map((minor) => {
          const refund = { ...back('r0', left, minor, 'goodwill'), reason: 'cancelled' as const }
          return { type: 'CancelPaid' as const, by: 'buyer' as const, refund, at }
        }),
    ),
    Edit: [
      { ...changed, newRecipient: true, removed: [], refund: null },
      { ...changed, newRecipient: false, removed: pieces(1), refund: back('r1', 1, 2, 'edited') },
      { ...changed, newRecipient: false, removed: pieces(1), refund: null },
    ],
    ProposeEdit: [{ type: 'ProposeEdit', edit: { editId: 'e1', by: 'buyer', differenceMinor: 1 }, payBy: at + 30, at }],
    ExtendOrder: [
      { type: 'ExtendOrder', paymentId: 'p2', newRecipient: false, newLines: true, priced: priced(whole + 1), at },
    ],
    LapseEdit: [{ type: 'LapseEdit', at }],
    Reprice: [{ type: 'Reprice', by: 'buyer', newRecipient: false, newLines: true, priced: priced(whole), at }],
    Ship: some.map((quantity) => ({
      ...{ type: 'Ship', parcelId, lines: pieces(quantity), at, advanceAt: at + 10, collectMinor: quantity * 2 },
    })),
    Sign: [
      ...some.map((quantity): CommandOf<'Sign'> => {
        return { type: 'Sign', parcelId, lines: pieces(quantity), by: 'carrier', at, advanceAt: at + 20 }
      }),
      { type: 'Sign', parcelId: null, lines: null, by: 'clock', at, advanceAt: at + 20 },
    ],
    Collect: [
      ...some.map((quantity): CommandOf<'Collect'> => {
        return { type: 'Collect', parcelId, amountMinor: quantity * 2, collectMinor: quantity * 2, at }
      }),
      { type: 'Collect', parcelId: null, amountMinor: 1, collectMinor: 0, at },
    ],
    EndUndelivered: [{ type: 'EndUndelivered', by: 'staff', at }],
    LoseParcel: [0, ...some].map((quantity) => ({
      ...{ type: 'LoseParcel', parcelId, lines: quantity === 0 ? [] : pieces(quantity), at, advanceAt: at + 20 },
      ...{ collectMinor: Math.max(1, quantity) * 2, makeGoodBy: at + 25 },
    })),
    PostponeLoss: [{ type: 'PostponeLoss', until: at + 45, at }],
    Reship: some.map((quantity) => ({ type: 'Reship', lines: pieces(quantity), at })),
    PostponeReceipt: [{ type: 'PostponeReceipt', parcelIds: [parcelId], until: at + 15 }],
    Complete: [{ type: 'Complete', at }],
    StartRefund: [
      { type: 'StartRefund', refund: back('r1', 1, 2, 'goodwill'), at },
      { type: 'StartRefund', refund: back('r1', 1, 2, 'lost'), at },
      { type: 'StartRefund', refund: back('r2', 0, 1, 'goodwill'), at },
    ],
    SettleRefund: [
      ...['r0', 'r1', 'r2'].map((refundId) => ({
        ...{ type: 'SettleRefund' as const, refundId, outcome: 'succeeded' as const, at },
      })),
      { type: 'SettleRefund', refundId: 'r1', outcome: 'failed', at },
    ],
    SettleAwaited: [true, false].map((came) => ({
      ...{ type: 'SettleAwaited', refundId: 'r3', amountMinor: 1, came, at },
    })),
    RecordReturn: [
      { ...asked, open: true },
      { ...asked, open: false },
    ],
    RecordDispute: [
      { type: 'RecordDispute', disputeId: 'd1', open: true, at },
      { type: 'RecordDispute', disputeId: 'd1', open: false, at },
    ],
  }
}
