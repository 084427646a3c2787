import type { Actor } from 'shopwright'
import { daysMs, minutesMs } from '../days.js'
import { clerk, type Story } from '../story.js'
import { couponOfferId } from './publish-books.js'

export type Buyer = Extract<Actor, { kind: 'customer' }>

const email = 'ming@example.com'
const password = 'Kx7-plum-Teahouse'
export const pointsSpent = 500
const pointsGiven = 700

/** The guest becomes a customer: registers, activates, signs in; the cart follows; a coupon is claimed and attached. */
export const join = async (story: Story, guest: Extract<Actor, { kind: 'guest' }>): Promise<Buyer> => {
  const { shop, must, by, tell, mailbox, pass, locale } = story
  story.chapter('The guest becomes a customer', '注册成为会员')
  const { challengeId } = must(
    'register',
    await shop.accounts.register(by(guest), { email, password, name: 'Xiao Ming', locale }),
  )
  tell(`Registers as ${email}.`, `用 ${email} 注册。`)
  must('sendMessages', await shop.upkeep.sendMessages({ limit: 100 }))
  const letter = mailbox.filter(({ to }) => to === email).at(-1)
  const code = /\d{6,}/.exec(letter?.text ?? '')?.[0] ?? ''
  tell(
    `A letter arrives, “${letter?.subject}”, with the code ${code}.`,
    `收到邮件“${letter?.subject}”，激活码 ${code}。`,
  )
  pass(2 * minutesMs)
  must('activate', await shop.accounts.activate(by(guest), { challengeId, code }))
  tell('The account is active.', '账号已激活。')
  const { token } = must('signIn', await shop.accounts.signIn(by(guest), { email, password }))
  const { actor } = must('actorOf', await shop.accounts.actorOf(token))
  tell('Signs in.', '登录成功。')
  must('mergeGuestCart', await shop.cart.mergeGuestCart(by(actor), { guestId: guest.guestId }))
  const cart = must('viewCart', await shop.cart.viewCart(by(actor)))
  tell(`The guest's cart came along: ${cart.pieceCount} pieces.`, `访客购物车已合并：共 ${cart.pieceCount} 件。`)
  must(
    'grantPoints',
    await shop.membership.grantPoints(by(clerk), {
      accountId: actor.accountId,
      grantId: 'welcome',
      points: pointsGiven,
      expiresAt: story.now() + 365 * daysMs,
    }),
  )
  tell(`The shop gives ${pointsGiven} points as a welcome.`, `店铺赠送新人积分 ${pointsGiven} 分。`)
  const { couponId } = must(
    'claimCoupon',
    await shop.promotions.claimCoupon(by(actor), { by: 'click', offerId: couponOfferId }),
  )
  must('attachCoupon', await shop.cart.attachCoupon(by(actor), { couponId }))
  tell('Claims the spring coupon and puts it on the cart.', '领取春季券并放入购物车。')
  return actor
}
