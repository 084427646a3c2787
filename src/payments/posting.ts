import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import type { Dispute } from './dispute.js'
import { disputedMinor, standingWord } from './dispute-machine.js'
import type { Account, LedgerEntry, LedgerEntryKind, LedgerLine } from './ledger.js'
import type { Payment } from './payment.js'
import { suspendedMinor } from './payment-machine.js'
import { returnedMinor } from './payment-steps.js'
import type { Refund } from './refund.js'

/** Whose order an entry is about. */
export type PostedOrder = {
  readonly orderId: string
  readonly accountId: string
  /** Whose money it is where it is not the buyer's; null where they have no account. */
  readonly payerAccountId?: string | null
  readonly merchantId: string | null
}

export type PostedThing = PostedOrder & { readonly paymentId?: string; readonly refundId?: string }

type Posting = {
  readonly entryId: string
  readonly kind: LedgerEntryKind
  readonly at: Instant
  /** Null where it is the shop's own. */
  readonly about: PostedThing | null
  readonly lines: readonly LedgerLine[]
}

/** Makes an entry of lines, one for each account, without those that come to nothing; null where nothing is left. */
const post = ({ entryId, kind, at, about, lines }: Posting): LedgerEntry | null => {
  const sums = new Map<string, LedgerLine>()
  for (const line of lines) {
    const key = `${line.account}\n${line.currency}`
    sums.set(key, { ...line, amountMinor: (sums.get(key)?.amountMinor ?? 0) + line.amountMinor })
  }
  const left = [...sums.values()].filter((line) => line.amountMinor !== 0)
  if (left.length === 0) return null
  return {
    entryId,
    kind,
    at,
    orderId: about?.orderId ?? null,
    paymentId: about?.paymentId ?? null,
    refundId: about?.refundId ?? null,
    accountId: about === null ? null : ownerOf(about),
    merchantId: about?.merchantId ?? null,
    lines: left,
  }
}

/** Whose money a thing is; null where they have no account. */
export const ownerOf = ({ accountId, payerAccountId }: PostedOrder): string | null =>
  payerAccountId === undefined ? accountId : payerAccountId

/** Books lines as they come; none where they come to nothing. */
export const postLines = (posting: Posting): readonly LedgerEntry[] => present([post(posting)])

const present = (entries: readonly (LedgerEntry | null)[]): readonly LedgerEntry[] =>
  entries.filter((entry) => entry !== null)

const transfer = (
  { debit, credit }: { readonly debit: Account; readonly credit: Account },
  currency: Currency,
  amountMinor: number,
): readonly LedgerLine[] => [
  { account: debit, currency, amountMinor },
  { account: credit, currency, amountMinor: -amountMinor },
]

/**
 * Books what a payment has come to since it was `before`: money taken goes to the order's escrow, the gateway's fee is
 * ours, and money that does not fit what was asked stands in suspense until it is sent back.
 *
 * @param before - null where there was no payment
 */
export const postPayment = (before: Payment | null, after: Payment, at: Instant): readonly LedgerEntry[] => {
  const { paymentId, orderId, gatewayId, currency } = after
  const clearing: Account = `gatewayClearing:${gatewayId}`
  const added = (
    kind: 'captured' | 'feeCharged' | 'suspended' | 'suspenseReturned',
    sides: { readonly debit: Account; readonly credit: Account },
    unit: Currency,
    [from, to]: readonly [number, number],
    beside = '',
  ) => {
    const entryId = `${kind}/${paymentId}/${unit}/${from}-${to}${beside}`
    return post({ entryId, kind, at, about: after, lines: transfer(sides, unit, to - from) })
  }
  const captured = [before?.known.captured?.minor ?? 0, after.known.captured?.minor ?? 0] as const
  return present([
    added('captured', { debit: clearing, credit: `escrow:${orderId}` }, currency, captured),
    added('feeCharged', { debit: 'fee', credit: clearing }, currency, [
      before?.known.feeMinor ?? 0,
      after.known.feeMinor,
    ]),
    ...after.known.suspended.map(({ currency: unit }) => {
      const sides = { debit: clearing, credit: `suspense:${gatewayId}` } as const
      const earlier = before === null ? 0 : suspendedMinor(before, unit)
      // It may come to the same twice, once what fits has grown.
      const beside = unit === currency && captured[1] > 0 ? `/${captured[1]}` : ''
      return added('suspended', sides, unit, [earlier, suspendedMinor(after, unit)], beside)
    }),
    ...(after.returnedByHand ?? []).map(({ currency: unit, minor }) => {
      // It goes back past the gateway, which has it still.
      const sides = { debit: `suspense:${gatewayId}`, credit: 'bank' } as const
      return added('suspenseReturned', sides, unit, [before === null ? 0 : returnedMinor(before, unit), minor])
    }),
  ])
}

