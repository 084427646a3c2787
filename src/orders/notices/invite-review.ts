import { ok } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { queueMarketing } from '../../notify/queue-message.js'
import { isGuestOwner } from '../../shared/actor.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { claims, row } from '../../shared/read-plan.js'
import { orders } from '../order.collection.schema.js'
import { reviewedLineSpace } from '../write-review.js'
import { causeOf } from './order-notice.js'

const name = 'orders.inviteReview'

/**
 * Invites the buyer of a completed order, once, to review what was bought and is not reviewed yet. It is marketing: it
 * goes to nobody who has not agreed to it.
 */
export const inviteReview: Reaction = {
  name,
  listensTo: ['order/OrderCompleted'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: () => ({
          order: row(orders, event.rowId),
          reviewed: claims(reviewedLineSpace, { from: 'order', path: 'lines.*.lineId', prefix: `${event.rowId}/` }),
          preference: row(messagePreferences, { from: 'order', path: 'accountId' }),
        }),
        decide: ({ order, reviewed, preference }, { now }) => {
          if (order === undefined || isGuestOwner(order.state.accountId)) return ok({ changes: [], answer: undefined })
          const { orderId, orderNumber, accountId, lines } = order.state
          const isOpen = lines.some(
            ({ lineId, gift, signedQuantity }) => !gift && signedQuantity > 0 && !reviewed.has(`${orderId}/${lineId}`),
          )
          return ok({
            changes: isOpen
              ? queueMarketing(
                  {
                    cause: `reviewInvitation/${orderId}`,
                    accountId,
                    template: 'reviewInvitation',
                    facts: { orderNumber },
                    at: causeOf(event, now).at,
                  },
                  preference?.state,
                )
              : [],
            answer: undefined,
          })
        },
      },
    ),
}
