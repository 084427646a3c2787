import type { CounterFamily } from '../shared/collection.js'
import { adjust, type Change } from '../shared/commit.js'
import type { Currency } from '../shared/currency.js'
import { compareCodePoints } from '../shared/json.js'
import type { Account, LedgerEntry, LedgerLine } from './ledger.js'
import { type PostedOrder, postLines } from './posting.js'
import type { Settlement } from './settlement.js'

/** What stands to the account of a payee in one currency, minor units. */
export type PayeeBalance = {
  readonly currency: Currency
  /** Earned, and not to be paid out yet. */
  readonly pendingMinor: number
  /** To be paid out. */
  readonly availableMinor: number
  /** Paid out so far, what came back left aside. */
  readonly paidOutMinor: number
  /** Owed by the payee: taken back after it was paid out. */
  readonly owedMinor: number
}

type Place = 'pending' | 'available' | 'paidOut' | 'owed'

const places: readonly Place[] = ['pending', 'available', 'paidOut', 'owed']

/** The balances of payees, kept in step with settlements by the same commits. */
export const payeeBalances: CounterFamily = { name: 'payeeBalance', rank: 9, minimum: 0 }

const balanceId = (payee: string, currency: Currency, place: Place): string => `${payee}/${currency}/${place}`

/** The counters of a payee's balance. */
export const balanceIds = (payee: string, currency: Currency): readonly string[] =>
  places.map((place) => balanceId(payee, currency, place))

/** The balance of a payee by its counters. */
export const balanceOf = (values: ReadonlyMap<string, number>, payee: string, currency: Currency): PayeeBalance => {
  const at = (place: Place): number => values.get(balanceId(payee, currency, place)) ?? 0
  return {
    currency,
    pendingMinor: at('pending'),
    availableMinor: at('available'),
    paidOutMinor: at('paidOut'),
    owedMinor: at('owed'),
  }
}

/** Moves the balances of payees by what some settlements moved. */
export const moveBalances = (
  moved: readonly { readonly before: Settlement | null; readonly after: Settlement }[],
): readonly Change[] => {
  const sums = new Map<string, number>()
  const add = (settlement: Settlement, sign: 1 | -1): void => {
    const waiting = settlement.status === 'pending' ? 'pending' : 'available'
    for (const { payee, earnedMinor, paidOutMinor } of settlement.shares) {
      const put = (place: Place, minor: number): void => {
        const id = balanceId(payee, settlement.currency, place)
        sums.set(id, (sums.get(id) ?? 0) + sign * minor)
      }
      put(waiting, Math.max(0, earnedMinor - paidOutMinor))
      put('owed', Math.max(0, paidOutMinor - earnedMinor))
      put('paidOut', paidOutMinor)
    }
  }
  for (const { before, after } of moved) {
    if (before !== null) add(before, -1)
    add(after, 1)
  }
  return [...sums]
    .filter(([, by]) => by !== 0)
    .sort(([left], [right]) => compareCodePoints(left, right))
    .map(([id, by]) => adjust(payeeBalances, { id, by }))
}

/**
 * Books what settlements moved: what payees earn comes out of the order's escrow and goes back into it; what was paid
 * out and is taken back they owe; what is paid out leaves the bank, or wherever it lies.
 */
export const postSettlements = (
  moved: readonly { readonly before: Settlement | null; readonly after: Settlement }[],
  entry: Pick<LedgerEntry, 'entryId' | 'kind' | 'at'> & { readonly about: PostedOrder | null },
  paidFrom: Account = 'bank',
): readonly LedgerEntry[] => postLines({ ...entry, lines: moved.flatMap((each) => linesOf(each, paidFrom)) })

const linesOf = (
  { before, after }: { readonly before: Settlement | null; readonly after: Settlement },
  paidFrom: Account,
): readonly LedgerLine[] => {
  const { currency, orderId } = after
  const commissionMinor = after.commissionMinor - (before?.commissionMinor ?? 0)
  const lines: LedgerLine[] = [
    { account: `escrow:${orderId}`, currency, amountMinor: commissionMinor },
    { account: 'commission', currency, amountMinor: 0 - commissionMinor },
  ]
  for (const share of after.shares) {
    const { payee } = share
    const earlier = before?.shares.find((each) => each.payee === payee)
    const stood = earlier ?? { earnedMinor: 0, paidOutMinor: 0 }
    const toPay = (each: typeof stood): number => Math.max(0, each.earnedMinor - each.paidOutMinor)
    const owed = (each: typeof stood): number => Math.max(0, each.paidOutMinor - each.earnedMinor)
    lines.push(
      { account: `escrow:${orderId}`, currency, amountMinor: share.earnedMinor - stood.earnedMinor },
      { account: `payable:${payee}`, currency, amountMinor: toPay(stood) - toPay(share) },
      { account: `receivable:${payee}`, currency, amountMinor: owed(share) - owed(stood) },
      { account: paidFrom, currency, amountMinor: stood.paidOutMinor - share.paidOutMinor },
    )
  }
  return lines
}
