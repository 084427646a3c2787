import { type Coupon, counters, couponIssues, coupons, find, type Message, readFacts } from 'shopwright'
import { right } from '../columns.js'
import type { Story } from '../story.js'
import { couponOfferId, couponsIssued, type OfferTitles } from '../the-day/publish-offers.js'
import { verdict } from './verdict.js'

/** The coupons of the campaign: how many are left, and what became of those that were given out. */
export const printCouponLedger = async (
  story: Story,
  { orderId, couponUsed }: { readonly orderId: string; readonly couponUsed: boolean },
  titles: OfferTitles,
): Promise<boolean> => {
  const { shop, must, now, say, locale } = story
  const { made, held } = must(
    'coupons',
    await readFacts(shop.ports.storage, {
      shop: shop.ports.shop,
      scope: { kind: 'all' },
      at: now(),
      plan: {
        made: counters(couponIssues, [couponOfferId]),
        held: find(coupons, {
          where: [{ field: 'offerId', is: 'eq', value: couponOfferId }],
          limit: couponsIssued + 1,
        }),
      },
    }),
  )
  // Coupons that were made are counted below zero.
  const stillFree = couponsIssued + (made.get(couponOfferId) ?? 0)
  const given = held.map(({ state }) => state)
  story.chapter('The books: coupons', '账本：优惠券')
  const statuses = [...new Set(given.map(({ status }) => status))].sort()
  story.table(
    [
      [titles[couponOfferId]?.[locale] ?? couponOfferId, right(say('coupons', '张数'))],
      [say('not given out', '未发放'), right(String(stillFree))],
      ...statuses.map((status) => [
        statusNames[status][locale],
        right(String(given.filter((coupon) => coupon.status === status).length)),
      ]),
      [say('total', '合计'), right(String(stillFree + given.length))],
    ],
    { head: true, total: true },
  )
  const used = given.filter((coupon) => coupon.status === 'used')
  if (couponUsed) {
    story.note(
      'it stays used: it is given back only when everything it was spent on comes back',
      '只退了部分商品，优惠券不退回',
    )
  }
  return verdict(
    story,
    stillFree + given.length === couponsIssued &&
      used.length === (couponUsed ? 1 : 0) &&
      used.every((coupon) => coupon.orderId === orderId),
  )
}

const statusNames: Readonly<Record<Coupon['status'], Message>> = {
  issued: { en: 'made, in nobody’s hands', 'zh-CN': '已生成，未领取' },
  claimed: { en: 'claimed', 'zh-CN': '已领取' },
  locked: { en: 'held for an order', 'zh-CN': '订单占用中' },
  used: { en: 'used on the order', 'zh-CN': '已用于订单' },
  expired: { en: 'lapsed', 'zh-CN': '已过期' },
  revoked: { en: 'taken back by the shop', 'zh-CN': '已收回' },
}
