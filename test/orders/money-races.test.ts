import { okAsync, ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { receiveNotification } from '../../src/orders/paying/receive-notification.js'
import { placeOrder } from '../../src/orders/placing/place-order.js'
import { refundOrder } from '../../src/orders/refunds/refund-order.js'
import { closeUnpaidOrders, settlePayments, settleRefunds } from '../../src/orders/sweep-orders.js'
import { minutesMs } from '../../src/shared/instant.js'
import { balanceOf, booksOf, expectBooksToAgree, freeOf } from './books-of.js'
import { by, byStaff, fillCart, insist, openShop, pay, place, recipient, type TestShop, value } from './open-shop.js'

/** Ann's order of two mugs and six bags: 2 x 19.00, 6 x 9.00, carriage 8.00; 100.00 in all, paid. */
const sellForHundred = async (shop: TestShop) => {
  await fillCart(shop, 'ann', [
    ['mug', 2],
    ['bag', 6],
  ])
  const { orderId } = await place(shop, 'ann')
  await pay(shop, 'ann', orderId)
  return orderId
}

const giveAtOnce = (shop: TestShop, orderId: string, amountMinor: number, times: number) =>
  Promise.all(
    Array.from({ length: times }, () => {
      const context = byStaff()
      return insist(() => refundOrder(shop, context, { orderId, reason: 'goodwill', amountMinor }))
    }),
  )

// Who finds the shop busy with the others when a refund is to be sent leaves that to the sweep.
const sendTheRest = async (shop: TestShop) => {
  shop.pass(minutesMs)
  value(await settleRefunds(shop, { limit: 100 }))
}

const refusalsOf = (answers: Awaited<ReturnType<typeof giveAtOnce>>) =>
  answers.flatMap((answer) => ('type' in answer ? [answer] : []))

const expectRefunded = async (shop: TestShop, orderId: string, refundedMinor: number, each: number) => {
  const { payments, orders, ledger } = await booksOf(shop)
  expect(payments.map(({ state }) => [state.refundedMinor, state.refundReservedMinor])).toEqual([[refundedMinor, 0]])
  expect(orders[0]?.state.refunds.map(({ cashMinor }) => cashMinor)).toEqual(Array(refundedMinor / each).fill(each))
  expect(shop.gateway.books().refunds.map(({ amountMinor, status }) => [amountMinor, status])).toEqual(
    Array(refundedMinor / each).fill([each, 'succeeded']),
  )
  expect(shop.gateway.books().totals).toMatchObject([{ refundedMinor, netMinor: 10_000 - refundedMinor }])
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(10_000 - refundedMinor)
  expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(refundedMinor - 10_000)
  await expectBooksToAgree(shop)
}

describe('money that goes back by amount, many at once', () => {
  it('of a payment of 100.00 two refunds of 60.00 are one refund of 60.00, and the other is told of the 40.00 left', async () => {
    const shop = await openShop()
    const orderId = await sellForHundred(shop)
    const answers = await giveAtOnce(shop, orderId, 6_000, 2)
    expect(answers.filter((answer) => 'cashMinor' in answer)).toHaveLength(1)
    expect(refusalsOf(answers)).toEqual([{ type: 'RefundExceedsCaptured', askedMinor: 6_000, refundableMinor: 4_000 }])
    await sendTheRest(shop)
    await expectRefunded(shop, orderId, 6_000, 6_000)
  })

  it('of a payment of 100.00 50 of 64 refunds of 2.00 are made, and the rest are told that nothing is left', async () => {
    const shop = await openShop()
    const orderId = await sellForHundred(shop)
    const answers = await giveAtOnce(shop, orderId, 200, 64)
    expect(answers.filter((answer) => 'cashMinor' in answer)).toHaveLength(50)
    expect(refusalsOf(answers)).toEqual(
      Array(14).fill({ type: 'RefundExceedsCaptured', askedMinor: 200, refundableMinor: 0 }),
    )
    await sendTheRest(shop)
    await expectRefunded(shop, orderId, 10_000, 200)
  })
})

describe('one SKU on two lines', () => {
  it('of 64 carts of one and two lamps 33 have the 100 lamps, and one lamp is left', async () => {
    const shop = await openShop({ stock: { lamp: 100 } })
    const buyers = Array.from({ length: 64 }, (_, index) => `buyer-${index}`)
    for (const buyer of buyers) {
      await fillCart(shop, buyer, [
        ['lamp', 1],
        ['lamp', 2],
      ])
    }
    const answers = await Promise.all(
      buyers.map((buyer) => {
        const context = by(buyer)
        const order = { shippingMethodId: 'standard', recipient, expectedTotalMinor: 18_500 }
        return insist(() => placeOrder(shop, context, order))
      }),
    )
    expect(answers.filter((answer) => 'orderId' in answer)).toHaveLength(33)
    expect(answers.flatMap((answer) => ('type' in answer ? [answer.type] : []))).toEqual(Array(31).fill('OutOfStock'))
    expect(await freeOf(shop, 'lamp')).toBe(1)
    await expectBooksToAgree(shop)
  })
})

/** A door: whoever comes to it is seen, and waits until it is opened. */
const makeDoor = () => {
  let reach = () => {}
  let open = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const wait = <Value, Failure>(then: () => ResultAsync<Value, Failure>): ResultAsync<Value, Failure> => {
    reach()
    return ResultAsync.fromSafePromise<void, Failure>(opened).andThen(then)
  }
  return { reached, open, wait }
}

/** The shop as one of two sides has it: its commit number `nth` waits at the door. */
const heldAtCommit = (shop: TestShop, nth: number, door: ReturnType<typeof makeDoor>): TestShop => {
  let commits = 0
  const commit: typeof shop.storage.commit = (prepared) => {
    commits += 1
    return commits === nth ? door.wait(() => shop.storage.commit(prepared)) : shop.storage.commit(prepared)
  }
  return { ...shop, storage: { ...shop.storage, commit } }
}

/** Ann's order whose time to pay is over, with an attempt that she has not paid. */
const openOverdue = async () => {
  const shop = await openShop()
  await fillCart(shop, 'ann', [['kettle', 1]])
  const { orderId, payBy } = await place(shop, 'ann')
  shop.gateway.script({ kind: 'pending' })
  const { paymentId } = await pay(shop, 'ann', orderId)
  shop.pass(payBy - shop.clock.now() - 1)
  return { shop, orderId, paymentId }
}

const hear = async (shop: TestShop) => {
  for (const signed of await shop.gateway.takeNotifications()) {
    const handled = value(await receiveNotification(shop, { gatewayId: 'sandbox', ...signed }))
    expect(['handled', 'postponed']).toContain(handled.outcome)
  }
}

const settle = async (shop: TestShop) => {
  value(await settlePayments(shop, { limit: 10 }))
  value(await closeUnpaidOrders(shop, { limit: 10 }))
  value(await settleRefunds(shop, { limit: 10 }))
}

const expectPaid = async (shop: TestShop, orderId: string) => {
  const { orders, refunds, ledger } = await booksOf(shop)
  expect(orders[0]?.state.status).toBe('paid')
  expect(refunds).toEqual([])
  expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(-13_700)
  expect(await freeOf(shop, 'kettle')).toBe(99)
  await expectBooksToAgree(shop)
}

const expectSentBack = async (shop: TestShop, orderId: string) => {
  const { orders, refunds, ledger } = await booksOf(shop)
  expect(orders[0]?.state.status).toBe('closed')
  expect(refunds.map(({ state }) => [state.status, state.amountMinor])).toEqual([['succeeded', 13_700]])
  expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
  expect(await freeOf(shop, 'kettle')).toBe(100)
  await expectBooksToAgree(shop)
}

describe('the closing of an unpaid order against its money', () => {
  it('is paid when the money is heard of while the closing asks the gateway', async () => {
    const { shop, orderId, paymentId } = await openOverdue()
    expect(shop.gateway.pay(paymentId)).toBe(true)
    shop.pass(1)
    const door = makeDoor()
    const close: typeof shop.gateway.close = (...asked) => door.wait(() => shop.gateway.close(...asked))
    const closing = closeUnpaidOrders({ ...shop, gateways: { sandbox: { ...shop.gateway, close } } }, { limit: 10 })
    await door.reached
    await hear(shop)
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('paid')
    door.open()
    value(await closing)
    await settle(shop)
    await expectPaid(shop, orderId)
  })

  for (const nth of [1, 2]) {
    it(`is paid when the money is heard of while commit ${nth} of the closing is under way`, async () => {
      const { shop, orderId, paymentId } = await openOverdue()
      shop.pass(1)
      const door = makeDoor()
      const closing = closeUnpaidOrders(heldAtCommit(shop, nth, door), { limit: 10 })
      await door.reached
      expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
      await hear(shop)
      door.open()
      value(await closing)
      await hear(shop)
      await settle(shop)
      await expectPaid(shop, orderId)
    })
  }

  it('is closed when it ends while the money is written, and the money goes back', async () => {
    const { shop, orderId, paymentId } = await openOverdue()
    shop.pass(1)
    const door = makeDoor()
    expect(shop.gateway.pay(paymentId, { evenIfEnded: true })).toBe(true)
    // The gateway's left hand does not know yet what its right hand took.
    const close: typeof shop.gateway.close = () => okAsync({ kind: 'ok', value: 'closed' })
    // It ran out, and was paid after all: the last word is of the money.
    const signed = (await shop.gateway.takeNotifications()).at(-1)
    const hearing = receiveNotification(heldAtCommit(shop, 1, door), { gatewayId: 'sandbox', ...signed! })
    await door.reached
    value(await closeUnpaidOrders({ ...shop, gateways: { sandbox: { ...shop.gateway, close } } }, { limit: 10 }))
    expect((await booksOf(shop)).orders[0]?.state.status).toBe('closed')
    door.open()
    expect(value(await hearing).outcome).toBe('handled')
    await settle(shop)
    await expectSentBack(shop, orderId)
  })
})
