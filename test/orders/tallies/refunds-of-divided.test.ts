import { expect, it } from 'vitest'
import { cancelOrder } from '../../../src/orders/editing/cancel-order.js'
import { orderPage } from '../../../src/orders/pages/order-page.js'
import { campaignReactions } from '../../../src/orders/tallies/count-sales.js'
import { campaignTallies, tallyOf, tallyPrefix } from '../../../src/promotions/campaign-tally.js'
import { minutesMs } from '../../../src/shared/instant.js'
import { counters } from '../../../src/shared/read-plan.js'
import { runRelay } from '../../../src/shared/relay.js'
import { ask } from '../books-of.js'
import { by, byStaff, fillCart, offer, pay, place, value } from '../open-shop.js'
import { openMall } from '../placing/open-mall.js'

const lamps = offer({
  offerId: 'lamps',
  stage: 'platform',
  form: { kind: 'promotion' },
  scope: { productIds: ['p-lamp'] },
  benefit: { kind: 'amountOff', offMinor: 500 },
})

it.each(['apart', 'together'] as const)(
  'what goes back of a checkout leaves no revenue to its offers: %s',
  async (mode) => {
    const shop = await openMall({ offers: [lamps] }, { severalMerchants: mode })
    await fillCart(shop, 'ann', [
      ['kettle', 1],
      ['lamp', 1],
    ])
    const { orderId, payableMinor } = await place(shop, 'ann')
    await pay(shop, 'ann', orderId)
    const { orderIds } = value(await orderPage(shop, byStaff(), { orderId }))
    for (const each of orderIds.length === 0 ? [orderId] : orderIds) {
      value(await cancelOrder(shop, by('ann'), { orderId: each }))
    }
    for (const worker of ['one', 'two', 'three']) {
      value(await runRelay(shop, campaignReactions, { worker, limit: 1_000 }))
      shop.pass(2 * minutesMs)
    }
    const names = (['revenueMinor', 'refundedMinor'] as const).map(
      (name) => `${tallyPrefix({ offerId: 'lamps' })}${tallyOf(name, 'CNY')}`,
    )
    const counted = await ask(shop, counters(campaignTallies, names))
    expect(names.map((name) => counted.get(name))).toEqual([payableMinor, payableMinor])
  },
)
