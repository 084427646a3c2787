import fc from 'fast-check'
import { okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway, type SplitTerms } from '../../../adapters/gateways/sandbox/index.js'
import { orders } from '../../../src/orders/order.collection.schema.js'
import { completeOrder, confirmReceipt } from '../../../src/orders/parcels/complete-order.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { refundOrder } from '../../../src/orders/refunds/refund-order.js'
import { payOut } from '../../../src/orders/settlement/pay-out.js'
import { releaseShares } from '../../../src/orders/settlement/release-shares.js'
import { showPayee } from '../../../src/orders/settlement/show-payee.js'
import { splitShares } from '../../../src/orders/settlement/split-shares.js'
import { settlePayouts } from '../../../src/orders/settlement/tell-payout.js'
import { settleRefunds } from '../../../src/orders/sweep-orders.js'
import type { GatewayErrorCode } from '../../../src/payments/gateway-error.js'
import { moveBalances } from '../../../src/payments/payee-balance.js'
import type { PayoutPort } from '../../../src/payments/payout.js'
import type { SplitPort } from '../../../src/payments/ports.js'
import { payOutShare, type Settlement } from '../../../src/payments/settlement.js'
import { settlements } from '../../../src/payments/settlement.schema.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs, minutesMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { ask, balanceOf, booksOf, expectBooksToAgree } from '../books-of.js'
import { by, byStaff, commit, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

// Of 2 x 129.00 and carriage 8.00: 5 % are the platform's, 2 % the partner's.
const terms = {
  afterWorkingDays: 0,
  rates: [{ merchantId: null, platformBasisPoints: 500, partners: [{ payee: 'affiliate', basisPoints: 200 }] }],
}
const selfMinor = 24_738
const affiliateMinor = 532

const bank = () => {
  const sent: string[] = []
  const port: PayoutPort = {
    send: ({ payee, amount }) => {
      sent.push(`${payee} ${amount.minor}`)
      return okAsync({ kind: 'ok', value: { payoutRef: null } })
    },
  }
  return { port, sent }
}

const openDividing = async (splits?: SplitTerms) => {
  const shop = await openShop(splits === undefined ? {} : { splits })
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, settlement: terms }))
  const { port, sent } = bank()
  return { shop: { ...shop, payouts: port }, sent }
}
const both = { payees: { self: 'acct-self', affiliate: 'acct-affiliate' } }

const released = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 2]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  await complete(shop, buyer, orderId)
  return orderId
}

const complete = async (shop: TestShop, buyer: string, orderId: string) => {
  value(await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }))
  value(await confirmReceipt(shop, by(buyer), { orderId }))
  value(await completeOrder(shop, byStaff(), { orderId }))
  value(await releaseShares(shop, { limit: 10 }))
}

const balances = async (shop: TestShop, payee: string) => {
  const { pendingMinor, availableMinor, paidOutMinor, owedMinor } = value(
    await showPayee(shop, byStaff(), { payee, currency: 'CNY' }),
  )
  return [pendingMinor, availableMinor, paidOutMinor, owedMinor]
}

const refund = async (shop: TestShop, orderId: string, quantity: number) =>
  value(await refundOrder(shop, byStaff(), { orderId, reason: 'goodwill', lines: [{ lineId: 'kettle-1', quantity }] }))

const payeeOf = (payee: string) => ({ payee, currency: 'CNY' })

/** Ours and the gateway's books say the same of what lies there. */
const expectClearingToAgree = async (shop: TestShop) => {
  const { ledger } = await booksOf(shop)
  const net = shop.gateway.books().totals.find(({ currency }) => currency === 'CNY')?.netMinor ?? 0
  expect(balanceOf(ledger, 'gatewayClearing:sandbox')).toBe(net)
  await expectBooksToAgree(shop)
}

