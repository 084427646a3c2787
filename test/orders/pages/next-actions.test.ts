import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { returnRequests } from '../../../src/aftersales/return.collection.schema.js'
import type { ReturnAction } from '../../../src/aftersales/return-actions.js'
import { returnPage } from '../../../src/aftersales/return-page.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import type { NextAction, OrderParty } from '../../../src/orders/pages/next-actions.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { namedCases } from '../../shop/cases.js'
import { dryRun } from '../../support/dry-storage.js'
import { ask, booksOf } from '../books-of.js'
import { dispute } from '../disputes/disputed.js'
import { openEditShop } from '../editing/open-edit-shop.js'
import { act } from '../history-act.js'
import { fatedStep } from '../history-steps.js'
import { openHistory, terms } from '../open-history.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { type Answer, type Order, waysOfReturn, waysTo } from '../ways-of.js'

let keys = 0
const contexts = ({
  accountId,
  merchantId,
}: Pick<Order, 'accountId' | 'merchantId'>): Readonly<Record<OrderParty, CommandContext>> => {
  keys += 1
  return {
    buyer: by(accountId),
    merchant: { actor: { kind: 'merchant', merchantId: merchantId ?? 'nobody' }, key: `merchant-${keys}` },
    staff: byStaff(),
  }
}

// A checkout of several merchants is no one merchant's.
const partiesOf = ({ merchantId }: Pick<Order, 'merchantId'>): readonly OrderParty[] =>
  merchantId === null ? ['buyer', 'staff'] : ['buyer', 'merchant', 'staff']

const offeredTo = async (shop: TestShop, order: Order, party: OrderParty): Promise<readonly NextAction[]> =>
  value(await orderPage(shop, contexts(order)[party], { orderId: order.orderId })).nextActions

// A line of a statement is booked whatever it is, a carrier may tell things late, and to ask a gateway is never wrong.
const neverRefused: readonly NextAction[] = ['recordReceipt', 'queryPayment', 'recordScan']
// Of several payments, one that no dispute holds may have enough; none is offered then.
const heldByDispute: readonly NextAction[] = ['refund', 'cancel', 'rejectHold']

/** Whether one of the ways can be gone now, of which nothing is written. */
const tryOut = async (
  shop: TestShop,
  who: CommandContext,
  ways: readonly ((world: TestShop, context: CommandContext) => Answer)[],
) => {
  const outcomes: unknown[] = []
  let isDone = false
  for (const [place, attempt] of ways.entries()) {
    const dry = dryRun(shop.storage)
    const answer = await attempt({ ...shop, storage: dry.storage }, { ...who, key: `${who.key}.${place}` })
    // To pay asks a gateway first what became of an attempt before; that is not what was asked for.
    const isThrough = answer.isOk() || answer.error.type === 'StorageUnavailable'
    isDone = (isThrough && dry.changed()) || isDone
    outcomes.push(answer.isOk() ? answer.value : answer.error)
  }
  return { isDone, outcomes }
}

/** The same of every return of an order. */
const expectReturnsToHold = async (shop: TestShop, order: Order): Promise<void> => {
  for (const { state } of await ask(shop, find(returnRequests, { where: [], limit: 1_000 }))) {
    if (state.orderId !== order.orderId) continue
    for (const party of partiesOf(order)) {
      const who = contexts(order)[party]
      const { nextActions } = value(await returnPage(shop, who, { returnId: state.returnId }))
      const ways = waysOfReturn(state)
      for (const action of Object.keys(ways) as ReturnAction[]) {
        const { isDone, outcomes } = await tryOut(shop, contexts(order)[party], ways[action])
        const isOffered = nextActions.includes(action)
        if (isOffered !== isDone) {
          expect({ party, action, isOffered, isDone, outcomes, status: state.status }).toBe('an offer that holds')
        }
      }
    }
  }
}

