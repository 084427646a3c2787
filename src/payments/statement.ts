import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import type { WholeOrNot } from '../shared/list-page.js'
import type { MethodId } from '../shared/payment-method.js'
import type { Without } from '../shared/without.js'
import type { LedgerEntry } from './ledger.js'

/** A movement of money between a buyer and the shop. */
export type StatementLine = {
  readonly entryId: string
  readonly at: Instant
  readonly orderId: string | null
  /** The number that its buyer knows the order by; null where it is of none, or of one that is not the reader's. */
  readonly orderNumber: string | null
  /** How it was paid, or what it goes back of was; null where no payment is known of it. */
  readonly method: MethodId | 'points' | null
  /**
   * `refundReturned` is a refund that came back from the payer; `chargedBack` what a payer got back past the shop, by a
   * dispute, or what of it came back.
   */
  readonly kind: 'paid' | 'paidInPoints' | 'refunded' | 'refundReturned' | 'pointsReturned' | 'chargedBack'
  readonly currency: Currency
  /** Minor units; above zero to the shop, below to the buyer. */
  readonly amountMinor: number
}

/** A movement as the ledger has it: by its payment, and without what people know it by. */
export type MovedLine = Without<StatementLine, 'orderNumber' | 'method'> & { readonly paymentId: string | null }

/** The sums of a period in one currency, minor units. */
export type StatementSum = {
  readonly currency: Currency
  readonly paidMinor: number
  readonly paidInPointsMinor: number
  /** What reached payers, or was paid to them by hand, less what came back. */
  readonly refundedMinor: number
  readonly pointsReturnedMinor: number
  /** What payers got past the shop, by disputes that it lost. */
  readonly chargedBackMinor: number
  /** What gateways kept, less what they gave back; the shop's own affair, and 0 on a buyer's statement. */
  readonly feeMinor: number
}

/**
 * What moved in a period. It is whole (`isWhole`) where every entry could be read: on the first page of the whole period, on
 * others of the page; `unreadable` has those of the page.
 */
export type Statement = WholeOrNot & {
  /** Of the whole period, by currency, in code order; null on every page but the first, which does not read it all again. */
  readonly sums: readonly StatementSum[] | null
  /** How many movements there were in the whole period; null where the sums are. */
  readonly lineCount: number | null
  /** A page of them, oldest first. */
  readonly lines: readonly StatementLine[]
  /** Where the page ended; null when this is the last. */
  readonly next: StatementCursor | null
}

/** Where a page of a statement ended: with the last movement of this entry. */
export type StatementCursor = { readonly at: Instant; readonly entryId: string }

/** The most lines a page of a statement holds. */
export const mostStatementLines = 1_000

/**
 * Gathers a page of a statement of entries, as they come in their order; the sums of the first page are of all of them.
 *
 * The movements of one entry in several currencies stay together.
 */
export const createStatement = ({
  withFees,
  ofMerchant = false,
  limit = mostStatementLines,
  after,
}: {
  /** Whether it says what gateways kept. */
  readonly withFees: boolean
  /**
   * Whether the entries are a merchant's alone: what paid an order that came of a divided checkout is then what was booked
   * to it of the checkout's money, which is nobody's alone. Not so when absent.
   */
  readonly ofMerchant?: boolean | undefined
  /** The most lines of the page. */
  readonly limit?: number | undefined
  /** Where the page before ended; the first page where absent. */
  readonly after?: StatementCursor | undefined
}) => {
  let endsWith: StatementCursor | null = null
  let goesOn = false
  let isWhole = true
  const unreadable: string[] = []
  const sums = new Map<Currency, { -readonly [Name in keyof StatementSum]: StatementSum[Name] }>()
  const lines: MovedLine[] = []
  let lineCount = 0
  const sumOf = (currency: Currency) => {
    const kept = sums.get(currency)
    if (kept !== undefined) return kept
    const sum = {
      currency,
      paidMinor: 0,
      paidInPointsMinor: 0,
      refundedMinor: 0,
      pointsReturnedMinor: 0,
      chargedBackMinor: 0,
      feeMinor: 0,
    }
    sums.set(currency, sum)
    return sum
  }
  // Whether there is room for so many lines of the entry that comes next; an entry that cannot be read takes that of one.
  const takes = (place: StatementCursor, count: number): boolean => {
    if (count === 0 || goesOn || (after !== undefined && !isBehind(place, after))) return false
    const taken = lines.length + unreadable.length
    goesOn = taken > 0 && taken + count > limit
    if (!goesOn) endsWith = { at: place.at, entryId: place.entryId }
    return !goesOn
  }
  return {
    /**
     * @param partIds - orders among those of the entries that came of a divided checkout: what a dispute took of its money is
     * booked to the whole, and a merchant has that of it which refunds of their own order came by
     */
    add: (entries: readonly LedgerEntry[], partIds: ReadonlySet<string> = new Set()): void => {
      for (const entry of entries) {
        if (withFees) for (const { currency, minor } of feesOf(entry)) sumOf(currency).feeMinor += minor
        const isPart = entry.orderId !== null && partIds.has(entry.orderId)
        const own = [...linesOf(entry, ofMerchant), ...(ofMerchant && isPart ? coveredOf(entry) : [])]
        for (const line of own) {
          const sum = sumOf(line.currency)
          if (line.kind === 'paid') sum.paidMinor += line.amountMinor
          else if (line.kind === 'paidInPoints') sum.paidInPointsMinor += line.amountMinor
          else if (line.kind === 'pointsReturned') sum.pointsReturnedMinor -= line.amountMinor
          else if (line.kind === 'chargedBack') sum.chargedBackMinor -= line.amountMinor
          else sum.refundedMinor -= line.amountMinor
          lineCount += 1
        }
        if (takes(entry, own.length)) lines.push(...own)
      }
    },
    /** Notes an entry that cannot be read, in its place among the others: it stands in no line and no sum. */
    leaveOut: (place: StatementCursor): void => {
      isWhole = false
      if (takes(place, 1)) unreadable.push(place.entryId)
    },
    /** Whether entries that come now change nothing any more: the page is full, and it is not the one with the sums. */
    isFull: (): boolean => goesOn && after !== undefined,
    close: (): Without<Statement, 'lines'> & { readonly lines: readonly MovedLine[] } => ({
      sums:
        after === undefined
          ? [...sums.values()].sort((left, right) => compareCodePoints(left.currency, right.currency))
          : null,
      lineCount: after === undefined ? lineCount : null,
      lines: [...lines],
      unreadable: [...unreadable],
      isWhole,
      next: goesOn ? endsWith : null,
    }),
  }
}

