import fc from 'fast-check'
import type { ResultAsync } from 'neverthrow'
import { describe, expect, inject, it } from 'vitest'
import { createManualGateway } from '../../adapters/gateways/manual/index.js'
import { requestReturn } from '../../src/aftersales/request-return.js'
import { applyEdit } from '../../src/orders/editing/apply-edit.js'
import { cancelOrder } from '../../src/orders/editing/cancel-order.js'
import { previewEdit } from '../../src/orders/editing/preview-edit.js'
import { parcels } from '../../src/orders/order.collection.schema.js'
import type { NextAction, OrderParty } from '../../src/orders/pages/next-actions.js'
import { orderPage } from '../../src/orders/pages/order-page.js'
import { completeOrder, confirmReceipt } from '../../src/orders/parcels/complete-order.js'
import { recordDelivery, recordLoss, recordParcelReturn } from '../../src/orders/parcels/move-parcel.js'
import { recordScan } from '../../src/orders/parcels/record-scan.js'
import { reshipOrder } from '../../src/orders/parcels/reship-order.js'
import { captureAndShip } from '../../src/orders/parcels/ship-order.js'
import { payShare } from '../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../src/orders/payers/share-payment.js'
import { acceptHeldMoney } from '../../src/orders/paying/accept-held-money.js'
import { captureOrder } from '../../src/orders/paying/capture-order.js'
import { returnReceipt } from '../../src/orders/paying/hold-receipt.js'
import { payOrder } from '../../src/orders/paying/pay-order.js'
import { queryPayment } from '../../src/orders/paying/query-payment.js'
import { recordReceipt } from '../../src/orders/paying/record-receipt.js'
import { rejectHold } from '../../src/orders/paying/reject-hold.js'
import { releaseHold } from '../../src/orders/paying/release-hold.js'
import { reportPayment } from '../../src/orders/paying/report-payment.js'
import { returnHeldByHand } from '../../src/orders/paying/return-held-by-hand.js'
import { returnHeldMoney } from '../../src/orders/paying/return-held-money.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../src/orders/refunds/rescue-refund.js'
import { closeUnpaidOrders } from '../../src/orders/sweep-orders.js'
import { heldReceipts } from '../../src/payments/held-receipt.schema.js'
import { daysMs, secondsMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { dryRun } from '../support/dry-storage.js'
import { ask, booksOf } from './books-of.js'
import { act, askedOf } from './history-act.js'
import { fatedStep } from './history-steps.js'
import { openEditShop } from './open-edit-shop.js'
import { openHistory, terms } from './open-history.js'
import { by, byStaff, fillCart, pay, place, recipient, type TestShop, value } from './open-shop.js'

type Answer = ResultAsync<unknown, { readonly type: string }>
type Order = Awaited<ReturnType<typeof booksOf>>['orders'][number]['state']

let keys = 0
const contexts = (accountId: string): Readonly<Record<OrderParty, CommandContext>> => {
  keys += 1
  return {
    buyer: by(accountId),
    merchant: { actor: { kind: 'merchant', merchantId: 'self' }, key: `merchant-${keys}` },
    staff: byStaff(),
  }
}

/** The same shop a moment later, when a gateway that was asked just now may be asked again. */
const onceAskedAgain = (shop: TestShop): TestShop => ({
  ...shop,
  clock: { now: () => shop.clock.now() + 4 * secondsMs },
})

const parties = ['buyer', 'merchant', 'staff'] as const

const offeredTo = async (shop: TestShop, order: Order, party: OrderParty): Promise<readonly NextAction[]> =>
  value(await orderPage(shop, contexts(order.accountId)[party], { orderId: order.orderId })).nextActions

/** Every way to carry an action out that fits an order, one of which has to be taken where the action is offered. */
const waysTo = async (
  shop: TestShop,
  order: Order,
): Promise<Readonly<Record<NextAction, readonly ((world: TestShop, context: CommandContext) => Answer)[]>>> => {
  const { orderId, accountId, lines, totals } = order
  const books = await booksOf(shop)
  const ofOrder = <Row extends { readonly state: { readonly orderId: string | null } }>(rows: readonly Row[]) =>
    rows.filter(({ state }) => state.orderId === orderId)
  const payments = ofOrder(books.payments).map(({ state }) => state)
  const refunds = ofOrder(books.refunds).map(({ state: { refundId } }) => refundId)
  const sent = ofOrder(await ask(shop, find(parcels, { where: [], limit: 1_000 }))).map(({ state }) => state.parcelId)
  const receipts = ofOrder(await ask(shop, find(heldReceipts, { where: [], limit: 1_000 }))).map(({ id }) => id)
  const dueMinor = await askedOf(shop, orderId)
  const input = { orderId }
  const one = lines.map(({ lineId }) => [{ lineId, quantity: 1 }] as const)
  const parts =
    totals.payableMinor < 2
      ? ([{ accountId: 'friend', part: { by: 'rest' } }] as const)
      : ([
          { accountId, part: { by: 'amount', amountMinor: 1 } },
          { accountId: 'friend', part: { by: 'rest' } },
        ] as const)
  const returns = one.flatMap((asked) =>
    (['returnAndRefund', 'refundOnly'] as const).flatMap((kind) =>
      (['noReason', 'quality'] as const).map((reason) => ({ ...input, kind, reason, lines: asked })),
    ),
  )
  const edits = [
    { ...input, recipient: { ...recipient, phone: '+86 138 0000 0009' } },
    ...lines.map(({ lineId, quantity, cancelledQuantity = 0 }) => ({
      ...input,
      lines: [{ lineId, quantity: quantity - cancelledQuantity - 1 }],
    })),
  ]
  const post = { orderId, carrier: 'sf-express', trackingNumber: 'SF9' }
  return {
    pay: [(world, who) => payOrder(world, who, { ...input, gatewayId: 'sandbox', method: 'wechatPay' })],
    sharePayment: [(world, who) => sharePayment(world, who, { ...input, payers: parts })],
    queryPayment: [(world, who) => queryPayment(onceAskedAgain(world), who, input)],
    confirmReceipt: [(world, who) => confirmReceipt(world, who, input)],
    releaseHold: [(world, who) => releaseHold(world, who, input)],
    rejectHold: [(world, who) => rejectHold(world, who, input)],
    ship: one.map((asked) => (world, who) => captureAndShip(world, who, { ...post, lines: asked })),
    capture: [(world, who) => captureOrder(world, who, input)],
    edit: edits.map(
      (asked) => (world, who) =>
        previewEdit(world, who, asked).andThen(({ hash }) => applyEdit(world, who, { ...asked, hash })),
    ),
    cancel: [(world, who) => cancelOrder(world, who, input)],
    recordScan: sent.map((parcelId) => (world, who) => recordScan(world, who, { parcelId })),
    recordDelivery: sent.map((parcelId) => (world, who) => recordDelivery(world, who, { parcelId })),
    recordLoss: sent.map((parcelId) => (world, who) => recordLoss(world, who, { parcelId })),
    recordParcelReturn: sent.map((parcelId) => (world, who) => recordParcelReturn(world, who, { parcelId })),
    reship: [(world, who) => reshipOrder(world, who, input)],
    recordReceipt: payments.map(({ paymentId, amountMinor }) => (world, who) => {
      const receipt = { paymentId, amountMinor: dueMinor || amountMinor, currency: 'CNY', reference: `N${keys}` }
      return recordReceipt(world, who, receipt)
    }),
    returnReceipt: receipts.map((receiptId) => (world, who) => returnReceipt(world, who, { receiptId })),
    acceptHeldMoney: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          acceptHeldMoney(world, who, { paymentId }),
    ),
    returnHeldMoney: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          returnHeldMoney(world, who, { paymentId }),
    ),
    returnHeldByHand: payments.map(
      ({ paymentId }) =>
        (world, who) =>
          returnHeldByHand(world, who, { paymentId, currency: 'USD' }),
    ),
    complete: [(world, who) => completeOrder(world, who, input)],
    requestReturn: returns.map((asked) => (world, who) => requestReturn(world, who, asked)),
    refund: [
      ...one.map((asked) => ({ reason: 'goodwill' as const, lines: asked })),
      { reason: 'goodwill' as const, lines: [], withShipping: true },
    ].map((asked) => (world, who) => refundOrder(world, who, { ...input, ...asked })),
    retryRefund: refunds.map((refundId) => (world, who) => retryRefund(world, who, { refundId })),
    payRefundByHand: refunds.map((refundId) => (world, who) => payRefundByHand(world, who, { refundId })),
    reportPayment: [(world, who) => reportPayment(world, who, input)],
  }
}

