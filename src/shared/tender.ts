import type { Money } from './money.js'

/** By what an amount is paid: through a gateway, one for cash and bank transfers too, or with points. */
export type TenderKind = 'gateway' | 'points'

/** A part of what is paid, by one means; an order is paid by the sum of its captured tenders. */
export type Tender = {
  readonly kind: TenderKind
  /** The payment or points hold that stands for it. */
  readonly id: string
  /** What it pays, in the currency of the order; for points their worth, not their number. */
  readonly money: Money
}
