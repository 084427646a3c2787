import { methodNames } from '../../payments/messages.js'
import { payments } from '../../payments/payment.schema.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import { editOf, payEditBy } from '../order-pieces.js'
import { causeOf, idIn, inShopHours, lastDayToShip, moneyOf, nothing, tell, textOf } from './order-notice.js'

/**
 * Tells the buyer what a change of their order costs more, and until when to pay it; not once it is paid, or dropped, or
 * another has taken its place, which is told by itself.
 */
export const tellDifference: Reaction = {
  name: 'orders.tellDifference',
  listensTo: ['order/EditProposed'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellDifference', event },
      {
        plan: () => ({ order: row(orders, event.rowId) }),
        decide: ({ order }, { now }) => {
          const edit = order === undefined ? undefined : editOf(order.state).edit
          const payBy = order === undefined ? undefined : payEditBy(order.state)
          if (order === undefined || edit === undefined || payBy === undefined) return nothing
          if (idIn(event.body.edit, 'editId') !== edit.editId) return nothing
          return tell(causeOf(event, now), order.state, 'differenceDue', {
            amount: moneyOf(order.state, edit.differenceMinor),
            payBy: inShopHours(order.state, payBy),
          })
        },
      },
    ),
}

/** Tells the buyer that the change of their order is paid and made, and by when the order leaves. */
export const tellDifferencePaid: Reaction = {
  name: 'orders.tellDifferencePaid',
  listensTo: ['order/OrderExtended'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellDifferencePaid', event },
      {
        plan: () => ({ order: row(orders, event.rowId), payment: row(payments, textOf(event, 'paymentId')) }),
        decide: ({ order, payment }, { now }) => {
          if (order === undefined || payment === undefined || !('paidAt' in order.state)) return nothing
          if (event.body.onDelivery === true) {
            return tell(causeOf(event, now), order.state, 'differenceOnDelivery', {
              amount: moneyOf(order.state, payment.state.amountMinor),
              shipBy: lastDayToShip(order.state, order.state.paidAt),
            })
          }
          return tell(causeOf(event, now), order.state, 'differencePaid', {
            amount: moneyOf(order.state, payment.state.amountMinor),
            method: methodNames[payment.state.method],
            shipBy: lastDayToShip(order.state, order.state.paidAt),
          })
        },
      },
    ),
}
