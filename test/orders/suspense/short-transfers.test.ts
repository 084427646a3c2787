import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { messages } from '../../../src/notify/message.schema.js'
import { writeMessage } from '../../../src/notify/templates.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { showShare } from '../../../src/orders/payers/show-share.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { returnReceipt } from '../../../src/orders/suspense/hold-receipt.js'
import { recordReceipt } from '../../../src/orders/suspense/record-receipt.js'
import { closeUnpaidOrders, settlePayments } from '../../../src/orders/sweep-orders.js'
import { listHeldReceipts } from '../../../src/payments/list-held-receipts.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, expectBooksToAgree } from '../books-of.js'
import { noticesOf } from '../notices/notices-of.js'
import { by, byStaff, fillCart, pay, place, type TestShop, value } from '../open-shop.js'
import { openSharedShop, order, shareAmong } from '../payers/open-shared.js'

const manual = createManualGateway({ bank: 'ICBC', holder: 'Shopwright', account: '6222 **** 0007' })
const byTransfer = { gatewayId: 'manual', method: 'bankTransfer' } as const

const openTransferShop = async (): Promise<TestShop> => {
  const shop = await openSharedShop()
  return { ...shop, gateways: { ...shop.gateways, manual } }
}

/** An order of Ann's of a kettle, 137.00 with carriage, of which 120.00 came by transfer. */
const paidShort = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId, orderNumber } = await place(shop, 'ann')
  const { paymentId } = value(await payOrder(shop, by('ann'), { orderId, ...byTransfer }))
  shop.pass(1_000)
  return { orderId, orderNumber, paymentId, receiptId: await receive(shop, paymentId, { amountMinor: 12_000 }) }
}

const receive = async (
  shop: TestShop,
  paymentId: string,
  line: { readonly amountMinor: number; readonly currency?: string; readonly reference?: string },
): Promise<string> => {
  const { held } = value(
    await recordReceipt(shop, byStaff(), { paymentId, currency: 'CNY', reference: 'STMT-0310.1', ...line }),
  )
  return held?.receiptId ?? ''
}

const giveBack = async (shop: TestShop, receiptId: string, more: { readonly mistyped?: true } = {}) => {
  shop.pass(1_000)
  return value(await returnReceipt(shop, byStaff(), { receiptId, ...more }))
}

const pageOf = async (shop: TestShop, orderId: string, context = by('ann')) =>
  value(await orderPage(shop, context, { orderId }))

const stepsOf = async (shop: TestShop, orderId: string) =>
  (await pageOf(shop, orderId)).history.map(({ happened, reference, amountMinor }) => [
    happened,
    reference,
    amountMinor,
  ])

/** What was written of money that was sent back, and to whom. */
const sentBack = async (shop: TestShop) =>
  (await ask(shop, find(messages, { where: [], limit: 100 }))).flatMap(({ state: { accountId, template, facts } }) =>
    template === 'heldMoneyReturned' ? [[accountId, writeMessage(template, facts, { locale: 'en' }).text]] : [],
  )

