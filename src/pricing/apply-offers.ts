import { areCompatible, type Candidate, type Measure, measure, merchantOf, sharesOf } from './candidate.js'
import { type CarriageLeft, freeCarriage } from './carriage-left.js'
import { at, type Goods, shareOf, splitOver, sumOf } from './goods.js'
import type { LineStage } from './line-offers.js'
import type { AppliedOffer, LineShare, OfferRefusal, PricedGift } from './priced-cart.js'

/** What offers have done to a cart so far; filled stage by stage. */
export type Ledger = {
  readonly applied: AppliedOffer[]
  /** By place of the line. */
  readonly shares: LineShare[][]
  readonly gifts: PricedGift[]
  /** What is left of each line, minor units. */
  readonly running: number[]
  carriage: CarriageLeft
}

/** Notes what the line offers took. */
export const noteLineOffers = (
  ledger: Ledger,
  goods: Goods,
  candidates: readonly Candidate[],
  stage: LineStage,
): void => {
  for (const [place, candidate] of candidates.entries()) {
    if (stage.refusals[place] !== undefined) continue
    const won = candidate.lines.filter((line) => stage.winners[line]?.candidate === candidate)
    const shares = won.map((line) => stage.winners[line]?.offMinor ?? 0)
    noteShares(ledger, candidate, won, shares, 0, 0)
    for (const line of won) ledger.running[line] = at(goods.activity, line)
  }
}

/**
 * Lets the chosen offers take effect, in order.
 *
 * @returns for each candidate why it was not applied, undefined of those that were; nothing for any without `explain`
 */
export const applyChosen = (
  ledger: Ledger,
  goods: Goods,
  candidates: readonly Candidate[],
  chosen: readonly number[],
  explain: boolean,
): readonly (OfferRefusal | undefined)[] => {
  const refusals: (OfferRefusal | undefined)[] = new Array(candidates.length)
  const whole = { running: goods.activity, carriage: ledger.carriage }
  let next = 0
  for (const [place, candidate] of candidates.entries()) {
    if (chosen[next] === place) {
      next += 1
      applyOne(ledger, goods, candidate)
    } else if (explain) {
      refusals[place] = refusalOf(ledger, goods, candidates, chosen, candidate, whole)
    }
  }
  return refusals
}

const applyOne = (ledger: Ledger, goods: Goods, candidate: Candidate): void => {
  const measured = measure(candidate, goods, ledger.running, ledger.carriage)
  const shares =
    measured.goodsMinor > 0 ? sharesOf(candidate, measured, goods, ledger.running) : candidate.lines.map(() => 0)
  for (let index = 0; index < shares.length; index += 1) {
    const line = at(candidate.lines, index)
    ledger.running[line] = at(ledger.running, line) - at(shares, index)
  }
  ledger.carriage = freeCarriage(ledger.carriage, merchantOf(candidate), measured.shippingMinor)
  noteShares(ledger, candidate, candidate.lines, shares, measured.shippingMinor, noteGift(ledger, candidate, measured))
}

const noteGift = (ledger: Ledger, { offer, coupon }: Candidate, { effect }: Measure): number => {
  if (effect.gift === undefined) return 0
  ledger.gifts.push({ offerId: offer.offerId, couponId: coupon?.couponId ?? null, ...effect.gift })
  return effect.gift.valueMinor
}

const nobody: readonly number[] = []

const noteShares = (
  ledger: Ledger,
  candidate: Candidate,
  lines: readonly number[],
  shares: readonly number[],
  shippingMinor: number,
  giftValueMinor: number,
): void => {
  const { offer, coupon } = candidate
  const merchantId = shippingMinor === 0 ? undefined : merchantOf(candidate)
  const goodsMinor = sumOf(shares)
  const bearing = offer.funding.platformBasisPoints
  const platformGoodsMinor = shareOf(goodsMinor, bearing, 10_000, 'halfUp')
  const platform = platformGoodsMinor === 0 ? nobody : splitOver(platformGoodsMinor, shares, shares)
  const couponId = coupon?.couponId ?? null
  for (let index = 0; index < lines.length; index += 1) {
    const amountMinor = at(shares, index)
    if (amountMinor === 0) continue
    ledger.shares[at(lines, index)]?.push({
      applied: ledger.applied.length,
      offerId: offer.offerId,
      couponId,
      amountMinor,
      platformMinor: at(platform, index),
    })
  }
  ledger.applied.push({
    offerId: offer.offerId,
    couponId,
    stage: offer.stage,
    goodsMinor,
    shippingMinor,
    ...(merchantId === undefined ? {} : { carriageOf: merchantId }),
    platformGoodsMinor,
    giftValueMinor,
    limited: offer.limits !== undefined,
    ...(offer.paymentMethods === undefined ? {} : { paymentMethods: offer.paymentMethods }),
  })
}

const notBest: OfferRefusal = { type: 'NotBest' }

/** Why an offer that holds was not chosen: by itself, because of another, or because it would not help. */
const refusalOf = (
  ledger: Ledger,
  goods: Goods,
  candidates: readonly Candidate[],
  chosen: readonly number[],
  candidate: Candidate,
  whole: { readonly running: readonly number[]; readonly carriage: CarriageLeft },
): OfferRefusal => {
  const alone = measure(candidate, goods, whole.running, whole.carriage).refusal
  if (alone !== undefined) return alone
  for (const place of chosen) {
    const other = candidates[place]
    if (other === undefined || areCompatible(candidate, other)) continue
    return { type: 'ExcludedBy', offerId: other.offer.offerId, couponId: other.coupon?.couponId ?? null }
  }
  return measure(candidate, goods, ledger.running, ledger.carriage).refusal ?? notBest
}
