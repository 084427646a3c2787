import { expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { recordPayment } from '../../../src/orders/paying/record-outcome.js'
import { returnHeldByHand } from '../../../src/orders/suspense/return-held-by-hand.js'
import { returnHeldMoney } from '../../../src/orders/suspense/return-held-money.js'
import { settlePayments, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { listHeldPayments } from '../../../src/payments/list-held-payments.js'
import { listRefunds } from '../../../src/payments/list-refunds.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { entries, find } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { decideAt, dispute } from '../disputes/disputed.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

/** Ann's order of one kettle, not paid. */
const openOrder = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [['kettle', 1]])
  return (await place(shop, 'ann')).orderId
}
const orderOf = async (shop: TestShop) => (await booksOf(shop)).orders[0]?.state

it('money that does not fit what was asked is listed, and sent back whole by staff, once', async () => {
  const shop = await openShop()
  const orderId = await openOrder(shop)
  shop.gateway.script({ kind: 'wrongAmount', minor: 2_000 })
  const { paymentId } = await pay(shop, 'ann', orderId)
  value(await cancelOrder(shop, by('ann'), { orderId }))
  expect(value(await listHeldPayments(shop, byStaff(), {}))).toMatchObject({
    payments: [{ paymentId, orderId, refundableMinor: 2_000, suspended: [{ currency: 'CNY', minor: 2_000 }] }],
    next: null,
  })
  expect(await returnHeldMoney(shop, by('ann'), { paymentId })).toMatchObject({ error: { type: 'Denied' } })
  shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
  const returned = value(await returnHeldMoney(shop, byStaff('back'), { paymentId }))
  expect(returned).toMatchObject({ orderId, amountMinor: 2_000, currency: 'CNY', status: 'unknown' })
  // Nothing is left to decide: what is on its way is among the refunds, and is told of as one of them.
  expect(value(await listHeldPayments(shop, byStaff(), {})).payments).toEqual([])
  expect(value(await listRefunds(shop, byStaff(), {})).refunds).toMatchObject([{ paymentId, status: 'unknown' }])
  expect(await returnHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  shop.pass(minutesMs)
  value(await settleRefunds(shop, { limit: 10 }))
  const { ledger, refunds } = await booksOf(shop)
  expect(refunds.map(({ state }) => [state.status, state.reason])).toEqual([['succeeded', 'heldMoneyReturned']])
  for (const account of ['suspense:sandbox', 'gatewayClearing:sandbox', 'refundInTransit'] as const) {
    expect(balanceOf(ledger, account)).toBe(0)
  }
  expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([2_000])
  expect((await orderOf(shop))?.status).toBe('cancelled')
  await expectBooksToAgree(shop)
})

it('money in another currency is sent back by a person past its gateway, is booked and told to its payer once, and is listed no more', async () => {
  const shop = await openShop()
  const orderId = await openOrder(shop)
  shop.gateway.script({ kind: 'wrongCurrency', currency: 'USD' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  const { payments: held } = value(await listHeldPayments(shop, byStaff(), {}))
  expect(held).toMatchObject([{ paymentId, undecided: [{ currency: 'USD', minor: 13_700 }] }])
  const money = { paymentId, currency: 'USD' }
  const actions = async () => value(await orderPage(shop, byStaff(), { orderId })).nextActions
  expect(await actions()).toContain('returnHeldByHand')
  expect(await returnHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  expect(await returnHeldByHand(shop, by('ann'), money)).toMatchObject({ error: { type: 'Denied' } })
  const own = await returnHeldByHand(shop, byStaff(), { paymentId, currency: 'CNY' })
  expect(own).toMatchObject({ error: { type: 'NoMoneyHeld', currency: 'CNY' } })
  const returned = { paymentId, orderId, amountMinor: 13_700, currency: 'USD' }
  for (const _turn of [1, 2]) expect(value(await returnHeldByHand(shop, byStaff('sent'), money))).toEqual(returned)
  expect(await returnHeldByHand(shop, byStaff(), money)).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  const { ledger } = await booksOf(shop)
  expect(ledger.map(({ body }) => body.kind)).toEqual(['suspended', 'suspenseReturned'])
  // It went by bank: the gateway has what it took, and pays it out.
  for (const [account, minor] of [
    ['suspense:sandbox', 0],
    ['gatewayClearing:sandbox', 13_700],
    ['bank', -13_700],
  ] as const) {
    expect(balanceOf(ledger, account, 'USD')).toBe(minor)
  }
  const audit = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
  expect(
    audit
      .filter(({ body }) => body.action === 'orders.returnHeldByHand' && body.outcome === 'done')
      .map(({ body }) => [body.subject, body.detail]),
  ).toEqual([[paymentId, 'USD 13700']])
  const notices = await ask(shop, find(messages, { where: [], limit: 100 }))
  expect(notices.map(({ state: { accountId, template, facts } }) => [accountId, template, facts.amount])).toEqual([
    ['ann', 'heldMoneyReturned', { minor: 13_700, currency: 'USD' }],
  ])
  expect(value(await listHeldPayments(shop, byStaff(), {})).payments).toEqual([])
  expect(await actions()).not.toContain('returnHeldByHand')
  shop.pass(4 * daysMs)
  expect(value(await settlePayments(shop, { limit: 10 })).failed).toEqual([])
  expect(shop.gateway.books().refunds).toEqual([])
  await expectBooksToAgree(shop)
})

it('money that does not fit and that its payer has back by a dispute is owed no more, and no loss', async () => {
  const shop = await openShop()
  const orderId = await openOrder(shop)
  shop.gateway.script({ kind: 'wrongOrder', orderRef: 'order_elsewhere' })
  const { paymentId, amountMinor } = await pay(shop, 'ann', orderId)
  const { disputeRef } = await dispute(shop, paymentId)
  expect(await decideAt(shop, disputeRef, 'lost')).toEqual(['handled'])
  const { ledger, refunds } = await booksOf(shop)
  expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([['chargedBack', amountMinor]])
  for (const account of ['suspense:sandbox', 'chargebackLoss', 'disputeHold', 'gatewayClearing:sandbox'] as const) {
    expect(balanceOf(ledger, account)).toBe(0)
  }
  expect(await returnHeldMoney(shop, byStaff(), { paymentId })).toMatchObject({ error: { type: 'NoMoneyHeld' } })
  await expectBooksToAgree(shop)
})

it('what pays an order, or is not held, is not sent back past its order', async () => {
  const shop = await openShop()
  const orderId = await openOrder(shop)
  const { paymentId } = await pay(shop, 'ann', orderId)
  const refusal = async () => (await returnHeldMoney(shop, byStaff(), { paymentId }))._unsafeUnwrapErr()
  expect(await refusal()).toMatchObject({ type: 'PaymentStateForbids', status: 'captured' })
  // A word that does not fit, later.
  const { capturedMinor, gatewayRef, currency } = shop.gateway.books().payments[0] ?? {}
  value(
    await recordPayment(shop, paymentId, ({ merchantAccount }, at) => [
      {
        type: 'RecordSnapshot',
        snapshot: {
          kind: 'payment',
          attemptRef: paymentId,
          orderRef: 'order_elsewhere',
          gatewayRef: gatewayRef ?? null,
          merchantAccount,
          status: 'captured',
          total: { minor: capturedMinor ?? 0, currency: currency ?? 'CNY' },
          authorisedMinor: 0,
          capturedMinor: capturedMinor ?? 0,
          feeMinor: null,
          failure: null,
          at,
        },
      },
    ]),
  )
  expect(await refusal()).toEqual({ type: 'MoneyPaysOrder', orderId, paymentId })
  // It is the same money.
  const { ledger } = await booksOf(shop)
  expect(balanceOf(ledger, 'suspense:sandbox')).toBe(0)
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(capturedMinor)
})

it('what asks the payer for another sum is ended at its gateway before they pay, and its order waits for another', async () => {
  const shop = await openShop()
  const orderId = await openOrder(shop)
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  const standing = value(
    await recordPayment(shop, paymentId, ({ merchantAccount }, at) => [
      {
        type: 'RecordSnapshot',
        snapshot: {
          kind: 'payment',
          attemptRef: paymentId,
          orderRef: orderId,
          gatewayRef: null,
          merchantAccount,
          status: 'requiresAction',
          total: { minor: 1, currency: 'CNY' },
          authorisedMinor: 0,
          capturedMinor: 0,
          feeMinor: null,
          failure: null,
          at,
        },
      },
    ]),
  )
  expect(standing.paymentStatus).toBe('closing')
  shop.pass(minutesMs)
  value(await settlePayments(shop, { limit: 10 }))
  const { payments } = await booksOf(shop)
  expect(payments.map(({ state }) => [state.status, state.closing?.reason])).toEqual([['closed', 'doesNotFit']])
  expect(value(await listHeldPayments(shop, byStaff(), {})).payments).toEqual([])
  expect((await pay(shop, 'ann', orderId)).orderStatus).toBe('paid')
  await expectBooksToAgree(shop)
})
