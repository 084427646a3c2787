import type { Instant } from '../shared/instant.js'
import type { Account, LedgerEntry, LedgerEntryKind, LedgerLine } from './ledger.js'
import { ownerOf, postLines } from './posting.js'
import type { Refund } from './refund.js'
import { arrivedMinorOf, coveredMinorOf, failureOf, hasSucceeded, paidMinorOf } from './refund-machine.js'

/** Where the money of a refund stands. */
type RefundPosition = 'held' | 'transit' | 'gone' | 'byHand' | 'twice' | 'chargedBack' | 'chargedBackTwice'

const positionOf = (refund: Refund): RefundPosition => {
  switch (refund.status) {
    case 'requested':
    case 'failed':
    case 'held':
    case 'cancelled':
      return 'held'
    case 'manualPayout':
      return paidMinorOf(refund) > 0 ? 'byHand' : 'held'
    case 'submitted':
    case 'pending':
    case 'unknown':
      return 'transit'
    case 'succeeded':
      return 'gone'
    case 'paidManually':
      return hasSucceeded(refund) ? 'twice' : 'byHand'
    case 'chargedBack':
      return hasSucceeded(refund) ? 'chargedBackTwice' : 'chargedBack'
  }
}

/** What a position has moved since the refund was decided. */
const linesOf = (refund: Refund, position: RefundPosition): readonly LedgerLine[] => {
  const { currency, amountMinor, gatewayId, sources } = refund
  const bornBy = sources.map((share): LedgerLine => ({ ...share, currency }))
  const paidFrom = (account: Account, minor = amountMinor): LedgerLine => ({
    account,
    currency,
    amountMinor: 0 - minor,
  })
  switch (position) {
    case 'held':
      return []
    case 'transit':
      return [...bornBy, paidFrom('refundInTransit')]
    case 'gone':
      return [...bornBy, paidFrom(`gatewayClearing:${gatewayId}`)]
    // It was owed anyhow: so much of what a dispute took is no loss.
    case 'byHand':
    case 'twice':
    case 'chargedBack':
    case 'chargedBackTwice': {
      const [paidMinor, coveredMinor] = [paidMinorOf(refund), coveredMinorOf(refund)]
      const elsewhere = [paidFrom('bank', paidMinor), paidFrom('chargebackLoss', coveredMinor)]
      return [...bornBy, ...elsewhere, ...besides(refund, paidMinor + coveredMinor)]
    }
  }
}

// What the gateway sends beside what the payer had another way is owed back as far as it is more than the refund, and as far
// as both are less, because it came back, it is still to be paid.
const besides = (refund: Refund, elsewhereMinor: number): readonly LedgerLine[] => {
  const { currency, amountMinor, gatewayId, paymentId } = refund
  const goneMinor = arrivedMinorOf(refund)
  const beyondMinor = elsewhereMinor + goneMinor - amountMinor
  // A visitor has no account; who owes it is whoever paid by this.
  const left: Account = beyondMinor > 0 ? `receivable:${ownerOf(refund) ?? paymentId}` : 'refundInTransit'
  return [
    { account: `gatewayClearing:${gatewayId}`, currency, amountMinor: 0 - goneMinor },
    { account: left, currency, amountMinor: beyondMinor },
  ]
}

const refundKinds: Readonly<Record<RefundPosition, LedgerEntryKind>> = {
  held: 'refundReturned',
  transit: 'refundSubmitted',
  gone: 'refundSucceeded',
  byHand: 'refundPaidByHand',
  twice: 'refundPaidTwice',
  chargedBack: 'refundChargedBack',
  chargedBackTwice: 'refundPaidTwice',
}

/**
 * Books what a refund has come to since it was `before`: its sources bear it while it is under way, and get it back when
 * it fails.
 *
 * @param before - null where there was no refund
 */
export const postRefund = (before: Refund | null, after: Refund, at: Instant): readonly LedgerEntry[] => {
  const from = before === null ? 'held' : positionOf(before)
  const to = positionOf(after)
  // A refund may go the same way again, after another try, on later word of the gateway or of a bank: all stand in the id.
  const word = Math.max(after.known.succeededAt ?? 0, failureOf(after)?.at ?? 0)
  // What is covered by a dispute may be spread anew, and stays where it is with less of it.
  const covered = [before, after].flatMap((each) =>
    each?.status === 'chargedBack' ? [`/${each.chargedBackAt}-${coveredMinorOf(each)}`] : [],
  )
  const undo = before === null ? [] : linesOf(before, from).map((line) => ({ ...line, amountMinor: -line.amountMinor }))
  // A person who pays what came back has no word of the gateway for it.
  const paid = from === 'byHand' && to === 'byHand' ? `/paid-${paidMinorOf(after)}` : ''
  return postLines({
    entryId: `refund/${after.refundId}/${after.tries}/${word}/${from}-${to}${covered.join('')}${paid}`,
    kind: refundKinds[to],
    at,
    about: after,
    lines: [...undo, ...linesOf(after, to)],
  })
}
