import { describe, expect, it } from 'vitest'
import { listBills } from '../../../src/orders/books/list-bills.js'
import { showStatement } from '../../../src/orders/books/show-statement.js'
import { settleDisputes } from '../../../src/orders/disputes/settle-disputes.js'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { listOrders } from '../../../src/orders/pages/list-orders.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { parkedFacts } from '../../../src/orders/paying/parked-fact.schema.js'
import { receiveNotification } from '../../../src/orders/paying/receive-notification.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payRefundByHand, retryRefund } from '../../../src/orders/refunds/rescue-refund.js'
import { closeUnpaidOrders, settleRefunds } from '../../../src/orders/sweep-orders.js'
import { disputes } from '../../../src/payments/dispute.schema.js'
import { listDisputes } from '../../../src/payments/list-disputes.js'
import { daysMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree, freeOf } from '../books-of.js'
import { by, byStaff, fillCart, insist, openShop, pay, place, value } from '../open-shop.js'
import { decideAt, deliver, dispute, ledgerOf, openPaid, orderOf, owe, refundsOf } from './disputed.js'

describe('scenario 16: a dispute that opens while a refund is to be sent', () => {
  it('keeps the refund back, refuses another, and lets it go when it is won', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const before = await orderOf(shop)
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef, disputeId } = await dispute(shop, paymentId, { feeMinor: 1_500 })
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'held']])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'disputeHold')).toBe(26_600)
    expect(balanceOf(ledger, 'fee')).toBe(1_500)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(-1_500)

    const another = await refundOrder(shop, byStaff(), {
      orderId,
      reason: 'goodwill',
      lines: [{ lineId, quantity: 1 }],
    })
    expect(another._unsafeUnwrapErr()).toEqual({ type: 'DisputeOpen', paymentId, disputeIds: [disputeId] })
    const cancelled = await cancelOrder(shop, by('ann'), { orderId })
    expect(cancelled._unsafeUnwrapErr()).toMatchObject({ type: 'DisputeOpen' })
    expect(value(await settleRefunds(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    expect(shop.gateway.books().refunds).toEqual([])

    await decideAt(shop, disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'requested']])
    expect(value(await settleRefunds(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'succeeded']])
    const after = await ledgerOf(shop)
    expect(balanceOf(after, 'disputeHold')).toBe(0)
    expect(balanceOf(after, 'chargebackLoss')).toBe(0)
    expect(balanceOf(after, 'gatewayClearing:sandbox')).toBe(shop.gateway.books().totals[0]?.netMinor)
    expect(balanceOf(after, `escrow:${orderId}`)).toBe(owed.cashMinor - 26_600)
    expect((await orderOf(shop))?.status).toBe(before?.status)
    expect(await freeOf(shop, 'kettle')).toBe(98)
    await expectBooksToAgree(shop)
  })

  it('that is lost is a loss once, of what was not owed anyhow, and leaves order and stock alone', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    shop.gateway.moveDispute(disputeRef, { status: 'lost' })
    await deliver(shop)
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(ledger, 'disputeHold')).toBe(0)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(26_600 - owed.cashMinor)
    // The rest is still the order's: the goods are on their way, and the seller is paid for them.
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(owed.cashMinor - 26_600)
    expect(value(await settleRefunds(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    expect(shop.gateway.books().refunds).toEqual([])
    expect(await orderOf(shop)).toMatchObject({
      status: 'paid',
      refunds: [{ status: 'succeeded' }],
      openDisputeIds: [],
    })
    expect(await freeOf(shop, 'kettle')).toBe(98)
    // Nothing is left that could go back.
    const more = await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] })
    expect(more._unsafeUnwrapErr()).toMatchObject({ type: 'RefundExceedsCaptured', refundableMinor: 0 })
    await expectBooksToAgree(shop)
  })

  it('that is lost in part leaves to be sent only what the payer does not have by it', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId, 2)
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 6_600)
    // Of the 258.00 that are owed the payer has 66.00.
    expect(owed.cashMinor).toBe(25_800)
    const covered = `${owed.refundId}_sandbox:${disputeRef}`
    expect(await refundsOf(shop)).toEqual([
      [owed.refundId, 'requested'],
      [covered, 'chargedBack'],
    ])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([
      [owed.refundId, 'succeeded'],
      [covered, 'chargedBack'],
    ])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([19_200])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(25_800 - 26_600)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(800)
    expect((await orderOf(shop))?.refunds).toMatchObject([{ status: 'succeeded', cashMinor: 25_800 }])
    // What the bank takes back after all is owed again, and goes the way of money.
    await decideAt(shop, disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([19_200, 6_600])
    await expectBooksToAgree(shop)
  })

  it('that is lost, won and lost again before anything is sent is booked each time', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef } = await dispute(shop, paymentId)
    for (const status of ['lost', 'won', 'lost', 'won', 'lost'] as const) {
      await decideAt(shop, disputeRef, status)
      expect(await refundsOf(shop)).toEqual([[owed.refundId, status === 'lost' ? 'chargedBack' : 'requested']])
      await expectBooksToAgree(shop)
    }
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(26_600 - owed.cashMinor)
  })

  it('that is heard of only when it is lost ends as one whose every word was heard', async () => {
    for (const [quantity, lostMinor, ends] of [
      [1, null, ['chargedBack']],
      [1, 1_000, ['requested', 'chargedBack']],
      [2, 6_600, ['requested', 'chargedBack']],
    ] as const) {
      const { shop, orderId, paymentId, lineId } = await openPaid()
      const owed = await owe(shop, orderId, lineId, quantity)
      const disputeRef = shop.gateway.dispute(paymentId, { delivery: { times: 0 } }) ?? ''
      await decideAt(shop, disputeRef, 'lost', lostMinor)
      const found = await refundsOf(shop)
      expect(found.map(([, status]) => status)).toEqual(ends)
      expect(found[0]?.[0]).toBe(owed.refundId)
      await expectBooksToAgree(shop)
    }
  })

  it('that is won lets go only what another, lost before, has left', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId, 2)
    const first = await dispute(shop, paymentId, { amountMinor: 6_600 })
    const second = await dispute(shop, paymentId, { amountMinor: 20_000 })
    await decideAt(shop, first.disputeRef, 'lost')
    const covered = [`${owed.refundId}_sandbox:${first.disputeRef}`, 'chargedBack']
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'held'], covered])
    await decideAt(shop, second.disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'requested'], covered])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([19_200])
    await expectBooksToAgree(shop)
  })

  it('that is won after all while another is open lets its refund go once that is over', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const first = await dispute(shop, paymentId, { amountMinor: 13_000 })
    const second = await dispute(shop, paymentId, { amountMinor: 13_600 })
    await decideAt(shop, first.disputeRef, 'lost')
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'chargedBack']])
    await decideAt(shop, first.disputeRef, 'won')
    await decideAt(shop, second.disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'succeeded']])
    await expectBooksToAgree(shop)
  })

  it('goes on with what a small loss leaves room for', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 1_000)
    const covered = [`${owed.refundId}_sandbox:${disputeRef}`, 'chargedBack']
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'requested'], covered])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'succeeded'], covered])
    expect(shop.gateway.books().refunds.map(({ amountMinor }) => amountMinor)).toEqual([owed.cashMinor - 1_000])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(shop.gateway.books().totals[0]?.netMinor)
    await expectBooksToAgree(shop)
  })

  it('gives back what it took where the bank comes back on its word', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    const owed = await owe(shop, orderId, lineId)
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    await decideAt(shop, disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([[owed.refundId, 'requested']])
    value(await settleRefunds(shop, { limit: 10 }))
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(shop.gateway.books().totals[0]?.netMinor)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(owed.cashMinor - 26_600)
    await expectBooksToAgree(shop)
  })
})

