import { daysMs, type Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import type { LotPart, OpenPointsAccount, PointsAccount, PointsEvent, PointsLot } from './points-account.js'

const rememberedMs = 800 * daysMs

/** Whether spends and claw-backs of a moment are still remembered. */
export const isRemembered = (at: Instant, now: Instant): boolean => at + rememberedMs > now

/** The sum of parts. */
export const sumOfPoints = (parts: readonly { readonly points: number }[]): number => {
  let sum = 0
  for (const part of parts) sum += part.points
  return sum
}

/** The account after an event. */
export const evolvePoints = (
  account: OpenPointsAccount,
  event: Exclude<PointsEvent, { type: 'PointsAccountOpened' }>,
): PointsAccount => {
  switch (event.type) {
    case 'PointsGranted': {
      const { grantId, points, repaid, expiresAt, at } = event
      const lots = addParts(account.lots, [{ lotId: grantId, points: points - repaid, expiresAt }])
      return settled({ ...account, lots, debt: account.debt - repaid }, at)
    }
    case 'PointsPromised': {
      const { grantId, points, terms, at } = event
      return settled({ ...account, pending: [...account.pending, { grantId, points, terms }] }, at)
    }
    case 'PointsActivated': {
      const { grantId, points, repaid, expiresAt, at } = event
      const lots = addParts(account.lots, [{ lotId: grantId, points: points - repaid, expiresAt }])
      const pending = account.pending.filter((each) => each.grantId !== grantId)
      return settled({ ...account, lots, pending, debt: account.debt - repaid }, at)
    }
    case 'PointsHeld': {
      const { holdId, parts, at } = event
      return settled(
        { ...account, lots: takeParts(account.lots, parts), holds: [...account.holds, { holdId, parts }] },
        at,
      )
    }
    case 'HoldSettled': {
      const { holdId, at } = event
      const held = account.holds.find((each) => each.holdId === holdId)
      const spend = held === undefined ? [] : [{ ...held, spent: sumOfPoints(held.parts), restoreIds: [], at }]
      const spends = [...account.spends, ...spend]
      return settled({ ...account, holds: withoutHold(account, holdId), spends }, at)
    }
    case 'HoldReleased': {
      const { holdId, parts, repaid, at } = event
      const lots = addParts(account.lots, parts)
      return settled({ ...account, lots, holds: withoutHold(account, holdId), debt: account.debt - repaid }, at)
    }
    case 'PointsRestored': {
      const { holdId, restoreId, parts, repaid, at } = event
      const back = sumOfPoints(parts) + repaid
      const spends = account.spends.map((each) =>
        each.holdId === holdId
          ? { ...each, parts: cutFromEnd(each.parts, back), restoreIds: [...each.restoreIds, restoreId] }
          : each,
      )
      return settled({ ...account, lots: addParts(account.lots, parts), spends, debt: account.debt - repaid }, at)
    }
    case 'PointsClawedBack': {
      const { grantId, clawId, fromPending, parts, owed, at } = event
      // One of which nothing is left stays until its time: it tells that its grant was given. One whose time is not known,
      // as of an order that will never be complete, might stay for ever.
      const pending = account.pending
        .map((each) => (each.grantId === grantId ? { ...each, points: each.points - fromPending } : each))
        .filter(({ points, terms }) => points > 0 || terms !== null)
      const claws = [...account.claws, { clawId, at }]
      const lots = takeParts(account.lots, parts)
      return settled({ ...account, pending, lots, claws, debt: account.debt + owed }, at)
    }
    case 'PointsExpired': {
      const { lotId, points, at } = event
      return settled({ ...account, lots: takeParts(account.lots, [{ lotId, points, expiresAt: at }]) }, at)
    }
    case 'PointsExpiryNoticed':
      return settled({ ...account, noticedTo: event.noticedTo }, event.at)
    case 'PointsAccountClosed':
      return { status: 'closed', accountId: account.accountId, closedAt: event.at }
  }
}

const withoutHold = (account: OpenPointsAccount, holdId: string) =>
  account.holds.filter((each) => each.holdId !== holdId)

const addParts = (lots: readonly PointsLot[], parts: readonly LotPart[]): readonly PointsLot[] => {
  const sums = new Map(lots.map((lot) => [lot.lotId, lot]))
  for (const part of parts) {
    const lot = sums.get(part.lotId)
    sums.set(part.lotId, lot === undefined ? part : { ...lot, points: lot.points + part.points })
  }
  return [...sums.values()].sort((a, b) => a.expiresAt - b.expiresAt || compareCodePoints(a.lotId, b.lotId))
}

const takeParts = (lots: readonly PointsLot[], parts: readonly LotPart[]): readonly PointsLot[] =>
  lots.map((lot) => {
    const taken = sumOfPoints(parts.filter((part) => part.lotId === lot.lotId))
    return taken === 0 ? lot : { ...lot, points: lot.points - taken }
  })

const cutFromEnd = (parts: readonly LotPart[], points: number): readonly LotPart[] => {
  let left = sumOfPoints(parts) - points
  return parts.flatMap((part) => {
    const kept = Math.min(part.points, left)
    left -= kept
    return kept > 0 ? [{ ...part, points: kept }] : []
  })
}

/** With the sums that are kept beside, and without what is of no more use. */
const settled = (account: OpenPointsAccount, now: Instant): OpenPointsAccount => {
  // A lot that is used up stays until its end: it tells that its grant was given.
  const lots = account.lots.filter((lot) => lot.points > 0 || lot.expiresAt > now)
  const ends = lots.filter((lot) => lot.points > 0).map((lot) => lot.expiresAt)
  const begins = account.pending.flatMap(({ terms }) => (terms === null ? [] : [terms.activatesAt]))
  return {
    ...account,
    lots,
    spends: account.spends.filter(({ at }) => isRemembered(at, now)),
    claws: account.claws.filter(({ at }) => isRemembered(at, now)),
    balance: sumOfPoints(lots),
    nextDueAt: firstOf([...ends, ...begins]),
    nextUnnoticedAt: firstOf(ends.filter((end) => end > account.noticedTo)),
  }
}

const firstOf = (moments: readonly Instant[]): Instant | null => (moments.length === 0 ? null : Math.min(...moments))
