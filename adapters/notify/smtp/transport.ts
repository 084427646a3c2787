import { ResultAsync } from 'neverthrow'
import type * as Nodemailer from 'nodemailer'
import type { PackageMissing, SmtpOptions } from './options.js'

/** Hands a mail to the server. */
export type Transport = (mail: Nodemailer.SendMailOptions) => Promise<void>

const missing: PackageMissing = { type: 'PackageMissing', package: 'nodemailer', install: 'npm install nodemailer' }

/** How the server is reached: by TLS, except on this machine. */
export const settingsOf = ({ host, port = 465, user, password, timeoutMs = 15_000 }: SmtpOptions) => {
  const secure = port === 465
  const own = ['127.0.0.1', '::1', 'localhost'].includes(host)
  return {
    host,
    port,
    secure,
    requireTLS: !secure && !own,
    ignoreTLS: !secure && own,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // No text of a message may name a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
  }
}

/**
 * Opens the way to a mail server, once the package is loaded.
 *
 * @errors PackageMissing
 */
export const openTransport = (
  options: SmtpOptions,
  load: () => Promise<Pick<typeof Nodemailer, 'createTransport'>>,
): ResultAsync<Transport, PackageMissing> =>
  ResultAsync.fromPromise(load(), () => missing).map(({ createTransport }) => {
    const transport = createTransport(settingsOf(options))
    return async (mail) => {
      await transport.sendMail(mail)
    }
  })
