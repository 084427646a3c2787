import { errAsync, okAsync, ResultAsync } from 'neverthrow'
import {
  type DisputeSnapshot,
  type NotificationRejected,
  notificationSkewMs,
  type PaymentGateway,
  type PaymentSnapshot,
  type RefundSnapshot,
  type VerifiedNotification,
} from 'shopwright/payments'
import * as z from 'zod'
import { readJson, toText } from '../http.js'
import { openSealed } from './cipher.js'
import { readRefundNotice, readTransaction } from './facts.js'
import type { PlatformKeys } from './platform-keys.js'
import { isSignedBy } from './signature.js'

type Notification = Parameters<PaymentGateway['verifyNotification']>[0]

const envelope = z.object({
  id: z.string().min(1),
  create_time: z.iso.datetime({ offset: true }),
  event_type: z.string().default(''),
  resource: z.object({
    original_type: z.string().default(''),
    algorithm: z.literal('AEAD_AES_256_GCM'),
    nonce: z.string(),
    associated_data: z.string().default(''),
    ciphertext: z.string(),
  }),
})

const complaintNotice = z.object({ complaint_id: z.string().min(1) })

/** What it takes to believe a notification, and to understand it. */
type Ears = {
  readonly keys: PlatformKeys
  readonly apiV3Key: string
  readonly mchId: string
  readonly appId: string
  /** Asks how a complaint stands: its notifications say no more than its number. */
  readonly hearComplaint: (complaintId: string, at: number) => Promise<DisputeSnapshot | 'unknown' | null>
}

/** Checks who signed a notification, and when; then opens it. */
export const verifyNotification = (
  ears: Ears,
  { body, headers, receivedAt }: Notification,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const timestamp = headers['wechatpay-timestamp']
  const nonce = headers['wechatpay-nonce']
  const signature = headers['wechatpay-signature']
  const serial = headers['wechatpay-serial']
  if (timestamp === undefined || nonce === undefined || signature === undefined || serial === undefined) {
    return reject('signatureMissing')
  }
  // WeChat Pay signs some answers wrongly, to see whether they are refused, and marks the signature.
  // https://pay.weixin.qq.com/docs/merchant/development/interface-rules/signature-verification.html
  if (signature.startsWith('WECHATPAY/SIGNTEST/')) return reject('signatureProbe')
  if (!/^\d{1,12}$/.test(timestamp)) return reject('malformed')
  return ResultAsync.fromSafePromise(ears.keys.find(serial, receivedAt)).andThen((key) => {
    if (key === null) return reject('unknownKey')
    if (!isSignedBy(key, { timestamp, nonce, body, signature })) return reject('signatureInvalid')
    const signedAt = Number(timestamp) * 1000
    if (receivedAt - signedAt > notificationSkewMs) return reject('stale')
    if (signedAt - receivedAt > notificationSkewMs) return reject('fromFuture')
    return open(ears, body, receivedAt)
  })
}

const open = (
  { apiV3Key, mchId, appId, hearComplaint }: Ears,
  body: Uint8Array,
  receivedAt: number,
): ResultAsync<VerifiedNotification, NotificationRejected> => {
  const read = envelope.safeParse(readJson(toText(body)))
  if (!read.success) return reject('malformed')
  const { id, create_time, event_type: event, resource } = read.data
  const { original_type: type, nonce, associated_data: associatedData, ciphertext } = resource
  const isComplaint = event.startsWith('COMPLAINT.')
  // Other news (points of payment, and the like) is taken note of and says nothing of payments here.
  if (type !== 'transaction' && type !== 'refund' && !isComplaint) return okAsync({ eventId: id, facts: [] })
  const opened = openSealed(apiV3Key, { nonce, associatedData, ciphertext })
  if (opened === null) return reject('malformed')
  const told = readJson(toText(opened))
  if (isComplaint) {
    const complaint = complaintNotice.safeParse(told)
    if (!complaint.success) return reject('malformed')
    return ResultAsync.fromSafePromise(hearComplaint(complaint.data.complaint_id, receivedAt)).andThen((heard) =>
      heard === 'unknown' ? reject('unverifiable') : okAsync({ eventId: id, facts: heard === null ? [] : [heard] }),
    )
  }
  const fact = factOf(type === 'refund' ? 'refund' : 'transaction', { mchId, appId }, told, Date.parse(create_time))
  return fact === null ? reject('malformed') : okAsync({ eventId: id, facts: [fact] })
}

const factOf = (
  type: 'transaction' | 'refund',
  { mchId, appId }: Pick<Ears, 'mchId' | 'appId'>,
  told: unknown,
  at: number,
): PaymentSnapshot | RefundSnapshot | null => {
  if (type === 'refund') {
    const notice = readRefundNotice(told, at)
    return notice?.mchId === mchId ? notice.refund : null
  }
  const payment = readTransaction(told, at, appId)
  return payment === 'untold' ? null : payment
}

const reject = (reason: NotificationRejected['reason']) =>
  errAsync<VerifiedNotification, NotificationRejected>({ type: 'NotificationRejected', reason })
