import { describe, expect, it } from 'vitest'
import { listLedger } from '../../../src/payments/list-ledger.js'
import type { ListLedgerInput } from '../../../src/payments/list-ledger.schema.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const sell = async (shop: TestShop, buyer: string) => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  return { orderId, at: shop.clock.now() }
}

const ledger = async (shop: TestShop, input?: ListLedgerInput) => value(await listLedger(shop, byStaff(), input))

describe('the ledger', () => {
  it('is that of a period, from its first moment on and without its last, page by page', async () => {
    const shop = await openShop({ feeRateBasisPoints: 60 })
    const sold = []
    for (const buyer of ['ann', 'bob', 'cat', 'dan']) {
      sold.push(await sell(shop, buyer))
      shop.pass(minutesMs)
    }
    const [, second, , fourth] = sold
    if (second === undefined || fourth === undefined) throw new Error('nothing was sold')
    const whole = await ledger(shop)
    expect(whole.entries).toHaveLength(8)
    const period = { from: second.at, to: fourth.at }
    const inside = await ledger(shop, period)
    expect(inside.entries).toEqual(whole.entries.slice(2, 6))
    expect((await ledger(shop, { from: second.at })).entries).toEqual(whole.entries.slice(2))
    expect((await ledger(shop, { to: fourth.at })).entries).toEqual(whole.entries.slice(0, 6))
    expect((await ledger(shop, { ...period, orderId: second.orderId })).entries).toEqual(whole.entries.slice(2, 4))

    const paged = []
    for (let after: ListLedgerInput['after'] | null; after !== null; ) {
      const page = await ledger(shop, { ...period, limit: 1, ...(after === undefined ? {} : { after }) })
      paged.push(...page.entries)
      after = page.next
    }
    expect(paged).toEqual(inside.entries)
  })

  it('has no period that ends before it begins', async () => {
    const shop = await openShop()
    const at = shop.clock.now()
    const refused = await listLedger(shop, byStaff(), { limit: 1, from: at, to: at })
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'to' }] })
  })
})
