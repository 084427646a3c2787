import { expect, it } from 'vitest'
import { captureOrder } from '../../src/orders/paying/capture-order.js'
import { resolvePayment } from '../../src/orders/paying/resolve-money.js'
import { settlePayments } from '../../src/orders/sweep-orders.js'
import { daysMs } from '../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from './books-of.js'
import { buy, openEditShop } from './open-edit-shop.js'
import { byStaff, value } from './open-shop.js'

it('a hold that is over is not ended at its gateway while money is being taken of it', async () => {
  const shop = await openEditShop({}, { capture: 'onShipment' })
  const orderId = await buy(shop, 'ann', [['kettle', 1]])
  const asRead = (await booksOf(shop)).payments[0]!.state
  shop.pass(8 * daysMs)
  // Between the look at what is due and the word to the gateway, somebody ships; the gateway takes it, and is not heard.
  shop.gateway.scriptCapture({ kind: 'timeout', captured: true })
  expect(value(await captureOrder(shop, byStaff(), { orderId, amountMinor: 6_000 })).status).toBe('underway')
  value(await resolvePayment(shop, asRead))
  const [sandbox] = shop.gateway.books().payments
  expect(sandbox).toMatchObject({ capturedMinor: 6_000 })
  for (let day = 0; day < 3; day += 1) {
    shop.pass(daysMs)
    value(await settlePayments(shop, { limit: 10 }))
  }
  const { payments } = await booksOf(shop)
  expect(payments[0]?.state).toMatchObject({ status: 'captured', known: { captured: { minor: 6_000 } } })
  await expectBooksToAgree(shop)
})
