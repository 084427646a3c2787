import { at, shareOf, splitOver, sumOf } from './goods.js'
import type { PriceCartInput, PriceLine } from './priced-cart.js'

/** Points as a means to pay, by place of the line. */
export type PointsTender = {
  readonly spent: number
  readonly worthMinor: number
  readonly pointsOfLine: readonly number[]
  readonly minorOfLine: readonly number[]
}

/**
 * The points that are spent: as many whole blocks as the buyer wants, has, and the rule lets pay for goods; none when
 * those are fewer than the rule's minimum.
 *
 * @param net - what the lines cost, minor units
 */
export const spendPoints = (points: PriceCartInput['points'], net: readonly number[]): PointsTender => {
  const none = net.map(() => 0)
  const nothing = { spent: 0, worthMinor: 0, pointsOfLine: none, minorOfLine: none }
  if (points === null) return nothing
  const { blockPoints, blockMinor, minimumPoints, capBasisPoints } = points.spendRule
  const capMinor = shareOf(sumOf(net), capBasisPoints, 10_000, 'floor')
  const wanted = Math.max(0, Math.min(points.balance, points.spend))
  const blocks = Math.min(Math.floor(wanted / blockPoints), Math.floor(capMinor / blockMinor))
  const spent = blocks * blockPoints
  if (spent === 0 || spent < minimumPoints) return nothing
  const worthMinor = blocks * blockMinor
  const minorOfLine = splitOver(worthMinor, net, net)
  return { spent, worthMinor, minorOfLine, pointsOfLine: splitOver(spent, minorOfLine) }
}

/**
 * The points that paying will earn, by place of the line: rounded down once for the whole order, then split over the
 * lines by what is paid for them in money.
 *
 * @param cash - what is paid in money for each line, tax on top left aside, minor units
 */
export const earnPoints = (
  points: PriceCartInput['points'],
  lines: readonly PriceLine[],
  cash: readonly number[],
): readonly number[] => {
  if (points === null) return cash.map(() => 0)
  const weights = cash.map((amount, line) => (lines[line]?.earnsPoints === false ? 0 : amount))
  const { points: each, perMinor } = points.earnRule
  const earned = shareOf(sumOf(weights), each * points.earnMultiplierBasisPoints, perMinor * 10_000, 'floor')
  return earned === 0 ? cash.map(() => 0) : splitOver(earned, weights)
}

/** What each line costs after points, minor units. */
export const cashOf = (net: readonly number[], tender: PointsTender): readonly number[] =>
  tender.worthMinor === 0 ? net : net.map((amount, line) => amount - at(tender.minorOfLine, line))
