import { ok } from 'neverthrow'
import { methodNames } from '../../payments/messages.js'
import { payments } from '../../payments/payment.schema.js'
import { type Change, claim } from '../../shared/commit.js'
import { hoursMs } from '../../shared/instant.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { claims, row } from '../../shared/read-plan.js'
import {
  causeOf,
  idIn,
  inShopHours,
  moneyOf,
  nothing,
  noticeOf,
  payerOf,
  tell,
  textOf,
} from '../notices/order-notice.js'
import { orders } from '../order.collection.schema.js'
import type { OrderRow } from '../order-row.js'
import { longestWaitMs } from '../policy/shop-policy.js'

// Whoever was asked for a part of an order, for an hour: nobody is written to over and over in the name of the shop.
const askedSpace = 'shareAsked'

// Who was asked for which part of an order, one after another, for as long as it may be paid by any way of paying.
const toldSpace = 'shareTold'

/** How often those who are asked for parts of one order are written to, all of them together. */
export const mostInvitations = 40

const toldKeys = (orderId: string): readonly string[] =>
  Array.from({ length: mostInvitations }, (_, place) => `${orderId}/${place}`)

/**
 * Tells those who were asked to pay a part of an order how much it is, and until when; not those who are asked by a link,
 * whom the buyer sends it, nor the buyer, who knows. Nothing is told of parts that were shared anew meanwhile, nor to whoever
 * was told of the same part last, or of any of the order within the hour; of one order `mostInvitations` are told in all. What
 * they see of it (`orders.share`) is as it was shared last.
 */
export const tellInvited: Reaction = {
  name: 'orders.tellInvited',
  listensTo: ['order/PaymentShared'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellInvited', event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          asked: claims(askedSpace, { from: 'order', path: 'payers.*.accountId', prefix: `${event.rowId}/` }),
          told: claims(toldSpace, toldKeys(event.rowId)),
        }),
        decide: ({ order, asked: askedBefore, told }, { now }) => {
          if (order?.state.status !== 'awaitingPayment') return nothing
          const { state } = order
          const { payers = [], orderId, orderNumber } = state
          const { payers: asked } = event.body
          const first = Array.isArray(asked) ? idIn(asked[0], 'payerId') : undefined
          if (!payers.some(({ payerId }) => payerId === first)) return nothing
          const keys = toldKeys(orderId)
          const last = new Map(keys.flatMap((key) => wordOf(told.get(key))))
          const free = keys.filter((key) => !told.has(key))
          const toldUntil = state.placedAt + longestWaitMs(state.details.policy)
          const changes = [...partsDueOf(state)].flatMap(([accountId, minor]): readonly Change[] => {
            const key = `${orderId}/${accountId}`
            if (askedBefore.has(key) || last.get(accountId) === minor) return []
            const place = free.shift()
            if (place === undefined) return []
            return [
              claim({ space: askedSpace, key, owner: event.id, expiresAt: now + hoursMs }),
              claim({ space: toldSpace, key: place, owner: `${minor}/${accountId}`, expiresAt: toldUntil }),
              ...noticeOf(causeOf(event, now), { orderId, orderNumber, accountId }, 'shareDue', {
                amount: moneyOf(state, minor),
                payBy: inShopHours(state, state.closeAt),
              }),
            ]
          })
          return ok({ changes, answer: undefined })
        },
      },
    ),
}

/**
 * Tells whoever paid their part of an order that it came, also who paid it by a link with an account of their own; the
 * buyer, only while others have yet to pay.
 */
export const tellSharePaid: Reaction = {
  name: 'orders.tellSharePaid',
  listensTo: ['order/SharePaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellSharePaid', event },
      {
        plan: () => ({ order: row(orders, event.rowId), payment: row(payments, textOf(event, 'paymentId')) }),
        decide: ({ order, payment }, { now }) => {
          if (order === undefined || payment === undefined) return nothing
          const told = payerOf(order.state, payment.state)
          if (told.accountId === order.state.accountId && 'paidAt' in order.state) return nothing
          return tell(causeOf(event, now), told, 'sharePaid', {
            amount: moneyOf(order.state, payment.state.amountMinor),
            method: methodNames[payment.state.method],
          })
        },
      },
    ),
}

/**
 * Tells those who were asked for a part of an order and have not paid it that the order is paid without them, as by money
 * of before it was shared; not those who are asked by a link, nor the buyer.
 */
export const tellShareDropped: Reaction = {
  name: 'orders.tellShareDropped',
  listensTo: ['order/OrderPaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellShareDropped', event },
      {
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }, { now }) => {
          if (order === undefined || !('paidAt' in order.state)) return nothing
          const { state } = order
          const changes = [...partsDueOf(state)].flatMap(([accountId, minor]) =>
            noticeOf(causeOf(event, now), { ...state, accountId }, 'shareDropped', {
              amount: moneyOf(state, minor),
            }),
          )
          return ok({ changes, answer: undefined })
        },
      },
    ),
}

// Whom one of the messages told, and of how much.
const wordOf = (owner: string | undefined): readonly (readonly [string, number])[] => {
  const at = owner?.indexOf('/') ?? -1
  return owner === undefined || at < 0 ? [] : [[owner.slice(at + 1), Number(owner.slice(0, at))]]
}

/** What each account but the buyer's was asked for and has not paid. */
const partsDueOf = ({ payers = [], accountId: buyerId }: OrderRow): ReadonlyMap<string, number> => {
  const due = new Map<string, number>()
  for (const { accountId, amountMinor, paidBy } of payers) {
    if (accountId === null || accountId === buyerId || paidBy !== null) continue
    due.set(accountId, (due.get(accountId) ?? 0) + amountMinor)
  }
  return due
}

/** What those are told who pay a part of an order. */
export const payerReactions: readonly Reaction[] = [tellInvited, tellSharePaid, tellShareDropped]
