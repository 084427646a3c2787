import type { Messages } from '../shared/messages.js'
import type { MessageError } from './message.js'
import type { NotifyFailed } from './ports.js'

/** Every refusal of notify. */
export type NotifyError = MessageError | NotifyFailed

/** Their texts. */
export const notifyMessages: Messages<NotifyError['type']> = {
  MessageStateForbids: {
    'zh-CN': '消息处于 {status} 状态，不能执行 {command}。',
    en: 'The message is {status}; {command} does not apply.',
  },
  MessageInHand: {
    'zh-CN': '消息正在由另一个进程发送。',
    en: 'The message is being sent by another sender.',
  },
  NotifyFailed: {
    'zh-CN': '消息未能送出：{detail}',
    en: 'The message could not be handed over: {detail}',
  },
}
