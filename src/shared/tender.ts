import type { Money } from './money.js'

/**
 * By what an amount is paid: through a gateway, with points, from store credit or a gift card, or by hand (cash, bank
 * transfer).
 */
export type TenderKind = 'gateway' | 'points' | 'credit' | 'offline'

/** A part of what is paid, by one means; an order is paid by the sum of its captured tenders. */
export type Tender = {
  readonly kind: TenderKind
  /** The payment, points hold, credit hold or receipt that stands for it. */
  readonly id: string
  /** What it pays, in the currency of the order; for points their worth, not their number. */
  readonly money: Money
}
