import { expect } from 'vitest'
import { type BillPage, listBills, type OrderBill } from '../../src/orders/books/list-bills.js'
import { showStatement } from '../../src/orders/books/show-statement.js'
import { liveRefunds, payingIdsOf } from '../../src/orders/order-pieces.js'
import type { OrderRow } from '../../src/orders/order-row.js'
import { ledgerBalances } from '../../src/payments/ledger.js'
import type { Payment } from '../../src/payments/payment.js'
import type { StatementSum } from '../../src/payments/statement.js'
import type { Currency } from '../../src/shared/currency.js'
import { daysMs } from '../../src/shared/instant.js'
import type { QueryContext } from '../../src/shared/run-query.js'
import { isHoldEnded } from './history-bill.js'
import type { Books, History } from './history-scene.js'
import { by, byStaff, type TestShop, value } from './open-shop.js'

/**
 * What buyers, merchants and the shop are shown of the money of a history once it has come to rest: the bills say what is
 * left of each order, and everybody's statements together what the gateways say.
 */
export const expectBillsOfOrders = async ({ shop, buyers, openedAt }: History, books: Books): Promise<void> => {
  await expectBillOfEach(shop, books)
  // Its clock may have been wrong, either way.
  const period = { from: openedAt - 60 * daysMs, to: shop.clock.now() + 60 * daysMs }
  const sumOf = async (context: QueryContext): Promise<Sum> => {
    const { sums } = value(await showStatement(shop, context, period))
    return sums?.find(({ currency }) => currency === 'CNY') ?? nothing
  }
  const whole = await sumOf(byStaff())
  const ofBuyers = await Promise.all(buyers.map((buyer) => sumOf(by(buyer))))
  expect(added(ofBuyers)).toEqual({ ...moved(whole) })
  expectWhatGatewaysSay(shop, books, whole)

  const merchants = ['self', 'lights', 'potter'].map(
    (merchantId) => ({ actor: { kind: 'merchant', merchantId } }) as const,
  )
  const ofMerchants = added(await Promise.all(merchants.map(sumOf)))
  const { paidInPointsMinor, pointsReturnedMinor } = whole
  expect(ofMerchants).toMatchObject({ paidInPointsMinor, pointsReturnedMinor })
}

type Sum = Omit<StatementSum, 'currency'>

const nothing: Sum & { readonly currency: Currency } = {
  currency: 'CNY',
  paidMinor: 0,
  paidInPointsMinor: 0,
  refundedMinor: 0,
  pointsReturnedMinor: 0,
  chargedBackMinor: 0,
  feeMinor: 0,
}

// What gateways keep is the shop's own affair.
const moved = ({ paidMinor, paidInPointsMinor, refundedMinor, pointsReturnedMinor, chargedBackMinor }: Sum) => ({
  paidMinor,
  paidInPointsMinor,
  refundedMinor,
  pointsReturnedMinor,
  chargedBackMinor,
})

const added = (sums: readonly Sum[]) =>
  sums.reduce(
    (total, sum) => ({
      paidMinor: total.paidMinor + sum.paidMinor,
      paidInPointsMinor: total.paidInPointsMinor + sum.paidInPointsMinor,
      refundedMinor: total.refundedMinor + sum.refundedMinor,
      pointsReturnedMinor: total.pointsReturnedMinor + sum.pointsReturnedMinor,
      chargedBackMinor: total.chargedBackMinor + sum.chargedBackMinor,
    }),
    moved(nothing),
  )

