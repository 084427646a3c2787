import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { CommandContext, CommandError } from '../../shared/run-command.js'
import { changeOrder } from '../change-order.js'
import { endedBy } from '../money/ended-by.js'
import { endingPaymentIds, freeStock, restOf } from '../money/order-money.js'
import { closeAttempts } from '../money/pay-in-full.js'
import type { EndedBy, Order } from '../order.js'
import { draftOrder, type OrderDraft, type OrderMoveError, orderIn } from '../order-draft.js'
import { parseOrderId } from '../order-inputs.schema.js'
import { finishClosing } from '../order-moves.js'
import { onceCaptured } from '../paying/learn-of-capture.js'
import type { GatewayUnknown } from '../paying/record-outcome.js'
import { endAttempts, resolveRefund } from '../paying/resolve-money.js'
import type { MoneyPorts } from '../ports.js'
import { giveBack } from '../refunds/give-back.js'
import { lapseEdit } from './settle-edit.js'

/** Where an order stands that is given up. */
export type CancelledOrder = {
  readonly orderId: string
  /** `closing` while a gateway has not confirmed that no money will come, `cancelling` while money is on its way back. */
  readonly status: Order['status']
  /** Refunds that were begun. */
  readonly refundIds: readonly string[]
}

/** Why an order is not given up. */
export type CancelOrderError = OrderMoveError | GatewayUnknown

/** What the commit of a giving up leaves for the gateways. */
export type RecordedCancel = CancelledOrder & { readonly closingPaymentIds: readonly string[] }

/**
 * Gives an order up: before payment the attempts are ended first and stock, coupons and points come free once that is
 * certain; after payment and before shipment everything that was paid goes back.
 *
 * @errors OrderStateForbids once something has left; CaptureUnderway while nobody knows whether money of it was taken;
 * CancelOrderError, CommandError
 */
export const cancelOrder = (
  ports: MoneyPorts,
  context: CommandContext,
  input: { readonly orderId: string },
): ResultAsync<CancelledOrder, CancelOrderError | CommandError> =>
  onceCaptured(ports, () =>
    changeOrder(ports, context, input, {
      action: 'orders.cancel',
      parse: parseOrderId,
      move: (draft, { actor }) => decideCancel(draft, endedBy(actor), ports.ids.next('ref')),
    }),
  ).andThen(({ closingPaymentIds, ...cancelled }) => finishAtGateways(ports, cancelled, closingPaymentIds))

/**
 * Gives an order up.
 *
 * @errors OrderStateForbids once something has left; OrderMoveError
 */
export const decideCancel = (
  draft: OrderDraft,
  by: EndedBy,
  refundId: string,
): Result<RecordedCancel, OrderMoveError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    if (order.status === 'awaitingPayment' || order.status === 'closing') {
      yield* draftOrder(draft, { type: 'StartClosing', purpose: { kind: 'cancel', by }, at })
      yield* closeAttempts(draft, 'orderCancelled')
      yield* finishClosing(draft)
    } else {
      yield* lapseEdit(draft)
      // What a seller gives up that was paid is the seller's doing.
      const refund = restOf(order, { refundId, sellerAtFault: by !== 'buyer' })
      yield* giveBack(draft, { type: 'CancelPaid', by, refund, at })
      yield* freeStock(draft)
    }
    const after = yield* orderIn(draft)
    return ok({
      orderId: after.orderId,
      status: after.status,
      refundIds: after.refunds.map((refund) => refund.refundId),
      closingPaymentIds: endingPaymentIds(draft),
    })
  })

/** Asks the gateways for what is left: the order is given up whatever they say now, and the sweeps ask again. */
export const finishAtGateways = (
  ports: MoneyPorts,
  cancelled: CancelledOrder,
  closingPaymentIds: readonly string[],
): ResultAsync<CancelledOrder, CancelOrderError | CommandError> =>
  endAttempts(ports, closingPaymentIds)
    .map((standings) => standings.at(-1)?.orderStatus ?? cancelled.status)
    .orElse((error) => (error.type === 'StorageUnavailable' ? err(error) : ok(cancelled.status)))
    .andThen((status) =>
      cancelled.refundIds
        .reduce<ResultAsync<Order['status'], CancelOrderError | CommandError>>(
          (sofar, refundId) =>
            sofar.andThen((last) =>
              resolveRefund(ports, refundId)
                .map(({ orderStatus }): Order['status'] => orderStatus)
                .orElse((error) => (error.type === 'StorageUnavailable' ? err(error) : ok(last))),
            ),
          okAsync(status),
        )
        .map((last) => ({ ...cancelled, status: last })),
    )
