import type { Messages } from '../shared/messages.js'
import type { ReturnNotPossible } from './return-policy.js'
import type { ReturnError } from './return-request.js'
import type { ReturnTooLarge } from './return-worth.js'

/** Every refusal of after-sales' own. */
export type AftersalesError = ReturnError | ReturnNotPossible | ReturnTooLarge

/** What is said of each refusal. */
export const aftersalesMessages: Messages<AftersalesError['type']> = {
  ReturnStateForbids: {
    'zh-CN': '退货申请当前状态为 {status}，不能执行此操作。',
    en: 'The return is {status}; this cannot be done now.',
  },
  InspectionDiffers: {
    'zh-CN': '验收数量与申请不符：商品行 {lineId} 申请 {requested} 件。',
    en: 'The inspection does not fit the request: {requested} pieces of line {lineId} were to come.',
  },
  ReturnWindowPassed: {
    'zh-CN': '退货期限已过。',
    en: 'The time to return these goods is over.',
  },
  NotSignedYet: {
    'zh-CN': '商品尚未签收。未收到货请选择"仅退款"。',
    en: 'These goods have not arrived yet. For goods that never came, ask for a refund without return.',
  },
  NotShippedYet: {
    'zh-CN': '商品行 {lineId} 仅已发货的 {left} 件可申请退款；尚未发货的商品请修改或取消订单。',
    en: 'Of line {lineId} {left} have left and can be asked for. Take what has not left out of the order instead.',
  },
  NotReturnable: {
    'zh-CN': '该商品不适用无理由退货。如有质量问题，请选择相应原因。',
    en: 'These goods cannot be returned without reason. If they have a fault, choose that as the reason.',
  },
  ReturnTooLarge: {
    'zh-CN': '商品行 {lineId} 最多可申请 {left} 件。',
    en: 'Of line {lineId} at most {left} can be returned.',
  },
}
