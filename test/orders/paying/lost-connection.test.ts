import fc from 'fast-check'
import type { ResultAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { placeOrder } from '../../../src/orders/placing/place-order.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { type Fate, losing } from '../../support/losing-storage.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  couponOffer,
  fillCart,
  giveCoupon,
  givePoints,
  openShop,
  recipient,
  type TestShop,
  value,
} from '../open-shop.js'

/** Sends a command under its key until it is answered, as a client does whose connection comes and goes. */
const untilAnswered = async <Answer, Failure extends { readonly type: string }>(
  send: () => ResultAsync<Answer, Failure>,
): Promise<Answer> => {
  for (let tries = 0; tries < 60; tries += 1) {
    const answer = await send()
    if (answer.isOk()) return answer.value
    if (answer.error.type !== 'StorageUnavailable' && answer.error.type !== 'Busy')
      throw new Error(JSON.stringify(answer.error))
  }
  throw new Error('never answered')
}

const orderTypes = ['OrderPlaced', 'AttemptStarted', 'OrderPaid', 'CancellingStarted', 'OrderCancelled']
const refundTypes = ['RefundStarted', 'RefundSucceeded', 'RefundFailed']

const openSale = async () => {
  const shop = await openShop({ stock: { kettle: 5 }, offers: [couponOffer] })
  const couponId = await giveCoupon(shop, 'ann')
  await givePoints(shop, 'ann', 1_000)
  await fillCart(shop, 'ann', [['kettle', 2]], [couponId])
  return shop
}

/** Ann buys two kettles with a coupon and points, and thinks better of it where `cancels`. */
const buy = async (shop: TestShop, cancels: boolean): Promise<string> => {
  const choice = { shippingMethodId: 'standard', points: 1_000 }
  const expectedTotalMinor = 25_800 - 2_000 - 1_000 + 800
  const placing = { ...choice, recipient, expectedTotalMinor }
  const { orderId } = await untilAnswered(() => placeOrder(shop, by('ann', 'place'), placing))
  const paying = { orderId, gatewayId: 'sandbox', method: 'wechatPay' } as const
  await untilAnswered(() => payOrder(shop, by('ann', 'pay'), paying))
  if (cancels) await untilAnswered(() => cancelOrder(shop, by('ann', 'cancel'), { orderId }))
  return orderId
}

it('does nothing twice and loses nothing, wherever the connection to the storage breaks', async () => {
  const fates = fc.array(fc.constantFrom<Fate>('well', 'well', 'well', 'never', 'unheard'), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(fates, fc.boolean(), async (given, cancels) => {
      const calm = await openSale()
      const orderId = await buy({ ...calm, storage: losing(calm.storage, given) }, cancels)
      // What was interrupted between its two commits is finished by the sweeps.
      calm.pass(30 * minutesMs)
      value(await settlePayments(calm, { limit: 10 }))
      value(await settleRefunds(calm, { limit: 10 }))
      const books = await booksOf(calm)
      expect(books.orders.map(({ id, state }) => [id, state.status])).toEqual([
        [orderId, cancels ? 'cancelled' : 'paid'],
      ])
      const captured = books.ledger.filter(({ body }) => body.kind === 'captured')
      expect(captured).toHaveLength(1)
      expect(calm.gateway.books().payments.filter(({ capturedMinor }) => capturedMinor > 0)).toHaveLength(1)
      const types = [...orderTypes, ...refundTypes].map((type) => `order/${type}`)
      const told = value(
        await calm.storage.events({
          shop: calm.shop,
          types,
          from: 0,
          until: Number.MAX_SAFE_INTEGER,
          after: null,
          limit: 100,
        }),
      )
      await expectBooksToAgree({ ...calm, told: [...told] })
    }),
    { numRuns: Math.min(25, fc.readConfigureGlobal().numRuns ?? 25) },
  )
})
