import type { ResultAsync } from 'neverthrow'
import type { GatewayBillRow, UnknownCause } from 'shopwright/payments'

/** There is no bill now: none of that day, none yet, or nobody knows. */
export type GatewayBillUnavailable =
  | { readonly type: 'GatewayBillUnavailable'; readonly reason: 'noTrades' | 'notReady' }
  | { readonly type: 'GatewayBillUnavailable'; readonly reason: 'refused'; readonly gatewayCode: string }
  | { readonly type: 'GatewayBillUnavailable'; readonly reason: 'unknown'; readonly cause: UnknownCause }

/** A bill does not say what it should; nothing of it may be believed. */
export type GatewayBillUnreadable = {
  readonly type: 'GatewayBillUnreadable'
  /** `otherBill` where it is of another account or day than was asked for. */
  readonly reason: 'digest' | 'encoding' | 'heading' | 'otherBill' | 'row' | 'total'
  /** The line of the file, or the row of the list, from 1; null where it is about the whole. */
  readonly line: number | null
}

/** Why there are no rows of a bill. */
export type GatewayBillError = GatewayBillUnavailable | GatewayBillUnreadable

/** Fetches bills of a merchant. */
export type GatewayBills = {
  /**
   * Fetches what was paid and given back on a day by the gateway's clock, once that day is over and the bill is made.
   *
   * @errors GatewayBillUnavailable, GatewayBillUnreadable
   */
  readonly fetchTradeBill: (request: {
    /** `YYYY-MM-DD`. */
    readonly day: string
    readonly at: number
  }) => ResultAsync<readonly GatewayBillRow[], GatewayBillError>
}

const dayMs = 86_400_000

/**
 * When a day begins, and when the next does; null where it is none.
 *
 * @param aheadMs - how far the gateway's clock is ahead of UTC
 */
export const readBillDay = (day: string, aheadMs: number): { readonly from: number; readonly to: number } | null => {
  const start = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(start) || new Date(start).toISOString().slice(0, 10) !== day) return null
  return { from: start - aheadMs, to: start - aheadMs + dayMs }
}
