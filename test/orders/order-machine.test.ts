import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RefundReason } from '../../src/orders/order.js'
import type { OrderCommand } from '../../src/orders/order-command.js'
import type { OrderEvent } from '../../src/orders/order-event.js'
import { undecidedQuantity } from '../../src/orders/order-losses.js'
import { orderMachine } from '../../src/orders/order-machine.js'
import { foldEvents } from '../../src/shared/decider.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'
import { walkModel } from '../kit/walk-model.js'
import { commands, linesOf, orderModel, quantity } from './order-machine.model.js'
import { commandsFor } from './order-of-pieces.js'
import { at, money, pieces, place, refund } from './order-samples.js'

machineLaws(orderModel)

// Half a minute: only where all is tried more often.
if (process.env.FC_NUM_RUNS !== undefined) {
  it('of two pieces, the order machine is walked to its end', () => {
    const whole = { ...orderModel, model: commandsFor(2), parts: {}, limits: { maxStates: 40_000 } }
    const walk = walkModel(whole)
    const broken = Object.entries(orderModel.invariants ?? {}).flatMap(([name, holds]) =>
      [...walk.states.values()].filter(({ state }) => !holds(state)).map(({ path }) => [name, path]),
    )
    expect(broken).toEqual([])
    expect(walk).toMatchObject({ closed: true, transitionCount: 231_527, longestPath: 16 })
  })
}

const given = specify(orderMachine)
const placed: OrderEvent = { type: 'OrderPlaced', facts: place.facts, payBy: place.payBy }
const paid: OrderEvent = {
  type: 'OrderPaid',
  orderNumber: place.facts.orderNumber,
  accountId: 'ann',
  paymentId: 'p1',
  paidMinor: 1_000,
  currency: 'CNY',
  sold: [{ productId: 'p1', quantity: 3 }],
  at,
}