describe('a transfer of too little', () => {
  it('for an order that its buyer cancels is money back on its page, and they are told once it was sent', async () => {
    const shop = await openTransferShop()
    const { orderId, orderNumber, paymentId, receiptId } = await paidShort(shop)
    const told = { kind: 'receipt', receiptId, paymentId, reason: 'tooLow', amountMinor: 12_000, currency: 'CNY' }
    expect((await pageOf(shop, orderId)).moneyBack).toMatchObject([{ ...told, status: 'held' }])
    shop.pass(1_000)
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const cancelled = await pageOf(shop, orderId)
    expect(cancelled).toMatchObject({ state: 'cancelled', moneyBack: [{ ...told, status: 'owedBack' }] })
    const steps = [
      ['placed', null, null],
      ['receiptHeld', paymentId, 12_000],
      ['cancelled', null, null],
    ]
    expect(await stepsOf(shop, orderId)).toEqual(steps)
    expect(await sentBack(shop)).toEqual([])

    await giveBack(shop, receiptId)
    await giveBack(shop, receiptId)
    const { moneyBack, nextActions } = await pageOf(shop, orderId, byStaff())
    expect(moneyBack).toMatchObject([{ ...told, status: 'returned' }])
    expect(nextActions).not.toContain('returnReceipt')
    expect((await pageOf(shop, orderId)).moneyBack).toEqual(moneyBack)
    expect(await stepsOf(shop, orderId)).toEqual([...steps, ['receiptReturned', paymentId, 12_000]])
    expect(await sentBack(shop)).toEqual([
      [
        'ann',
        `The shop has sent CN¥120.00 back to you, which came for order ${orderNumber} and was not used for it. If you do not have it, please contact the shop.`,
      ],
    ])
    await noticesOf(shop)
    expect(await sentBack(shop)).toHaveLength(1)
    await expectBooksToAgree(shop)
  })

  it('for an order that closes unpaid is named to staff until they have sent it back', async () => {
    const shop = await openTransferShop()
    const { orderId, receiptId } = await paidShort(shop)
    shop.pass(7 * daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await pageOf(shop, orderId)).toMatchObject({
      state: 'closed',
      moneyBack: [{ receiptId, status: 'owedBack' }],
    })
    const named = async () => ({
      listed: value(await listHeldReceipts(shop, byStaff())).receipts.map((receipt) => receipt.receiptId),
      alarms: value(await settlePayments(shop, { limit: 10 })).failed,
      offered: (await pageOf(shop, orderId, byStaff())).nextActions.includes('returnReceipt'),
    })
    expect(await named()).toMatchObject({
      listed: [receiptId],
      alarms: [{ id: receiptId, reason: 'ReceiptOverdue' }],
      offered: true,
    })
    await giveBack(shop, receiptId)
    expect(await named()).toEqual({ listed: [], alarms: [], offered: false })
  })

  it('of an order that something else has paid is owed back', async () => {
    const shop = await openTransferShop()
    const { orderId } = await paidShort(shop)
    await pay(shop, 'ann', orderId)
    const { state, moneyBack } = await pageOf(shop, orderId)
    expect([state, moneyBack]).toMatchObject(['awaitingShipment', [{ reason: 'tooLow', status: 'owedBack' }]])
  })

  it('that pays with the rest of it is no money back', async () => {
    const shop = await openTransferShop()
    const { orderId, paymentId } = await paidShort(shop)
    shop.pass(1_000)
    await receive(shop, paymentId, { amountMinor: 1_700, reference: 'STMT-0310.2' })
    expect((await pageOf(shop, orderId)).moneyBack).toEqual([])
    expect(await stepsOf(shop, orderId)).toEqual([
      ['placed', null, null],
      ['receiptHeld', paymentId, 12_000],
      ['paid', paymentId, 13_700],
    ])
  })

  it('that nobody ever sent, as its line was mistyped, is taken out and told to nobody', async () => {
    const shop = await openTransferShop()
    const { orderId, receiptId } = await paidShort(shop)
    expect(await giveBack(shop, receiptId, { mistyped: true })).toMatchObject({ status: 'returned', mistyped: true })
    expect(await sentBack(shop)).toEqual([])
    expect((await pageOf(shop, orderId)).moneyBack).toEqual([])
    expect(await stepsOf(shop, orderId)).toEqual([['placed', null, null]])
    await expectBooksToAgree(shop)
  })

  it('in another currency is told as what it is', async () => {
    const shop = await openTransferShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    const { paymentId } = value(await payOrder(shop, by('ann'), { orderId, ...byTransfer }))
    const receiptId = await receive(shop, paymentId, { amountMinor: 2_000, currency: 'USD' })
    await giveBack(shop, receiptId)
    expect((await pageOf(shop, orderId)).moneyBack).toMatchObject([
      { reason: 'otherCurrency', amountMinor: 2_000, currency: 'USD', status: 'returned' },
    ])
    // A step names amounts of the order's currency alone.
    expect(await stepsOf(shop, orderId)).toEqual([
      ['placed', null, null],
      ['receiptHeld', paymentId, null],
      ['receiptReturned', paymentId, null],
    ])
    expect(await sentBack(shop)).toMatchObject([['ann', expect.stringContaining('$20.00')]])
  })

  it('for a part of an order is told to whoever pays that part, and to no other payer', async () => {
    const shop = await openTransferShop()
    const orderId = await order(shop)
    const parts = [{ accountId: 'ann', part: { by: 'share', share: 1 } as const }]
    await shareAmong(shop, orderId, [...parts, { accountId: 'bob', part: { by: 'amount', amountMinor: 10_000 } }])
    const { paymentId } = value(await payShare(shop, by('bob'), { orderId, ...byTransfer }))
    const receiptId = await receive(shop, paymentId, { amountMinor: 9_000 })
    const shareOf = async (buyer: string) => value(await showShare(shop, by(buyer), { orderId })).heldMoney
    expect(await shareOf('bob')).toMatchObject([{ receiptId, amountMinor: 9_000, status: 'held' }])
    shop.pass(7 * daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    expect(await shareOf('bob')).toMatchObject([{ receiptId, status: 'owedBack' }])
    await giveBack(shop, receiptId)
    expect(await shareOf('bob')).toMatchObject([{ receiptId, status: 'returned' }])
    expect(await shareOf('ann')).toEqual([])
    expect((await pageOf(shop, orderId)).moneyBack).toEqual([])
    expect((await sentBack(shop)).map(([accountId]) => accountId)).toEqual(['bob'])
  })
})
