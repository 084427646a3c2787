import {
  type Actor,
  billsCsv,
  billsJsonLines,
  guestOwnerId,
  ordersCsv,
  shopAccess,
  statementCsv,
  statementJsonLines,
} from 'shopwright'
import { expect, it } from 'vitest'
import { buyKettles, openStall, orderKettles } from '../support/open-stall.js'
import { namedCases } from './cases.js'
import { call, must, openingTime, openShop } from './open-shop.js'
import { buildWorld, by, clerk, join, recipient, type World } from './world.js'

const seller: Actor = { kind: 'merchant', merchantId: 'self' }
const visitor: Actor = { kind: 'guest', guestId: 'a cookie that nobody guesses' }

const isOpenToMerchants = (name: string): boolean =>
  Object.entries(shopAccess).some(([action, grant]) => action === name && 'merchant' in grant)

/** The world's buyers with accounts, and a visitor who has a return, a review and an order whose payment others share. */
const openMarket = async () => {
  const world = await buildWorld(await openShop())
  const { shop, gateway, ids } = world
  const order = async (quantity: number) => {
    must(await shop.cart.addLine(by(visitor), { productId: ids.productId, sku: ids.sku, quantity }))
    const choice = { shippingMethodId: 'standard' }
    const { totals } = must(await shop.orders.preview(by(visitor), { ...choice, region: recipient.region }))
    return must(await shop.orders.place(by(visitor), { ...choice, recipient, expectedTotalMinor: totals.payableMinor }))
      .orderId
  }
  const bought = await order(2)
  const paid = { orderId: bought, gatewayId: gateway.gatewayId, method: 'wechatPay' } as const
  must(await shop.orders.pay(by(visitor), paid))
  must(await shop.orders.ship(by(seller), { orderId: bought, carrier: 'sf-express', trackingNumber: 'SF-7' }))
  must(await shop.orders.confirmReceipt(by(visitor), { orderId: bought }))
  const lineId = must(await shop.orders.page(by(visitor), { orderId: bought })).lines[0]?.lineId ?? ''
  const { returnId } = must(
    await shop.aftersales.requestReturn(by(visitor), {
      orderId: bought,
      kind: 'refundOnly',
      reason: 'quality',
      lines: [{ lineId, quantity: 1 }],
    }),
  )
  must(await shop.reviews.write(by(visitor), { orderId: bought, lineId, rating: 3, text: 'Loud' }))
  const shared = await order(1)
  const payers = [
    { accountId: world.stranger.accountId, part: { by: 'amount', amountMinor: 100 } },
    { part: { by: 'rest' } },
  ] as const
  must(await shop.orders.sharePayment(by(visitor), { orderId: shared, payers }))
  return { world, orderIds: [ids.orderId, ids.openOrderId, bought, shared], returnIds: [ids.returnId, returnId] }
}

const ownersOf = ({ owner, stranger }: World): readonly string[] => [
  owner.accountId,
  stranger.accountId,
  guestOwnerId('a cookie that nobody guesses'),
]

it('no answer to a merchant says whose anything is, of accounts and of visitors', async () => {
  const { world, orderIds, returnIds } = await openMarket()
  const asked = namedCases
    .filter(([name]) => isOpenToMerchants(name))
    .flatMap(([name, { input }]) => {
      const given = input((id) => world.ids[id])
      const ofOrders = orderIds.map((orderId) => ({ orderId }))
      return [given, ...(inputsBeside(ofOrders, returnIds)[name] ?? [])].map((each) => [name, each] as const)
    })
  const answered: string[] = []
  for (const [name, input] of asked) {
    const answer = await call(world.shop, name, seller, input)
    if (answer.isErr()) continue
    answered.push(name)
    for (const owner of ownersOf(world)) expect(JSON.stringify(answer.value), name).not.toContain(owner)
  }
  const told = Object.keys(inputsBeside([], []))
  expect([...new Set(answered)]).toEqual(expect.arrayContaining(told))
})

const inputsBeside = (
  ofOrders: readonly { readonly orderId: string }[],
  returnIds: readonly string[],
): Readonly<Record<string, readonly object[]>> => ({
  'orders.page': ofOrders,
  'orders.list': [{}],
  'orders.bills': [{}],
  'orders.statement': [],
  'orders.payee': [],
  'payments.list': ofOrders,
  'payments.disputes': [{}],
  'aftersales.list': ['requested', 'approved', 'refused', 'inspected', 'refunded'].map((status) => ({ status })),
  'aftersales.returnPage': returnIds.map((returnId) => ({ returnId })),
  'reviews.list': [{}, ...ofOrders],
  'reviews.ofProduct': [],
  'storefront.orderWithReturns': ofOrders,
})

