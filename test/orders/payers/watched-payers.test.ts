import { describe, expect, it } from 'vitest'
import type { PayerInput } from '../../../src/orders/order-inputs.js'
import { payShare } from '../../../src/orders/payers/pay-share.js'
import { sharePayment } from '../../../src/orders/payers/share-payment.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { type PaymentWatchTerms, paymentWatchOfOurs } from '../../../src/orders/watch/payment-watch.js'
import { paymentWatches } from '../../../src/orders/watch/payment-watch.schema.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import type { CommandContext } from '../../../src/shared/run-command.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, place, type TestShop, value } from '../open-shop.js'
import { how, openSharedShop, orderOf, payPart, shareAmong, visitor } from './open-shared.js'

const openWatching = async (rules: PaymentWatchTerms['rules'] = paymentWatchOfOurs.rules): Promise<TestShop> => {
  const shop = await openSharedShop()
  const { policyId: _, ...policy } = defaultShopPolicy
  value(await savePolicy(shop, byStaff(), { ...policy, watch: { ...paymentWatchOfOurs, rules } }))
  return shop
}

const from = (context: CommandContext, device: string): CommandContext => ({ ...context, origin: { device } })

/** Ten kettles of a buyer, 1,290.00, not paid. */
const ten = async (shop: TestShop, accountId: string): Promise<string> => {
  await fillCart(shop, accountId, [['kettle', 10]])
  return (await place(shop, accountId)).orderId
}

/** The same, of a buyer who has paid 129.00 and 8.00 of carriage from a device a day ago. */
const tenAfterOne = async (shop: TestShop, accountId: string, device: string): Promise<string> => {
  const [one, many] = await fillCart(shop, accountId, [
    ['kettle', 1],
    ['kettle', 10],
  ])
  const first = await place(shop, accountId, { lineIds: [one?.lineId ?? ''] })
  value(await payOrder(shop, from(by(accountId), device), { orderId: first.orderId, ...how }))
  shop.pass(daysMs)
  return (await place(shop, accountId, { lineIds: [many?.lineId ?? ''] })).orderId
}

const amount = (amountMinor: number): PayerInput => ({ part: { by: 'amount', amountMinor } })
const holdOf = async (shop: TestShop, orderId: string) => (await orderOf(shop, orderId))?.hold ?? null
const watched = async (shop: TestShop) => {
  const rows = await ask(shop, find(paymentWatches, { where: [], limit: 100 }))
  return rows.map(({ id, state }) => [id, state.attempts.map(({ amountMinor }) => amountMinor)])
}

describe('an order that is watched and shared among several', () => {
  it('is not held as a friend pays a part by link from a device of their own, and says nothing of its buyer', async () => {
    const shop = await openWatching()
    const orderId = await tenAfterOne(shop, 'ann', 'anns-phone')
    const { link } = await shareAmong(shop, orderId, [amount(60_000), { accountId: 'ann', part: { by: 'rest' } }])
    expect((await payPart(shop, from(visitor(), 'friends-phone'), { link })).paymentStatus).toBe('captured')
    expect(await watched(shop)).toEqual([['ann', [13_700]]])
    // What the friend paid from is not known for the buyer's.
    const stolen = await payShare(shop, from(by('ann'), 'friends-phone'), { orderId, ...how })
    expect(stolen._unsafeUnwrapErr().type).toBe('StepUpRequired')
    expect((await payPart(shop, from(by('ann'), 'anns-phone'), { orderId })).orderStatus).toBe('paid')
    expect(await holdOf(shop, orderId)).toBeNull()
    expect(await watched(shop)).toEqual([['ann', [13_700, 69_000]]])
  })

  it('is not held as many friends pay by link within minutes', async () => {
    const shop = await openWatching()
    const orderId = await ten(shop, 'ann')
    const payers = Array.from({ length: 16 }, (_, place) =>
      place === 15 ? { part: { by: 'rest' } as const } : amount(2_000),
    )
    const shared = value(await sharePayment(shop, by('ann'), { orderId, payers }))
    for (const { link } of shared.payers) await payPart(shop, from(visitor(), `phone-of-${link}`), { link: link ?? '' })
    expect((await orderOf(shop, orderId))?.status).toBe('paid')
    expect(await holdOf(shop, orderId)).toBeNull()
    expect(await watched(shop)).toEqual([])
  })

  it('judges whoever has an account by what they paid themselves', async () => {
    const shop = await openWatching()
    await tenAfterOne(shop, 'bob', 'bobs-phone')
    const orderId = await ten(shop, 'ann')
    const payers: readonly PayerInput[] = [
      { accountId: 'bob', part: { by: 'amount', amountMinor: 60_000 } },
      { part: { by: 'rest' } },
    ]
    const { link } = await shareAmong(shop, orderId, payers)
    const stolen = await payShare(shop, from(by('bob'), 'a-thiefs-phone'), { orderId, ...how })
    expect(stolen._unsafeUnwrapErr().type).toBe('StepUpRequired')
    await payPart(shop, from(by('bob'), 'bobs-phone'), { orderId })
    // By link all the same: it is Bob who pays.
    const again = await payShare(shop, from(by('bob'), 'a-thiefs-phone'), { link, ...how })
    expect(again._unsafeUnwrapErr().type).toBe('StepUpRequired')
    expect(await watched(shop)).toEqual([['bob', [13_700, 60_000]]])
  })

  it('is held where one link is tried over and over, and where links alone pay more than may be paid', async () => {
    const tried = await openWatching([{ kind: 'velocity', attempts: 2, withinMs: hoursMs, response: 'challenge' }])
    const orderId = await ten(tried, 'ann')
    const { link } = await shareAmong(tried, orderId, [amount(60_000), { accountId: 'ann', part: { by: 'rest' } }])
    for (const isHeld of [false, false, true]) {
      tried.gateway.script({ kind: 'decline', code: 'InsufficientFunds' })
      await payPart(tried, visitor(), { link })
      expect((await holdOf(tried, orderId)) !== null).toBe(isHeld)
    }
    expect(await holdOf(tried, orderId)).toMatchObject({ by: 'watch', reasons: ['velocity'] })

    const dear = await openWatching([{ kind: 'spending', aboveMinor: 100_000, withinMs: hoursMs, response: 'hold' }])
    const dearId = await ten(dear, 'ann')
    const parts = [amount(60_000), amount(40_000), amount(1), { accountId: 'ann', part: { by: 'rest' } } as const]
    const shared = value(await sharePayment(dear, by('ann'), { orderId: dearId, payers: parts }))
    const held: boolean[] = []
    for (const { link: each } of shared.payers.slice(0, 3)) {
      await payPart(dear, visitor(), { link: each ?? '' })
      held.push((await holdOf(dear, dearId)) !== null)
    }
    expect(held).toEqual([false, false, true])
  })
})
