import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import {
  type NotificationRejected,
  notificationSkewMs,
  type PaymentGateway,
  type VerifiedNotification,
} from 'shopwright/payments'
import { isSignedByOneOf, notificationText } from '../alipay-signature.js'
import { toText } from '../http.js'
import { readShanghai } from '../shanghai-time.js'
import { readTrade } from './facts.js'
import type { AlipaySetup } from './options.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]

/** Checks who signed a notification, and when it was sent. */
export const verifyNotification = (
  { alipayKeys }: Pick<AlipaySetup, 'alipayKeys'>,
  { body, receivedAt }: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const params = readForm(toText(body) ?? '')
  if (params === null) return reject('signatureInvalid')
  const { sign = '', sign_type: signType = 'RSA2' } = params
  if (sign === '') return reject('signatureMissing')
  // The field is not signed: whoever changes it must not choose how the rest is checked.
  if (signType !== 'RSA2' || !isSignedByOneOf(alipayKeys, notificationText(params), sign)) {
    return reject('signatureInvalid')
  }
  const sentAt = readShanghai(params.notify_time ?? '')
  if (sentAt === null) return reject('malformed')
  if (receivedAt - sentAt > notificationSkewMs) return reject('stale')
  if (sentAt - receivedAt > notificationSkewMs) return reject('fromFuture')
  const eventId = params.notify_id ?? ''
  if (eventId === '') return reject('malformed')
  // Other news is taken note of and says nothing of payments here.
  if (params.notify_type !== 'trade_status_sync') return okAsync({ eventId, facts: [] })
  const account = accountOf(params.app_id ?? '', params.seller_id ?? '')
  const trade = readTrade(params, account, sentAt)
  return trade === null ? reject('malformed') : okAsync({ eventId, facts: [trade] })
}

/** The account that money is for: the application and the seller behind it. */
export const accountOf = (appId: string, sellerId: string): string => `${appId}/${sellerId}`

/** Reads a form once; null where a name stands twice, for then nobody knows which of the two was signed. */
export const readForm = (text: string): Readonly<Record<string, string>> | null => {
  const pairs = [...new URLSearchParams(text)]
  const params = new Map(pairs)
  return params.size === pairs.length ? Object.fromEntries(params) : null
}

const reject = (reason: NotificationRejected['reason']) =>
  errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason })
