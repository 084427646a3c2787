import { Result } from 'neverthrow'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import { type AmountOverflow, toSafeInteger } from '../shared/money.js'

/** A place where money stands; what follows the colon is the gateway, order or payee it stands for. */
export type Account =
  /** Asset: taken by a gateway and not yet paid out to the shop. */
  | `gatewayClearing:${string}`
  /** Asset: the shop's own bank account. */
  | 'bank'
  /** Asset: money that a dispute has taken for the time being. */
  | 'disputeHold'
  /** Asset: what a payee owes back, or a payer who got it twice; one without an account goes by their payment. */
  | `receivable:${string}`
  /** Liability: a buyer's money for an order whose receipt is not confirmed. */
  | `escrow:${string}`
  /** Liability: on its way back to buyers. */
  | 'refundInTransit'
  /** Liability: what a payee has earned and not yet got. */
  | `payable:${string}`
  /** Liability: money at a gateway that fits nothing that was asked for. */
  | `suspense:${string}`
  /**
   * Liability: the worth of points as orders move it: what they brought their buyers and gave back, less what was paid with
   * points. What members hold besides is not on it: points given otherwise lower it once they are spent, and those that
   * end, or are lost with their account, stay on it.
   */
  | 'pointsLiability'
  /** Revenue: the shop's share of what its merchants sell. */
  | 'commission'
  /** Expense: what gateways keep. */
  | 'fee'
  /** Expense: disputes lost. */
  | 'chargebackLoss'
  /** Expense: the worth of points given. */
  | 'pointsExpense'
  /** Expense: discounts that the platform pays to its merchants. */
  | 'promotionExpense'

/** What one account bears of an amount. */
export type AccountShare = { readonly account: Account; readonly amountMinor: number }

/** What an entry records. */
export type LedgerEntryKind =
  | 'captured'
  | 'feeCharged'
  | 'feeReturned'
  | 'suspended'
  | 'refundSubmitted'
  | 'refundSucceeded'
  | 'refundReturned'
  | 'refundPaidByHand'
  | 'refundPaidTwice'
  | 'refundChargedBack'
  | 'disputeHeld'
  | 'disputeLost'
  | 'disputeReleased'
  | 'disputeFeeCharged'
  | 'pointsTendered'
  | 'pointsReturned'
  | 'pointsForfeited'
  | 'pointsEarned'
  | 'pointsClawedBack'
  | 'subsidyFunded'
  | 'subsidyReturned'
  | 'receiptConfirmed'
  | 'gatewayPaidOut'
  | 'payeePaidOut'
  | 'payoutReturned'
  | 'suspenseMoved'
  | 'suspenseReturned'
  | 'escrowMoved'

/** One side of an entry. */
export type LedgerLine = {
  readonly account: Account
  readonly currency: Currency
  /** Minor units; a debit is above zero, a credit below. */
  readonly amountMinor: number
}

/** An entry of the ledger: written once, never changed; its lines sum to zero in every currency. */
export type LedgerEntry = {
  /** Made of what it records, so that recording it twice is one entry. */
  readonly entryId: string
  readonly kind: LedgerEntryKind
  readonly at: Instant
  readonly orderId: string | null
  readonly paymentId: string | null
  readonly refundId: string | null
  /** Whose money it is about: the payer's; null where it is the shop's own, or of a visitor without an account. */
  readonly accountId: string | null
  readonly merchantId: string | null
  readonly lines: readonly LedgerLine[]
}

/** What stands on an account in one currency. */
export type LedgerBalance = {
  readonly account: Account
  readonly currency: Currency
  readonly debitMinor: number
  readonly creditMinor: number
  /** Debits less credits: above zero on assets and expenses, below on liabilities and revenue. */
  readonly balanceMinor: number
}

