import type { Notifier, OutgoingMessage } from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk, expectTrue } from './assert.js'

/** A notifier with a view of what it handed over, and a way to make its channel fail. */
export type NotifierSubject = {
  readonly notifier: Notifier
  /** What was handed over so far, each as one text. */
  readonly delivered: () => readonly string[]
  /** From now on the channel takes nothing. */
  readonly breakChannel: () => void
}

const message: OutgoingMessage = {
  messageId: 'm1/acc_1/email',
  channel: 'email',
  to: 'li.ming@example.com',
  subject: '激活您的账户',
  text: 'code 123456',
  locale: 'zh-CN',
}

/** What every notifier holds to. */
export const notifierCases: readonly ContractCase<NotifierSubject>[] = [
  {
    name: 'hands over a message once, with its address, subject and text',
    run: async (create) => {
      const { notifier, delivered } = await create()
      expectOk(await notifier.send(message), 'send')
      expectEqual(delivered().length, 1, 'messages')
      for (const part of [message.to, message.subject, message.text]) {
        expectTrue(delivered()[0]?.includes(part) === true, `${part} is missing`)
      }
    },
  },
  {
    name: 'lets no text begin a line of its own, or refuses for good what tries to',
    run: async (create) => {
      const { notifier, delivered } = await create()
      const sent = await notifier.send({ ...message, subject: 'a\r\nBcc: evil@example.com', to: 'a@b.c\nx' })
      if (sent.isErr()) expectEqual(sent.error.retry, false, 'whether it is worth another try')
      expectTrue(!/[\r\n]Bcc|\nx/.test(delivered().join('')), 'a line was begun')
    },
  },
  {
    name: 'hands over what goes by text message or push too, or refuses it for good',
    run: async (create) => {
      const { notifier, delivered } = await create()
      for (const channel of ['sms', 'push'] as const) {
        const before = delivered().length
        const sent = await notifier.send({ ...message, channel, messageId: `m1/acc_1/${channel}`, to: '+861390000' })
        if (sent.isOk()) expectEqual(delivered().length, before + 1, `messages by ${channel}`)
        else expectEqual(sent.error.retry, false, `whether ${channel} is worth another try`)
      }
    },
  },
  {
    name: 'says so when the channel takes nothing, without the text or the address',
    run: async (create) => {
      const { notifier, breakChannel } = await create()
      breakChannel()
      const failed = expectErr(await notifier.send(message), 'send')
      expectEqual(failed.type, 'NotifyFailed', 'error')
      const told = JSON.stringify(failed)
      expectTrue(!told.includes(message.to) && !told.includes('123456'), 'the error tells what it must not')
    },
  },
]
