import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import { spreadAmount } from '../money/given-amounts.js'
import type { RefundAsked } from '../money/refund-shares.js'
import { type OrderDraft, orderIn } from '../order-draft.js'
import type { RefundOrderInput } from '../order-inputs.js'
import { parseRefundOrder } from '../order-inputs.schema.js'
import { isAllThatIsLeft } from '../order-losses.js'
import { onceCaptured } from '../paying/learn-of-capture.js'
import { resolveRefund } from '../paying/resolve-money.js'
import type { MoneyPorts } from '../ports.js'
import { beginRefund, type RefundedOrder, type RefundOrderError } from './begin-refund.js'

/**
 * Gives money and points of an order back, each to where it came from: written down first, then sent to the gateway
 * under a reference that never changes, its answer written. An amount goes back as money alone, for a line, for carriage or
 * for all that is left of the order; what comes back later gives so much less. The same command key sends on what a crash left unsent.
 *
 * @errors RefundExceedsCaptured when more would go back than was taken; CaptureUnderway while nobody knows whether it was;
 * RefundOrderError, CommandError
 */
export const refundOrder = (
  ports: MoneyPorts,
  context: CommandContext,
  input: RefundOrderInput,
): ResultAsync<RefundedOrder, RefundOrderError | CommandError> =>
  onceCaptured(ports, () =>
    changeOrder(ports, context, input, {
      action: 'orders.refund',
      parse: parseRefundOrder,
      move: (draft, { input }) =>
        askedOf(draft, input).andThen((asked) => beginRefund(draft, { refundId: ports.ids.next('ref'), ...asked })),
    }),
  ).andThen((begun) => sendOn(ports, begun))

// An amount is divided over what it is for; of pieces what was paid for them goes back.
const askedOf = (
  draft: OrderDraft,
  { reason, lines = [], withShipping, sellerAtFault = false, amountMinor, lineId }: RefundOrderInput,
): Result<Omit<RefundAsked, 'refundId'>, RefundOrderError> => {
  const asked = { reason, lines, sellerAtFault: sellerAtFault || reason !== 'returned' }
  return orderIn(draft).andThen((order) => {
    if (amountMinor === undefined) {
      // Of what was lost carriage goes back as it does by the clock.
      const isLost = reason === 'lost' && lines.length > 0 && isAllThatIsLeft(order, lines)
      return ok({ ...asked, withShipping: withShipping ?? isLost })
    }
    const amount = { amountMinor, ofShipping: withShipping === true, ...(lineId === undefined ? {} : { lineId }) }
    return spreadAmount(order, amount).map((parts) => ({ ...asked, ...parts, withShipping: false }))
  })
}

/**
 * Sends a refund that has begun to its gateway. It is begun whatever the gateway says now; what it does not answer, the
 * sweep asks again.
 */
export const sendOn = <Begun extends Pick<RefundedOrder, 'refundId' | 'cashMinor' | 'status'>>(
  ports: MoneyPorts,
  begun: Begun,
): ResultAsync<Begun, never> =>
  begun.cashMinor === 0
    ? okAsync(begun)
    : resolveRefund(ports, begun.refundId)
        .map(({ wholeStatus }): Begun => ({ ...begun, status: wholeStatus }))
        .orElse(() => okAsync<Begun, never>(begun))
