import type { Messages } from '../shared/messages.js'
import type { MembershipError } from './membership-errors.js'

/** What is said of every refusal of the membership. */
export const membershipMessages: Messages<MembershipError['type']> = {
  PointsAccountMissing: { 'zh-CN': '您还没有积分。', en: 'There are no points yet.' },
  PointsAccountIsClosed: { 'zh-CN': '积分账户已关闭。', en: 'The points account is closed.' },
  PointsInsufficient: {
    'zh-CN': '可用积分 {available}，不足 {requested}。',
    en: 'Only {available} points can be spent; {requested} were asked for.',
  },
  PointsHoldUnknown: { 'zh-CN': '没有为 {holdId} 冻结或使用的积分。', en: 'No points are held or spent for {holdId}.' },
  PointsGrantUnknown: { 'zh-CN': '没有名为 {grantId} 的待生效积分。', en: 'No points were promised as {grantId}.' },
  PointsHoldDiffers: {
    'zh-CN': '{holdId} 已冻结 {held} 积分，与 {requested} 不符。',
    en: '{holdId} holds {held} points, not {requested}.',
  },
  PointsRestoreTooLarge: {
    'zh-CN': '{holdId} 最多可退还 {left} 积分。',
    en: 'At most {left} points of {holdId} can be given back.',
  },
  PointsInvalid: { 'zh-CN': '积分数量或有效期无效。', en: 'The number of points or their end is not valid.' },
  PointsStillHeld: { 'zh-CN': '仍有未完成订单占用积分：{holdIds}。', en: 'Open orders still hold points: {holdIds}.' },
  NotAMember: { 'zh-CN': '您还不是会员，请先加入会员。', en: 'This is for members. Join first.' },
  AlreadyMember: { 'zh-CN': '您已是会员。', en: 'You are a member already.' },
  BirthdayAlreadyTold: {
    'zh-CN': '生日已登记，不能再次修改。',
    en: 'The birthday is told already and cannot be changed.',
  },
  BirthdayInvalid: { 'zh-CN': '{month} 月没有 {day} 日。', en: 'Month {month} has no day {day}.' },
  ActivityLimitReached: {
    'zh-CN': '今日该活动已达上限 {perDay} 次，请明天再来。',
    en: 'This earns {perDay} times a day and has today. Come back tomorrow.',
  },
  ActivityEarnsNothing: { 'zh-CN': '该活动目前没有积分奖励。', en: 'Nothing is given for this at present.' },
  ActivityTaken: { 'zh-CN': '{reference} 已为其他会员计入。', en: '{reference} has been counted for another member.' },
  MembershipTermsChanged: {
    'zh-CN': '会员条款已更新，请查看最新权益后再加入。',
    en: 'The programme has changed. Look at the present terms, then join.',
  },
  BenefitUnknown: { 'zh-CN': '没有该会员权益。', en: 'There is no such benefit.' },
  BenefitNeedsLevel: {
    'zh-CN': '该权益仅限以下等级：{levels}。',
    en: 'This benefit is for members of these levels: {levels}.',
  },
  BenefitNotNow: { 'zh-CN': '现在不是领取该权益的时间。', en: 'This benefit cannot be taken now.' },
  BenefitTaken: { 'zh-CN': '本期已领取过该权益。', en: 'This benefit has been taken for this time.' },
  RewardUnknown: { 'zh-CN': '没有该兑换商品。', en: 'There is no such reward.' },
  RewardNotOpen: { 'zh-CN': '现在不能兑换该商品。', en: 'This reward cannot be had now.' },
  RewardNeedsLevel: {
    'zh-CN': '该商品仅限以下等级兑换：{levels}。',
    en: 'This reward is for members of these levels: {levels}.',
  },
  RewardExhausted: { 'zh-CN': '该商品已兑完。', en: 'None of this reward is left.' },
  RewardLimitReached: {
    'zh-CN': '每位会员最多兑换 {limit} 份，您已达上限。',
    en: 'A member may have {limit} of this reward, and you have had them.',
  },
}