const expectWhatGatewaysSay = (shop: TestShop, { payments, refunds, ledger }: Books, whole: Sum): void => {
  const [total] = shop.gateway.books().totals
  const onDelivery = payments.filter(({ state }) => state.method === 'cashOnDelivery')
  const broughtMinor = onDelivery.reduce((sum, { state }) => sum + (state.known.captured?.minor ?? 0), 0)
  expect(whole.paidMinor).toBe((total?.capturedMinor ?? 0) + broughtMinor)
  const byHand = refunds.filter(
    ({ state }) => state.status === 'paidManually' || (state.gatewayId === 'courier' && state.status === 'succeeded'),
  )
  const byHandMinor = byHand.reduce((sum, { state }) => sum + state.amountMinor, 0)
  const twice = ledger.flatMap(({ body }) => (body.kind === 'refundPaidTwice' ? body.lines : []))
  const twiceMinor = twice.reduce((sum, { account, amountMinor }) => (account === 'bank' ? sum - amountMinor : sum), 0)
  expect(whole.refundedMinor - twiceMinor).toBe((total?.refundedMinor ?? 0) + byHandMinor)
  expect(whole.chargedBackMinor).toBe(total?.disputedMinor ?? 0)
  const keptMinor = ledger.flatMap(({ body }) => (body.kind === 'gatewayPaidOut' ? body.lines : []))
  const ofPayouts = keptMinor.reduce(
    (sum, { account, amountMinor }) => (account === 'fee' ? sum + amountMinor : sum),
    0,
  )
  expect(whole.feeMinor - ofPayouts).toBe(total?.feeMinor ?? 0)
}

const allBills = async (shop: TestShop): Promise<readonly OrderBill[]> => {
  const bills: OrderBill[] = []
  let after: BillPage['next'] | undefined
  do {
    const page = value(await listBills(shop, byStaff(), { limit: 100, ...(after ? { after } : {}) }))
    bills.push(...page.bills)
    after = page.next
  } while (after !== null)
  return bills
}

const expectBillOfEach = async (shop: TestShop, { orders, payments, ledger }: Books): Promise<void> => {
  const balances = value(ledgerBalances(ledger.map(({ body }) => body)))
  const escrowOf = (orderId: string) =>
    balances.reduce((sum, { account, balanceMinor }) => (account === `escrow:${orderId}` ? sum + balanceMinor : sum), 0)
  const bills = await allBills(shop)
  for (const { id, state: order } of orders) {
    if (order.status === 'divided') continue
    const bill = bills.find(({ orderId }) => orderId === id)
    expect([id, bill?.orderNumber]).toEqual([id, order.orderNumber])
    if (bill === undefined) continue
    expect(bill.refundPendingMinor).toBe(0)
    expect([id, Math.max(bill.paidMinor, bill.totalMinor)]).toEqual([id, bill.totalMinor])
    const own = payments.filter(({ id: paymentId }) => order.paymentIds.includes(paymentId)).map(({ state }) => state)
    // What is no longer held is not there; of what does not fit, or came beside, a dispute may have taken some too.
    const disputed = own.filter(({ disputes = [] }) => disputes.some(({ status }) => status !== 'won'))
    if (own.some(isHoldEnded) || disputed.some((payment) => !isPlain(order, payment))) continue
    const subsidyMinor = 'paidAt' in order ? order.totals.subsidyMinor : 0
    expect([id, bill.paidMinor - bill.refundedMinor]).toEqual([id, keptOf(order) - lostOf(order, ledger)])
    const subsidyLeft = liveRefunds(order).reduce((left, refund) => left - refund.subsidyMinor, subsidyMinor)
    if ('paidAt' in order && order.status !== 'completed') {
      expect([id, 0 - escrowOf(id)]).toEqual([id, keptOf(order) + subsidyLeft])
    }
  }
}

const isPlain = (order: OrderRow, { paymentId, status }: Payment): boolean =>
  status === 'captured' && payingIdsOf(order).includes(paymentId)

/** What disputes took of an order besides what was owed back; of a checkout that was divided nobody knows whose it is. */
const lostOf = ({ orderId, details }: OrderRow, ledger: Books['ledger']): number =>
  details.partOf !== undefined
    ? 0
    : ledger
        .filter(({ body }) => body.orderId === orderId)
        .flatMap(({ body }) => body.lines)
        .reduce((sum, { account, amountMinor }) => (account === 'chargebackLoss' ? sum + amountMinor : sum), 0)

/** What an order keeps of the money and points that were paid for it. */
const keptOf = (order: OrderRow): number =>
  'paidAt' in order
    ? liveRefunds(order).reduce(
        (left, refund) => left - refund.cashMinor - refund.pointsMinor,
        order.totals.payableMinor + order.totals.pointsMinor,
      )
    : 0