it('no export of what a merchant is answered says whose anything is', async () => {
  const { world } = await openMarket()
  const { shop } = world
  const bills = must(await shop.orders.bills(by(seller)))
  const statement = must(
    await shop.orders.statement(by(seller), { from: openingTime - 86_400_000, to: openingTime + 86_400_000 }),
  )
  const orders = must(await shop.orders.list(by(seller)))
  expect(bills.bills.length).toBeGreaterThan(3)
  const options = { locale: 'en', withHeader: true } as const
  const exported = [
    billsCsv(bills, options),
    billsJsonLines(bills),
    statementCsv(statement, options),
    statementJsonLines(statement),
    ordersCsv(orders, options),
  ].join()
  for (const owner of ownersOf(world)) expect(exported).not.toContain(owner)
})

it('the shop’s own people, and buyers themselves, are still told', async () => {
  const { world, orderIds } = await openMarket()
  const { shop, owner } = world
  for (const [actor, theirs] of [
    [clerk, [...ownersOf(world)]],
    [owner.actor, [owner.accountId]],
    [visitor, [guestOwnerId('a cookie that nobody guesses')]],
  ] as const) {
    const { bills } = must(await shop.orders.bills(by(actor)))
    expect(new Set(bills.map(({ accountId }) => accountId))).toEqual(new Set(theirs))
    const { returns } = must(await shop.aftersales.list(by(actor)))
    for (const { accountId } of returns) expect(theirs).toContain(accountId)
    const { reviews } = must(await shop.reviews.list(by(actor)))
    for (const { accountId } of reviews) expect(theirs).toContain(accountId)
  }
  const page = must(await shop.orders.page(by(visitor), { orderId: orderIds[3] ?? '' }))
  expect(page.payers.map(({ accountId }) => accountId)).toEqual([world.stranger.accountId, null])
})

it('no merchant reads by whom a review is signed, nor the words of one that is hidden', async () => {
  const stall = await openStall([])
  const { shop } = stall
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const { orderId } = await buyKettles(stall, ann.actor, 1)
  must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  must(await shop.orders.confirmReceipt(by(ann.actor), { orderId }))
  const lineId = must(await shop.orders.page(by(ann.actor), { orderId })).lines[0]?.lineId ?? ''
  const words = { text: 'Call me on 13800138000', photos: ['https://cdn.example.com/1.jpg'], signedAs: '王小明' }
  const { reviewId } = must(await shop.reviews.write(by(ann.actor), { orderId, lineId, rating: 1, ...words }))
  const read = async (actor: Actor) => {
    const [review] = must(await shop.reviews.list(by(actor))).reviews
    return [review?.text, review?.photos.length, review?.signedAs]
  }
  expect(await read(ann.actor)).toEqual([words.text, 1, '王小明'])
  expect(await read(seller)).toEqual([words.text, 1, null])
  must(await shop.reviews.hide(by(clerk), { reviewId, reason: 'personalData' }))
  const [hidden, photos, signedAs] = await read(seller)
  expect([photos, signedAs]).toEqual([0, null])
  expect(hidden).not.toContain('138')
  expect(await read(clerk)).toEqual([words.text, 1, null])
})

it('who gets an order its merchant reads while parcels of it may leave or be on their way', async () => {
  const stall = await openStall([])
  const { shop } = stall
  const buyer: Actor = { kind: 'customer', accountId: 'user-1' }
  const seen = async (orderId: string) => {
    const page = must(await shop.orders.page(by(seller), { orderId }))
    const whole = must(await shop.storefront.orderWithReturns(by(seller), { orderId }))
    expect(whole.recipient).toEqual(page.recipient)
    for (const actor of [clerk, buyer]) {
      expect(must(await shop.orders.page(by(actor), { orderId })).recipient).toEqual(recipient)
    }
    return [page.state, page.recipient?.address]
  }
  const { orderId: given } = await orderKettles(stall, buyer, 1)
  expect(await seen(given)).toEqual(['awaitingPayment', undefined])
  must(await shop.orders.cancel(by(buyer), { orderId: given }))
  expect(await seen(given)).toEqual(['cancelled', undefined])

  const { orderId: repaid } = await buyKettles(stall, buyer, 1)
  must(await shop.orders.cancel(by(buyer), { orderId: repaid }))
  expect(await seen(repaid)).toEqual(['cancelled', undefined])

  const { orderId } = await buyKettles(stall, buyer, 2)
  expect(await seen(orderId)).toEqual(['awaitingShipment', recipient.address])
  const [line] = must(await shop.orders.page(by(seller), { orderId })).lines
  const lines = [{ lineId: line?.lineId ?? '', quantity: 1 }]
  must(await shop.orders.ship(by(seller), { orderId, carrier: 'sf-express', trackingNumber: 'SF-1', lines }))
  expect(await seen(orderId)).toEqual(['partlyShipped', recipient.address])
  must(await shop.orders.ship(by(seller), { orderId, carrier: 'sf-express', trackingNumber: 'SF-2' }))
  expect(await seen(orderId)).toEqual(['shipped', recipient.address])
  must(await shop.orders.confirmReceipt(by(buyer), { orderId }))
  expect(await seen(orderId)).toEqual(['signed', recipient.address])
  must(await shop.orders.complete(by(clerk), { orderId }))
  expect(await seen(orderId)).toEqual(['completed', undefined])
})