describe('an order whose money the payer has by a lost dispute', () => {
  it('is cancelled, and nothing is sent; won after all, it goes back', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    const { status, refundIds } = value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(status).toBe('cancelled')
    expect(await refundsOf(shop)).toEqual([[refundIds[0], 'chargedBack']])
    expect(await freeOf(shop, 'kettle')).toBe(100)
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(0)
    expect(balanceOf(await ledgerOf(shop), `escrow:${orderId}`)).toBe(0)
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().refunds).toEqual([])
    await expectBooksToAgree(shop)

    await decideAt(shop, disputeRef, 'won')
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[refundIds[0], 'succeeded']])
    expect(shop.gateway.books().refunds).toMatchObject([{ amountMinor: 26_600 }])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('in part sends back only what the payer does not have', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost', 6_600)
    const { status } = value(await cancelOrder(shop, by('ann'), { orderId }))
    expect(status).toBe('cancelled')
    expect((await refundsOf(shop)).map(([, status]) => status).sort()).toEqual(['chargedBack', 'succeeded'])
    expect(shop.gateway.books().refunds).toMatchObject([{ amountMinor: 20_000 }])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    await expectBooksToAgree(shop)
  })
})

describe('a refund and a dispute at once', () => {
  it('never take the money twice, whichever is written first', async () => {
    for (let turn = 0; turn < 6; turn += 1) {
      const { shop, orderId, paymentId, lineId } = await openPaid()
      const disputeRef = shop.gateway.dispute(paymentId) ?? ''
      const [signed] = await shop.gateway.takeNotifications()
      const told = () => insist(() => receiveNotification(shop, { gatewayId: 'sandbox', ...signed! }))
      const input = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
      const refunded = () => insist(() => refundOrder(shop, byStaff(), input))
      const both = turn % 2 === 0 ? [told(), refunded()] : [refunded(), told()]
      const answers = await Promise.all(both)
      const refused = answers.some((answer) => 'type' in answer && answer.type === 'DisputeOpen')
      const [refund] = await refundsOf(shop)
      // Refused, or kept back, or sent before the shop knew and turned down by the gateway.
      expect(refused ? refund : ['held', 'failed'].includes(refund?.[1] ?? '')).toBe(refused ? undefined : true)
      await decideAt(shop, disputeRef, 'lost')
      value(await settleRefunds(shop, { limit: 10 }))
      expect(shop.gateway.books().refunds.filter(({ status }) => status !== 'failed')).toEqual([])
      expect((await refundsOf(shop)).map(([, status]) => status)).toEqual(refused ? [] : ['chargedBack'])
      const books = await booksOf(shop)
      const backMinor = books.orders[0]?.state.refunds.reduce((sum, { cashMinor }) => sum + cashMinor, 0) ?? 0
      expect(balanceOf(books.ledger, 'gatewayClearing:sandbox')).toBe(0)
      expect(balanceOf(books.ledger, 'chargebackLoss')).toBe(26_600 - backMinor)
      await expectBooksToAgree(shop)
    }
  })

  it('a refund that the gateway turned down is neither sent again nor paid by hand while a dispute is open', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    shop.gateway.scriptRefund({ kind: 'decline', code: 'InstrumentInvalid' })
    const input = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    const { refundId } = value(await refundOrder(shop, byStaff(), input))
    const { disputeRef } = await dispute(shop, paymentId)
    for (const again of [
      await retryRefund(shop, byStaff(), { refundId }),
      await payRefundByHand(shop, byStaff(), { refundId }),
    ]) {
      expect(again._unsafeUnwrapErr()).toMatchObject({ type: 'DisputeOpen' })
    }
    await decideAt(shop, disputeRef, 'lost')
    expect(await refundsOf(shop)).toEqual([[refundId, 'chargedBack']])
    await expectBooksToAgree(shop)
  })

  it('a refund whose answer was lost is asked about, and not sent again, while a dispute is open', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    const input = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    const { refundId } = value(await refundOrder(shop, byStaff(), input))
    const { disputeRef } = await dispute(shop, paymentId)
    let sent = 0
    const gateway = {
      ...shop.gateway,
      refund: (request: Parameters<typeof shop.gateway.refund>[0]) => {
        sent += 1
        return shop.gateway.refund(request)
      },
    }
    const counted = { ...shop, gateways: { sandbox: gateway } }
    shop.pass(minutesMs)
    value(await settleRefunds(counted, { limit: 10 }))
    expect(sent).toBe(0)
    expect(await refundsOf(shop)).toEqual([[refundId, 'unknown']])
    await decideAt(shop, disputeRef, 'won')
    value(await settleRefunds(counted, { limit: 10 }))
    expect(sent).toBe(1)
    expect(await refundsOf(shop)).toEqual([[refundId, 'succeeded']])
  })

  it('a refund that never went out is not sent after the payer has won the dispute', async () => {
    const { shop, orderId, paymentId, lineId } = await openPaid()
    shop.gateway.scriptRefund({ kind: 'timeout', refunded: false })
    const input = { orderId, reason: 'goodwill', lines: [{ lineId, quantity: 1 }] } as const
    const { refundId, cashMinor } = value(await refundOrder(shop, byStaff(), input))
    const { disputeRef } = await dispute(shop, paymentId)
    await decideAt(shop, disputeRef, 'lost')
    expect(await refundsOf(shop)).toEqual([[refundId, 'unknown']])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(await refundsOf(shop)).toEqual([[refundId, 'chargedBack']])
    expect(shop.gateway.books().refunds).toEqual([])
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'chargebackLoss')).toBe(26_600 - cashMinor)
    expect(balanceOf(ledger, 'refundInTransit')).toBe(0)
    expect(await orderOf(shop)).toMatchObject({ refunds: [{ status: 'succeeded' }] })
    await expectBooksToAgree(shop)
  })

  it('money that came too late and is disputed goes back once the dispute is over', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'pending' })
    const { paymentId } = await pay(shop, 'ann', orderId)
    shop.pass(30 * minutesMs)
    value(await closeUnpaidOrders(shop, { limit: 10 }))
    shop.gateway.pay(paymentId, { evenIfEnded: true, delivery: { times: 0 } })
    const { disputeRef } = await dispute(shop, paymentId)
    shop.gateway.repeat(paymentId)
    expect(await deliver(shop)).toEqual(['handled'])
    expect(await refundsOf(shop)).toEqual([])
    await decideAt(shop, disputeRef, 'won')
    expect(await refundsOf(shop)).toEqual([[`late_${paymentId}`, 'requested']])
    value(await settleRefunds(shop, { limit: 10 }))
    const ledger = await ledgerOf(shop)
    expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(0)
    expect(balanceOf(ledger, `escrow:${orderId}`)).toBe(0)
    await expectBooksToAgree(shop)
  })

  it('money that never fitted what was asked stays where it is once its dispute is over', async () => {
    const shop = await openShop()
    await fillCart(shop, 'ann', [['kettle', 1]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'wrongAmount', minor: 100 })
    const { paymentId, paymentStatus } = await pay(shop, 'ann', orderId)
    expect(paymentStatus).toBe('integrityHold')
    value(await cancelOrder(shop, by('ann'), { orderId }))
    const { disputeRef } = await dispute(shop, paymentId)
    expect(await decideAt(shop, disputeRef, 'won')).toEqual(['handled'])
    expect(await refundsOf(shop)).toEqual([])
    expect(balanceOf(await ledgerOf(shop), `escrow:${orderId}`)).toBe(0)
  })
})

