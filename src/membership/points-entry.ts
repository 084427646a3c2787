import type { Instant } from '../shared/instant.js'
import type { LotPart, PointsEvent } from './points-account.js'
import { sumOfPoints } from './points-evolve.js'

/**
 * Where points stand. `minted` is the shop that gave them and goes below zero; `debt` goes below zero by what a member
 * owes; every other is what it says.
 */
export type PointsPlace = 'minted' | 'pending' | 'lots' | 'held' | 'spent' | 'expired' | 'clawedBack' | 'debt' | 'lost'

/** One side of a movement. */
export type PointsPart = {
  readonly place: PointsPlace
  /** The lot or the hold, where the place has several. */
  readonly of: string | null
  readonly delta: number
}

/** An event that moves points. */
export type BookedEvent = Exclude<PointsEvent, { type: 'PointsAccountOpened' | 'PointsExpiryNoticed' }>

/** A movement of points: its parts sum to zero. */
export type PointsEntry = {
  readonly entryId: string
  readonly accountId: string
  readonly at: Instant
  readonly type: BookedEvent['type']
  /** The grant, hold, restore, claw-back or lot it is about. */
  readonly reference: string
  readonly parts: readonly PointsPart[]
}

/**
 * Books an event, both sides.
 *
 * @returns nothing for an event that moves no points
 */
export const entryOf = (accountId: string, event: PointsEvent): PointsEntry | undefined => {
  if (event.type === 'PointsAccountOpened' || event.type === 'PointsExpiryNoticed') return undefined
  const { key, reference, parts } = bookOf(event)
  const moved = parts.filter((part) => part.delta !== 0)
  if (moved.length === 0) return undefined
  return { entryId: `${accountId}/${key}`, accountId, at: event.at, type: event.type, reference, parts: moved }
}

/**
 * What the log says stood in each place at a moment.
 *
 * @param entries - of one member, in any order
 */
export const totalsAt = (entries: readonly PointsEntry[], at: Instant): Readonly<Record<PointsPlace, number>> => {
  const totals: Record<PointsPlace, number> = {
    minted: 0,
    pending: 0,
    lots: 0,
    held: 0,
    spent: 0,
    expired: 0,
    clawedBack: 0,
    debt: 0,
    lost: 0,
  }
  for (const entry of entries) {
    if (entry.at <= at) for (const { place, delta } of entry.parts) totals[place] += delta
  }
  return totals
}

type Booked = { readonly key: string; readonly reference: string; readonly parts: readonly PointsPart[] }

const part = (place: PointsPlace, delta: number, of: string | null = null): PointsPart => ({ place, of, delta })

const lotParts = (parts: readonly LotPart[], sign: 1 | -1): readonly PointsPart[] =>
  parts.map((each) => part('lots', sign * each.points, each.lotId))

const bookOf = (event: BookedEvent): Booked => {
  switch (event.type) {
    case 'PointsGranted':
      return {
        key: `grant:${event.grantId}`,
        reference: event.grantId,
        parts: [
          part('minted', -event.points),
          part('lots', event.points - event.repaid, event.grantId),
          part('debt', event.repaid),
        ],
      }
    case 'PointsPromised':
      return {
        key: `grant:${event.grantId}`,
        reference: event.grantId,
        parts: [part('minted', -event.points), part('pending', event.points, event.grantId)],
      }
    case 'PointsActivated':
      return {
        key: `activate:${event.grantId}`,
        reference: event.grantId,
        parts: [
          part('pending', -event.points, event.grantId),
          part('lots', event.points - event.repaid, event.grantId),
          part('debt', event.repaid),
        ],
      }
    case 'PointsHeld':
      return {
        key: `hold:${event.holdId}`,
        reference: event.holdId,
        parts: [...lotParts(event.parts, -1), part('held', sumOfPoints(event.parts), event.holdId)],
      }
    case 'HoldSettled':
      return {
        key: `settle:${event.holdId}`,
        reference: event.holdId,
        parts: [part('held', -event.points, event.holdId), part('spent', event.points)],
      }
    case 'HoldReleased':
      return {
        key: `release:${event.holdId}`,
        reference: event.holdId,
        parts: [
          part('held', -(sumOfPoints(event.parts) + event.repaid), event.holdId),
          ...lotParts(event.parts, 1),
          part('debt', event.repaid),
        ],
      }
    case 'PointsRestored':
      return {
        key: `restore:${event.restoreId}`,
        reference: event.restoreId,
        parts: [
          part('spent', -(sumOfPoints(event.parts) + event.repaid)),
          ...lotParts(event.parts, 1),
          part('debt', event.repaid),
        ],
      }
    case 'PointsClawedBack':
      return {
        key: `claw:${event.clawId}`,
        reference: event.clawId,
        parts: [
          part('pending', -event.fromPending, event.grantId),
          ...lotParts(event.parts, -1),
          part('debt', -event.owed),
          part('clawedBack', event.fromPending + sumOfPoints(event.parts) + event.owed),
        ],
      }
    case 'PointsExpired':
      return {
        key: `expire:${event.lotId}:${event.at}`,
        reference: event.lotId,
        parts: [part('lots', -event.points, event.lotId), part('expired', event.points)],
      }
    case 'PointsAccountClosed':
      return {
        key: `close:${event.at}`,
        reference: 'close',
        parts: [
          part('lots', -event.lost),
          part('pending', -event.lostPending),
          part('debt', event.forgiven),
          part('lost', event.lost + event.lostPending - event.forgiven),
        ],
      }
  }
}
