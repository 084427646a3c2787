import { err, type Result } from 'neverthrow'
import { type Currency, currencyExponent, type UnknownCurrency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import type { AmountOverflow } from '../shared/money.js'
import { roundQuotient } from '../shared/rounding.js'
import type { FineAmount, GatewayBillRow } from './gateway-bill.js'

/** A payment or refund as our ledger has it. */
export type LedgerRow = {
  readonly kind: 'payment' | 'refund'
  /** Our id of the payment, or of the refund. */
  readonly reference: string
  readonly orderId: string
  /** `open` while nobody here knows what became of it. */
  readonly status: 'succeeded' | 'failed' | 'open'
  readonly currency: Currency
  /** What the ledger has booked as taken or given back, or, while it is open, what was asked for; minor units. */
  readonly amountMinor: number
  /** What the ledger has booked as kept by the gateway, below zero where it came back; null where it knows none. */
  readonly feeMinor: number | null
  /** Of money in another currency than was asked for: what was kept of it cannot be booked, and is for a person to see. */
  readonly feeIsForeign?: true
  /**
   * What of it counts for its order, minor units, where words that do not fit brought money beside it; absent where all of it
   * does.
   */
  readonly countsMinor?: number
  /** When it was so, by the gateway's clock as far as it is known. */
  readonly at: Instant
  /**
   * Until when the bill of a day may have it, where gateways date it later than it was so; `at` when absent. It is looked for
   * in every bill from that of its day on.
   */
  readonly billedBy?: Instant
  /** When the payer could first and last have paid; null of what is not an open payment. */
  readonly payable: Period | null
  /** Of a payment that is taken in steps: which part of it the row is. Absent where it is all. */
  readonly part?: {
    /** Taken before it, minor units. */
    readonly fromMinor: number
    /** What all captures took and what of the hold was given up, together; null while more can be taken. */
    readonly settledMinor: number | null
    /** What was asked for besides and not answered, minor units; absent where nothing was. */
    readonly askedMinor?: number
  }
}

/** From a moment up to, and without, another. */
export type Period = { readonly from: Instant; readonly to: Instant }

/** What became of a row of either side, or of one of each. Every row is told in exactly one way. */
export type Reconciled =
  /** Both sides say the same. */
  | RowInBoth<'matched'>
  /** The ledger has booked what the gateway's bill of the day does not have. */
  | RowInLedger<'missingInBill'>
  /** The gateway's bill has what the ledger does not know of. */
  | RowInBill<'missingInLedger'>
  /** Amount or currency differ. */
  | RowInBoth<'amountDiff'>
  /** The fee differs from what was booked. */
  | RowInBoth<'feeDiff'>
  /** One side has it as done, the other as failed or under way. */
  | RowInBoth<'statusDiff'>
  /** The same reference a second time on one side. */
  | RowInLedger<'duplicate'>
  | RowInBill<'duplicate'>
  /** It, or a part of it, was open here, and the bill says that it was paid, or that the refund reached the payer. */
  | RowInBoth<'learnSucceeded'>
  /** Both sides have the money; the fee is known from the bill alone. */
  | RowInBoth<'learnFee'>
  /** It was open here, and no bill of all the time in which it could have been paid has it. */
  | RowInLedger<'learnNotFound'>
  /** It belongs to the bill of another day. */
  | RowInLedger<'otherDay'>
  /**
   * It is between two days: the bill of a later one may have it, or has it under way that we know to have arrived after the
   * day.
   */
  | RowInLedger<'inTransit'>
  | RowInBoth<'inTransit'>
  /** Nobody knows yet, or nothing came of it: no money is spoken of. */
  | RowInLedger<'noMoney'>

/** A row of the ledger and the row of the bill that speaks of the same. */
export type RowInBoth<Kind extends string> = {
  readonly kind: Kind
  readonly ours: LedgerRow
  readonly theirs: GatewayBillRow
}
/** A row of the ledger alone. */
export type RowInLedger<Kind extends string> = { readonly kind: Kind; readonly ours: LedgerRow; readonly theirs: null }
/** A row of the bill alone. */
export type RowInBill<Kind extends string> = {
  readonly kind: Kind
  readonly ours: null
  readonly theirs: GatewayBillRow
}

type Keyed = { readonly kind: 'payment' | 'refund'; readonly reference: string }

/** The order that both sides stand in. */
export const compareRows = (left: Keyed, right: Keyed): number =>
  left.reference === right.reference
    ? compareCodePoints(left.kind, right.kind)
    : compareCodePoints(left.reference, right.reference)

/** What the bills of the days before leave to that of a day. */
export type BilledBefore = {
  /** Whether an earlier bill has it, though its day came later. */
  readonly isBilled: (row: Pick<LedgerRow, 'kind' | 'reference'>) => boolean
  /** Whether the last bill before was to have it, and left it to a later one. */
  readonly isCarried: (row: Pick<LedgerRow, 'kind' | 'reference'>) => boolean
}

type Times = { readonly day: Period; readonly covered: Period; readonly before: BilledBefore | undefined }

/** Says what became of a row of either side, or of one of each with the same reference; undefined of none. */
export const whatBecameOf = (
  pair: { readonly ours: LedgerRow | undefined; readonly theirs: GatewayBillRow | undefined },
  times: Times,
): Reconciled | undefined => {
  const { ours, theirs } = pair
  if (ours !== undefined && theirs !== undefined) return { kind: kindOfBoth(ours, theirs, times), ours, theirs }
  if (ours !== undefined) return { kind: kindOfOurs(ours, times), ours, theirs: null }
  return theirs === undefined ? undefined : { kind: 'missingInLedger', ours: null, theirs }
}

type BothKind = 'matched' | 'amountDiff' | 'feeDiff' | 'statusDiff' | 'learnSucceeded' | 'learnFee' | 'inTransit'

const kindOfBoth = (ours: LedgerRow, theirs: GatewayBillRow, { day }: Times): BothKind => {
  if (hasWhatWasAsked(ours, theirs)) return 'learnSucceeded'
  if (ours.currency !== theirs.currency || ours.amountMinor !== theirs.amountMinor) return 'amountDiff'
  if (ours.status === 'open') {
    if (theirs.status === 'succeeded') return 'learnSucceeded'
    return theirs.status === 'pending' ? 'matched' : 'statusDiff'
  }
  // By the end of the day it was under way, and it arrived on one that came after.
  if (ours.status === 'succeeded' && theirs.status === 'pending' && ours.at >= day.to) return 'inTransit'
  if (ours.status !== theirs.status) return 'statusDiff'
  return kindOfFee(ours, theirs)
}

// The answer to the last of several captures was lost, and the bill of the day has it with those before.
const hasWhatWasAsked = ({ currency, amountMinor, part }: LedgerRow, theirs: GatewayBillRow): boolean =>
  part?.askedMinor !== undefined &&
  theirs.status === 'succeeded' &&
  theirs.currency === currency &&
  theirs.amountMinor === amountMinor + part.askedMinor

const kindOfFee = (ours: LedgerRow, theirs: GatewayBillRow): BothKind => {
  if (theirs.fee === null) return 'matched'
  const feeMinor = feeMinorOf(theirs.fee, theirs.currency).unwrapOr(undefined)
  if (feeMinor === (ours.feeMinor ?? 0)) return 'matched'
  // A fee is taken with a payment and comes back with a refund; what goes the other way is for a person to look at.
  const usual = feeMinor !== undefined && feeMinor > 0 === (ours.kind === 'payment')
  return ours.feeMinor === null && ours.feeIsForeign !== true && usual ? 'learnFee' : 'feeDiff'
}

const kindOfOurs = (
  ours: LedgerRow,
  { day, covered, before }: Times,
): 'missingInBill' | 'otherDay' | 'inTransit' | 'learnNotFound' | 'noMoney' => {
  switch (ours.status) {
    case 'succeeded': {
      // A part is of its day: that another part was billed says nothing of it.
      const left = ours.part === undefined ? before : undefined
      if (ours.at >= day.to || left?.isBilled(ours) === true) return 'otherDay'
      if (ours.at < day.from && left?.isCarried(ours) !== true) return 'otherDay'
      return (ours.billedBy ?? ours.at) < day.to ? 'missingInBill' : 'inTransit'
    }
    case 'failed':
      return 'noMoney'
    case 'open': {
      const { payable } = ours
      const seen = payable !== null && payable.from >= covered.from && payable.to < covered.to
      return seen ? 'learnNotFound' : 'noMoney'
    }
  }
}

/**
 * A fee in whole minor units, halves away from zero.
 *
 * @errors UnknownCurrency, AmountOverflow
 */
export const feeMinorOf = (
  { value, scale }: FineAmount,
  currency: Currency,
): Result<number, UnknownCurrency | AmountOverflow> =>
  currencyExponent(currency).andThen((exponent): Result<number, UnknownCurrency | AmountOverflow> => {
    if (!Number.isSafeInteger(value)) return err({ type: 'AmountOverflow', exact: String(value) })
    return scale <= exponent
      ? roundQuotient(BigInt(value) * 10n ** BigInt(exponent - scale), 1n, 'halfUp')
      : roundQuotient(value, 10 ** (scale - exponent), 'halfUp')
  })
