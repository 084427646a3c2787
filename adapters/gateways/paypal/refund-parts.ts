import type { RefundSnapshot } from 'shopwright/payments'
import * as z from 'zod'
import { readReference, writeReference } from '../reference.js'
import { readMoney } from './amount.js'

/** A refund of PayPal's: of one capture, while a refund of ours may be of several. */
export type RefundPart = {
  readonly id: string
  readonly refundRef: string
  readonly attemptRef: string
  /** What all parts of the refund come to. */
  readonly totalMinor: number
  readonly minor: number
  readonly currency: string
  readonly status: RefundSnapshot['status']
  /** The capture it is of; null where it does not say. */
  readonly captureId: string | null
  readonly at: number
}

const refundBody = z.object({
  id: z.string().min(1),
  status: z.enum(['CANCELLED', 'FAILED', 'PENDING', 'COMPLETED']),
  amount: z.object({ currency_code: z.string(), value: z.string() }),
  custom_id: z.string().optional(),
  invoice_id: z.string().optional(),
  create_time: z.iso.datetime({ offset: true }).optional(),
  update_time: z.iso.datetime({ offset: true }).optional(),
  links: z.array(z.object({ rel: z.string(), href: z.string() })).default([]),
})

const statuses = { PENDING: 'pending', COMPLETED: 'succeeded', FAILED: 'failed', CANCELLED: 'failed' } as const

/** What PayPal hands back of a mark: its own description of a refund has no other characters, and no more of them. */
const mostMarkCharacters = 127
const markPattern = /^(\w+)\.(\w+)(?:\.(\d{1,15}))?$/

/**
 * What a part carries so that it is found: our ids of the refund and its payment, in characters that PayPal hands back, and
 * the sum where it is one of several.
 *
 * @returns null where it would be longer than PayPal takes
 * @source https://github.com/paypal/paypal-rest-api-specifications/blob/main/openapi/payments_payment_v2.json: refund.custom_id
 */
export const refundMark = (refundRef: string, attemptRef: string, totalMinor: number | null): string | null => {
  const names = [refundRef, attemptRef].map((reference) => writeReference(reference, mostMarkCharacters))
  if (names.includes(null)) return null
  const mark = [...names, ...(totalMinor === null ? [] : [totalMinor])].join('.')
  return mark.length <= mostMarkCharacters ? mark : null
}

/**
 * Reads what a part carries.
 *
 * @param invoice - what the shop calls its payment by what else is said of it, where anything is
 * @returns null where it is no mark, or one of another payment
 */
export const readMark = (
  mark: string,
  invoice: string,
): (Pick<RefundPart, 'refundRef' | 'attemptRef'> & { readonly totalMinor: number | null }) | null => {
  const [, refundRef = '', attemptRef = '', total] = markPattern.exec(mark) ?? []
  const names = { refundRef: readReference(refundRef), attemptRef: readReference(attemptRef) }
  // What a refund does not say itself it may have from its payment, whose name could look like a mark.
  const isOwn = refundRef !== '' && (invoice === '' || invoice === names.attemptRef)
  return isOwn ? { ...names, totalMinor: total === undefined ? null : Number(total) } : null
}

/** The money that links lead up to; null where they lead to none. */
export const captureIn = (links: z.infer<typeof refundBody>['links']): string | null =>
  /\/captures\/([\w-]+)$/.exec(links.find(({ rel }) => rel === 'up')?.href ?? '')?.[1] ?? null

/** The money that a refund is of; null where it does not say. */
export const captureOfRefund = (value: unknown): string | null => {
  const read = refundBody.safeParse(value)
  return read.success ? captureIn(read.data.links) : null
}

/**
 * Reads a refund of PayPal's. One that the shop has not sent, as from PayPal's own pages, goes by PayPal's name for it and
 * by the number that the shop gave its payment.
 *
 * @param paymentName - what the shop calls its payment, where the refund itself does not say
 * @returns null where it names no payment of a shop
 */
export const readPart = (value: unknown, at: number, paymentName = ''): RefundPart | null => {
  const read = refundBody.safeParse(value)
  if (!read.success) return null
  const { id, status, custom_id = '', invoice_id: invoice = paymentName, create_time, update_time, links } = read.data
  const own = readMark(custom_id, invoice)
  const { refundRef, attemptRef } = own ?? { refundRef: id, attemptRef: invoice }
  const amount = readMoney(read.data.amount)
  if (attemptRef === '' || amount === null) return null
  const changedAt = update_time ?? create_time
  return {
    id,
    refundRef,
    attemptRef,
    totalMinor: own?.totalMinor ?? amount.minor,
    minor: amount.minor,
    currency: amount.currency,
    status: statuses[status],
    captureId: captureIn(links),
    at: changedAt === undefined ? at : Date.parse(changedAt),
  }
}

