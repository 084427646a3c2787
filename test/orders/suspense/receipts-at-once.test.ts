import { ResultAsync } from 'neverthrow'
import { expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { listHeldReceipts } from '../../../src/payments/list-held-receipts.js'
import { balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })

/** The shop of somebody of whom another is quicker: what they decide is first written after that other is done. */
const afterAnother = (shop: TestShop, another: () => Promise<unknown>): TestShop => {
  let waits = true
  const commit: typeof shop.storage.commit = (prepared) => {
    if (!waits) return shop.storage.commit(prepared)
    waits = false
    return ResultAsync.fromSafePromise(another()).andThen(() => shop.storage.commit(prepared))
  }
  return { ...shop, storage: { ...shop.storage, commit } }
}

it('of two lines of a payment at once, what does not pay it is owed back, whichever is written first', async () => {
  const opened = await openShop()
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, manual } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = value(await payOrder(shop, by('ann'), { orderId, gatewayId: 'manual', method: 'bankTransfer' }))
  const record = (by: TestShop, reference: string, amountMinor: number) =>
    recordReceipt(by, byStaff(reference), { paymentId, currency: 'CNY', reference, amountMinor })
  value(await record(shop, 'L1', 4_000))
  // 40.00 wait of 137.00; 97.00 would pay it, and 50.00 would not.
  const slow = afterAnother(shop, async () => value(await record(shop, 'L3', 5_000)))
  expect(value(await record(slow, 'L2', 9_700))).toMatchObject({ paymentStatus: 'captured' })
  const { receipts } = value(await listHeldReceipts(shop, byStaff(), {}))
  expect(receipts).toMatchObject([{ status: 'owedBack', reason: 'tooHigh', amountMinor: 5_000 }])
  const { ledger } = await booksOf(shop)
  expect(balanceOf(ledger, 'gatewayClearing:manual')).toBe(18_700)
  await expectBooksToAgree(shop)
})

it('a line that was recorded with a parcel is known again without it, where its payment is no money on delivery', async () => {
  const opened = await openShop()
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, manual } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const { paymentId } = value(await payOrder(shop, by('ann'), { orderId, gatewayId: 'manual', method: 'bankTransfer' }))
  const record = (reference: string, amountMinor: number, more: object = {}) =>
    recordReceipt(shop, byStaff(), { paymentId, currency: 'CNY', reference, amountMinor, ...more })
  value(await record('L1', 13_700))
  const { parcelId } = value(
    await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }),
  )
  expect(value(await record('L2', 500, { parcelId }))).toMatchObject({ recorded: true })
  for (const more of [{}, { parcelId }]) {
    expect(value(await record('L2', 500, more))).toMatchObject({ recorded: false })
    expect(await record('L2', 600, more)).toMatchObject({ error: { type: 'ReceiptReferenceUsed', paymentId } })
  }
  await expectBooksToAgree(shop)
})
