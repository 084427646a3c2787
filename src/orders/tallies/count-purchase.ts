import { ok } from 'neverthrow'
import { countPurchase, memberTallies, programmeDay } from '../../membership/member-tally.js'
import { membershipBookId } from '../../membership/membership-terms.js'
import { membershipBooks } from '../../membership/membership-terms.schema.js'
import { isGuestOwner } from '../../shared/actor.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { counters, row } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'

const name = 'orders.countPurchase'

/** Counts who bought and who bought again, when an order is paid; guests have no second order. */
export const countPurchases: Reaction = {
  name,
  listensTo: ['order/OrderPaid'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => {
          const ofBuyer = (order: string) =>
            counters(memberTallies, { from: 'order', path: 'accountId', prefix: 'buyer/', suffix: `/${order}` })
          return {
            order: row(orders, event.rowId),
            membership: row(membershipBooks, membershipBookId),
            first: ofBuyer('first'),
            second: ofBuyer('second'),
          }
        },
        decide: ({ order, membership, first, second }) => {
          if (order === undefined || isGuestOwner(order.state.accountId)) return ok({ changes: [], answer: undefined })
          return ok({
            changes: countPurchase(
              order.state.accountId,
              new Map([...first, ...second]),
              programmeDay(membership?.state, event.at),
            ),
            answer: undefined,
          })
        },
      },
    ),
}