const isBehind = ({ at, entryId }: StatementCursor, after: StatementCursor): boolean =>
  at > after.at || (at === after.at && compareCodePoints(entryId, after.entryId) > 0)

const feeKinds: readonly LedgerEntry['kind'][] = ['feeCharged', 'feeReturned', 'disputeFeeCharged', 'gatewayPaidOut']

const feesOf = ({ kind, lines }: LedgerEntry): readonly { readonly currency: Currency; readonly minor: number }[] =>
  feeKinds.includes(kind)
    ? lines
        .filter(({ account }) => account === 'fee')
        .map(({ currency, amountMinor }) => ({ currency, minor: amountMinor }))
    : []

const linesOf = (entry: LedgerEntry, ofMerchant: boolean): readonly MovedLine[] => {
  const line = (kind: StatementLine['kind'], currency: Currency, amountMinor: number): MovedLine => ({
    entryId: entry.entryId,
    at: entry.at,
    orderId: entry.orderId,
    paymentId: entry.paymentId,
    kind,
    currency,
    amountMinor,
  })
  switch (entry.kind) {
    case 'captured':
    case 'suspended':
    // What it is for counts it anew.
    case 'suspenseMoved':
      return movedOn(entry, isClearing).map(({ currency, minor }) => line('paid', currency, minor))
    case 'pointsTendered':
      return movedOn(entry, isPoints).map(({ currency, minor }) => line('paidInPoints', currency, minor))
    case 'pointsReturned':
      return movedOn(entry, isPoints).map(({ currency, minor }) => line('pointsReturned', currency, minor))
    case 'refundSubmitted':
    case 'refundSucceeded':
    case 'refundReturned':
    case 'refundPaidByHand':
    case 'refundPaidTwice':
    // What came by a dispute is told of with that; that it came back from the payer first is told of here.
    case 'refundChargedBack':
    case 'suspenseReturned':
      // Money that is only under way has not reached anybody: it moves on what it is paid from when it does.
      return movedOn(entry, (account) => isClearing(account) || account === 'bank').map(({ currency, minor }) =>
        line(minor < 0 ? 'refunded' : 'refundReturned', currency, minor),
      )
    // What is only held is nobody's yet; what the shop loses, the payer has.
    case 'disputeHeld':
    case 'disputeLost':
    case 'disputeReleased':
      return movedOn(entry, (account) => account === 'chargebackLoss').map(({ currency, minor }) =>
        line('chargedBack', currency, 0 - minor),
      )
    case 'disputeFeeCharged':
    case 'feeCharged':
    case 'feeReturned':
    case 'pointsForfeited':
    case 'pointsEarned':
    case 'pointsClawedBack':
    case 'subsidyFunded':
    case 'subsidyReturned':
    case 'receiptConfirmed':
    case 'gatewayPaidOut':
    case 'payeePaidOut':
    case 'payoutReturned':
      return []
    // Whoever sees the whole has it with what was taken for the checkout.
    case 'escrowMoved':
      return ofMerchant
        ? movedOn(entry, (account) => account === `escrow:${entry.orderId}`).map(({ currency, minor }) =>
            line('paid', currency, 0 - minor),
          )
        : []
  }
}

/** Whether an entry says that a refund came to its payer by a dispute, or does so no more. */
export const movesCover = ({ kind, lines }: LedgerEntry): boolean =>
  kind.startsWith('refund') && lines.some(({ account }) => account === 'chargebackLoss')

const coveredOf = (entry: LedgerEntry): readonly MovedLine[] =>
  movesCover(entry)
    ? movedOn(entry, (account) => account === 'chargebackLoss').map(({ currency, minor }) => ({
        ...{ entryId: entry.entryId, at: entry.at, orderId: entry.orderId, paymentId: entry.paymentId },
        ...{ kind: 'chargedBack', currency, amountMinor: minor },
      }))
    : []

const isClearing = (account: string): boolean => account.startsWith('gatewayClearing:')
const isPoints = (account: string): boolean => account === 'pointsLiability'

/** What an entry moves on some accounts, by currency, without what comes to nothing. */
const movedOn = (
  { lines }: LedgerEntry,
  counts: (account: string) => boolean,
): readonly { readonly currency: Currency; readonly minor: number }[] => {
  const sums = new Map<Currency, number>()
  for (const { account, currency, amountMinor } of lines) {
    if (counts(account)) sums.set(currency, (sums.get(currency) ?? 0) + amountMinor)
  }
  return [...sums].filter(([, minor]) => minor !== 0).map(([currency, minor]) => ({ currency, minor }))
}
