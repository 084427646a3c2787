import type { GoodsView } from '../promotions/offer-kind.js'
import { effectOf } from '../promotions/offer-kinds.js'
import { sumOver } from '../promotions/pieces.js'
import { compareCodePoints } from '../shared/json.js'
import { type Candidate, lackOf } from './candidate.js'
import { at, type Goods } from './goods.js'
import type { OfferRefusal } from './priced-cart.js'

/** The offer that won a line. */
export type LineWinner = { readonly candidate: Candidate; readonly offMinor: number }

/** What the line stage came to. */
export type LineStage = {
  /** By place of the line. */
  readonly winners: readonly (LineWinner | undefined)[]
  /** For each candidate why it won no line; undefined of those that did. */
  readonly refusals: readonly (OfferRefusal | undefined)[]
  /** The most that other members of groups could take off on top, minor units; 0 where all of them were tried. */
  readonly gapMinor: number
}

/**
 * Gives each line the line offer that takes most off it, then the one of higher priority, then the first by id; and
 * lowers the activity price of the goods by it. A line won by an exclusive offer is closed to all others. Of each group one
 * offer takes part: those together with which the goods come cheapest.
 *
 * @param candidates - in the order in which they take effect
 * @param limit - most choices of members of groups that are tried; above it each group is settled after the one before
 */
export const applyLineOffers = (goods: Goods, candidates: readonly Candidate[], limit: number): LineStage => {
  const { shutOut, gapMinor } = shutOutByGroup(goods, candidates, limit)
  const { winners, refusals } = winLines(
    goods,
    candidates.map((candidate) => (shutOut.has(candidate) ? undefined : candidate)),
  )
  for (let line = 0; line < winners.length; line += 1) {
    const winner = winners[line]
    if (winner === undefined) continue
    goods.activity[line] = at(goods.list, line) - winner.offMinor
    if (winner.candidate.offer.stacking?.exclusive === true) goods.open[line] = false
  }
  return {
    winners,
    gapMinor,
    refusals: refusals.map((refusal, place) => {
      const candidate = candidates[place]
      if (refusal !== undefined || candidate === undefined) return refusal
      const chosen = shutOut.get(candidate)
      if (chosen !== undefined) {
        const lacking = offerOnLines(goods, candidate, [])
        if (lacking !== undefined) return lacking
        if (winners.some((winner) => winner?.candidate === chosen)) {
          return { type: 'ExcludedBy', offerId: chosen.offer.offerId, couponId: null }
        }
      }
      return candidate.lines.some((line) => winners[line]?.candidate === candidate)
        ? undefined
        : takenBy(winners, candidate)
    }),
  }
}

type Won = {
  readonly winners: readonly (LineWinner | undefined)[]
  readonly refusals: readonly (OfferRefusal | undefined)[]
}

const winLines = (goods: Goods, candidates: readonly (Candidate | undefined)[]): Won => {
  const winners: (LineWinner | undefined)[] = new Array(goods.lines.length)
  const refusals = candidates.map((candidate) =>
    candidate === undefined ? undefined : offerOnLines(goods, candidate, winners),
  )
  return { winners, refusals }
}

/** The offers that stand aside for another of their group, each with that other, and what a better choice could bring. */
const shutOutByGroup = (
  goods: Goods,
  candidates: readonly Candidate[],
  limit: number,
): { readonly shutOut: ReadonlyMap<Candidate, Candidate>; readonly gapMinor: number } => {
  const shutOut = new Map<Candidate, Candidate>()
  const groups = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    const group = candidate.offer.stacking?.group
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), candidate])
  }
  const contested = [...groups.values()].filter((members) => members.length > 1)
  if (contested.length === 0) return { shutOut, gapMinor: 0 }
  const open = candidates.filter((candidate) => !contested.some((members) => members.includes(candidate)))
  const choices = contested.reduce((product, members) => product * members.length, 1)
  const chosen = choices <= limit ? chooseTogether(goods, open, contested) : chooseInTurn(goods, open, contested)
  for (const [place, members] of contested.entries()) {
    const winner = chosen[place]
    if (winner === undefined) continue
    for (const candidate of members) if (candidate !== winner) shutOut.set(candidate, winner)
  }
  return {
    shutOut,
    gapMinor: choices <= limit ? 0 : offOf(goods, candidates) - offOf(goods, [...open, ...chosen]),
  }
}