/** Where the money of a dispute stands. */
type DisputePosition = 'none' | 'held' | 'lost'

const disputePositionOf = ({ status }: Dispute): DisputePosition => {
  switch (status) {
    case 'inquiry':
    case 'won':
      return 'none'
    case 'evidenceDue':
    case 'underReview':
      return 'held'
    case 'lost':
      return 'lost'
  }
}

const disputeLinesOf = (dispute: Dispute): readonly LedgerLine[] => {
  const position = disputePositionOf(dispute)
  const credit: Account = `gatewayClearing:${dispute.gatewayId}`
  if (position === 'none') return []
  const debit = position === 'held' ? 'disputeHold' : 'chargebackLoss'
  return transfer({ debit, credit }, dispute.currency, disputedMinor(dispute))
}

const disputeKinds: Readonly<Record<DisputePosition, LedgerEntryKind>> = {
  none: 'disputeReleased',
  held: 'disputeHeld',
  lost: 'disputeLost',
}

/**
 * Books what a dispute has come to since it was `before`: the gateway holds the money, gives it back where it is won,
 * and keeps it where it is lost; what it keeps for its pains is a fee.
 *
 * @param before - null where there was no dispute
 */
export const postDispute = (before: Dispute | null, after: Dispute, at: Instant): readonly LedgerEntry[] => {
  const { disputeId, gatewayId, currency, known } = after
  const undo =
    before === null ? [] : disputeLinesOf(before).map((line) => ({ ...line, amountMinor: -line.amountMinor }))
  const feeFrom = before?.known.fee?.minor ?? 0
  const feeTo = known.fee?.minor ?? 0
  // The word it is booked by stands in the id: a bank may come back on it, and to it again.
  const { at: wordAt, status, amountMinor, lostMinor } = standingWord(after)
  const word = after.decided === undefined ? wordAt : `decided-${after.decided.at}`
  return present([
    post({
      entryId: `dispute/${disputeId}/${word}/${status}-${amountMinor}-${lostMinor ?? amountMinor}`,
      kind: disputeKinds[disputePositionOf(after)],
      at,
      about: after,
      lines: [...undo, ...disputeLinesOf(after)],
    }),
    post({
      entryId: `disputeFee/${disputeId}/${known.fee?.at ?? 0}/${feeFrom}-${feeTo}`,
      kind: 'disputeFeeCharged',
      at,
      about: after,
      lines: transfer({ debit: 'fee', credit: `gatewayClearing:${gatewayId}` }, currency, feeTo - feeFrom),
    }),
  ])
}

/** Something of worth that moves between the shop's own accounts and an order, or a member. */
export type WorthMoved = {
  /** Unique among the entries of its kind, such as the order or refund that it belongs to. */
  readonly reference: string
  readonly about: PostedThing
  readonly currency: Currency
  /** Above zero, or zero for nothing. */
  readonly amountMinor: number
  readonly at: Instant
}

const worthPosting =
  (kind: LedgerEntryKind, sides: (about: PostedOrder) => { readonly debit: Account; readonly credit: Account }) =>
  ({ reference, about, currency, amountMinor, at }: WorthMoved): readonly LedgerEntry[] => {
    const lines = transfer(sides(about), currency, amountMinor)
    return present([post({ entryId: `${kind}/${reference}`, kind, at, about, lines })])
  }

/** Books points that pay for an order: what was owed to the member is now held for the order. */
export const postPointsTender = /* @__PURE__ */ worthPosting('pointsTendered', ({ orderId }) => ({
  debit: 'pointsLiability',
  credit: `escrow:${orderId}`,
}))

/** Books points given back with a refund. */
export const postPointsReturn = /* @__PURE__ */ worthPosting('pointsReturned', ({ orderId }) => ({
  debit: `escrow:${orderId}`,
  credit: 'pointsLiability',
}))

/** Books points that a refund would give back and that nobody is there to have: their worth is the shop's again. */
export const postPointsForfeited = /* @__PURE__ */ worthPosting('pointsForfeited', ({ orderId }) => ({
  debit: `escrow:${orderId}`,
  credit: 'pointsExpense',
}))

/** Books points earned, at their worth. */
export const postPointsEarned = /* @__PURE__ */ worthPosting('pointsEarned', () => ({
  debit: 'pointsExpense',
  credit: 'pointsLiability',
}))

/** Books earned points taken back, at their worth. */
export const postPointsClawedBack = /* @__PURE__ */ worthPosting('pointsClawedBack', () => ({
  debit: 'pointsLiability',
  credit: 'pointsExpense',
}))

/** Books a discount that the platform pays, so that the merchant gets the whole price. */
export const postSubsidy = /* @__PURE__ */ worthPosting('subsidyFunded', ({ orderId }) => ({
  debit: 'promotionExpense',
  credit: `escrow:${orderId}`,
}))