// A line of a statement is booked whatever it is, a carrier may tell things late, and to ask a gateway is never wrong.
const neverRefused: readonly NextAction[] = ['recordReceipt', 'queryPayment', 'recordScan']
// Of several payments, one that no dispute holds may have enough; none is offered then.
const heldByDispute: readonly NextAction[] = ['refund', 'cancel', 'rejectHold']

/** Every action that is offered can be carried out now, and what is not offered is refused. */
const expectOffersToHold = async (shop: TestShop, order: Order): Promise<void> => {
  const ways = await waysTo(shop, order)
  const books = await booksOf(shop)
  const isDisputed = books.payments.some(
    ({ state }) => state.orderId === order.orderId && state.disputes?.some(({ status }) => status === 'held'),
  )
  for (const party of parties) {
    const offered = await offeredTo(shop, order, party)
    for (const [action, tries] of Object.entries(ways) as [NextAction, (typeof ways)[NextAction]][]) {
      const outcomes: unknown[] = []
      let isDone = false
      for (const attempt of tries) {
        const dry = dryRun(shop.storage)
        const answer = await attempt({ ...shop, storage: dry.storage }, contexts(order.accountId)[party])
        // To pay asks a gateway first what became of an attempt before; that is not what was asked for.
        const isThrough = answer.isOk() || answer.error.type === 'StorageUnavailable'
        isDone = (isThrough && dry.changed()) || isDone
        outcomes.push(answer.isOk() ? answer.value : answer.error)
      }
      const isOffered = offered.includes(action)
      const isExempt = neverRefused.includes(action) || (isDisputed && heldByDispute.includes(action))
      if (isOffered !== isDone && (isOffered || !isExempt)) {
        const { status, hold, lines, refunds } = order
        expect({ party, action, isOffered, isDone, outcomes, status, hold, lines, refunds }).toBe('an offer that holds')
      }
    }
  }
}

