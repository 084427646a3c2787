import type { OrderRow } from '../orders/order-row.js'
import { isFreeToLeave } from '../orders/pages/next-actions.js'
import type { Payment } from '../payments/payment.js'
import { allowsCommand } from '../shared/decider.js'
import type { Grants } from '../shared/grants.js'
import { returnTable } from './return-machine.js'
import type { ReturnCommand, ReturnRequest } from './return-request.js'

/** Something that may be done with a return next; each is named as the verb that does it. */
export type ReturnAction = 'cancelReturn' | 'approveReturn' | 'refuseReturn' | 'receiveReturn' | 'refundReturn'

/** A return, and the money that would go back for it. */
export type ReturnNow = {
  readonly request: ReturnRequest
  readonly order: OrderRow | undefined
  readonly payments: readonly Payment[]
}

/**
 * What may be done with a return as it stands: whatever is named is not refused for the state of the return or its order,
 * nor denied, and what is not named is.
 *
 * @param may - whether an action is granted to whoever asks, by its name (`aftersales.approveReturn`): it is asked for `verbOf`
 */
export const returnActions = (standing: ReturnNow, may: Grants): readonly ReturnAction[] =>
  actions.flatMap(([action, isOpen]) => (may(verbOf(action)) && isOpen(standing) ? [action] : []))

/** The action of access by which something is done with a return. */
export const verbOf = (action: ReturnAction): string => `aftersales.${action}`

type Guard = (standing: ReturnNow) => boolean

const takes =
  (...commands: readonly ReturnCommand['type'][]): Guard =>
  ({ request: { status } }) =>
    commands.some((command) => allowsCommand(returnTable, { status, command }))

const actions: readonly (readonly [ReturnAction, Guard])[] = [
  ['cancelReturn', takes('Cancel')],
  ['approveReturn', takes('Approve')],
  ['refuseReturn', takes('Refuse')],
  ['receiveReturn', takes('Receive', 'Inspect')],
  // While a dispute holds the money of the order, none of it goes back.
  [
    'refundReturn',
    (standing) => {
      const { order, payments } = standing
      return takes('Refund')(standing) && (order === undefined || isFreeToLeave({ order, payments }))
    },
  ],
]
