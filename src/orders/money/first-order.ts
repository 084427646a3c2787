import { firstOrderSpace, firstPaidSpace, hasNonePaid, paidCheckouts } from '../../promotions/limits.js'
import type { Offer } from '../../promotions/offer.js'
import { isGuestOwner } from '../../shared/actor.js'
import { adjust, type Change, claim, release } from '../../shared/commit.js'
import type { OrderRead } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'

type FirstRead = Pick<OrderRead, 'firstOrder' | 'paidCheckouts'>
type Placed = Pick<OrderRow, 'orderId' | 'accountId'>

/** Whether an offer is for a first order alone. */
export const isForFirstOrder = ({ audience }: Offer): boolean => audience?.firstOrder === true

/** Whether an order is the one of its buyer that has what only a first order is offered. */
export const hasFirstOrder = ({ firstOrder }: Pick<FirstRead, 'firstOrder'>, { orderId, accountId }: Placed): boolean =>
  firstOrder.get(accountId) === orderId

/** Makes an order the one of its buyer that has what only a first order is offered; no other is offered it then. */
export const takeFirstOrder = ({ orderId, accountId }: Placed): Change =>
  claim({ space: firstOrderSpace, key: accountId, owner: orderId })

/** Relies on no order of a buyer being paid: one that is paid meanwhile has the decision made anew. */
export const keepNonePaid = ({ accountId }: Pick<Placed, 'accountId'>): Change =>
  adjust(paidCheckouts, { id: accountId, by: 0, floor: 0 })

/**
 * Counts an order, or a checkout that is divided, as paid, and notes it as its buyer's first where none is. Of two that are
 * paid at once one is: the other finds the counter at its floor.
 */
export const countPaid = (read: FirstRead, { orderId, accountId }: Placed): readonly Change[] => {
  if (isGuestOwner(accountId)) return []
  if (!hasNonePaid(accountId, read)) return [adjust(paidCheckouts, { id: accountId, by: -1 })]
  return [
    adjust(paidCheckouts, { id: accountId, by: -1, floor: -1 }),
    claim({ space: firstPaidSpace, key: orderId, owner: accountId }),
  ]
}

/** Whether no other order of its buyer stands in the way of an unpaid one's having what only a first order is offered. */
export const mayTakeFirstOrder = (read: FirstRead, order: Placed): boolean =>
  hasNonePaid(order.accountId, read) && (!read.firstOrder.has(order.accountId) || hasFirstOrder(read, order))

/** An order that came to nothing was none: its buyer's next one may have what only a first order is offered. */
export const leaveFirstOrder = (read: Pick<FirstRead, 'firstOrder'>, placed: Placed): readonly Change[] =>
  hasFirstOrder(read, placed) ? [release({ space: firstOrderSpace, key: placed.accountId, owner: placed.orderId })] : []

/** A paid order of which nothing stays is counted no more, and leaves what only a first order is offered. */
export const countGivenBack = (read: Pick<FirstRead, 'firstOrder'>, placed: Placed): readonly Change[] =>
  isGuestOwner(placed.accountId)
    ? []
    : [adjust(paidCheckouts, { id: placed.accountId, by: 1 }), ...leaveFirstOrder(read, placed)]