const long = Number(process.env.FC_NUM_RUNS ?? 0) > 0

it('whatever has happened, what is offered next can be done now, and what is not offered is refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...terms),
      fc.array(fatedStep, { minLength: 30, maxLength: long ? 300 : 60, size: 'max' }),
      async (given, history) => {
        const world = await openHistory(given, 2)
        for (const [turn, fated] of history.entries()) {
          await act(world, await booksOf(world.shop), fated)
          if (turn % 6 !== 5) continue
          const { orders } = await booksOf(world.shop)
          const picked = orders.filter((_, place) => (place + turn) % Math.ceil(orders.length / 3) === 0)
          for (const { state } of picked) await expectOffersToHold(world.shop, state)
        }
      },
    ),
    { numRuns: long || inject('storage') === 'memory' ? 4 : 1, endOnFailure: true },
  )
})

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

/** An order of Ann's: one kettle, 129.00 and 8.00 carriage. */
const openOrder = async () => {
  const opened = await openEditShop()
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, manual } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const orderNow = async () => (await booksOf(shop)).orders[0]!.state
  const offered = async (party: OrderParty) => offeredTo(shop, await orderNow(), party)
  return { shop, orderId, offered, holds: async () => expectOffersToHold(shop, await orderNow()) }
}

describe('what may be done with an order', () => {
  it('that waits for a transfer: money that is too little is recorded, and sent back', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    expect(await offered('buyer')).toEqual(['pay', 'sharePayment', 'edit', 'cancel'])
    const { paymentId } = value(
      await payOrder(shop, by('ann'), { orderId, gatewayId: 'manual', method: 'bankTransfer' }),
    )
    expect(await offered('staff')).toEqual(['queryPayment', 'edit', 'cancel', 'recordReceipt'])
    const receipt = { paymentId, amountMinor: 5_000, currency: 'CNY', reference: 'S1' }
    value(await recordReceipt(shop, byStaff(), receipt))
    expect(await offered('staff')).toContain('returnReceipt')
    await holds()
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await offered('staff')).toEqual(['returnReceipt'])
    await holds()
    value(await returnReceipt(shop, byStaff(), { receiptId: `${paymentId}.1` }))
    expect(await offered('staff')).toEqual([])
    await holds()
  })

  it('whose buyer has paid their part: they pay no more, and nobody shares it anew', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    const payers = [
      { accountId: 'ann', part: { by: 'amount', amountMinor: 3_700 } },
      { accountId: 'bob', part: { by: 'rest' } },
    ] as const
    value(await sharePayment(shop, by('ann'), { orderId, payers }))
    expect(await offered('buyer')).toEqual(['pay', 'sharePayment', 'edit', 'cancel'])
    await holds()
    value(await payShare(shop, by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' }))
    expect(await offered('buyer')).toEqual(['cancel'])
    await holds()
  })

  it('whose time to pay is over: nothing is paid any more, also before the clock has come to it', async () => {
    const { shop, offered, holds } = await openOrder()
    shop.pass(daysMs)
    expect(await offered('buyer')).toEqual(['edit', 'cancel'])
    await holds()
    value(await closeUnpaidOrders(shop, { limit: 9 }))
    expect(await offered('buyer')).toEqual([])
    await holds()
  })

  it('that a gateway has not ended yet: its buyer may give it up, and staff judge that it was held', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    shop.gateway.script({ kind: 'pending', delivery: { times: 0, lateMs: 0 } })
    await pay(shop, 'ann', orderId)
    shop.pass(daysMs)
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    await closeUnpaidOrders(shop, { limit: 9 })
    expect(await offered('buyer')).toEqual(['queryPayment', 'cancel'])
    // The gateway was asked a moment ago, and is not asked again at once.
    shop.pass(5_000)
    await holds()
  })

  it('a merchant is told what its own hands may do, and nothing of money', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    expect(await offered('merchant')).toEqual([])
    await pay(shop, 'ann', orderId)
    expect(await offered('merchant')).toEqual(['ship'])
    value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    expect(await offered('merchant')).toEqual(['recordScan', 'recordDelivery', 'recordLoss', 'recordParcelReturn'])
    await holds()
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    // Whatever its buyer has confirmed, a parcel may be lost, or be here again.
    expect(await offered('merchant')).toEqual(['recordScan', 'recordDelivery', 'recordLoss', 'recordParcelReturn'])
    await holds()
  })

  it('goods are asked back until the last day of the longest window, and once', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    await pay(shop, 'ann', orderId)
    value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    expect(await offered('buyer')).toEqual(['requestReturn', 'reportPayment'])
    shop.pass(100 * daysMs)
    expect(await offered('buyer')).toEqual(['reportPayment'])
    await holds()
    shop.pass(-100 * daysMs)
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    value(await requestReturn(shop, by('ann'), { orderId, kind: 'returnAndRefund', reason: 'quality', lines }))
    expect(await offered('buyer')).toEqual(['reportPayment'])
    await holds()
  })

  it('that was paid and of which a refund failed: staff send it again, or say that they have paid it', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    await pay(shop, 'ann', orderId)
    const delivery = { times: 0, lateMs: 0 }
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid', delivery })
    value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(await offered('buyer')).toEqual([])
    expect(await offered('staff')).toEqual(['retryRefund', 'payRefundByHand'])
    await holds()
  })
})
