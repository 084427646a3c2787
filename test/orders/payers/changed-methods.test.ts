import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createManualGateway } from '../../../adapters/gateways/manual/index.js'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import type { PaymentGateway } from '../../../src/payments/ports.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { by, fillCart, openShop, place, type TestShop, value } from '../open-shop.js'

const bank = createManualGateway({ bank: 'Bank of Shanghai', holder: 'The Shop', account: '6222 0000' })

/** A shop that takes bank transfers, and codes of two wallets, with an order. */
const openChoice = async (manual: PaymentGateway = bank) => {
  const opened = await openShop()
  const wallet = createSandboxGateway({
    gatewayId: 'wallet',
    now: opened.clock.now,
    keys: [{ keyId: 'w', secret: 'another secret' }],
  })
  const shop: TestShop = { ...opened, gateways: { ...opened.gateways, manual, wallet } }
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  const waits = { kind: 'pending', delivery: { times: 0 } } as const
  shop.gateway.script(waits)
  wallet.script(waits)
  const by3 = {
    transfer: { orderId, gatewayId: 'manual', method: 'bankTransfer' },
    code: { orderId, gatewayId: 'sandbox', method: 'wechatPay' },
    other: { orderId, gatewayId: 'wallet', method: 'alipay' },
  } as const
  return { shop, wallet, orderId, ...by3 }
}

const statusesOf = async (shop: TestShop): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries((await booksOf(shop)).payments.map(({ id, state }) => [id, state.status]))

describe('a buyer who turns to another method', () => {
  it('may do so again, and nothing that was left behind can be paid any more', async () => {
    const { shop, wallet, transfer, code, other } = await openChoice()
    const first = value(await payOrder(shop, by('ann'), transfer))
    const second = value(await payOrder(shop, by('ann'), code))
    const third = value(await payOrder(shop, by('ann'), other))
    expect(third).toMatchObject({ orderStatus: 'awaitingPayment', paymentStatus: 'requiresAction' })
    expect(Object.keys(third)).not.toContain('replacedIds')
    expect(await statusesOf(shop)).toEqual({
      [first.paymentId]: 'closed',
      [second.paymentId]: 'closed',
      [third.paymentId]: 'requiresAction',
    })
    expect(shop.gateway.pay(second.paymentId)).toBe(false)
    expect(wallet.pay(third.paymentId)).toBe(true)
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect((await booksOf(shop)).orders.map(({ state }) => state.status)).toEqual(['paid'])
    await expectBooksToAgree(shop)
  })

  it('goes on where a gateway does not say that the one left behind has ended, and it is ended within the minute', async () => {
    const { shop, code, other, transfer } = await openChoice()
    const first = value(await payOrder(shop, by('ann'), code))
    // Long after it was begun its next question would be far off.
    for (let minute = 0; minute < 7; minute += 1) {
      shop.pass(minutesMs)
      value(await settlePayments(shop, { limit: 10 }))
    }
    shop.gateway.scriptClose({ kind: 'timeout', closed: false })
    value(await payOrder(shop, by('ann'), other))
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closing' })
    expect(value(await payOrder(shop, by('ann'), transfer))).toMatchObject({ paymentStatus: 'requiresAction' })
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closed' })
    expect(shop.gateway.pay(first.paymentId)).toBe(false)
    await expectBooksToAgree(shop)
  })

  it('is not asked for money by the new one where they had paid by the old', async () => {
    const { shop, wallet, code, other } = await openChoice()
    const first = value(await payOrder(shop, by('ann'), code))
    expect(shop.gateway.pay(first.paymentId, { delivery: { times: 0 } })).toBe(true)
    const second = value(await payOrder(shop, by('ann'), other))
    expect(second).toMatchObject({ orderStatus: 'paid', next: null })
    expect(wallet.books().payments).toEqual([])
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'captured' })
    await expectBooksToAgree(shop)
  })

  it('leaves nothing open at a gateway that can be told to end it and not be asked', async () => {
    let isOut = true
    const { shop, transfer, code } = await openChoice({
      ...bank,
      close: (request) => (isOut ? okAsync({ kind: 'unknown', cause: 'timeout' }) : bank.close(request)),
    })
    const first = value(await payOrder(shop, by('ann'), transfer))
    value(await payOrder(shop, by('ann'), code))
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closing' })
    isOut = false
    shop.pass(minutesMs)
    value(await settlePayments(shop, { limit: 10 }))
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closed' })
  })

  it('pays a share as well by the third method', async () => {
    const { shop, orderId, transfer, code, other } = await openChoice()
    const payers = [
      { accountId: 'ann', part: { by: 'share', share: 1 } },
      { accountId: 'bob', part: { by: 'share', share: 1 } },
    ] as const
    value(await sharePayment(shop, by('ann'), { orderId, payers }))
    const first = value(await payShare(shop, by('bob'), transfer))
    value(await payShare(shop, by('bob'), code))
    expect(value(await payShare(shop, by('bob'), other)).paymentStatus).toBe('requiresAction')
    expect(await statusesOf(shop)).toMatchObject({ [first.paymentId]: 'closed' })
  })
})
