import { firstOrderSpace, firstPaidKey } from '../../promotions/limits.js'
import type { Offer } from '../../promotions/offer.js'
import { isGuestOwner } from '../../shared/actor.js'
import { type Change, claim, release } from '../../shared/commit.js'
import type { OrderRead } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'

type FirstRead = Pick<OrderRead, 'firstOrder' | 'firstPaid'>
type Placed = Pick<OrderRow, 'orderId' | 'accountId'>

/** Whether an offer is for a first order alone. */
export const isForFirstOrder = ({ audience }: Offer): boolean => audience?.firstOrder === true

/** Whether an order is the one of its buyer that has what only a first order is offered. */
export const hasFirstOrder = ({ firstOrder }: FirstRead, { orderId, accountId }: Placed): boolean =>
  firstOrder.get(accountId) === orderId

/** Makes an order the one of its buyer that has what only a first order is offered; no other is offered it then. */
export const takeFirstOrder = ({ orderId, accountId }: Placed): Change =>
  claim({ space: firstOrderSpace, key: accountId, owner: orderId })

/** Notes the first order of a buyer that is paid. */
export const takeFirstPaid = ({ firstPaid }: FirstRead, { orderId, accountId }: Placed): readonly Change[] => {
  const key = firstPaidKey(accountId)
  return isGuestOwner(accountId) || firstPaid.has(key) ? [] : [claim({ space: firstOrderSpace, key, owner: orderId })]
}

/** Whether no other order of its buyer stands in the way of an order's having what only a first order is offered. */
export const mayTakeFirstOrder = ({ firstOrder, firstPaid }: FirstRead, { orderId, accountId }: Placed): boolean =>
  [firstOrder.get(accountId), firstPaid.get(firstPaidKey(accountId))].every(
    (owner) => owner === undefined || owner === orderId,
  )

/** An order of which nothing stays was none: its buyer's next one may be the first. */
export const leaveFirstOrder = ({ firstOrder, firstPaid }: FirstRead, placed: Placed): readonly Change[] =>
  [
    { key: placed.accountId, owner: firstOrder.get(placed.accountId) },
    { key: firstPaidKey(placed.accountId), owner: firstPaid.get(firstPaidKey(placed.accountId)) },
  ].flatMap(({ key, owner }) =>
    owner === placed.orderId ? [release({ space: firstOrderSpace, key, owner: placed.orderId })] : [],
  )