describe('a gateway that divides payments', () => {
  it('gives each payee its part, keeps the rest for the shop, and takes parts back before a refund leaves', async () => {
    const { shop, sent } = await openDividing(both)
    const orderId = await released(shop)
    // Until the gateway is done nothing goes another way.
    expect(await payOut(shop, byStaff(), payeeOf('self'))).toMatchObject({ error: { type: 'NothingToPayOut' } })
    expect(value(await splitShares(shop, { limit: 10 }))).toEqual({ done: 1, failed: [] })
    const { splits, splitsOver, payments } = shop.gateway.books()
    expect(splits.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
      ['acct-self', selfMinor],
      ['acct-affiliate', affiliateMinor],
    ])
    expect(splitsOver).toEqual(payments.map(({ attemptRef }) => attemptRef))
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
    expect(await balances(shop, 'affiliate')).toEqual([0, 0, affiliateMinor, 0])
    expect(value(await splitShares(shop, { limit: 10 }))).toEqual({ done: 0, failed: [] })
    await expectClearingToAgree(shop)

    // One kettle back, 129.00: 119.97 of it was the seller's and 2.58 the partner's.
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect(shop.gateway.books().splits.map(({ returnedMinor }) => returnedMinor)).toEqual([11_997, 258])
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor - 11_997, 0])
    expect(await balances(shop, 'affiliate')).toEqual([0, 0, affiliateMinor - 258, 0])
    expect(sent).toEqual([])
    await expectClearingToAgree(shop)
  })

  it('divides what the order was paid by, and never money that stands in suspense', async () => {
    const { shop } = await openDividing(both)
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    shop.gateway.script({ kind: 'wrongAmount', minor: 90_000 })
    const amiss = await pay(shop, 'ann', orderId)
    expect(amiss.paymentStatus).toBe('integrityHold')
    const { paymentId } = await pay(shop, 'ann', orderId)
    await complete(shop, 'ann', orderId)
    value(await splitShares(shop, { limit: 10 }))
    const { splits, splitsOver } = shop.gateway.books()
    expect(splits.map(({ attemptRef, amountMinor }) => [attemptRef, amountMinor])).toEqual([
      [paymentId, selfMinor],
      [paymentId, affiliateMinor],
    ])
    expect(splitsOver).toEqual([paymentId])
    await expectBooksToAgree(shop)
  })

  it('stands to the payee where only money in suspense lies with a gateway that could divide it', async () => {
    const { shop } = await openDividing(both)
    const plain = createSandboxGateway({
      gatewayId: 'plain',
      now: shop.clock.now,
      keys: [{ keyId: 'p', secret: 'another secret' }],
    })
    const two = { ...shop, gateways: { ...shop.gateways, plain } }
    await fillCart(two, 'ann', [['kettle', 2]])
    const { orderId } = await place(two, 'ann')
    shop.gateway.script({ kind: 'wrongAmount', minor: 90_000 })
    await pay(two, 'ann', orderId)
    value(await payOrder(two, by('ann'), { orderId, gatewayId: 'plain', method: 'wechatPay' }))
    await complete(two, 'ann', orderId)
    value(await splitShares(two, { limit: 10 }))
    expect(shop.gateway.books().splits).toEqual([])
    expect(await balances(two, 'self')).toEqual([0, selfMinor, 0, 0])
    await expectBooksToAgree(two)
  })

  it('divides a payment once, however many ask at the same time', async () => {
    const { shop } = await openDividing(both)
    await released(shop)
    await Promise.all(Array.from({ length: 12 }, () => splitShares(shop, { limit: 10 })))
    expect(shop.gateway.books().splits).toHaveLength(2)
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
    await expectClearingToAgree(shop)
  })

  it('gives no more than it may, shared by what is due; the rest, and who has no account there, is paid another way', async () => {
    const { shop, sent } = await openDividing({ payees: { self: 'acct-self' }, mostBasisPoints: 3_000 })
    await released(shop)
    value(await splitShares(shop, { limit: 10 }))
    // 30 % of 266.00.
    expect(shop.gateway.books().splits.map(({ amountMinor }) => amountMinor)).toEqual([7_980])
    expect(await balances(shop, 'self')).toEqual([0, selfMinor - 7_980, 7_980, 0])
    expect(value(await payOut(shop, byStaff(), payeeOf('self')))).toMatchObject({ amountMinor: selfMinor - 7_980 })
    expect(value(await payOut(shop, byStaff(), payeeOf('affiliate')))).toMatchObject({ amountMinor: affiliateMinor })
    expect(sent).toEqual([`self ${selfMinor - 7_980}`, `affiliate ${affiliateMinor}`])
    await expectClearingToAgree(shop)
  })

  it('is asked again until it says what came of it; what it turns down stands to the payee again', async () => {
    const { shop } = await openDividing(both)
    await released(shop)
    shop.gateway.scriptSplit({ kind: 'timeout', moved: true }, { kind: 'decline', code: 'InstrumentInvalid' })
    value(await splitShares(shop, { limit: 10 }))
    expect(shop.gateway.books().splitsOver).toEqual([])
    // Whom it turned down waits for nobody.
    expect(await balances(shop, 'affiliate')).toEqual([0, affiliateMinor, 0, 0])
    shop.pass(10 * minutesMs)
    value(await splitShares(shop, { limit: 10 }))
    expect(shop.gateway.books().splits).toHaveLength(1)
    expect(shop.gateway.books().splitsOver).toHaveLength(1)
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
    expect(await balances(shop, 'affiliate')).toEqual([0, affiliateMinor, 0, 0])
    expect(value(await payOut(shop, byStaff(), payeeOf('affiliate')))).toMatchObject({ amountMinor: affiliateMinor })
    await expectClearingToAgree(shop)
  })

  it('keeps a refund waiting while a part is on its way back, and no longer than a day', async () => {
    const { shop } = await openDividing(both)
    const orderId = await released(shop)
    value(await splitShares(shop, { limit: 10 }))
    shop.gateway.scriptSplit({ kind: 'pending' }, { kind: 'timeout', moved: false })
    expect((await refund(shop, orderId, 1)).status).toBe('pending')
    expect(shop.gateway.books().refunds).toEqual([])
    shop.gateway.scriptSplit({ kind: 'timeout', moved: false })
    const waiting = value(await settleRefunds(shop, { limit: 10 }))
    expect(waiting.failed.map(({ reason }) => reason)).toEqual(['SplitsReturning'])
    expect(shop.gateway.books().splits[0]?.returnedMinor).toBe(11_997)
    expect(shop.gateway.books().refunds).toEqual([])
    shop.gateway.scriptSplit({ kind: 'timeout', moved: false })
    shop.pass(daysMs - 1)
    expect(value(await settleRefunds(shop, { limit: 10 })).done).toBe(0)
    shop.gateway.scriptSplit({ kind: 'timeout', moved: false })
    shop.pass(1)
    expect(value(await settleRefunds(shop, { limit: 10 })).done).toBe(1)
    expect(shop.gateway.books().refunds.map(({ amountMinor, status }) => [amountMinor, status])).toEqual([
      [12_900, 'succeeded'],
    ])
    expect(await balances(shop, 'affiliate')).toEqual([0, 0, affiliateMinor, 258])
    // What comes back later is owed no more.
    shop.pass(hoursMs)
    value(await settlePayouts(shop, { limit: 10 }))
    expect(await balances(shop, 'affiliate')).toEqual([0, 0, affiliateMinor - 258, 0])
    await expectClearingToAgree(shop)
  })

  it('sends a refund without what an account does not give back, which its payee goes on owing', async () => {
    const { shop, sent } = await openDividing(both)
    const orderId = await released(shop)
    value(await splitShares(shop, { limit: 10 }))
    shop.gateway.scriptSplit({ kind: 'decline', code: 'InstrumentDeclined' })
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 11_997])
    // It is not asked a second time; the next order sets it off.
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect(shop.gateway.books().splits[0]?.returnedMinor).toBe(0)
    await released(shop, 'bob')
    expect(await balances(shop, 'self')).toEqual([0, selfMinor, selfMinor, 23_994])
    value(await splitShares(shop, { limit: 10 }))
    // The gateway gave what was left of it; the rest is set off and moves nowhere.
    expect(await balances(shop, 'self')).toEqual([0, 23_994, 2 * selfMinor - 23_994, 23_994])
    expect(await payOut(shop, byStaff(), payeeOf('self'))).toMatchObject({ error: { type: 'NothingToPayOut' } })
    await released(shop, 'cid')
    value(await splitShares(shop, { limit: 10 }))
    expect(sent).toEqual([])
    await expectClearingToAgree(shop)
  })

  it('asks again where a no was only meant for the moment, and of an empty account at the next refund', async () => {
    const { shop } = await openDividing(both)
    const orderId = await released(shop)
    shop.gateway.scriptSplit({ kind: 'decline', code: 'GatewayDown' }, { kind: 'decline', code: 'RateLimited' })
    expect(value(await splitShares(shop, { limit: 10 })).failed.map(({ reason }) => reason)).toEqual([
      'SplitNotAnswered',
    ])
    shop.pass(10 * minutesMs)
    expect(value(await splitShares(shop, { limit: 10 })).done).toBe(1)
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
    expect(await balances(shop, 'affiliate')).toEqual([0, 0, affiliateMinor, 0])

    shop.gateway.scriptSplit({ kind: 'decline', code: 'InsufficientFunds' })
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect((await balances(shop, 'self'))[3]).toBe(11_997)
    shop.pass(1)
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect((await balances(shop, 'self'))[3]).toBe(0)
    await expectClearingToAgree(shop)
  })

  it('asks for the part of a second refund too while that of the first is on its way', async () => {
    const { shop } = await openDividing({ payees: { self: 'acct-self' } })
    const orderId = await released(shop)
    value(await splitShares(shop, { limit: 10 }))
    shop.gateway.scriptSplit({ kind: 'timeout', moved: false })
    expect((await refund(shop, orderId, 1)).status).toBe('pending')
    // The account answers again, and gives both.
    expect((await refund(shop, orderId, 1)).status).toBe('succeeded')
    expect(shop.gateway.books().splits.map(({ returnedMinor }) => returnedMinor)).toEqual([23_994])
    value(await settleRefunds(shop, { limit: 10 }))
    expect(shop.gateway.books().refunds.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    expect((await balances(shop, 'self'))[3]).toBe(0)
    await expectClearingToAgree(shop)
  })

  it('is told until it has heard that nothing more is divided', async () => {
    const { shop } = await openDividing(both)
    const { splits } = shop.gateway
    if (splits === undefined) throw new Error('no splits')
    const codes: GatewayErrorCode[] = ['RateLimited', 'GatewayDown']
    const finish: SplitPort['finish'] = (request) => {
      const code = codes.shift()
      return code === undefined
        ? splits.finish(request)
        : okAsync({ kind: 'declined', error: { code, gatewayCode: code } })
    }
    const busy = { ...shop, gateways: { sandbox: { ...shop.gateway, splits: { ...splits, finish } } } }
    await released(busy)
    for (const isOver of [false, false, true]) {
      value(await splitShares(busy, { limit: 10 }))
      expect(shop.gateway.books().splitsOver.length).toBe(isOver ? 1 : 0)
      shop.pass(10 * minutesMs)
    }
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
  })

  it('has a day to say whether it knows a payee, who is paid another way then', async () => {
    const { shop, sent } = await openDividing(both)
    const { splits } = shop.gateway
    if (splits === undefined) throw new Error('no splits')
    const accountOf: SplitPort['accountOf'] = (payee) =>
      payee === 'affiliate' ? okAsync({ kind: 'unknown', cause: 'timeout' }) : splits.accountOf(payee)
    const silent = { ...shop, gateways: { sandbox: { ...shop.gateway, splits: { ...splits, accountOf } } } }
    await released(silent)
    expect(value(await splitShares(silent, { limit: 10 })).failed).toHaveLength(1)
    expect(await payOut(silent, byStaff(), payeeOf('self'))).toMatchObject({ error: { type: 'NothingToPayOut' } })
    shop.pass(daysMs)
    expect(value(await splitShares(silent, { limit: 10 })).done).toBe(1)
    expect(await balances(shop, 'self')).toEqual([0, 0, selfMinor, 0])
    expect(value(await payOut(silent, byStaff(), payeeOf('affiliate')))).toMatchObject({ amountMinor: affiliateMinor })
    expect(sent).toEqual([`affiliate ${affiliateMinor}`])
  })

  it('does not hide what is due behind what is owed of many orders', async () => {
    const { shop, sent } = await openDividing()
    await released(shop)
    const [stored] = await ask(shop, find(settlements, { where: [], limit: 1 }))
    const [order] = (await booksOf(shop)).orders
    if (stored === undefined || order === undefined) throw new Error('no settlement')
    const owing = Array.from({ length: 101 }, (_, index): Settlement => {
      const { state } = stored
      const settled = { ...state, settlementId: `o-${index}`, orderId: `o-${index}`, releasedAt: 1 }
      return payOutShare({ ...settled, status: 'available' }, 'self', selfMinor + 1)
    })
    await commit(shop, [
      ...owing.flatMap((state) => [
        put(settlements, { id: state.settlementId, version: 0, state }),
        put(orders, { id: state.orderId, version: 0, state: { ...order.state, orderId: state.orderId } }),
      ]),
      ...moveBalances(owing.map((after) => ({ before: null, after }))),
    ])
    expect(value(await payOut(shop, byStaff(), payeeOf('self')))).toMatchObject({ amountMinor: selfMinor - 101 })
    expect(sent).toEqual([`self ${selfMinor - 101}`])
  })

  it('says nothing of it to the payer', async () => {
    const { shop } = await openDividing(both)
    await fillCart(shop, 'ann', [['kettle', 2]])
    const { orderId } = await place(shop, 'ann')
    expect(await pay(shop, 'ann', orderId)).not.toHaveProperty('isSplit')
  })

  it('divides nothing of an order of which all went back before', async () => {
    const { shop } = await openDividing(both)
    const orderId = await released(shop)
    value(
      await refundOrder(shop, byStaff(), {
        orderId,
        reason: 'goodwill',
        lines: [{ lineId: 'kettle-1', quantity: 2 }],
        withShipping: true,
      }),
    )
    // The gateway is told that there is nothing to divide.
    value(await splitShares(shop, { limit: 10 }))
    expect(shop.gateway.books().splits).toEqual([])
    expect(shop.gateway.books().splitsOver).toHaveLength(1)
    const [settled] = await ask(shop, find(settlements, { where: [], limit: 10 }))
    expect(settled?.state).not.toHaveProperty('splitAt')
    await expectClearingToAgree(shop)
  })

  it('keeps both books alike, whatever it answers and whatever is refunded in between', async () => {
    const answer = fc.oneof(
      fc.constant({ kind: 'succeed' } as const),
      fc.constant({ kind: 'pending' } as const),
      fc.record({ kind: fc.constant('timeout' as const), moved: fc.boolean() }),
      fc.record({ kind: fc.constant('decline' as const), code: fc.constant('InstrumentDeclined' as const) }),
    )
    const step = fc.oneof(
      fc.constant('split' as const),
      fc.constant('refund' as const),
      fc.constant('settle' as const),
      fc.constant('payOut' as const),
    )
    const { shop } = await openDividing({ ...both, mostBasisPoints: 9_000 })
    let buyer = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { maxLength: 6 }),
        fc.array(step, { minLength: 3, maxLength: 8 }),
        async (answers, steps) => {
          buyer += 1
          const orderId = await released(shop, `buyer-${buyer}`)
          shop.gateway.scriptSplit(...answers)
          let left = 2
          for (const each of steps) {
            if (each === 'refund' && left > 0) {
              left -= 1
              await refund(shop, orderId, 1)
            }
            if (each === 'split') value(await splitShares(shop, { limit: 10 }))
            if (each === 'payOut') await payOut(shop, byStaff(), payeeOf('self'))
            if (each === 'settle') {
              shop.pass(hoursMs)
              value(await settlePayouts(shop, { limit: 10 }))
              value(await settleRefunds(shop, { limit: 10 }))
            }
          }
          // In the end all is known, and what was refunded has reached the payer.
          for (let turn = 0; turn < 4; turn += 1) {
            shop.pass(daysMs)
            value(await splitShares(shop, { limit: 10 }))
            value(await settlePayouts(shop, { limit: 10 }))
            value(await settleRefunds(shop, { limit: 10 }))
          }
          const books = await booksOf(shop)
          expect(books.refunds.every(({ state }) => state.status === 'succeeded')).toBe(true)
          const found = await ask(shop, find(settlements, { where: [], limit: 1_000 }))
          for (const payee of ['self', 'affiliate']) {
            const of = (key: 'earnedMinor' | 'paidOutMinor') =>
              found.reduce(
                (sum, { state }) => sum + (state.shares.find((share) => share.payee === payee)?.[key] ?? 0),
                0,
              )
            const [, available = 0, paidOut = 0, owed = 0] = await balances(shop, payee)
            expect(available - owed + paidOut).toBe(of('earnedMinor'))
            expect(paidOut).toBe(of('paidOutMinor'))
          }
          await expectClearingToAgree(shop)
        },
      ),
      { numRuns: 12 },
    )
  })
})
