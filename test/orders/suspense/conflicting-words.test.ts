import { describe, expect, it } from 'vitest'
import { type SignedNotification, signBody } from '../../../adapters/gateways/sandbox/signature.js'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { accountBalance, ledgerBalances } from '../../../src/payments/ledger.js'
import { daysMs, secondsMs } from '../../../src/shared/instant.js'
import { booksOf, expectBooksToAgree } from '../books-of.js'
import { dispute } from '../disputes/disputed.js'
import { byStaff, fillCart, openShop, pay, place, sandboxKey, type TestShop, value } from '../open-shop.js'

type Words = readonly SignedNotification[]

const hear = async (shop: TestShop, words: Words) => {
  for (const signed of words) value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
}

/** The same word of a payment, but of another sum: a body that was cut, or a gateway that corrects itself. */
const ofAnotherSum = (shop: TestShop, { body }: SignedNotification, minor: number): Promise<SignedNotification> => {
  const said = JSON.parse(new TextDecoder().decode(body))
  const facts = said.facts.map((fact: { readonly total: object }) => ({
    ...fact,
    total: { ...fact.total, minor },
    capturedMinor: minor,
  }))
  const changed = { ...said, eventId: `${said.eventId}/${minor}`, facts }
  return signBody(sandboxKey, new TextEncoder().encode(JSON.stringify(changed)), shop.clock.now())
}

/** Ann's order, 137.00, whose payment is told of twice: as it is, and as one of 90.00. */
const live = async (inTurn: (fitting: SignedNotification, other: SignedNotification) => Words, isClosed = false) => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.pass(secondsMs)
  if (isClosed) {
    shop.pass(daysMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
  }
  expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
  const words = await shop.gateway.takeNotifications()
  const fitting = words.at(-1)
  if (fitting === undefined) throw new Error('the gateway said nothing')
  await hear(shop, inTurn(fitting, await ofAnotherSum(shop, fitting, 9_000)))
  value(await settleRefunds(shop, { limit: 10 }))
  await hear(shop, await shop.gateway.takeNotifications())
  await expectBooksToAgree(shop)
  const { orders, payments, refunds, ledger } = await booksOf(shop)
  const balances = value(ledgerBalances(ledger.map(({ body }) => body)))
  const on = (account: Parameters<typeof accountBalance>[1]) => accountBalance(balances, account, 'CNY')
  const [bill] = value(await listBills(shop, byStaff(), {})).bills
  return {
    bill: [bill?.status, bill?.paidMinor, bill?.refundedMinor],
    order: orders[0]?.state.status,
    payments: payments.map(({ state }) => [state.status, state.known.captured?.minor, state.refundedMinor]),
    refunds: refunds.map(({ state }) => [state.reason, state.status, state.amountMinor]),
    clearing: on('gatewayClearing:sandbox'),
    suspense: on('suspense:sandbox'),
    escrow: on(`escrow:${orderId}`),
  }
}

describe('a payment of which its gateway says two things', () => {
  it('pays its order by the word that fits, whichever is heard first', async () => {
    const paid = {
      bill: ['paid', 13_700, 0],
      order: 'paid',
      refunds: [],
      clearing: 13_700,
      suspense: 0,
      escrow: -13_700,
    }
    const fittingFirst = await live((fitting, other) => [fitting, other])
    expect(fittingFirst).toMatchObject(paid)
    expect(await live((fitting, other) => [other, fitting])).toEqual(fittingFirst)
    expect(await live((fitting, other) => [other, other, fitting, other, fitting])).toEqual(fittingFirst)
  })

  it('goes back where its order has ended, whichever is heard first', async () => {
    const back = {
      bill: ['closed', 0, 0],
      refunds: [['lateSuccess', 'succeeded', 13_700]],
      clearing: 0,
      suspense: 0,
      escrow: 0,
    }
    const fittingFirst = await live((fitting, other) => [fitting, other], true)
    expect(fittingFirst).toMatchObject(back)
    expect(await live((fitting, other) => [other, fitting], true)).toEqual(fittingFirst)
  })

  it('pays its order once a dispute that held its money is won', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    expect(shop.gateway.pay(paymentId)).toBe(true)
    const [fitting] = (await shop.gateway.takeNotifications()).slice(-1)
    if (fitting === undefined) throw new Error('the gateway said nothing')
    const { disputeRef } = await dispute(shop, paymentId)
    await hear(shop, [await ofAnotherSum(shop, fitting, 9_000), fitting])
    const { orders } = await booksOf(shop)
    expect(orders.map(({ state }) => state.status)).toEqual(['awaitingPayment'])
    shop.pass(secondsMs)
    expect(shop.gateway.moveDispute(disputeRef, { status: 'won' })).toBe(true)
    await hear(shop, await shop.gateway.takeNotifications())
    const won = await booksOf(shop)
    expect(won.orders.map(({ state }) => state.status)).toEqual(['paid'])
    expect(won.refunds).toEqual([])
    await expectBooksToAgree(shop)
  })
})