/** What line offers take off all lines, minor units. */
const offOf = (goods: Goods, candidates: readonly Candidate[]): number =>
  winLines(goods, candidates).winners.reduce((sum, winner) => sum + (winner?.offMinor ?? 0), 0)

/** A member of each group, of all choices the one that takes most off together; of equals the first. */
const chooseTogether = (
  goods: Goods,
  open: readonly Candidate[],
  groups: readonly (readonly Candidate[])[],
): readonly Candidate[] => {
  let best: { readonly chosen: readonly Candidate[]; readonly offMinor: number } | undefined
  const visit = (chosen: readonly Candidate[]): void => {
    const members = groups[chosen.length]
    if (members !== undefined) {
      for (const member of members) visit([...chosen, member])
      return
    }
    const offMinor = offOf(goods, [...open, ...chosen])
    if (best === undefined || offMinor > best.offMinor) best = { chosen, offMinor }
  }
  visit([])
  return best?.chosen ?? []
}

/** A member of each group, the best beside those of the groups before. */
const chooseInTurn = (
  goods: Goods,
  open: readonly Candidate[],
  groups: readonly (readonly Candidate[])[],
): readonly Candidate[] => {
  const chosen: Candidate[] = []
  for (const members of groups) chosen.push(...chooseTogether(goods, [...open, ...chosen], [members]))
  return chosen
}

/** Lets an offer try for its lines; says why it gives nothing on any of them, if so. */
const offerOnLines = (
  goods: Goods,
  candidate: Candidate,
  winners: (LineWinner | undefined)[],
): OfferRefusal | undefined => {
  const { offer, lines } = candidate
  const lacking = lackOf(candidate, sumOver(candidate.counted, goods.list), goods)
  if (lacking !== undefined) return lacking
  let refusal: OfferRefusal | undefined = { type: 'ZeroEffect' }
  // One view for all lines, each by itself in turn: an effect keeps nothing of what it looks at.
  const alone = [0]
  const view = {
    lines: alone,
    counted: alone,
    quantity: goods.quantity,
    list: goods.list,
    activity: goods.list,
    running: goods.list,
    basisMinor: 0,
    basisPieces: 0,
    pieces: 0,
    shippingMinor: 0,
  } satisfies GoodsView
  for (let place = 0; place < lines.length; place += 1) {
    const line = at(lines, place)
    const list = at(goods.list, line)
    alone[0] = line
    view.basisMinor = list
    view.basisPieces = at(goods.quantity, line)
    view.pieces = view.basisPieces
    const effect = effectOf(offer.benefit, view)
    const offMinor = Math.min(effect.goodsMinor, Math.max(0, list - at(goods.floor, line)))
    if (offMinor <= 0) {
      if (effect.missingPieces !== undefined && refusal !== undefined) {
        refusal = { type: 'ThresholdQuantity', missingQuantity: leastOf(refusal, effect.missingPieces) }
      }
      continue
    }
    refusal = undefined
    const winner = winners[line]
    if (winner === undefined || beats({ candidate, offMinor }, winner)) winners[line] = { candidate, offMinor }
  }
  return refusal
}

const leastOf = (refusal: OfferRefusal, missing: number): number =>
  refusal.type === 'ThresholdQuantity' ? Math.min(refusal.missingQuantity, missing) : missing

const beats = (a: LineWinner, b: LineWinner): boolean => {
  if (a.offMinor !== b.offMinor) return a.offMinor > b.offMinor
  const [left, right] = [a.candidate.offer, b.candidate.offer]
  return left.priority === right.priority
    ? compareCodePoints(left.offerId, right.offerId) < 0
    : left.priority > right.priority
}

const takenBy = (winners: readonly (LineWinner | undefined)[], candidate: Candidate): OfferRefusal => {
  for (const line of candidate.lines) {
    const winner = winners[line]
    if (winner !== undefined) return { type: 'LineTaken', offerId: winner.candidate.offer.offerId }
  }
  return { type: 'ZeroEffect' }
}
