import type { Messages } from '../shared/messages.js'
import type { PointsError } from './points-account.js'

/** What is said of every refusal of the membership. */
export const membershipMessages: Messages<PointsError['type']> = {
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
}
