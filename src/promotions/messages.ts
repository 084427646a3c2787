import type { Messages } from '../shared/messages.js'
import type { PromotionError } from './promotion-errors.js'

/** What is said of every refusal of the promotions. */
export const promotionsMessages: Messages<PromotionError['type']> = {
  OfferUnknown: { 'zh-CN': '优惠 {offerId} 不存在或已下架。', en: 'There is no offer {offerId}, or it was withdrawn.' },
  OfferHasNoCoupons: {
    'zh-CN': '优惠 {offerId} 自动生效，无需领券。',
    en: 'Offer {offerId} applies by itself and has no coupons.',
  },
  OfferEnded: { 'zh-CN': '该优惠活动已结束。', en: 'This offer is over.' },
  BatchOfOtherOffer: {
    'zh-CN': '批次 {batchId} 属于另一个优惠，请使用新的批次。',
    en: 'Batch {batchId} is of another offer. Begin a new one.',
  },
  CouponsExhausted: { 'zh-CN': '优惠券已领完，剩余 {left} 张。', en: 'The coupons have run out; {left} are left.' },
  ClaimLimitReached: {
    'zh-CN': '每人限领 {limit} 张，您已领完。',
    en: 'Each customer may claim {limit}; you have yours.',
  },
  CouponNeedsCode: { 'zh-CN': '该优惠券需凭券码领取。', en: 'This coupon is claimed with a code.' },
  CouponNeedsLevel: {
    'zh-CN': '该优惠券仅限指定等级会员领取。',
    en: 'This coupon is for members of certain levels.',
  },
  CouponCodeMistyped: {
    'zh-CN': '券码有误，请核对后重新输入。',
    en: 'There is a typing error in this code. Check it and enter it again.',
  },
  QrUnknown: { 'zh-CN': '该二维码不是优惠券。', en: 'This QR code is not a coupon.' },
  QrVersionUnknown: {
    'zh-CN': '该二维码版本（{version}）过新，请改用券码领取。',
    en: 'This QR code is of a newer kind ({version}). Enter the code below it instead.',
  },
  QrNotGenuine: {
    'zh-CN': '该二维码不是本店发放的，或已被改动。',
    en: 'This QR code was changed, or another shop made it.',
  },
  CouponCodeUnknown: { 'zh-CN': '券码无效或已被使用。', en: 'This code is not valid or was used already.' },
  CouponNotReady: {
    'zh-CN': '优惠券当前状态为 {status}，无法执行此操作。',
    en: 'The coupon is {status}; this cannot be done.',
  },
  CouponHeldByOtherOrder: { 'zh-CN': '优惠券已用于另一笔订单。', en: 'The coupon belongs to another order.' },
  CouponNotYetValid: { 'zh-CN': '优惠券尚未到可用时间。', en: 'The coupon is not valid yet.' },
  CouponNoLongerValid: { 'zh-CN': '优惠券已过期。', en: 'The coupon is no longer valid.' },
  BookChanged: {
    'zh-CN': '{bookId} 已被他人更新到第 {actualRevision} 版，请刷新后重试。',
    en: '{bookId} is at revision {actualRevision} by now; read it again and retry.',
  },
}
