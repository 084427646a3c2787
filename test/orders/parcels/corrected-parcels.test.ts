import { describe, expect, it } from 'vitest'
import { messages } from '../../../src/notify/message.schema.js'
import { orderReactions } from '../../../src/orders/notices/notify-buyer.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { correctParcel } from '../../../src/orders/parcels/correct-parcel.js'
import { recordDelivery, recordLoss } from '../../../src/orders/parcels/move-parcel.js'
import { recordScan } from '../../../src/orders/parcels/record-scan.js'
import { shipOrder } from '../../../src/orders/parcels/ship-order.js'
import { savePolicy } from '../../../src/orders/policy/save-policy.js'
import { defaultShopPolicy } from '../../../src/orders/policy/shop-policy.js'
import { markLateParcels } from '../../../src/orders/sweep-orders.js'
import { daysMs } from '../../../src/shared/instant.js'
import { find } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, openShop, pay, place, type TestShop, value } from '../open-shop.js'

const shipped = async (shop: TestShop, buyer = 'ann') => {
  await fillCart(shop, buyer, [['kettle', 1]])
  const { orderId } = await place(shop, buyer)
  await pay(shop, buyer, orderId)
  const { parcelId } = value(
    await shipOrder(shop, byStaff(), { orderId, carrier: 'sf-express', trackingNumber: 'SF1' }),
  )
  return { orderId, parcelId }
}

const parcelOf = async (shop: TestShop, orderId: string) =>
  value(await orderPage(shop, by('ann'), { orderId })).parcels[0]

const told = async (shop: TestShop) => {
  value(await runRelay(shop, orderReactions, { worker: 'one', limit: 1_000 }))
  const sent = await ask(shop, find(messages, { where: [], limit: 100 }))
  return sent.map(({ state }) => state).filter(({ template }) => template === 'parcelCorrected')
}

describe('a parcel whose number was mistyped', () => {
  it('shows the number it has, and its buyer is told once', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await shipped(shop)
    const right = { parcelId, trackingNumber: 'SF7' }
    const answer = value(await correctParcel(shop, byStaff(), right))
    expect(answer).toMatchObject({ orderId, parcelId, parcelStatus: 'shipped', orderStatus: 'shipped' })
    expect(await parcelOf(shop, orderId)).toMatchObject({ carrier: 'sf-express', trackingNumber: 'SF7' })
    // Said again, it stands already.
    value(await correctParcel(shop, byStaff(), right))
    expect(shop.told.filter(({ type }) => type === 'ParcelCorrected')).toHaveLength(1)
    expect(await told(shop)).toMatchObject([
      { accountId: 'ann', facts: { carrier: 'sf-express', trackingNumber: 'SF7' } },
    ])
  })

  it('may have gone with another carrier, and keeps what was seen of it', async () => {
    const shop = await openShop()
    const { orderId, parcelId } = await shipped(shop)
    value(await recordScan(shop, byStaff(), { parcelId, place: 'Pudong' }))
    value(await correctParcel(shop, byStaff(), { parcelId, carrier: 'yto', trackingNumber: 'YT1' }))
    const parcel = await parcelOf(shop, orderId)
    expect(parcel).toMatchObject({ status: 'inTransit', carrier: 'yto', trackingNumber: 'YT1' })
    expect(parcel?.tracking).toMatchObject([{ place: 'Pudong' }])
  })

  it('is waited for anew, but not beyond what was promised', async () => {
    const shop = await openShop()
    const { policyId: _, ...terms } = defaultShopPolicy
    value(await savePolicy(shop, byStaff(), { ...terms, lateParcels: { deliverWithinDays: 9, scanWithinDays: 3 } }))
    const { orderId, parcelId } = await shipped(shop)
    const promised = (await parcelOf(shop, orderId))?.deliverBy
    shop.pass(2 * daysMs)
    value(await correctParcel(shop, byStaff(), { parcelId, trackingNumber: 'SF7' }))
    shop.pass(2 * daysMs)
    expect(value(await markLateParcels(shop, { limit: 10 })).done).toBe(0)
    shop.pass(daysMs)
    expect(value(await markLateParcels(shop, { limit: 10 })).done).toBe(1)
    expect(await parcelOf(shop, orderId)).toMatchObject({ late: { reason: 'notSeen' }, deliverBy: promised })
    // What is known to be late stays so.
    value(await correctParcel(shop, byStaff(), { parcelId, trackingNumber: 'SF8' }))
    expect(await parcelOf(shop, orderId)).toMatchObject({ late: { reason: 'notSeen' }, trackingNumber: 'SF8' })
  })

  it('is left as it is once it has come or is lost', async () => {
    const shop = await openShop()
    const came = await shipped(shop)
    value(await recordDelivery(shop, byStaff(), { parcelId: came.parcelId }))
    const lost = await shipped(shop, 'bob')
    value(await recordLoss(shop, byStaff(), { parcelId: lost.parcelId }))
    for (const [{ parcelId }, status] of [
      [came, 'delivered'],
      [lost, 'lost'],
    ] as const) {
      const refused = (await correctParcel(shop, byStaff(), { parcelId, trackingNumber: 'SF7' }))._unsafeUnwrapErr()
      expect(refused).toEqual({ type: 'ParcelStateForbids', status, command: 'Correct' })
    }
  })

  it('is corrected by whoever ships for the shop, and by nobody else', async () => {
    const shop = await openShop()
    const { parcelId } = await shipped(shop)
    const right = { parcelId, trackingNumber: 'SF7' }
    expect((await correctParcel(shop, by('ann'), right))._unsafeUnwrapErr()).toMatchObject({ type: 'Denied' })
    const other = { actor: { kind: 'merchant', merchantId: 'm2' }, key: 'other' } as const
    expect((await correctParcel(shop, other, right))._unsafeUnwrapErr()).toMatchObject({ type: 'NotFound' })
    for (const bad of ['', 'x'.repeat(61)]) {
      const refused = (await correctParcel(shop, byStaff(), { parcelId, trackingNumber: bad }))._unsafeUnwrapErr()
      expect(refused).toMatchObject({ type: 'InvalidInput' })
    }
  })
})
