import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'

/** What of an order is one payee's. */
export type PayeeShare = {
  /** A merchant, or a partner. */
  readonly payee: string
  /** What it has earned by the order as it stands, after all that went back, minor units. */
  readonly earnedMinor: number
  /** What was paid out of it; above what it has earned, it owes the rest. Below 0 where what came back was set off before. */
  readonly paidOutMinor: number
  /** The payouts of it that the gateway divides from the payment itself; not so when absent. */
  readonly splitIds?: readonly string[]
}

export type SettlementFacts = {
  /** The order's id. */
  readonly settlementId: string
  readonly orderId: string
  /** The buyer. */
  readonly accountId: string
  readonly merchantId: string | null
  readonly currency: Currency
  readonly shares: readonly PayeeShare[]
  /** What the platform keeps of it. */
  readonly commissionMinor: number
  /** When the order was received: signed for, or taken as received. */
  readonly confirmedAt: Instant
  /** Working days after that day before any of it is paid out. */
  readonly afterWorkingDays: number
  /** IANA name of the time zone whose days are counted. */
  readonly timeZone: string
  /** Payees that are still to be paid. */
  readonly openPayeeIds: readonly string[]
  /** Payees that owe something; none when absent. */
  readonly owingPayeeIds?: readonly string[]
  /** Since when it waits for a gateway that the shop lacks; absent where it waits for none. */
  readonly lackingSince?: Instant
  /** When staff gave up waiting for those; absent where they have not. */
  readonly givenUpAt?: Instant
  /** How many payees are still to be paid, or owe something; not known of one written before that was kept. */
  readonly unevenShares?: number
}

/** How the money of a completed order is shared, and how far it has been paid out. */
export type Settlement =
  /** Waits for its day, and for returns to be settled; looked at again at `checkAt`. */
  | (SettlementFacts & { readonly status: 'pending'; readonly checkAt: Instant })
  /** May be paid out; a gateway is to say first whom it can give parts of the payment, and is asked at `splitAt`. */
  | (SettlementFacts & { readonly status: 'dividing'; readonly releasedAt: Instant; readonly splitAt: Instant })
  /** May be paid out. */
  | (SettlementFacts & {
      readonly status: 'available'
      readonly releasedAt: Instant
      /** When the gateway is told again of its part in it; absent once it has no more. */
      readonly splitAt?: Instant
    })

/** How the money of an order is shared: each payee's part, and what the platform keeps; minor units. */
export type OrderSplit = {
  readonly payees: readonly { readonly payee: string; readonly amountMinor: number }[]
  readonly commissionMinor: number
}

/** Who keeps how much of what a merchant sells; the rest is the merchant's. */
export type SettlementRate = {
  /** Whose goods; null of every merchant that is not named. */
  readonly merchantId: string | null
  /** The platform's part, hundredths of a percent. */
  readonly platformBasisPoints: number
  readonly partners: readonly { readonly payee: string; readonly basisPoints: number }[]
}

/** How and when the money of completed orders is shared. */
export type SettlementTerms = {
  /** Working days after the order is received: T+n; nothing is paid out before it is complete. */
  readonly afterWorkingDays: number
  readonly rates: readonly SettlementRate[]
}

/** A settlement that begins with its order's completion. */
export const openSettlement = (
  facts: Omit<
    SettlementFacts,
    | 'shares'
    | 'commissionMinor'
    | 'openPayeeIds'
    | 'owingPayeeIds'
    | 'unevenShares'
    | 'settlementId'
    | 'lackingSince'
    | 'givenUpAt'
  >,
  split: OrderSplit,
): Settlement =>
  withShares(
    {
      ...facts,
      settlementId: facts.orderId,
      status: 'pending',
      checkAt: facts.confirmedAt,
      shares: [],
      commissionMinor: 0,
      openPayeeIds: [],
    },
    split.payees.map(({ payee, amountMinor }) => ({ payee, earnedMinor: amountMinor, paidOutMinor: 0 })),
    split.commissionMinor,
  )

/** The settlement once its order is shared anew, as after a refund: what is paid out stays so, and what is too much is owed. */
export const resettle = (settlement: Settlement, split: OrderSplit): Settlement => {
  const earned = new Map(split.payees.map(({ payee, amountMinor }) => [payee, amountMinor]))
  const known = settlement.shares.map((share) => ({ ...share, earnedMinor: earned.get(share.payee) ?? 0 }))
  const added = split.payees
    .filter(({ payee }) => !settlement.shares.some((share) => share.payee === payee))
    .map(({ payee, amountMinor }) => ({ payee, earnedMinor: amountMinor, paidOutMinor: 0 }))
  return withShares(settlement, [...known, ...added], split.commissionMinor)
}

/** The settlement once so much more was paid out to a payee; below 0 where a payout came back. */
export const payOutShare = (settlement: Settlement, payee: string, amountMinor: number): Settlement =>
  withShares(
    settlement,
    settlement.shares.map((share) =>
      share.payee === payee ? { ...share, paidOutMinor: share.paidOutMinor + amountMinor } : share,
    ),
    settlement.commissionMinor,
  )

/** The settlement once so much more goes to a payee by its gateway. */
export const splitShare = (
  settlement: Settlement,
  { payee, amountMinor, splitId }: { readonly payee: string; readonly amountMinor: number; readonly splitId: string },
): Settlement => {
  const paid = payOutShare(settlement, payee, amountMinor)
  const shares = paid.shares.map((share) =>
    share.payee === payee ? { ...share, splitIds: [...(share.splitIds ?? []), splitId] } : share,
  )
  return { ...paid, shares }
}

/** What is still to be paid to a payee; below 0 where it owes. */
export const unpaidMinor = ({ shares }: Settlement, payee: string): number => {
  const share = shares.find((each) => each.payee === payee)
  return share === undefined ? 0 : share.earnedMinor - share.paidOutMinor
}

const withShares = (settlement: Settlement, shares: readonly PayeeShare[], commissionMinor: number): Settlement => ({
  ...settlement,
  shares,
  commissionMinor,
  openPayeeIds: shares.flatMap(({ payee, earnedMinor, paidOutMinor }) => (earnedMinor > paidOutMinor ? [payee] : [])),
  owingPayeeIds: shares.flatMap(({ payee, earnedMinor, paidOutMinor }) => (earnedMinor < paidOutMinor ? [payee] : [])),
  unevenShares: shares.filter(({ earnedMinor, paidOutMinor }) => earnedMinor !== paidOutMinor).length,
})
