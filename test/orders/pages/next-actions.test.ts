import fc from 'fast-check'
import { errAsync, okAsync } from 'neverthrow'
import { describe, expect, inject, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { returnPage } from '../../../src/aftersales/return-page.js'
import { approveReturn } from '../../../src/aftersales/review-return.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import type { OrderParty } from '../../../src/orders/pages/next-actions.js'
import { confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { captureAndShip } from '../../../src/orders/parcels/ship-order.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders } from '../../../src/orders/sweep-orders.js'
import { type AccessPolicy, type Authorizer, createTableAuthorizer } from '../../../src/shared/actor.js'
import { daysMs } from '../../../src/shared/instant.js'
import { withRoles } from '../../../src/shared/roles.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { namedCases } from '../../shop/cases.js'
import { booksOf } from '../books-of.js'
import { dispute } from '../disputes/disputed.js'
import { openEditShop } from '../editing/open-edit-shop.js'
import { act } from '../history-act.js'
import { fatedStep } from '../history-steps.js'
import { openHistory, terms } from '../open-history.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { waysOfReturn, waysTo } from '../ways-of.js'
import { expectOffersToHold, expectReturnsToHold, offeredTo } from './offers.js'

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

/** The same shop, where what an actor may do is as given. */
const ruledBy = (shop: TestShop, authorizer: (table: Authorizer) => Authorizer): TestShop => ({
  ...shop,
  authorizer: authorizer(shop.authorizer),
})

/** All staff have one role, which may do these and nothing else. */
const onlyTo = (shop: TestShop, ...may: readonly string[]): TestShop =>
  ruledBy(shop, (table) => {
    const ruled = withRoles(table, { one: { may, sees: [] } })
    return {
      authorize: (actor, action) =>
        ruled.authorize(actor.kind === 'staff' ? { ...actor, roles: ['one'] } : actor, action),
    }
  })

/** The table of the shop, but for these. */
const except = (shop: TestShop, grants: AccessPolicy): TestShop =>
  ruledBy(shop, (table) => {
    const changed = createTableAuthorizer(grants)
    return {
      authorize: (actor, action) => (Object.hasOwn(grants, action) ? changed : table).authorize(actor, action),
    }
  })

describe('what is offered is granted to whoever asks', () => {
  const seeing = ['orders.page', 'orders.list', 'aftersales.returnPage', 'aftersales.list']

  it('a packer whose role ships is offered that, and one who only looks nothing', async () => {
    const { shop, orderId } = await openOrder()
    await pay(shop, 'ann', orderId)
    const order = (await booksOf(shop)).orders[0]!.state
    const packers = onlyTo(shop, ...seeing, 'orders.ship')
    expect(await offeredTo(packers, order, 'staff')).toEqual(['ship'])
    await expectOffersToHold(packers, order)
    expect(await offeredTo(onlyTo(shop, ...seeing), order, 'staff')).toEqual([])
    const editors = onlyTo(shop, ...seeing, 'orders.applyEdit', 'orders.previewEdit')
    expect(await offeredTo(editors, order, 'staff')).toEqual(['edit'])
    expect(await offeredTo(onlyTo(shop, ...seeing, 'orders.applyEdit'), order, 'staff')).toEqual([])
    expect(await offeredTo(shop, order, 'staff')).toEqual(['ship', 'edit', 'cancel', 'refund'])
  })

  it('a packer whose role takes no money is not offered to ship what is only held', async () => {
    const shop = await openEditShop({}, { capture: 'onShipment' })
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const order = (await booksOf(shop)).orders[0]!.state
    const packers = onlyTo(shop, ...seeing, 'orders.ship')
    expect(await offeredTo(packers, order, 'staff')).toEqual([])
    await expectOffersToHold(packers, order)
    const takers = onlyTo(shop, ...seeing, 'orders.ship', 'orders.capture')
    expect(await offeredTo(takers, order, 'staff')).toEqual(['ship', 'capture'])
    await expectOffersToHold(takers, order)
  })

  it('a merchant whom the host lets refund is offered that', async () => {
    const { shop, orderId } = await openOrder()
    await pay(shop, 'ann', orderId)
    const order = (await booksOf(shop)).orders[0]!.state
    const open = except(shop, { 'orders.refund': { merchant: 'own', staff: 'all' } })
    expect(await offeredTo(open, order, 'merchant')).toEqual(['ship', 'refund'])
    await expectOffersToHold(open, order)
  })

  it('a buyer from whom the host took cancelling is not offered it', async () => {
    const { shop, orderId } = await openOrder()
    const order = (await booksOf(shop)).orders[0]!.state
    const strict = except(shop, { 'orders.cancel': { staff: 'all', system: 'all' } })
    expect(await offeredTo(strict, order, 'buyer')).toEqual(['pay', 'sharePayment', 'edit'])
    expect(await offeredTo(strict, order, 'staff')).toContain('cancel')
    await expectOffersToHold(strict, order)
    expect(order.orderId).toBe(orderId)
  })

  it('what only waits for a fresh proof is offered, and the engine of the host is asked about what the state allows alone', async () => {
    const { shop, orderId } = await openOrder()
    const order = (await booksOf(shop)).orders[0]!.state
    const asked: string[] = []
    const proving = ruledBy(shop, (table) => ({
      authorize: (actor, action) => {
        asked.push(action)
        return table
          .authorize(actor, action)
          .andThen((scope) =>
            action === 'orders.pay'
              ? errAsync({ type: 'StepUpRequired', action, freshMs: 1 } as const)
              : okAsync(scope),
          )
      },
    }))
    expect(await offeredTo(proving, order, 'buyer')).toEqual(['pay', 'sharePayment', 'edit', 'cancel'])
    expect(asked).toContain('orders.cancel')
    expect(asked).not.toContain('orders.refund')
    expect(new Set(asked).size).toBe(asked.length)
    expect(order.orderId).toBe(orderId)
  })

  it('staff who are bound by a condition on fields are offered what that does not deny', async () => {
    const { shop, orderId } = await openOrder()
    const { paymentId } = await pay(shop, 'ann', orderId)
    await dispute(shop, paymentId)
    const order = (await booksOf(shop)).orders[0]!.state
    const bound = ruledBy(shop, (table) => ({
      authorize: (actor, action) =>
        table
          .authorize(actor, action)
          .map((scope) => (actor.kind === 'staff' ? { kind: 'fields', fields: { merchantId: ['self'] } } : scope)),
    }))
    expect(await offeredTo(shop, order, 'staff')).toEqual(['ship', 'edit', 'submitEvidence', 'acceptDispute'])
    expect(await offeredTo(bound, order, 'staff')).toEqual(['submitEvidence', 'acceptDispute'])
    await expectOffersToHold(bound, order)
  })

  it('returns are approved by whoever may, and are not offered to staff who only look', async () => {
    const { shop, orderId } = await openOrder()
    await pay(shop, 'ann', orderId)
    value(await captureAndShip(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    const lines = [{ lineId: 'kettle-1', quantity: 1 }]
    const input = { orderId, kind: 'returnAndRefund', reason: 'quality', lines } as const
    const { returnId } = value(await requestReturn(shop, by('ann'), input))
    const order = (await booksOf(shop)).orders[0]!.state
    const offers = async (world: TestShop, who: CommandContext) =>
      value(await returnPage(world, who, { returnId })).nextActions
    const viewers = onlyTo(shop, ...seeing)
    expect(await offers(viewers, byStaff())).toEqual([])
    await expectReturnsToHold(viewers, order)
    const clerks = onlyTo(shop, ...seeing, 'aftersales.approveReturn')
    expect(await offers(clerks, byStaff())).toEqual(['approveReturn'])
    await expectReturnsToHold(clerks, order)
    const open = except(shop, { 'aftersales.approveReturn': { merchant: 'own' }, 'aftersales.cancelReturn': {} })
    expect(await offers(open, { actor: { kind: 'merchant', merchantId: 'self' }, key: 'm' })).toEqual(['approveReturn'])
    expect(await offers(open, by('ann'))).toEqual([])
    await expectReturnsToHold(open, order)
  })
})

// What is named of an order or a return is its verb; what is not says why.
const excused: Readonly<Record<string, string>> = {
  'orders.page': 'shows it',
  'orders.replayPrice': 'shows how its price came about',
  'orders.share': 'shows a part to whoever has its link',
  'orders.payShare': 'is for whoever has a link, or was asked for a part: their own page offers it',
  'orders.readDispute': 'shows it',
  'orders.prepareEvidence': 'shows what speaks for the shop',
  'orders.previewEdit': 'is the first half of `edit`',
  'orders.reconcileBill': 'is of a gateway’s bill',
  'orders.resolvePaymentAlert': 'is on a list of its own, as `paymentAlerts`',
  'orders.payees': 'lists whom the shop owes',
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
