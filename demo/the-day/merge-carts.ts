import { right } from '../columns.js'
import { daysMs, minutesMs } from '../durations.js'
import { clerk, type Story } from '../story.js'
import { type Customer, type Guest, signIn } from './customer.js'
import { couponOfferId, type OfferTitles } from './publish-offers.js'

const pointsGiven = 700

/** The guest signs in: both carts become one; welcome points come, and a coupon is claimed and put on the cart. */
export const mergeCarts = async (story: Story, guest: Guest, titles: OfferTitles): Promise<Customer> => {
  const { shop, must, by, tell, say, nameOf } = story
  story.chapter('Signs in: two carts become one', '登录：两个购物车合并')
  story.pass(5 * minutesMs)
  const before = must('viewCart', await shop.cart.viewCart(by(guest)))
  const customer = await signIn(story, guest)
  const own = must('viewCart', await shop.cart.viewCart(by(customer)))
  must('mergeGuestCart', await shop.cart.mergeGuestCart(by(customer), { guestId: guest.guestId }))
  const cart = must('viewCart', await shop.cart.viewCart(by(customer)))
  tell(
    `${before.pieceCount} pieces of the guest and ${own.pieceCount} of the account: ${cart.pieceCount} in one cart.`,
    `访客 ${before.pieceCount} 件与账号 ${own.pieceCount} 件合并，共 ${cart.pieceCount} 件。`,
  )
  story.table(
    [
      [say('in the cart', '商品'), right(say('pieces', '件数')), right(say('each', '单价'))],
      ...cart.lines.map(({ title, sku, quantity, listPrice }) => [
        title === null ? sku : nameOf(title),
        right(String(quantity)),
        right(listPrice === null ? '' : story.money(listPrice.minor)),
      ]),
    ],
    { head: true },
  )
  must(
    'grantPoints',
    await shop.membership.grantPoints(by(clerk), {
      accountId: customer.accountId,
      grantId: 'welcome',
      points: pointsGiven,
      expiresAt: story.now() + 365 * daysMs,
    }),
  )
  tell(`The shop gives ${pointsGiven} points as a welcome.`, `店铺赠送新人积分 ${pointsGiven} 分。`)
  const { couponId } = must(
    'claimCoupon',
    await shop.promotions.claimCoupon(by(customer), { by: 'click', offerId: couponOfferId }),
  )
  must('attachCoupon', await shop.cart.attachCoupon(by(customer), { couponId }))
  tell(`Claims a coupon, “${titles[couponOfferId]?.en}”.`, `领取优惠券“${titles[couponOfferId]?.['zh-CN']}”。`)
  return customer
}
