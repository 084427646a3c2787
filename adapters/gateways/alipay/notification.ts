import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  type DisputeSnapshot,
  type NotificationRejected,
  notificationSkewMs,
  type PaymentGateway,
  type RefundSnapshot,
  type VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'
import { isSignedByOneOf, messageText, notificationText } from '../alipay-signature.js'
import { readJson, toText } from '../http.js'
import { readShanghai } from '../shanghai-time.js'
import { readTrade, readYuan } from './facts.js'
import type { AlipaySetup } from './options.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]

/** What it takes to believe a notification, and to understand it. */
type Ears = Pick<AlipaySetup, 'alipayKeys' | 'appId' | 'sellerId'> & {
  /** Asks how a complaint stands: its messages say no more than its number. */
  readonly hearComplaint: (complaintId: string, at: number) => Promise<DisputeSnapshot | 'unknown' | null>
  /** Asks for a refund by the numbers that Alipay has of it and its trade: what is told of it is the sum of all so far. */
  readonly hearRefund: (
    told: Readonly<Record<'tradeNumber' | 'requestNumber', string>>,
    at: number,
  ) => Promise<RefundSnapshot | 'notFound' | 'unknown'>
}

const complaintMessage = z.object({ complain_event_id: z.string().min(1) })

/** Checks who signed a notification, and when it was sent. */
export const verifyNotification = (
  ears: Ears,
  { body, receivedAt }: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const params = readForm(toText(body) ?? '')
  if (params === null) return reject('signatureInvalid')
  const { sign = '', sign_type: signType = 'RSA2' } = params
  if (sign === '') return reject('signatureMissing')
  const { msg_method: method = '' } = params
  const texts = method === '' ? [notificationText(params)] : [notificationText(params), messageText(params)]
  // The field is not signed: whoever changes it must not choose how the rest is checked.
  if (signType !== 'RSA2' || !texts.some((text) => isSignedByOneOf(ears.alipayKeys, text, sign))) {
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
    return ResultAsync.fromSafePromise(ears.hearComplaint(message.data.complain_event_id, receivedAt)).andThen(
      (heard) =>
        heard === 'unknown' ? reject('unverifiable') : okAsync({ eventId, facts: heard === null ? [] : [heard] }),
    )
  }
  // Other news is taken note of and says nothing of payments here.
  if (params.notify_type !== 'trade_status_sync') return okAsync({ eventId, facts: [] })
  const trade = readTrade(params, accountIn(ears, params), sentAt)
  if (trade === null) return reject('malformed')
  const { out_trade_no: tradeNumber = '', out_biz_no: requestNumber = '', refund_fee: backYuan = '' } = params
  if ((readYuan(backYuan)?.minor ?? 0) === 0) return okAsync({ eventId, facts: [trade] })
  // One that was asked for without a number of its own has that of the trade.
  const asked = { tradeNumber, requestNumber: requestNumber === '' ? tradeNumber : requestNumber }
  return ResultAsync.fromSafePromise(ears.hearRefund(asked, receivedAt)).andThen((refund) => {
    // Of which refund a sum without a number speaks nobody may know; what it says of the trade holds all the same.
    if (refund === 'notFound' && requestNumber === '') return okAsync({ eventId, facts: [trade] })
    // Right after it was made it may not be found yet.
    return refund === 'unknown' || refund === 'notFound'
      ? reject('unverifiable')
      : okAsync({ eventId, facts: [trade, refund] })
  })
}

// Who sells is not always said; it is who the application belongs to.
const accountIn = ({ appId, sellerId }: Ears, { app_id = '', seller_id = '' }: Readonly<Record<string, string>>) =>
  accountOf(app_id, seller_id === '' && app_id === appId ? sellerId : seller_id)

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