/** Every action that is offered can be carried out now, and what is not offered is refused. */
const expectOffersToHold = async (shop: TestShop, order: Order): Promise<void> => {
  const ways = await waysTo(shop, order)
  const books = await booksOf(shop)
  const isDisputed = books.payments.some(
    ({ state }) => state.orderId === order.orderId && state.disputes?.some(({ status }) => status === 'held'),
  )
  for (const party of partiesOf(order)) {
    const offered = await offeredTo(shop, order, party)
    for (const [action, tries] of Object.entries(ways) as [NextAction, (typeof ways)[NextAction]][]) {
      const { isDone, outcomes } = await tryOut(shop, contexts(order)[party], tries)
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
          for (const { state } of picked) {
            await expectOffersToHold(world.shop, state)
            await expectReturnsToHold(world.shop, state)
          }
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
  const holds = async () => {
    await expectOffersToHold(shop, await orderNow())
    await expectReturnsToHold(shop, await orderNow())
  }
  return { shop, orderId, offered, holds }
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
    expect(await offered('merchant')).toEqual([
      'correctParcel',
      'recordScan',
      'recordDelivery',
      'recordLoss',
      'recordParcelReturn',
    ])
    await holds()
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    // Whatever its buyer has confirmed, a parcel may be lost, or be here again.
    expect(await offered('merchant')).toEqual([
      'correctParcel',
      'recordScan',
      'recordDelivery',
      'recordLoss',
      'recordParcelReturn',
    ])
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

  it('whose payer went to the bank: staff send evidence until its time is over, or accept it, and send nothing back', async () => {
    const { shop, orderId, offered, holds } = await openOrder()
    const { paymentId } = await pay(shop, 'ann', orderId)
    value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    const asked = { orderId, kind: 'refundOnly', reason: 'quality', lines } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), asked))
    const mine = async (who: CommandContext) => value(await returnPage(shop, who, { returnId })).nextActions
    expect(await mine(by('ann'))).toEqual(['cancelReturn'])
    expect(await mine(byStaff())).toEqual(['cancelReturn', 'approveReturn', 'refuseReturn'])
    await holds()
    value(await approveReturn(shop, byStaff(), { returnId }))
    expect(await mine(byStaff())).toEqual(['refundReturn'])
    await dispute(shop, paymentId)
    const parcel = ['correctParcel', 'recordScan', 'recordDelivery', 'recordLoss', 'recordParcelReturn']
    expect(await offered('staff')).toEqual([...parcel, 'submitEvidence', 'acceptDispute'])
    expect(await offered('buyer')).toEqual(['reportPayment'])
    expect(await mine(byStaff())).toEqual([])
    await holds()
    shop.pass(60 * daysMs)
    expect(await offered('staff')).toEqual([...parcel, 'acceptDispute'])
    await holds()
  })
})

// What is named of an order or a return is its verb; what is not says why.
const excused: Readonly<Record<string, string>> = {
  'orders.page': 'shows it',
  'orders.replayPrice': 'shows how its price came about',
  'orders.share': 'shows a part to whoever has its link',
  'orders.payShare': 'is for whoever has a link, or was asked for a part: their own page offers it',
  'orders.readDispute': 'shows it',
  'orders.previewEdit': 'is the first half of `edit`',
  'orders.reconcileBill': 'is of a gateway’s bill',
  'orders.resolvePaymentAlert': 'is on a list of its own, as `paymentAlerts`',
  'orders.giveUpSplit': 'is on a list of its own, as `undivided` of `unclearPayouts`',
  'aftersales.previewReturn': 'is the first half of `requestReturn`',
  'aftersales.returnPage': 'shows it',
}

it('every verb about an order, its money, goods or returns is an action by its name, or is excused', async () => {
  const { shop, orderId } = await openOrder()
  const [order] = (await booksOf(shop)).orders
  if (order === undefined) return expect.unreachable(orderId)
  const named = new Set([
    ...Object.keys(await waysTo(shop, order.state)).map((name) =>
      name === 'requestReturn' ? `aftersales.${name}` : `orders.${name === 'edit' ? 'applyEdit' : name}`,
    ),
    ...Object.keys(waysOfReturn({ returnId: '', lines: [] })).map((name) => `aftersales.${name}`),
  ])
  const about = namedCases
    .filter(
      ([name, { input }]) =>
        /^(orders|aftersales)\./.test(name) &&
        /"(order|payment|refund|parcel|receipt|return|dispute)Id"/.test(JSON.stringify(input((id) => id)) ?? ''),
    )
    .map(([name]) => name)
  expect(about.filter((name) => !named.has(name) && !Object.hasOwn(excused, name))).toEqual([])
  expect([...named, ...Object.keys(excused)].filter((name) => !about.includes(name))).toEqual([])
})
