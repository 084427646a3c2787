import { ok, okAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { createSandboxGateway } from '../../../adapters/gateways/sandbox/index.js'
import { listMissingBills } from '../../../src/orders/books/list-missing-bills.js'
import { reconcileBill } from '../../../src/orders/books/reconcile-bill.js'
import { payOrder } from '../../../src/orders/paying/pay-order.js'
import { settlePayments } from '../../../src/orders/sweep-orders.js'
import type { GatewayCapabilities } from '../../../src/payments/ports.js'
import { reconciliations } from '../../../src/payments/reconciliation.schema.js'
import type { Collection } from '../../../src/shared/collection.js'
import { put } from '../../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../../src/shared/instant.js'
import type { JsonObject } from '../../../src/shared/json.js'
import { by, byStaff, commit, fillCart, openShop, place, sandboxKey, type TestShop, value } from '../open-shop.js'

/** It opens on 2026-03-10 at ten in Shanghai; the second gateway says by which days it makes bills, if by any. */
const openBoth = async (bills?: GatewayCapabilities['bills']): Promise<TestShop> => {
  const shop = await openShop()
  const made = createSandboxGateway({ gatewayId: 'other', now: shop.clock.now, keys: [sandboxKey] })
  const other = bills === undefined ? made : { ...made, capabilities: { ...made.capabilities, bills } }
  return { ...shop, gateways: { ...shop.gateways, other } }
}

const sell = async (shop: TestShop, buyer: string, gatewayId: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  value(await payOrder(shop, by(buyer), { orderId, gatewayId, method: 'wechatPay' }))
}

/** Takes in the bill of a day in March, of which nothing matters here but that it was. */
const readBill = async (shop: TestShop, day: number, gatewayId = 'sandbox') =>
  value(
    await reconcileBill(shop, byStaff(), {
      ...{ gatewayId, day: `2026-03-${day}`, timeZone: 'Asia/Shanghai', source: [] },
    }),
  )

const missing = async (shop: TestShop) =>
  value(await listMissingBills(shop, byStaff(), {})).bills.map(({ reconciliationId }) => reconciliationId)
const named = async (shop: TestShop) =>
  value(await settlePayments(shop, { limit: 100 })).failed.flatMap(({ id, reason }) =>
    reason === 'BillOverdue' ? [id] : [],
  )
const daysOf = (gatewayId: string, ...days: readonly number[]) => days.map((day) => `${gatewayId}/2026-03-${day}`)

describe('days of a gateway of which no bill was taken in', () => {
  it('are listed a day after they ended, and named after three, from its first bill on and until theirs is read', async () => {
    const shop = await openBoth()
    await sell(shop, 'ann', 'sandbox')
    shop.pass(6 * daysMs)
    // Nobody reads bills in this shop.
    expect([await missing(shop), await named(shop)]).toEqual([[], []])
    await readBill(shop, 11)
    await readBill(shop, 13)
    // It is the 16th, at ten: the 14th ended more than a day ago, and the 12th more than three.
    expect(value(await listMissingBills(shop, byStaff(), {})).bills[0]).toEqual({
      ...{ reconciliationId: 'sandbox/2026-03-12', gatewayId: 'sandbox', day: '2026-03-12', timeZone: 'Asia/Shanghai' },
      endedAt: Date.UTC(2026, 2, 12, 16),
    })
    expect([await missing(shop), await named(shop)]).toEqual([daysOf('sandbox', 12, 14), daysOf('sandbox', 12)])
    shop.pass(14 * hoursMs - 1)
    expect(await missing(shop)).toEqual(daysOf('sandbox', 12, 14))
    shop.pass(1)
    expect(await missing(shop)).toEqual(daysOf('sandbox', 12, 14, 15))
    shop.pass(daysMs)
    expect(await named(shop)).toEqual(daysOf('sandbox', 12, 14))

    await readBill(shop, 12)
    await readBill(shop, 14)
    expect([await missing(shop), await named(shop)]).toEqual([daysOf('sandbox', 15, 16), []])
    expect(value(await listMissingBills(shop, byStaff(), { gatewayId: 'other' })).bills).toEqual([])
  })

  it('are those of one that makes bills from its first payment on, where the shop reads any', async () => {
    const shop = await openBoth({ timeZone: 'UTC' })
    // In Shanghai it is the 12th by now, and the 11th by UTC.
    shop.pass(daysMs + 15 * hoursMs)
    await sell(shop, 'ann', 'other')
    shop.pass(3 * daysMs)
    expect(await missing(shop)).toEqual([])
    await readBill(shop, 10)
    const ofSandbox = daysOf('sandbox', 11, 12, 13)
    expect((await missing(shop)).sort()).toEqual([...daysOf('other', 11, 12), ...ofSandbox])
    await readBill(shop, 11, 'other')
    // From here on it goes by the days that its bills were read by.
    expect((await missing(shop)).sort()).toEqual([...daysOf('other', 12, 13), ...ofSandbox])
  })

  it('are looked for as far back as gateways keep bills, and one that was read and cannot be any more is none', async () => {
    const shop = await openBoth()
    await sell(shop, 'ann', 'sandbox')
    shop.pass(daysMs)
    await readBill(shop, 10)
    const broken: Collection<JsonObject> = { ...reconciliations, parse: (stored) => ok(stored as JsonObject) }
    shop.pass(200 * daysMs)
    const found = await missing(shop)
    expect(found).toHaveLength(92)
    const [first = ''] = found
    const state = { gatewayId: 'sandbox', day: first.slice('sandbox/'.length) }
    await commit(shop, [put(broken, { id: first, version: 0, state })])
    expect(await missing(shop)).toEqual(found.slice(1))
  })

  it('are for whoever sees all that moved', async () => {
    const shop = await openBoth()
    await sell(shop, 'ann', 'sandbox')
    shop.pass(daysMs)
    await readBill(shop, 10)
    shop.pass(9 * daysMs)
    const bound = {
      ...shop,
      authorizer: { authorize: () => okAsync({ kind: 'fields', fields: { merchantId: ['self'] } } as const) },
    }
    expect(await missing(bound)).toEqual([])
    const refused = await listMissingBills(shop, by('ann'), {})
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'orders.missingBills' })
  })
})