describe('what the shop knows of a dispute', () => {
  it('is told on the page of the order and in lists, with what may be done next', async () => {
    const { shop, orderId, paymentId } = await openPaid()
    const { disputeId, disputeRef } = await dispute(shop, paymentId, { reason: 'fraudulent' })
    const page = value(await orderPage(shop, byStaff(), { orderId }))
    const dueAt = shop.clock.now() + 7 * daysMs
    const seen = {
      disputeId,
      orderId,
      paymentId,
      status: 'evidenceDue',
      reason: 'fraudulent',
      amount: { minor: 26_600, currency: 'CNY' },
      heldMinor: 26_600,
      evidenceDueAt: dueAt,
      evidence: null,
    }
    expect(page.disputes).toMatchObject([seen])
    expect(page.nextActions).toEqual(['ship', 'edit', 'submitEvidence', 'acceptDispute'])
    expect(page.history.map(({ happened }) => happened)).toEqual(['placed', 'paid', 'disputeOpened'])
    expect(value(await listOrders(shop, byStaff(), {})).orders[0]).toMatchObject({ disputed: true })
    expect(value(await listDisputes(shop, byStaff(), { open: true })).disputes).toMatchObject([seen])
    expect(shop.told.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['DisputeOpened', 'PaymentDisputed', 'OrderDisputed']),
    )
    await decideAt(shop, disputeRef, 'won')
    const later = value(await orderPage(shop, byStaff(), { orderId }))
    expect(later.disputes).toMatchObject([{ status: 'won', heldMinor: 0, evidenceDueAt: null }])
    expect(later.nextActions).toEqual(['ship', 'edit', 'cancel', 'refund'])
    expect(value(await listOrders(shop, byStaff(), {})).orders[0]).toMatchObject({ disputed: false })
    expect(value(await listDisputes(shop, byStaff(), { open: true })).disputes).toEqual([])
  })

  it('stands on bills and statements once the payer has the money', async () => {
    const { shop, paymentId } = await openPaid()
    const period = { from: shop.clock.now() - daysMs, to: shop.clock.now() + 10 * daysMs }
    const billed = async () => value(await listBills(shop, by('ann'), {})).bills[0]
    const { disputeRef } = await dispute(shop, paymentId)
    expect(await billed()).toMatchObject({ status: 'paid', refundedMinor: 0 })
    await decideAt(shop, disputeRef, 'lost', 6_600)
    expect(await billed()).toMatchObject({ status: 'partRefunded', refundedMinor: 6_600 })
    const statement = value(await showStatement(shop, by('ann'), period))
    expect(statement.sums).toMatchObject([{ paidMinor: 26_600, chargedBackMinor: 6_600, refundedMinor: 0 }])
  })

  it('of a payment that it does not know is parked, and nothing is written', async () => {
    const { shop, paymentId } = await openPaid()
    const lost = { ...shop.gateway, gatewayId: 'other' }
    shop.gateway.dispute(paymentId)
    const [signed] = await shop.gateway.takeNotifications()
    const both = { ...shop, gateways: { other: lost } }
    const handled = value(await receiveNotification(both, { gatewayId: 'other', ...signed! }))
    expect(handled).toMatchObject({ outcome: 'parked', problems: [{ type: 'ReferenceUnknown', reference: paymentId }] })
    const parked = await ask(shop, find(parkedFacts, { where: [], limit: 10 }))
    expect(parked.map(({ state }) => [state.kind, state.minor])).toEqual([['dispute', 26_600]])
    expect(await ask(shop, find(disputes, { where: [], limit: 10 }))).toEqual([])
  })

  it('and was never told is asked of the gateway once a day', async () => {
    const { shop, paymentId } = await openPaid()
    const { disputeRef } = await dispute(shop, paymentId)
    shop.gateway.moveDispute(disputeRef, { status: 'lost' }, { times: 0 })
    expect(value(await settleDisputes(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    shop.pass(daysMs)
    expect(value(await settleDisputes(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(balanceOf(await ledgerOf(shop), 'chargebackLoss')).toBe(26_600)
    shop.pass(daysMs)
    expect(value(await settleDisputes(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
  })
})
