import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { Notifier, NotifyFailed, OutgoingMessage } from 'shopwright'

/**
 * Prints each message as one line, codes and all: for development, where nobody is to be reached.
 *
 * @param write - takes a line without its end; the console's when absent
 * @errors NotifyFailed, to be tried again, when `write` throws
 */
export const createConsoleNotifier = (write: (line: string) => void = (line) => console.log(line)): Notifier => ({
  send: (message): ResultAsync<void, NotifyFailed> => {
    try {
      write(lineOf(message))
      return okAsync(undefined)
    } catch (error) {
      const detail = error instanceof Error ? error.name : 'the line could not be written'
      return errAsync({ type: 'NotifyFailed', retry: true, detail })
    }
  },
})

const lineOf = ({ channel, to, subject, text }: OutgoingMessage): string =>
  `[${channel}] ${to} | ${subject} | ${text}`.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
