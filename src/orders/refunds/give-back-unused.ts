import { ok, type Result, safeTry } from 'neverthrow'
import { isTakenWhole } from '../../payments/payment-machine.js'
import { isForEdit } from '../editing/settle-edit.js'
import { type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { isPayable, payingIdsOf } from '../order-pieces.js'
import { giveBackPayment } from './give-back-payment.js'

/**
 * Sends back what was taken of attempts of which no more is taken, for the words do not fit, and which have not paid their
 * order: it is of no use to one that waits for no money any more. What a dispute holds waits for its end.
 *
 * @errors OrderMoveError
 */
export const giveBackUnused = (draft: OrderDraft): Result<void, OrderMoveError> =>
  safeTry(function* () {
    const order = yield* orderIn(draft)
    if (isPayable(order) || order.status === 'closing') return ok(undefined)
    const used = [...payingIdsOf(order), ...(order.payers ?? []).flatMap(({ paymentIds }) => paymentIds)]
    for (const { state } of [...draft.payments.values()]) {
      const isPart = state.status === 'integrityHold' && state.known.captured !== null && !isTakenWhole(state)
      const isOurs = state.orderId === order.orderId && !used.includes(state.paymentId)
      if (!isPart || !isOurs || isForEdit(order, state.paymentId)) continue
      yield* giveBackPayment(draft, state, 'paidAt' in order ? 'duplicatePayment' : 'lateSuccess')
    }
    return ok(undefined)
  })
