import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  type DisputeSnapshot,
  type NotificationRejected,
  notificationSkewMs,
  type PaymentGateway,
  type VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'
import { isSignedByOneOf, messageText, notificationText } from '../alipay-signature.js'
import { readJson, toText } from '../http.js'
import { readShanghai } from '../shanghai-time.js'
import { readTrade } from './facts.js'
import type { AlipaySetup } from './options.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]

/** What it takes to believe a notification, and to understand it. */
type Ears = Pick<AlipaySetup, 'alipayKeys'> & {
  /** Asks how a complaint stands: its messages say no more than its number. */
  readonly hearComplaint: (complaintId: string, at: number) => Promise<DisputeSnapshot | 'unknown' | null>
}

const complaintMessage = z.object({ complain_event_id: z.string().min(1) })

/** Checks who signed a notification, and when it was sent. */
export const verifyNotification = (
  { alipayKeys, hearComplaint }: Ears,
  { body, receivedAt }: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const params = readForm(toText(body) ?? '')
  if (params === null) return reject('signatureInvalid')
  const { sign = '', sign_type: signType = 'RSA2' } = params
  if (sign === '') return reject('signatureMissing')
  const { msg_method: method = '' } = params
  const texts = method === '' ? [notificationText(params)] : [notificationText(params), messageText(params)]
  // The field is not signed: whoever changes it must not choose how the rest is checked.
  if (signType !== 'RSA2' || !texts.some((text) => isSignedByOneOf(alipayKeys, text, sign))) {
    return reject('signatureInvalid')
  }
  const sentAt = method === '' ? readShanghai(params.notify_time ?? '') : readStamp(params.utc_timestamp ?? '')
  if (sentAt === null) return reject('malformed')
  if (receivedAt - sentAt > notificationSkewMs) return reject('stale')
  if (sentAt - receivedAt > notificationSkewMs) return reject('fromFuture')
  const eventId = params.notify_id ?? ''
  if (eventId === '') return reject('malformed')
  if (method === 'alipay.merchant.tradecomplain.changed') {
    const message = complaintMessage.safeParse(readJson(params.biz_content ?? ''))
    if (!message.success) return reject('malformed')
    return ResultAsync.fromSafePromise(hearComplaint(message.data.complain_event_id, receivedAt)).andThen((heard) =>
      heard === 'unknown' ? reject('unverifiable') : okAsync({ eventId, facts: heard === null ? [] : [heard] }),
    )
  }
  // Other news is taken note of and says nothing of payments here.
  if (params.notify_type !== 'trade_status_sync') return okAsync({ eventId, facts: [] })
  const account = accountOf(params.app_id ?? '', params.seller_id ?? '')
  const trade = readTrade(params, account, sentAt)
  return trade === null ? reject('malformed') : okAsync({ eventId, facts: [trade] })
}

const readStamp = (text: string): number | null => (/^\d{13}$/.test(text) ? Number(text) : null)

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