/**
 * Says a refund in the words of the port.
 *
 * @returns null where parts are missing, or some have failed and others have not: what is missing has to be sent again
 */
export const tellParts = (parts: readonly RefundPart[]): RefundSnapshot | null => {
  const [first] = parts
  if (first === undefined) return null
  const failed = parts.filter(({ status }) => status === 'failed').length
  const sum = parts.reduce((total, part) => total + part.minor, 0)
  if (sum !== first.totalMinor || (failed > 0 && failed < parts.length)) return null
  const pending = parts.some(({ status }) => status === 'pending')
  return {
    kind: 'refund',
    refundRef: first.refundRef,
    attemptRef: first.attemptRef,
    gatewayRef: nameOf(parts),
    status: failed > 0 ? 'failed' : pending ? 'pending' : 'succeeded',
    amount: { minor: sum, currency: first.currency },
    failure: failed > 0 ? 'InstrumentDeclined' : null,
    at: Math.max(...parts.map(({ at }) => at)),
  }
}

/** The most that a text of ours holds of what a gateway calls a refund, characters. */
const mostReferenceCharacters = 200

const nameOf = (parts: readonly RefundPart[]): string | null => {
  const name = parts.map(({ id }) => id).join(',')
  return name.length > mostReferenceCharacters ? null : name
}

/** After how many failures of one part nothing more is sent of it by itself. */
const mostFailures = 2

/**
 * Says a refund by everything that PayPal has of it, in the words of the port: under way while any part is. Of one part that
 * failed, and of what never came, the rest is to be sent again; what failed more often has failed, with what has gone of it.
 *
 * @returns null where something is missing that is to be sent
 */
export const tellWhole = (own: readonly RefundPart[]): RefundSnapshot | null => {
  const live = own.filter(({ status }) => status !== 'failed')
  const [first] = live.length > 0 ? live : own
  if (first === undefined) return null
  const { refundRef, attemptRef, totalMinor, currency } = first
  const goneMinor = live.reduce((sum, { minor }) => sum + minor, 0)
  const failures = own.map((part) => failuresOf(own, part.captureId))
  const isWhole = goneMinor === totalMinor
  const isPending = live.some(({ status }) => status === 'pending')
  const hasFailed = !isPending && !isWhole && (goneMinor === 0 || Math.max(...failures) >= mostFailures)
  if (!isWhole && !isPending && !hasFailed) return null
  return {
    kind: 'refund',
    refundRef,
    attemptRef,
    gatewayRef: live.length > 0 ? nameOf(live) : null,
    status: hasFailed ? 'failed' : isPending ? 'pending' : 'succeeded',
    amount: { minor: totalMinor, currency },
    failure: hasFailed ? 'InstrumentDeclined' : null,
    ...(hasFailed && goneMinor > 0 ? { goneMinor } : {}),
    at: Math.max(...(isWhole ? live : own).map(({ at }) => at)),
  }
}

/** Whether a part of what was sent at a moment or later, or at any where that is unknown, has failed too often to be sent again by itself. */
export const hasFailedOften = (own: readonly RefundPart[], since: number | undefined): boolean => {
  const ofTry = own.filter(({ at }) => since === undefined || at >= since)
  return ofTry.some(({ captureId }) => failuresOf(ofTry, captureId) >= mostFailures)
}

/** How often a part of some money has failed. */
export const failuresOf = (own: readonly RefundPart[], captureId: string | null): number =>
  own.filter((part) => part.status === 'failed' && (part.captureId ?? captureId) === captureId).length

/** Money that was taken at once. */
export type TakenPart = { readonly id: string; readonly minor: number }

/**
 * Shares an amount over what was taken, oldest first, each giving no more than it has left.
 *
 * @returns all of it of the first where they have not enough left together: the gateway is to say so
 */
export const shareOverCaptures = (
  captures: readonly TakenPart[],
  refunds: readonly RefundPart[],
  amountMinor: number,
): readonly TakenPart[] => {
  let left = amountMinor
  const parts: TakenPart[] = []
  for (const { id, minor } of captures) {
    const gone = refunds.reduce((sum, part) => {
      const isOfThis = part.captureId === id || (part.captureId === null && captures.length === 1)
      return isOfThis && part.status !== 'failed' ? sum + part.minor : sum
    }, 0)
    const share = Math.min(left, minor - gone)
    if (share > 0) parts.push({ id, minor: share })
    left -= Math.max(0, share)
  }
  const [first] = captures
  return left === 0 ? parts : first === undefined ? [] : [{ id: first.id, minor: amountMinor }]
}
