import { ok } from 'neverthrow'
import type { LineQuantity } from '../../inventory/reservation.js'
import { queueMessage } from '../../notify/queue-message.js'
import type { Payment } from '../../payments/payment.js'
import type { Change } from '../../shared/commit.js'
import type { OutboxEvent } from '../../shared/events.js'
import type { Instant } from '../../shared/instant.js'
import { endOfLocalDay, localDayName, localDayOf, offsetMinutesOf } from '../../shared/local-day.js'
import type { OrderRow } from '../order-row.js'

/** Nobody is told anything. */
export const nothing = ok({ changes: [] as readonly Change[], answer: undefined })

type Facts = NonNullable<Parameters<typeof queueMessage>[0]['facts']>
type TemplateName = Parameters<typeof queueMessage>[0]['template']
type Told = Pick<OrderRow, 'orderId' | 'orderNumber'> & { readonly accountId: string | null }

/** Who is told of a payment, or of what came back of it: whoever paid, also where the parts are others' by now. */
export const payerOf = (
  { orderId, orderNumber, accountId }: Pick<OrderRow, 'orderId' | 'orderNumber' | 'accountId'>,
  { payerAccountId = accountId }: Pick<Payment, 'payerAccountId'>,
): Told => ({ orderId, orderNumber, accountId: payerAccountId })

/** What a notice tells of, and since when it is to be told. */
export type NoticeCause = { readonly id: string; readonly at: Instant }

/**
 * An event as what is told now. What was delivered late, as once the cause of its failure was gone, is news still; what a
 * replay tells of is as old as it is.
 */
export const causeOf = ({ id, at, isReplayed }: OutboxEvent, now: Instant): NoticeCause => ({
  id,
  at: isReplayed === true ? at : now,
})

/** What tells an account something of an order, once for its cause; nothing where there is no account to tell. */
export const noticeOf = (
  cause: NoticeCause,
  { orderId, orderNumber, accountId }: Told,
  template: TemplateName,
  facts: Facts,
): readonly Change[] =>
  accountId === null
    ? []
    : [queueMessage({ cause: cause.id, accountId, template, orderId, facts: { orderNumber, ...facts }, at: cause.at })]

/** The same, as all that a reaction comes to. */
export const tell = (cause: NoticeCause, told: Told, template: TemplateName, facts: Facts) =>
  ok({ changes: noticeOf(cause, told, template, facts), answer: undefined })

/** An amount of an order. */
export const moneyOf = ({ currency }: OrderRow, minor: number) => ({ minor, currency })

/** The day as the shop counts days; a moment of another zone would read as the day before or after. */
export const lastDayToShip = ({ details: { policy } }: OrderRow, paidAt: Instant): string =>
  localDayName(localDayOf(endOfLocalDay(paidAt, policy.shipWithinDays, policy.timeZone) - 1, policy.timeZone))

/** A moment, as it is written in the hours of the shop. */
export const inShopHours = ({ details: { policy } }: OrderRow, at: Instant) => ({
  at,
  utcOffsetMinutes: offsetMinutesOf(at, policy.timeZone),
})

/** A text of an event; a member that is not there, or not a text, leads to a row that is not there. */
export const textOf = (event: OutboxEvent, member: string): string => {
  const value = event.body[member]
  return typeof value === 'string' ? value : ''
}

/** Pieces of lines that an event names; none where it names none. */
export const piecesOf = (event: OutboxEvent, member: string): readonly LineQuantity[] => {
  const pieces = event.body[member]
  if (!Array.isArray(pieces)) return []
  return pieces.flatMap((each): readonly LineQuantity[] =>
    each !== null && typeof each === 'object' && typeof each.lineId === 'string' && typeof each.quantity === 'number'
      ? [{ lineId: each.lineId, quantity: each.quantity }]
      : [],
  )
}

/** An id that stands in a member of an event. */
export const idIn = (value: OutboxEvent['body'][string], member: 'editId' | 'payerId') =>
  Object.entries(value ?? {}).find(([name]) => name === member)?.[1]
