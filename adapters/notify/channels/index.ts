import { errAsync } from 'neverthrow'
import type { Channel, Notifier } from 'shopwright'

/** Who takes the messages of each channel. */
export type ChannelNotifiers = Readonly<Partial<Record<Exclude<Channel, 'inApp'>, Notifier>>>

/**
 * One notifier of several, each for its channel: e-mail by one, text messages by another.
 *
 * @errors NotifyFailed, not to be tried again, for a channel that nobody takes
 */
export const createChannelNotifier = (notifiers: ChannelNotifiers): Notifier => ({
  send: (message) => {
    const notifier = message.channel === 'inApp' ? undefined : notifiers[message.channel]
    return (
      notifier?.send(message) ??
      errAsync({ type: 'NotifyFailed', retry: false, detail: `nobody takes ${message.channel}` })
    )
  },
})
