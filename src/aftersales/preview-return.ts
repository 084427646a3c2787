import { err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { LineQuantity } from '../inventory/reservation.js'
import { withShortfall } from '../orders/money/order-points.js'
import { type NewRefund, newRefundOf, type ReckonRefundError } from '../orders/money/refund-shares.js'
import type { OrderMoveError } from '../orders/order-draft.js'
import { askRefundableOrder, draftOrder, type OrderDraft, openDraft, orderIn } from '../orders/order-draft.js'
import type { RefundPolicy, ReturnReason } from '../orders/policy/shop-policy.js'
import { couponsFreed } from '../orders/refunds/coupons-back.js'
import type { Currency } from '../shared/currency.js'
import type { NotFound } from '../shared/errors.js'
import type { CorePorts } from '../shared/ports.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { askOpenReturns, statesOf } from './open-returns.js'
import type { PreviewReturnInput } from './return-inputs.js'
import { parsePreviewReturn } from './return-inputs.schema.js'
import { findReturnObstacle, freightPayerOf, type ReturnNotPossible } from './return-policy.js'
import type { FreightPayer, ReturnKind, ReturnRequest } from './return-request.js'
import { type ReturnTooLarge, refundOfReturn, withinReach } from './return-worth.js'

/** What a return would give, were it asked for and accepted now. */
export type ReturnPreview = Omit<NewRefund, 'refundId' | 'reason'> & {
  readonly orderId: string
  readonly currency: Currency
  /** By what the pieces are reckoned. */
  readonly refundPolicy: RefundPolicy
  readonly freightPayer: FreightPayer
  /** Coupons that would be the buyer's again. */
  readonly couponIds: readonly string[]
}

/** Why a return would give nothing. */
export type PreviewReturnError = ReturnNotPossible | ReturnTooLarge | ReckonRefundError | OrderMoveError | NotFound

/**
 * Says what a return of these pieces would give, before it is asked for: money and points that come back, what is held
 * back for gifts that stay, earned points and coupons. It is refused where the return would be.
 *
 * @errors ReturnNotPossible, ReturnTooLarge, OrderStateForbids, NotFound, QueryError
 */
export const previewReturn = (
  ports: CorePorts,
  context: QueryContext,
  input: PreviewReturnInput,
): ResultAsync<ReturnPreview, PreviewReturnError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'aftersales.previewReturn',
    parse: parsePreviewReturn,
    about: ({ input: { orderId } }) => orderId,
    plan: ({ input: { orderId } }) => ({ ...askRefundableOrder(orderId), open: askOpenReturns }),
    answer: ({ open, ...read }, { input, now, actor }): Result<ReturnPreview, PreviewReturnError> =>
      openDraft(read, input.orderId, now).andThen((draft) =>
        preview(draft, { ...input, byStaff: actor.kind === 'staff' }, statesOf(open)),
      ),
  })

const preview = (
  draft: OrderDraft,
  asked: {
    readonly kind: ReturnKind
    readonly reason: ReturnReason
    readonly lines: readonly LineQuantity[]
    readonly byStaff: boolean
  },
  open: readonly ReturnRequest[],
): Result<ReturnPreview, PreviewReturnError> =>
  safeTry(function* () {
    const { kind, reason, byStaff } = asked
    const order = yield* orderIn(draft)
    const lines = yield* withinReach(order, asked.lines)
    const obstacle = findReturnObstacle(order, { kind, reason, lines, byStaff }, open, draft.at)
    if (obstacle !== undefined) return err<never, PreviewReturnError>(obstacle)
    const refundAsked = refundOfReturn(order, { refundId: 'preview', reason, lines })
    const reckoned = yield* newRefundOf({ order, books: draft.read.books }, refundAsked)
    const refund = withShortfall(draft, order, reckoned)
    yield* draftOrder(draft, { type: 'StartRefund', refund, at: draft.at })
    const { refundId: _, reason: __, ...amounts } = refund
    const { siblings } = draft.read
    const back = new Set(couponsFreed(order, siblings))
    return ok({
      ...amounts,
      orderId: order.orderId,
      currency: order.currency,
      refundPolicy: order.details.policy.returns.refundPolicy ?? 'prorate',
      freightPayer: freightPayerOf(reason),
      couponIds: couponsFreed(yield* orderIn(draft), siblings).filter((couponId) => !back.has(couponId)),
    })
  })
