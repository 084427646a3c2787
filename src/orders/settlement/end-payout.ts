import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import type { Account } from '../../payments/ledger.js'
import { appendEntries } from '../../payments/move-payment.js'
import { moveBalances, postSettlements } from '../../payments/payee-balance.js'
import type { Payout, PayoutSplit, SplitReturn } from '../../payments/payout.js'
import { payOutShare, type Settlement } from '../../payments/settlement.js'
import { settlements } from '../../payments/settlement.schema.js'
import { type Change, put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'

/** A payout as it stands after something was learned of it, and what follows from that. */
export type EndedPayout = { readonly state: Payout; readonly further?: readonly Change[] }

/** A payout of which nobody has said yet that it was sent, or was not. */
export type Open = Extract<Payout, { status: 'submitted' | 'unclear' }>

/** A split of which a part is on its way back. */
export type Returning = Extract<Payout, { status: 'paid' }> & {
  readonly returning: SplitReturn
  readonly split: PayoutSplit
}

/** Whether a part of a payout is on its way back, or a person is to say whether it came. */
export const isReturning = (payout: Payout): payout is Returning =>
  payout.status === 'paid' && payout.returning !== undefined && payout.split !== undefined

/** The payee has it. */
export const paidOut = (payout: Open, payoutRef: string | null, now: Instant): EndedPayout => ({
  state: { ...factsOf(payout), status: 'paid', paidAt: now, payoutRef },
})

/** A no that may hide a yes. */
export const unclear = (payout: Open, code: GatewayErrorCode, now: Instant): EndedPayout => ({
  state: { ...factsOf(payout), status: 'unclear', unclearSince: now, code },
})

/** It was not sent, and stands to its payee's account again. */
export const notPaidOut = (
  payout: Open,
  { code, found, now }: { readonly code: GatewayErrorCode; readonly found: Settlements; readonly now: Instant },
): EndedPayout => ({
  state: { ...factsOf(payout), status: 'failed', failedAt: now, code },
  further: giveBackShares(payout, found, { reference: referenceOf(payout), parts: payout.parts, at: now }),
})

/**
 * It was said not to be sent, and is said to be sent: a person looks. Meanwhile it stands to nobody's account, so that it
 * does not go out again.
 */
export const sentAfterAll = (
  payout: Extract<Payout, { status: 'failed' }>,
  { found, now }: { readonly found: Settlements; readonly now: Instant },
): EndedPayout => {
  const { status: _, failedAt: __, code, ...facts } = payout
  const moved = movedShares(payout, found, payout.parts, 1)
  const entry = {
    entryId: `payeePaidOut/${payout.payoutId}/${now}`,
    kind: 'payeePaidOut',
    at: now,
    about: null,
  } as const
  return {
    state: { ...facts, status: 'unclear', unclearSince: now, code },
    further: writeShares(payout, moved, entry),
  }
}

/** A part of a split is the shop's again, and is owed no more. */
export const broughtBack = (
  payout: Returning,
  { found, now }: { readonly found: Settlements; readonly now: Instant },
): EndedPayout => {
  const { returning, split, unclearSince: _, ...facts } = payout
  const { returnId, amountMinor } = returning
  const parts = payout.parts.map(({ orderId }) => ({ orderId, amountMinor }))
  return {
    state: { ...facts, split: { ...split, returnedMinor: split.returnedMinor + amountMinor } },
    further: giveBackShares(payout, found, { reference: returnId, parts, at: now }),
  }
}

/**
 * A part of a split does not come back, and goes on being owed.
 *
 * @param by.code - why; null where only a person said so
 */
export const notBroughtBack = (
  payout: Returning,
  { code, now }: { readonly code: GatewayErrorCode | null; readonly now: Instant },
): EndedPayout => {
  const { returning: _, split, unclearSince: __, ...facts } = payout
  // An account that is empty now, or of which nothing was heard, may not be so at the next refund.
  const refused = code === null || wantsMoney.has(code) ? { returnDeclinedAt: now } : { isReturnRefused: true }
  return { state: { ...facts, split: { ...split, ...refused } } }
}

const wantsMoney: ReadonlySet<GatewayErrorCode> = new Set(['InsufficientFunds', 'LimitExceeded', 'Expired'])

// It may be given back twice: once turned down, said to be sent after all, and found not to be.
const referenceOf = (payout: Open): string =>
  payout.status === 'unclear' ? `${payout.payoutId}/${payout.unclearSince}` : payout.payoutId

const factsOf = (payout: Open) => {
  if (payout.status === 'submitted') {
    const { status: _, tellAt: __, isAsked: ___, ...facts } = payout
    return facts
  }
  const { status: _, unclearSince: __, code: ___, ...facts } = payout
  return facts
}

type Settlements = readonly Stored<Settlement>[]

/** What was not sent, or came back, stands to its payee's account again, or is owed no more. */
const giveBackShares = (
  payout: Payout,
  found: Settlements,
  back: { readonly reference: string; readonly parts: Payout['parts']; readonly at: Instant },
): readonly Change[] => {
  const entry = {
    entryId: `payoutReturned/${back.reference}`,
    kind: 'payoutReturned',
    at: back.at,
    about: null,
  } as const
  return writeShares(payout, movedShares(payout, found, back.parts, -1), entry)
}

type MovedShare = { readonly stored: Stored<Settlement>; readonly before: Settlement; readonly after: Settlement }

const movedShares = (payout: Payout, found: Settlements, parts: Payout['parts'], sign: 1 | -1): readonly MovedShare[] =>
  found.map((stored) => {
    const part = parts.find(({ orderId }) => orderId === stored.id)
    const after = payOutShare(stored.state, payout.payee, sign * (part?.amountMinor ?? 0))
    return { stored, before: stored.state, after }
  })

const writeShares = (
  payout: Payout,
  moved: readonly MovedShare[],
  entry: Parameters<typeof postSettlements>[1],
): readonly Change[] => [
  ...moved.map(({ stored, after }) => put(settlements, { id: stored.id, version: stored.version, state: after })),
  ...moveBalances(moved),
  ...appendEntries(postSettlements(moved, entry, paidFrom(payout))),
]

/** Where the money of a payout comes from. */
export const paidFrom = ({ split }: Payout): Account =>
  split === undefined ? 'bank' : `gatewayClearing:${split.gatewayId}`