describe('an order', () => {
  it('is not paid by another amount or currency', () => {
    given([placed])
      .when({ type: 'Pay', paymentId: 'p1', captured: money(999), at })
      .thenRefused({ type: 'PaymentDiffers', expected: money(1_000), actual: money(999) })
    given([placed])
      .when({ type: 'Pay', paymentId: 'p1', captured: { minor: 1_000, currency: 'VND' }, at })
      .thenRefused({ type: 'PaymentDiffers', expected: money(1_000), actual: { minor: 1_000, currency: 'VND' } })
  })

  it('gives no more money back than was taken: 600 of 1000, then not 401', () => {
    given([placed, paid, { type: 'RefundStarted', refund: refund('r1', 1, 600), at }])
      .when({ type: 'StartRefund', refund: refund('r2', 1, 401), at })
      .thenRefused({ type: 'RefundExceedsCaptured', askedMinor: 401, refundableMinor: 400 })
  })

  it('takes no more pieces back, and notes no more as lost, than have left', () => {
    const step = fc.oneof(
      quantity.map((count) => ({ ...commands.Ship[0]!, lines: pieces(count) })),
      fc
        .tuple(quantity, fc.constantFrom<RefundReason>('goodwill', 'returned', 'lost'))
        .map(([count, reason]) => ({ type: 'StartRefund' as const, refund: { ...refund('r', count, 0), reason }, at })),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let state = foldEvents(orderMachine, [placed, paid])
        let back = 0
        for (const [place, command] of steps.entries()) {
          const named =
            command.type === 'Ship' ? command : { ...command, refund: { ...command.refund, refundId: `r${place}` } }
          const decided = orderMachine.decide(state, named)
          if (decided.isErr()) continue
          state = decided.value.reduce(orderMachine.evolve, state)
          if (named.type === 'StartRefund' && named.refund.reason !== 'goodwill') {
            back += named.refund.lines.reduce((sum, line) => sum + line.quantity, 0)
          }
          const shipped = linesOf(state).reduce((sum, line) => sum + line.shippedQuantity, 0)
          expect(back).toBeLessThanOrEqual(shipped)
        }
      }),
    )
    given([placed, paid])
      .when({ type: 'StartRefund', refund: { ...refund('r1', 1, 0), reason: 'returned' }, at })
      .thenRefused({ type: 'QuantityExceedsOrder', lineId: pieces(1)[0]!.lineId, asked: 1, left: 0 })
  })

  it('makes every piece good once, whichever of loss, refund and reshipment is noted first', () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('send'), count: fc.integer({ min: 1, max: 3 }), arrives: fc.boolean() }),
      fc.record({ does: fc.constant('note'), which: fc.nat({ max: 5 }) }),
      fc.record({ does: fc.constant('refund'), reason: fc.constantFrom<RefundReason>('returned', 'lost', 'goodwill') }),
      fc.record({ does: fc.constantFrom('reship', 'clock') }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        let state = foldEvents(orderMachine, [placed, paid])
        const doing = (command: OrderCommand): boolean => {
          const decided = orderMachine.decide(state, command)
          if (decided.isOk()) state = decided.value.reduce(orderMachine.evolve, state)
          return decided.isOk()
        }
        const ends = { at, advanceAt: at + 20 }
        const out: { readonly count: number; readonly arrives: boolean }[] = []
        let refunds = 0
        // Of what will not arrive, what money may go back for still; and what was given for nothing.
        let amiss = 0
        let given = 0
        const send = (count: number, arrives: boolean) => {
          if (!doing({ type: 'Ship', parcelId: 'b1', lines: pieces(count), at, advanceAt: at + 10 })) return
          out.push({ count, arrives })
          if (!arrives) amiss += count
        }
        const note = (which: number) => {
          const [parcel] = out.splice(which, 1)
          if (parcel === undefined) return
          const about = { parcelId: 'b1', lines: pieces(parcel.count), ...ends }
          const noted: OrderCommand = parcel.arrives
            ? { type: 'Sign', by: 'carrier', ...about }
            : { type: 'LoseParcel', makeGoodBy: at + 25, ...about }
          expect(doing(noted)).toBe(true)
        }
        const giveBack = (reason: RefundReason, count: number): boolean => {
          refunds += 1
          return doing({ type: 'StartRefund', refund: { ...refund(`r${refunds}`, count, 0), reason }, at })
        }
        const clock = () => {
          const open = linesOf(state).reduce((sum, line) => sum + undecidedQuantity(line), 0)
          if (open === 0) return
          expect(giveBack('lost', open)).toBe(true)
          amiss -= open
        }
        for (const each of steps) {
          if (each.does === 'send' && 'arrives' in each) send(each.count, each.arrives)
          if (each.does === 'note' && 'which' in each) note(each.which)
          if (each.does === 'clock') clock()
          if (each.does === 'reship' && doing({ type: 'Reship', lines: pieces(1), at })) amiss -= 1
          if (each.does !== 'refund' || !('reason' in each)) continue
          if (each.reason === 'goodwill') given += giveBack('goodwill', 1) ? 1 : 0
          else if (amiss > 0 && giveBack(each.reason, 1)) amiss -= 1
        }
        while (out.length > 0) note(0)
        clock()
        const here = linesOf(state).reduce((sum, line) => sum + line.quantity - line.shippedQuantity, 0)
        send(here, true)
        note(0)
        for (const line of linesOf(state)) {
          const made = line.signedQuantity + line.refundedQuantity
          expect(made - given).toBeLessThanOrEqual(line.quantity)
          expect(made).toBeGreaterThanOrEqual(line.quantity)
          expect(undecidedQuantity(line)).toBe(0)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('has as long to make a loss good as it had when the first piece of it was lost', () => {
    const sent = (parcelId: string): OrderEvent => {
      return { type: 'GoodsShipped', parcelId, lines: pieces(1), at, advanceAt: at + 10 }
    }
    const missing = (parcelId: string, makeGoodBy: number): OrderEvent => {
      return { type: 'GoodsLost', parcelId, lines: pieces(1), at, makeGoodBy }
    }
    const events = [placed, paid, sent('b1'), sent('b2'), missing('b1', at + 25), missing('b2', at + 90)]
    expect(foldEvents(orderMachine, events)).toMatchObject({ makeGoodBy: at + 25 })
  })

  it('closes with the last failure that the terms allow', () => {
    given([placed, { type: 'AttemptFailed', paymentId: 'p1', at }])
      .when({ type: 'FailAttempt', paymentId: 'p2', maximum: 2, at })
      .then([
        { type: 'AttemptFailed', paymentId: 'p2', at },
        { type: 'ClosingStarted', purpose: { kind: 'close', reason: 'attemptsFailed' }, at },
      ])
  })

  it('closes for no failure that the payer could not help', () => {
    given([placed, { type: 'AttemptFailed', paymentId: 'p1', at }])
      .when({ type: 'FailAttempt', paymentId: 'p2', maximum: 2, isUncounted: true, at })
      .then([{ type: 'AttemptFailed', paymentId: 'p2', isUncounted: true, at }])
  })

  it('lets nothing leave while it is held, whoever holds it, and goes on once it is released', () => {
    const shipment: OrderCommand = { type: 'Ship', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 10 }
    const held = (by: 'watch' | 'owner', until: number): OrderEvent => ({
      type: 'OrderHeld',
      by,
      reasons: [by === 'owner' ? 'reportedByOwner' : 'velocity'],
      until,
      at,
    })
    given([placed, held('watch', 9), paid])
      .when(shipment)
      .thenRefused({ type: 'OrderOnHold', orderId: 'o1', until: 9 })
    given([placed, paid, held('owner', 8), held('watch', 9)])
      .when(shipment)
      .thenRefused({ type: 'OrderOnHold', orderId: 'o1', until: 8 })
    given([placed, held('watch', 9), paid, { type: 'HoldReleased', by: 'staff', at }])
      .when(shipment)
      .then([{ type: 'GoodsShipped', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 10 }])
    given([placed, paid]).when({ type: 'ReleaseHold', by: 'staff', at }).thenRefused({
      type: 'NothingToDo',
      command: 'ReleaseHold',
    })
  })

  it('that ended unpaid comes back as it was, held if it was held; one that was given up never does', () => {
    const { reasons } = { reasons: ['velocity'] } as const
    const held: OrderEvent = { type: 'OrderHeld', by: 'watch', reasons, until: at + 9, at }
    const close: OrderEvent[] = [
      { type: 'ClosingStarted', purpose: { kind: 'close', reason: 'unpaid' }, at },
      { type: 'OrderClosed', reason: 'unpaid', at },
    ]
    const back: OrderEvent = { type: 'OrderReinstated', holdUntil: at + 60, at }
    given([placed, held, ...close])
      .when({ type: 'Reinstate', holdUntil: at + 60, at })
      .then([back])
    given([placed, held, ...close, back, paid])
      .when({ type: 'Ship', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 10 })
      .thenRefused({ type: 'OrderOnHold', orderId: 'o1', until: at + 60 })
    given([placed, ...close, back, paid])
      .when({ type: 'Ship', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 10 })
      .then([{ type: 'GoodsShipped', parcelId: 'b1', lines: pieces(1), at, advanceAt: at + 10 }])
    given([placed, { type: 'OrderCancelled', by: 'buyer', at }])
      .when({ type: 'Reinstate', holdUntil: at, at })
      .thenRefused({ type: 'OrderStateForbids', status: 'cancelled', command: 'Reinstate' })
  })

  it('is changed dearer only once exactly the difference is there, and is not given up meanwhile', () => {
    const proposed: OrderEvent = {
      type: 'EditProposed',
      edit: { editId: 'e1', by: 'buyer', differenceMinor: 400 },
      payBy: at + 30,
      at,
    }
    const [extend, wrong] = commands.ExtendOrder
    given([placed, paid, proposed])
      .when(wrong!)
      .thenRefused({ type: 'PaymentDiffers', expected: money(1_400), actual: money(700) })
    given([placed, paid, proposed])
      .when(commands.CancelPaid[0]!)
      .thenRefused({ type: 'EditUnderway', orderId: 'o1', payBy: at + 30 })
    given([placed, paid, proposed, { type: 'ClosingPostponed', until: at + 90 }])
      .when(commands.CancelPaid[0]!)
      .thenRefused({ type: 'EditUnderway', orderId: 'o1', payBy: at + 30 })
    given([placed, paid, proposed, { type: 'RefundStarted', refund: refund('r1', 1, 400), at }])
      .when(extend!)
      .thenRefused({ type: 'PaymentDiffers', expected: money(1_000), actual: money(1_400) })
    given([placed, paid]).when({ type: 'StartAttempt', paymentId: 'p2', at }).thenRefused({
      type: 'OrderStateForbids',
      status: 'paid',
      command: 'StartAttempt',
    })
  })

  it('does not mind the failure of an attempt after another has paid', () => {
    given([placed, paid]).when({ type: 'FailAttempt', paymentId: 'p2', maximum: 1, at }).then([])
  })
})
