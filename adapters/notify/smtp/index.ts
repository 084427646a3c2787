import { errAsync, ResultAsync } from 'neverthrow'
import { canonicalEmail, type Notifier, type NotifyFailed, type OutgoingMessage } from 'shopwright'
import type { PackageMissing, SmtpConfigInvalid, SmtpOptions } from './options.js'
import { openTransport, type Transport } from './transport.js'

export type { PackageMissing, SmtpConfigInvalid, SmtpOptions } from './options.js'

/**
 * Sends e-mail by SMTP, by `nodemailer`, an optional peer. The link is TLS, except on this machine; an address is one
 * address, so that no text of a person becomes a header or a second receiver.
 *
 * @errors PackageMissing, which says what to install; SmtpConfigInvalid
 */
export const createSmtpNotifier = (options: SmtpOptions): ResultAsync<Notifier, PackageMissing | SmtpConfigInvalid> => {
  const wrong = wrongOption(options)
  return wrong === undefined
    ? openTransport(options, () => import('nodemailer')).map((transport) => notifierOf(transport, options))
    : errAsync({ type: 'SmtpConfigInvalid', option: wrong })
}

const wrongOption = ({ host, port, from, timeoutMs = 1 }: SmtpOptions): keyof SmtpOptions | undefined => {
  if (!/^[0-9A-Za-z.:-]{1,253}$/.test(host)) return 'host'
  if (port !== undefined && !(Number.isSafeInteger(port) && port > 0 && port < 65_536)) return 'port'
  if (canonicalEmail(from.address).isErr()) return 'from'
  return Number.isSafeInteger(timeoutMs) && timeoutMs > 0 ? undefined : 'timeoutMs'
}

const notifierOf = (transport: Transport, { from }: SmtpOptions): Notifier => ({
  send: (message) => {
    const refuse = (detail: string) => errAsync<void, NotifyFailed>({ type: 'NotifyFailed', retry: false, detail })
    if (message.channel !== 'email') return refuse(`no ${message.channel} by SMTP`)
    return canonicalEmail(message.to).match(
      (to) => ResultAsync.fromPromise(transport(mailOf(message, to, from)), failureOf),
      () => refuse('the address is not one address'),
    )
  },
})

const mailOf = ({ messageId, subject, text, locale }: OutgoingMessage, to: string, from: SmtpOptions['from']) => {
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    from: { name: oneLine(from.name), address: from.address },
    to: { name: '', address: to },
    subject: oneLine(subject),
    text,
    // The same on every try, so that a mailbox which got it already can tell.
    messageId: `<${[...messageId].map((letter) => (/[0-9A-Za-z]/.test(letter) ? letter : '-')).join('')}@${domain}>`,
    headers: { 'Content-Language': locale, 'Auto-Submitted': 'auto-generated' },
  }
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')

// What the server said may repeat the address: only its number is told. 4xx may pass, 5xx will not.
const failureOf = (error: unknown): NotifyFailed => {
  const said = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : Number.NaN
  const code = error instanceof Error && 'code' in error ? String(error.code).slice(0, 40) : 'unknown'
  return Number.isNaN(said)
    ? { type: 'NotifyFailed', retry: true, detail: code }
    : { type: 'NotifyFailed', retry: said < 500 || code === 'EAUTH', detail: `${code} ${said}` }
}