/** Every account of a ledger and whether the whole balances. */
export type TrialBalance = {
  readonly rows: readonly LedgerBalance[]
  readonly totals: readonly {
    readonly currency: Currency
    readonly debitMinor: number
    readonly creditMinor: number
    readonly balances: boolean
  }[]
  /** Entries whose own lines do not sum to zero. */
  readonly unbalancedEntryIds: readonly string[]
  /** Whether every currency and every entry balances. */
  readonly balances: boolean
}

/**
 * Sums entries by account and currency, each entry id counted once.
 *
 * @returns rows by account, then currency
 * @errors AmountOverflow
 */
export const ledgerBalances = (entries: readonly LedgerEntry[]): Result<readonly LedgerBalance[], AmountOverflow> => {
  const sums = new Map<string, { account: Account; currency: Currency; debit: bigint; credit: bigint }>()
  for (const { lines } of once(entries)) {
    for (const { account, currency, amountMinor } of lines) {
      const key = `${account}\n${currency}`
      const sum = sums.get(key) ?? { account, currency, debit: 0n, credit: 0n }
      if (amountMinor > 0) sum.debit += BigInt(amountMinor)
      else sum.credit -= BigInt(amountMinor)
      sums.set(key, sum)
    }
  }
  const sorted = [...sums].sort(([left], [right]) => compareCodePoints(left, right)).map(([, sum]) => sum)
  return collect(sorted, ({ account, currency, debit, credit }) =>
    toSafeInteger(debit).andThen((debitMinor) =>
      toSafeInteger(credit).map((creditMinor) => ({
        account,
        currency,
        debitMinor,
        creditMinor,
        balanceMinor: debitMinor - creditMinor,
      })),
    ),
  )
}

/**
 * Checks a ledger as a whole.
 *
 * @errors AmountOverflow
 */
export const trialBalance = (entries: readonly LedgerEntry[]): Result<TrialBalance, AmountOverflow> =>
  ledgerBalances(entries).andThen((rows) => {
    const unbalancedEntryIds = once(entries)
      .filter((entry) => !entryBalances(entry))
      .map((entry) => entry.entryId)
    const currencies = [...new Set(rows.map((row) => row.currency))].sort(compareCodePoints)
    return collect(currencies, (currency) => {
      const own = rows.filter((row) => row.currency === currency)
      const sum = (pick: (row: LedgerBalance) => number) =>
        toSafeInteger(own.reduce((total, row) => total + BigInt(pick(row)), 0n))
      return sum((row) => row.debitMinor).andThen((debitMinor) =>
        sum((row) => row.creditMinor).map((creditMinor) => ({
          currency,
          debitMinor,
          creditMinor,
          balances: debitMinor === creditMinor,
        })),
      )
    }).map((totals) => ({
      rows,
      totals,
      unbalancedEntryIds,
      balances: unbalancedEntryIds.length === 0 && totals.every((total) => total.balances),
    }))
  })

/** Whether the lines of an entry are whole amounts that sum to zero in every currency. */
export const entryBalances = ({ lines }: Pick<LedgerEntry, 'lines'>): boolean => {
  const sums = new Map<Currency, bigint>()
  for (const { currency, amountMinor } of lines) {
    if (!Number.isSafeInteger(amountMinor)) return false
    sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(amountMinor))
  }
  return [...sums.values()].every((sum) => sum === 0n)
}

/**
 * What stands on one account in one currency; 0 where nothing was booked.
 *
 * @returns debits less credits, minor units
 */
export const accountBalance = (rows: readonly LedgerBalance[], account: Account, currency: Currency): number =>
  rows.find((row) => row.account === account && row.currency === currency)?.balanceMinor ?? 0

const once = (entries: readonly LedgerEntry[]): readonly LedgerEntry[] => [
  ...new Map(entries.map((entry) => [entry.entryId, entry])).values(),
]

const collect = <Item, Value, Failure>(
  items: readonly Item[],
  make: (item: Item) => Result<Value, Failure>,
): Result<Value[], Failure> => Result.combine(items.map(make))
