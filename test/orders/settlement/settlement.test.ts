import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { requestReturn } from '../../../src/aftersales/request-return.js'
import { cancelReturn } from '../../../src/aftersales/review-return.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { splitOrder } from '../../../src/orders/settlement/order-split.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import { moveBalances } from '../../../src/payments/payee-balance.js'
import type { PayoutPort, SentPayout } from '../../../src/payments/payout.js'
import type { Outcome } from '../../../src/payments/ports.js'
import type { Settlement } from '../../../src/payments/settlement.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import { auditLog } from '../../../src/shared/audit.schema.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { entries, rows } from '../../../src/shared/read-plan.js'
import type { WorkCalendar } from '../../../src/shared/work-calendar.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import {
  by,
  byStaff,
  commit,
  couponOffer,
  fillCart,
  giveCoupon,
  openShop,
  pay,
  place,
  type Sku,
  type TestShop,
  value,
} from '../open-shop.js'

const terms = {
  afterWorkingDays: 2,
  rates: [{ merchantId: null, platformBasisPoints: 500, partners: [{ payee: 'affiliate', basisPoints: 200 }] }],
}

const workCalendar: WorkCalendar = { coveredFrom: '2026-03-01', coveredTo: '2026-03-31', holidays: [], makeUpDays: [] }

/** Somebody who sends money, as told beforehand, and notes what is asked of them. */
const createSender = () => {
  const asked: string[] = []
  const answers: Outcome<SentPayout>[] = []
  const port: PayoutPort = {
    send: ({ payoutId, payee, amount }) => {
      asked.push(`${payoutId} ${payee} ${amount.minor}`)
      return okAsync(answers.shift() ?? { kind: 'ok', value: { payoutRef: `bank-${asked.length}` } })
    },
  }
  return { port, asked, answers }
}

const openSharing = async () => {
  const shop = await openShop({ offers: [couponOffer] })
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: terms }))
  const sender = createSender()
  return { shop: { ...shop, payouts: sender.port, workCalendar }, bare: shop, sender }
}

const completed = async (
  shop: TestShop,
  buyer: string,
  lines: readonly (readonly [Sku, number])[] = [['kettle', 2]],
) => {
  await fillCart(shop, buyer, lines)
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by(buyer), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  return orderId
}

const balances = async (shop: TestShop, payee: string) => {
  const { pendingMinor, availableMinor, paidOutMinor, owedMinor } = value(
    await showPayee(shop, byStaff(), { payee, currency: 'CNY' }),
  )
  return [pendingMinor, availableMinor, paidOutMinor, owedMinor]
}
const self = { payee: 'self', currency: 'CNY' }
const refund = (shop: TestShop, orderId: string, quantity: number) =>
  refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity }] })
const openReturn = (shop: TestShop, orderId: string, quantity: number) =>
  requestReturn(shop, by('ann'), {
    orderId,
    kind: 'refundOnly',
    reason: 'quality',
    lines: [{ lineId: 'kettle-1', quantity }],
  })

