import { err, ok, type Result } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { isGuestOwner } from '../../shared/actor.js'
import { allowsCommand } from '../../shared/decider.js'
import type { InvalidInput } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { type AttemptUnderway, attemptsToEnd } from '../money/attempt-underway.js'
import type { OrderMoveError } from '../order-draft.js'
import type { PayerInput } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'
import { hasPaidShare } from '../order-share-steps.js'
import { orderTable } from '../order-table.js'
import { checkInTime, type PaymentOverdue } from '../paying/check-attempt.js'

/** The order will be divided among its merchants, and is paid by one. */
export type SharingNotOffered = { readonly type: 'SharingNotOffered'; readonly orderId: string }

/** Its payment was shared anew as often as it may be; it is paid as it was shared last. */
export type SharedTooOften = {
  readonly type: 'SharedTooOften'
  readonly orderId: string
  /** How often a payment may be shared. */
  readonly most: number
}

/**
 * How often the payment of an order may be shared, the first time among them: each time asks up to twenty people for money,
 * in the name of the shop.
 */
export const mostShares = 10

/** Why a payment is not shared. */
export type SharePaymentError =
  | SharingNotOffered
  | SharedTooOften
  | PaymentOverdue
  | AttemptUnderway
  | OrderMoveError
  | InvalidInput

/**
 * Whether each payer can be one: a visitor signs in as nobody whom another may name, and pays by a link.
 *
 * @errors InvalidInput
 */
export const checkPayers = (order: OrderRow, payers: readonly PayerInput[]): Result<void, InvalidInput> => {
  const at = payers.findIndex(
    ({ accountId }) => accountId !== undefined && accountId !== order.accountId && isGuestOwner(accountId),
  )
  if (at < 0) return ok(undefined)
  const message = 'A visitor pays by a link, and has no account to be named by'
  return err({ type: 'InvalidInput', issues: [{ path: `payers.${at}.accountId`, code: 'custom', message }] })
}

/**
 * Whether what an order costs can be shared, or shared anew, whatever the parts.
 *
 * @returns the attempts that end with it
 */
export const checkSharing = (
  order: OrderRow,
  payments: readonly Payment[],
  at: Instant,
): Result<readonly string[], SharePaymentError> => {
  const { orderId, details } = order
  if (details.apart !== undefined) return err({ type: 'SharingNotOffered', orderId })
  if (!allowsCommand(orderTable, { status: order.status, command: 'SharePayment' })) {
    return err({ type: 'OrderStateForbids', status: order.status, command: 'SharePayment' })
  }
  if (hasPaidShare(order)) return err({ type: 'PaymentShared', orderId })
  if ((details.sharedTimes ?? 0) >= mostShares) return err({ type: 'SharedTooOften', orderId, most: mostShares })
  return checkInTime(order, at).andThen(() => attemptsToEnd(orderId, payments))
}

/** Whether what an order costs may be shared, or shared anew. */
export const maySharePayment = (order: OrderRow, payments: readonly Payment[], at: Instant): boolean =>
  checkSharing(order, payments, at).isOk()
