import type { Messages } from '../../shared/messages.js'
import type { AnyReviewError, HidingReason } from './review.js'

/** What each refusal of reviews is called; `NotFound` stands with the errors of the core. */
export const reviewMessages: Messages<Exclude<AnyReviewError['type'], 'NotFound'>> = {
  ReviewStateForbids: {
    en: 'A review that is {status} cannot do this.',
    'zh-CN': '当前状态（{status}）的评价不能进行此操作。',
  },
  ReviewEditClosed: {
    en: 'The time to change this review is over. It can still be taken back.',
    'zh-CN': '该评价已超过可修改期限，但仍可撤回。',
  },
  HidingReasonUnlawful: {
    en: '“{reason}” is no reason to hide a review. Reasons there are: {lawful}.',
    'zh-CN': '“{reason}”不能作为屏蔽评价的理由。可用理由：{lawful}。',
  },
  NothingToHide: {
    en: 'This review gives stars and says nothing. How many stars it gives is no reason to hide it.',
    'zh-CN': '该评价仅有评分，没有文字或图片，不能因评分屏蔽。',
  },
  LineNotReviewable: {
    en: 'This cannot be reviewed: a gift, or nothing of it has been received yet.',
    'zh-CN': '该商品暂不能评价：赠品或尚未签收。',
  },
  LineReviewed: {
    en: 'You have reviewed this already. You may change your review for 30 days.',
    'zh-CN': '您已评价过该商品，30 天内可以修改。',
  },
  ReviewVoteGiven: { en: 'You have said already whether this review helped.', 'zh-CN': '您已对该评价投过票。' },
  OwnReview: { en: 'Nobody says this of their own review.', 'zh-CN': '不能给自己的评价投票。' },
}

/** Why a review is out of sight, as its author is told. */
export const hidingReasonTexts: Messages<HidingReason> = {
  unlawful: { en: 'it says what the law forbids to publish', 'zh-CN': '含有法律禁止发布的内容' },
  abusive: { en: 'it insults or threatens somebody', 'zh-CN': '含有辱骂、威胁或诽谤' },
  obscene: { en: 'it is obscene', 'zh-CN': '含有淫秽内容' },
  discriminating: { en: 'it discriminates against people', 'zh-CN': '含有歧视内容' },
  personalData: { en: 'it tells of a person who did not agree to it', 'zh-CN': '泄露他人个人信息' },
  advertising: { en: 'it advertises something else', 'zh-CN': '为广告内容' },
  unrelated: { en: 'it has nothing to do with the goods or the seller', 'zh-CN': '与商品或商家无关' },
}