describe('the money of a completed order', () => {
  it('waits its working days from the day it was received, not from that of its completion', async () => {
    const { shop } = await openSharing()
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
    // Received on Tuesday: paid out from Thursday on, though it is complete on Wednesday evening only.
    value(await confirmReceipt(shop, by('ann'), { orderId }))
    value(await releaseShares(shop, { limit: 10 }))
    expect(await balances(shop, 'self')).toEqual([0, 0, 0, 0])
    shop.pass(daysMs)
    value(await completeOrder(shop, byStaff(), { orderId }))
    value(await releaseShares(shop, { limit: 10 }))
    expect(await balances(shop, 'self')).toEqual([24_738, 0, 0, 0])
    shop.pass(daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect(await balances(shop, 'self')).toEqual([0, 24_738, 0, 0])
  })

  it('is shared, waits for its working days, is paid out, and what is taken back later is owed and set off', async () => {
    const { shop, bare, sender } = await openSharing()
    // 2 x 129.00 and carriage 8.00: 5 % are the platform's, 2 % the partner's.
    const orderId = await completed(shop, 'ann')
    expect(await balances(shop, 'self')).toEqual([24_738, 0, 0, 0])
    expect(await balances(shop, 'affiliate')).toEqual([532, 0, 0, 0])
    const { ledger } = await booksOf(shop)
    expect(
      ['commission', 'payable:self', 'payable:affiliate', `escrow:${orderId}`].map((account) =>
        balanceOf(ledger, account as 'bank'),
      ),
    ).toEqual([-1_330, -24_738, -532, 0])

    expect(await payOut(shop, byStaff(), self)).toMatchObject({ error: { type: 'NothingToPayOut' } })
    // Tuesday: two working days later is Thursday.
    expect(value(await releaseShares(bare, { limit: 10 })).failed).toEqual([
      { id: orderId, reason: 'CalendarNotCovered' },
    ])
    shop.pass(6 * hoursMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect((await balances(shop, 'self'))[1]).toBe(0)
    shop.pass(2 * daysMs)
    expect(value(await releaseShares(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    expect(await balances(shop, 'self')).toEqual([0, 24_738, 0, 0])

    const key = byStaff()
    const paid = value(await payOut(shop, key, self))
    expect(paid).toMatchObject({ amountMinor: 24_738, status: 'paid' })
    expect(value(await payOut(shop, key, self)).payoutId).toBe(paid.payoutId)
    expect(sender.asked).toEqual([`${paid.payoutId} self 24738`])
    expect(await balances(shop, 'self')).toEqual([0, 0, 24_738, 0])

    // One kettle back, 129.00: 119.97 of it was the seller's, who has it already.
    value(await refund(shop, orderId, 1))
    expect(await balances(shop, 'self')).toEqual([0, 0, 24_738, 11_997])
    expect(await balances(shop, 'affiliate')).toEqual([0, 274, 0, 0])
    expect(balanceOf((await booksOf(shop)).ledger, 'receivable:self')).toBe(11_997)
    expect(await payOut(shop, byStaff(), self)).toMatchObject({ error: { type: 'NothingToPayOut' } })

    // That the other is asked back as well makes what is owed of the first no less certain.
    value(await openReturn(shop, orderId, 1))
    await completed(shop, 'bob')
    shop.pass(7 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect(value(await payOut(shop, byStaff(), self))).toMatchObject({ amountMinor: 24_738 - 11_997, status: 'paid' })
    expect(await balances(shop, 'self')).toEqual([0, 0, 2 * 24_738 - 11_997, 0])
    const end = (await booksOf(shop)).ledger
    expect(balanceOf(end, 'bank')).toBe(0 - (2 * 24_738 - 11_997))
    expect([balanceOf(end, 'payable:self'), balanceOf(end, 'receivable:self')]).toEqual([0, 0])
    await expectBooksToAgree(shop)
  })

  it('is paid whatever lies before it: other money, what is held back, and more than a hundred orders that go into a debt', async () => {
    const { shop } = await openSharing()
    const big = await completed(shop, 'ann', [['kettle', 24]])
    shop.pass(3 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect(value(await payOut(shop, byStaff(), self)).status).toBe('paid')
    value(await refund(shop, big, 24))
    // 24 kettles at 129.00, 93 % of it the seller's.
    expect((await balances(shop, 'self'))[3]).toBe(287_928)
    // A mug, 19.00 and 8.00 carriage: 25.11 is the seller's; 129 more orders like it, and older ones that are not to be paid.
    const small = await completed(shop, 'bob', [['mug', 1]])
    shop.pass(7 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    const [order] = await ask(shop, rows(orders, [small]))
    const [settlement] = await ask(shop, rows(settlements, [small]))
    if (order === undefined || settlement?.state.status !== 'available') throw new Error('nothing is due')
    const due = settlement.state
    const copies = (name: string, count: number, differ: { currency?: string; openReturnIds?: readonly string[] }) =>
      Array.from({ length: count }, (_, place) => {
        const orderId = `${name}-${place}`
        const { openReturnIds = [], currency = 'CNY' } = differ
        const releasedAt = due.releasedAt - (name === 'due' ? 0 : daysMs)
        const state: Settlement = { ...due, settlementId: orderId, orderId, currency, releasedAt }
        return { order: { ...order.state, orderId, openReturnIds }, state }
      })
    const more = [
      ...copies('dollars', 101, { currency: 'USD' }),
      ...copies('held', 101, { openReturnIds: ['return-1'] }),
      ...copies('due', 129, {}),
    ]
    await commit(shop, [
      ...more.map(({ order: state }) => put(orders, { id: state.orderId, version: 0, state })),
      ...more.map(({ state }) => put(settlements, { id: state.orderId, version: 0, state })),
      ...moveBalances(more.map(({ state }) => ({ before: null, after: state }))),
    ])
    const paid = 24 * 12_900 * 0.93
    expect(await balances(shop, 'self')).toEqual([0, 231 * 2_511, paid, 287_928])
    const first = value(await payOut(shop, byStaff(), self))
    expect(first).toMatchObject({ amountMinor: 130 * 2_511 - 287_928, status: 'paid' })
    expect(await balances(shop, 'self')).toEqual([0, 101 * 2_511, paid + first.amountMinor, 0])
    expect(balanceOf((await booksOf(shop)).ledger, 'bank')).toBe(0 - paid - first.amountMinor)
    expect(balanceOf((await booksOf(shop)).ledger, 'receivable:self')).toBe(0)
    expect(await payOut(shop, byStaff(), self)).toMatchObject({ error: { type: 'NothingToPayOut' } })
  })

  it('is held while a return is open, before it is released and after', async () => {
    const { shop } = await openSharing()
    const open = (orderId: string) => openReturn(shop, orderId, 2)
    const orderId = await completed(shop, 'ann')
    const first = value(await open(orderId))
    shop.pass(3 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect((await balances(shop, 'self'))[0]).toBe(24_738)
    value(await cancelReturn(shop, by('ann'), { returnId: first.returnId }))
    shop.pass(6 * hoursMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect((await balances(shop, 'self'))[1]).toBe(24_738)
    const second = value(await open(orderId))
    expect(await payOut(shop, byStaff(), self)).toMatchObject({ error: { type: 'NothingToPayOut' } })
    value(await cancelReturn(shop, by('ann'), { returnId: second.returnId }))
    expect(value(await payOut(shop, byStaff(), self)).status).toBe('paid')
  })

  it('is told again until it is known what came of it, and stands there again where it was not sent', async () => {
    const { shop, bare, sender } = await openSharing()
    await completed(shop, 'ann')
    shop.pass(3 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    expect(await payOut(bare, byStaff(), self)).toMatchObject({ error: { type: 'PayoutNotOffered' } })

    sender.answers.push(
      { kind: 'unknown', cause: 'timeout' },
      { kind: 'pending', gatewayRef: null, pollAfterMs: minutesMs },
    )
    const begun = value(await payOut(shop, byStaff(), self))
    expect(begun.status).toBe('submitted')
    expect(await balances(shop, 'self')).toEqual([0, 0, 24_738, 0])
    shop.pass(10 * minutesMs)
    value(await settlePayouts(shop, { limit: 10 }))
    sender.answers.push({ kind: 'declined', error: { code: 'InstrumentInvalid', gatewayCode: 'NO_ACCOUNT' } })
    shop.pass(minutesMs)
    value(await settlePayouts(shop, { limit: 10 }))
    expect(sender.asked).toEqual(Array.from({ length: 3 }, () => `${begun.payoutId} self 24738`))
    expect(await balances(shop, 'self')).toEqual([0, 24_738, 0, 0])
    const { ledger } = await booksOf(shop)
    expect([balanceOf(ledger, 'bank'), balanceOf(ledger, 'payable:self')]).toEqual([0, -24_738])

    const again = value(await payOut(shop, byStaff(), self))
    expect(again).toMatchObject({ status: 'paid', amountMinor: 24_738 })
    expect(again.payoutId).not.toBe(begun.payoutId)
    shop.pass(daysMs)
    expect(value(await settlePayouts(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    const account = value(await showPayee(shop, byStaff(), self))
    expect(account.payouts.map(({ status }) => status)).toEqual(['paid', 'failed'])
    await expectBooksToAgree(shop)
  })

  it('is paid once, however many ask at the same time', async () => {
    const { shop, sender } = await openSharing()
    await completed(shop, 'ann')
    await completed(shop, 'bob')
    shop.pass(3 * daysMs)
    value(await releaseShares(shop, { limit: 10 }))
    const asked = await Promise.all(Array.from({ length: 16 }, () => payOut(shop, byStaff(), self)))
    expect(asked.filter((answer) => answer.isOk())).toHaveLength(1)
    const refusals = asked.flatMap((answer) => (answer.isErr() ? [answer.error.type] : []))
    expect(new Set(refusals)).toEqual(new Set(['NothingToPayOut']))
    expect(sender.asked).toHaveLength(1)
    const audit = await ask(shop, entries(auditLog, { where: [], limit: 100 }))
    expect(audit.filter(({ body }) => body.action === 'orders.payOut').map(({ body }) => body.detail)).toEqual([
      'CNY 49476 self',
    ])
    expect(await balances(shop, 'self')).toEqual([0, 0, 2 * 24_738, 0])
    // A merchant sees its own account, and of another's no more than of one that there is not.
    const of = (merchantId: string) => showPayee(shop, { actor: { kind: 'merchant', merchantId } }, self)
    expect(value(await of('self')).paidOutMinor).toBe(2 * 24_738)
    expect(value(await of('lamps'))).toMatchObject({ paidOutMinor: 0, payouts: [] })
  })

  it('of several merchants is taken back from those whose goods come back', async () => {
    const { shop } = await openSharing()
    const couponId = await giveCoupon(shop, 'ann')
    await fillCart(
      shop,
      'ann',
      [
        ['kettle', 2],
        ['lamp', 1],
      ],
      [couponId],
    )
    const { orderId } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const placed = (await booksOf(shop)).orders[0]?.state
    if (placed === undefined) throw new Error('no order')
    // The same order, had the lamp been another merchant's.
    const mixed = (order: typeof placed): typeof placed => ({
      ...order,
      lines: order.lines.map((line) => (line.sku === 'lamp' ? { ...line, merchantId: 'lamps' } : line)),
      details: {
        ...order.details,
        price: {
          ...order.details.price,
          lines: order.details.price.lines.map((line) =>
            line.sku === 'lamp' ? { ...line, merchantId: 'lamps' } : line,
          ),
        },
      },
    })
    const sharesOf = (order: typeof placed) => {
      const { payees, commissionMinor } = value(splitOrder(mixed(order), terms))
      const minors = new Map(payees.map(({ payee, amountMinor }) => [payee, amountMinor]))
      return {
        lamps: minors.get('lamps') ?? 0,
        self: minors.get('self') ?? 0,
        affiliate: minors.get('affiliate') ?? 0,
        commissionMinor,
      }
    }
    const heldOf = ({ totals, refunds }: typeof placed) =>
      refunds.reduce(
        (sum, { cashMinor, pointsMinor, subsidyMinor }) => sum - cashMinor - pointsMinor - subsidyMinor,
        totals.payableMinor + totals.pointsMinor + totals.subsidyMinor,
      )
    let before = sharesOf(placed)
    expect(Object.values(before).reduce((sum, minor) => sum + minor, 0)).toBe(heldOf(placed))
    const lampsFirst = before.lamps
    for (const [lines, withShipping] of [
      [[{ lineId: 'kettle-1', quantity: 1 }], false],
      [[{ lineId: 'kettle-1', quantity: 1 }], false],
      [[{ lineId: 'lamp-2', quantity: 1 }], true],
    ] as const) {
      value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines, withShipping }))
      const order = (await booksOf(shop)).orders[0]?.state ?? placed
      const after = sharesOf(order)
      expect(Object.values(after).reduce((sum, minor) => sum + minor, 0)).toBe(heldOf(order))
      for (const name of ['lamps', 'self', 'affiliate', 'commissionMinor'] as const) {
        expect(after[name]).toBeLessThanOrEqual(before[name])
      }
      if (!withShipping) expect(after.lamps).toBe(lampsFirst)
      before = after
    }
    expect(before).toEqual({ lamps: 0, self: 0, affiliate: 0, commissionMinor: 0 })
  })
})
