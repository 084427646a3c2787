import { err, errAsync, ok, type Result, ResultAsync } from 'neverthrow'
import type { Notifier, NotifyFailed, OutgoingMessage } from 'shopwright'
import { createHttpSender, type HttpAnswer, type HttpOptions, type HttpSender, toBytes } from '../../gateways/http.js'

/** How a service of text messages is reached over HTTP. */
export type HttpSmsOptions = Omit<HttpOptions, 'baseUrl'> & {
  /** Where messages are posted to: https, or http on this machine. */
  readonly url: string
  /** Shown as `Authorization: Bearer …`. */
  readonly token: string
  /** What is posted, as JSON; `{ to, text, messageId }` when absent, with the number in E.164. */
  readonly body?: (message: OutgoingMessage) => Readonly<Record<string, unknown>>
}

/** A notifier cannot be made of these options; the value itself is not told. */
export type SmsConfigInvalid = { readonly type: 'SmsConfigInvalid'; readonly option: 'url' | 'token' | 'timeoutMs' }

/**
 * Sends text messages by a service that takes them as JSON over HTTP: 2xx means taken, 429 and faults of its own are
 * tried again, whatever else it says is a refusal for good. The id of the message goes along as `Idempotency-Key`, so that
 * a service which knows it sends none twice.
 *
 * @errors SmsConfigInvalid
 */
export const createHttpSmsNotifier = ({
  url,
  token,
  body = bodyOf,
  ...transport
}: HttpSmsOptions): Result<Notifier, SmsConfigInvalid> => {
  const refuse = (option: SmsConfigInvalid['option']) => err({ type: 'SmsConfigInvalid' as const, option })
  if (!/^[\x21-\x7e]+$/.test(token)) return refuse('token')
  if (!URL.canParse(url)) return refuse('url')
  const { origin, pathname, search, username, password, hash } = new URL(url)
  if (`${username}${password}${hash}` !== '') return refuse('url')
  return createHttpSender(origin, transport)
    .mapErr((option): SmsConfigInvalid => ({ type: 'SmsConfigInvalid', option: option === 'baseUrl' ? 'url' : option }))
    .map((http) => notifierOf(http, { path: `${pathname}${search}`, token, body }))
}

const bodyOf = ({ to, text, messageId }: OutgoingMessage) => ({ to, text, messageId })

const notifierOf = (
  http: HttpSender,
  {
    path,
    token,
    body,
  }: {
    readonly path: string
    readonly token: string
    readonly body: typeof bodyOf | NonNullable<HttpSmsOptions['body']>
  },
): Notifier => ({
  send: (message) => {
    if (message.channel !== 'sms') return failed(false, `no ${message.channel} by this service`)
    if (!/^\+[1-9]\d{6,14}$/.test(message.to)) return failed(false, 'the number is not one number')
    const asked = http.send({
      method: 'POST',
      path,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': encodeURIComponent(message.messageId),
      },
      body: toBytes(JSON.stringify(body(message))),
    })
    return ResultAsync.fromSafePromise(asked).andThen(verdictOf)
  },
})

const verdictOf = (answer: HttpAnswer): Result<void, NotifyFailed> => {
  if (answer.kind === 'unknown') return err({ type: 'NotifyFailed', retry: true, detail: answer.cause })
  const { status } = answer
  if (status >= 200 && status < 300) return ok(undefined)
  const retry = status >= 500 || status === 429 || status === 408
  return err({ type: 'NotifyFailed', retry, detail: `status ${status}` })
}

const failed = (retry: boolean, detail: string): ResultAsync<void, NotifyFailed> =>
  errAsync({ type: 'NotifyFailed', retry, detail })
