import type { Payment } from '../../payments/payment.js'
import type { Change } from '../../shared/commit.js'
import type { Money } from '../../shared/money.js'
import type { OrderRow } from '../order-row.js'
import { type NoticeCause, noticeOf, payerOf } from './order-notice.js'

/**
 * What tells whoever paid that money which was not used for their order was sent back past any gateway; nothing where
 * nobody knows whose it is.
 */
export const noticeReturned = (
  cause: NoticeCause,
  order: OrderRow | undefined,
  payment: Payment | undefined,
  amount: Money,
): readonly Change[] =>
  order === undefined || payment === undefined
    ? []
    : noticeOf(cause, payerOf(order, payment), 'heldMoneyReturned', { amount })
