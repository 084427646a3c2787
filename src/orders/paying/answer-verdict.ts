import { ok, type Result } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import type { Money } from '../../shared/money.js'
import { askPaymentProof } from '../../shared/step-up.js'
import type { OrderDraft } from '../order-draft.js'
import type { PayOrderPorts } from '../ports.js'
import { holdOrder } from '../watch/hold-order.js'
import type { WatchVerdict } from '../watch/payment-watch.js'
import { raiseAlert } from '../watch/raise-alert.js'
import type { PayOrderError } from './attempt-payment.js'

/**
 * Does what the watch says of an attempt to pay. Who has no account cannot show who they are: the order waits for a
 * person instead. What stands out and holds nothing is kept for a person to look at.
 *
 * @param attempt.amount - what a proof is asked for above
 * @errors StepUpRequired, PayOrderError
 */
export const answerVerdict = (
  { paymentProof }: PayOrderPorts,
  draft: OrderDraft,
  actor: Actor,
  attempt: { readonly action: string; readonly amount: Money; readonly paymentId: string },
  { response, reasons }: WatchVerdict,
): Result<void, PayOrderError> => {
  const { at } = draft
  const { paymentId, ...asked } = attempt
  const challenged = response === 'challenge'
  return askPaymentProof(actor, paymentProof, { ...asked, challenged, at }).andThen(() => {
    if (response === 'hold' || (challenged && actor.kind !== 'customer')) {
      return holdOrder(draft, { by: 'watch', reasons })
    }
    if (response !== 'allow') {
      draft.further.push(raiseAlert({ alertId: paymentId, orderId: draft.order.id, paymentId, reasons, at }))
    }
    return ok(undefined)
  })
}