/** Books such a discount taken back with a refund. */
export const postSubsidyReturn = /* @__PURE__ */ worthPosting('subsidyReturned', ({ orderId }) => ({
  debit: `escrow:${orderId}`,
  credit: 'promotionExpense',
}))

/** Books the money of a checkout to one of the orders that it is divided into. */
export const postEscrowMoved = (moved: {
  readonly checkoutId: string
  readonly about: PostedThing
  readonly currency: Currency
  readonly amountMinor: number
  readonly at: Instant
}): readonly LedgerEntry[] => {
  const { checkoutId, about, currency, amountMinor, at } = moved
  const sides = { debit: `escrow:${checkoutId}`, credit: `escrow:${about.orderId}` } as const
  const lines = transfer(sides, currency, amountMinor)
  return present([post({ entryId: `escrowMoved/${about.orderId}`, kind: 'escrowMoved', at, about, lines })])
}

/** Books the confirmed receipt of an order: what escrow holds becomes its payees' and the shop's commission. */
export const postReceiptConfirmed = (receipt: {
  /** Unique for the order, as when it is confirmed in parts. */
  readonly reference: string
  readonly about: PostedOrder
  readonly currency: Currency
  readonly payees: readonly { readonly payee: string; readonly amountMinor: number }[]
  readonly commissionMinor: number
  readonly at: Instant
}): readonly LedgerEntry[] => {
  const { reference, about, currency, payees, commissionMinor, at } = receipt
  const debit: Account = `escrow:${about.orderId}`
  const lines = [
    ...payees.flatMap(({ payee, amountMinor }) =>
      transfer({ debit, credit: `payable:${payee}` }, currency, amountMinor),
    ),
    ...transfer({ debit, credit: 'commission' }, currency, commissionMinor),
  ]
  return present([post({ entryId: `receiptConfirmed/${reference}`, kind: 'receiptConfirmed', at, about, lines })])
}

/** Books a fee that a gateway gave back with a refund. */
export const postFeeReturned = (returned: {
  readonly refund: Refund
  /** Above zero. */
  readonly amountMinor: number
  readonly at: Instant
}): readonly LedgerEntry[] => {
  const { refund, amountMinor, at } = returned
  const lines = transfer({ debit: `gatewayClearing:${refund.gatewayId}`, credit: 'fee' }, refund.currency, amountMinor)
  return present([post({ entryId: `feeReturned/${refund.refundId}`, kind: 'feeReturned', at, about: refund, lines })])
}

/**
 * Books a gateway's payout to the shop's bank account, and what the gateway kept of it.
 *
 * @param payout.amountMinor - what the bank got; below zero where the gateway collected it from there
 */
export const postGatewayPayout = (payout: {
  readonly payoutId: string
  readonly gatewayId: string
  readonly currency: Currency
  readonly amountMinor: number
  readonly feeMinor: number
  readonly at: Instant
}): readonly LedgerEntry[] => {
  const { payoutId, gatewayId, currency, amountMinor, feeMinor, at } = payout
  const credit: Account = `gatewayClearing:${gatewayId}`
  const lines = [
    ...transfer({ debit: 'bank', credit }, currency, amountMinor),
    ...transfer({ debit: 'fee', credit }, currency, feeMinor),
  ]
  const entryId = `gatewayPaidOut/${gatewayId}/${currency}/${payoutId}`
  return present([post({ entryId, kind: 'gatewayPaidOut', at, about: null, lines })])
}

/** Money at a gateway that fits nothing that was asked for. */
export type SuspendedMoney = {
  /** Unique among such money. */
  readonly reference: string
  readonly gatewayId: string
  readonly currency: Currency
  readonly amountMinor: number
  readonly at: Instant
}

const suspensePosting =
  (kind: LedgerEntryKind, sides: readonly ['gatewayClearing' | 'suspense', 'gatewayClearing' | 'suspense']) =>
  ({ reference, gatewayId, currency, amountMinor, at }: SuspendedMoney): readonly LedgerEntry[] => {
    const [debit, credit] = sides
    const accounts = { debit: `${debit}:${gatewayId}`, credit: `${credit}:${gatewayId}` } as const
    const lines = transfer(accounts, currency, amountMinor)
    return present([post({ entryId: `${kind}/${reference}`, kind, at, about: null, lines })])
  }

/** Books money that a person has seen and that fits nothing that was asked for. */
export const postSuspended = /* @__PURE__ */ suspensePosting('suspended', ['gatewayClearing', 'suspense'])

/** Takes money out of suspense that a person has traced: what it is for books it as it comes in. */
export const postSuspenseMove = /* @__PURE__ */ suspensePosting('suspenseMoved', ['suspense', 'gatewayClearing'])

/** Books money in suspense that a person has sent back. */
export const postSuspenseReturn = /* @__PURE__ */ suspensePosting('suspenseReturned', ['suspense', 'gatewayClearing'])
