import { err, ok, type Result } from 'neverthrow'
import type { OfferStage } from '../promotions/offer-kind.js'
import { applyChosen, type Ledger, noteLineOffers } from './apply-offers.js'
import { applyPriceLists, type ListedCart, type ListedInput } from './apply-price-lists.js'
import { findBestSet, type SearchAnswer, type TaxOnTop } from './best-combination.js'
import type { Candidate } from './candidate.js'
import { type CarriageLeft, divideCarriage } from './carriage-left.js'
import { type Entrant, findBeyondLimit, orderEntrants, refuseEntrant, toCandidate } from './eligible-offers.js'
import { at, type Goods, largestCartMinor, largestCartPieces, shareOf, sumOf } from './goods.js'
import { applyLineOffers, type LineStage } from './line-offers.js'
import { cashOf, earnPoints, spendPoints } from './points-tender.js'
import type {
  OfferRefusal,
  OfferTrace,
  PriceCartError,
  PriceCartInput,
  PricedCart,
  PricedLine,
  PricedShipping,
  PriceLine,
} from './priced-cart.js'
import { chargeShipping, methodsIn, type ShippingCharge } from './shipping-charge.js'
import { stagePresets } from './stages.js'
import { hasSeveralRates, planTax, reckonTax, type Taxes, type TaxPlan } from './tax.js'

/** What else a price should say. */
export type PriceOptions = {
  /** Whether every offer's fate is told; true when absent. */
  readonly trace?: boolean
  /** An offer or coupon that the buyer wants to use, whatever it saves; left aside where it cannot take effect. */
  readonly insistOn?: { readonly offerId: string; readonly couponId: string | null }
}

/**
 * Prices a cart: price lists, line offers, offers on the order, carriage, coupons, points and tax, with the best combination of
 * offers for the buyer. Pure and whole: the same input gives the same bytes, every amount is in whole minor units, and
 * the parts of every line and of the order add up.
 *
 * @errors CartEmpty, LineInvalid, AmountTooLarge, ShippingMethodUnknown, RegionNotServed, TooHeavy,
 *   CarriageInOtherCurrency, NotSoldInCurrency, TaxRegionUnknown, TaxClassUnknown
 * @source docs/pricing.md
 */
export const priceCart = (given: PriceCartInput, options: PriceOptions = {}): Result<PricedCart, PriceCartError> => {
  const listed = applyPriceLists(given)
  if (listed.isErr()) return err(listed.error)
  const { input, from } = listed.value
  const wrong = findWrongLine(input.lines)
  if (wrong !== undefined) return err(wrong)
  const plan = input.tax === null ? ok(null) : planTax(input.tax, input.lines)
  if (plan.isErr()) return err(plan.error)
  const goods = toGoods(input.lines)
  const stages = input.stages ?? stagePresets.default
  const explain = options.trace !== false
  const fates: OfferTrace[] = []
  const sorted = sortEntrants(input, goods, { ...options, stages, fates })

  const limit = input.searchLimit ?? 50_000
  const lineStage = applyLineOffers(goods, sorted.onLines, limit)
  const charge = chargeOf(input, goods)
  if (charge.isErr()) return err(charge.error)
  const carriage = carriageAtFirst(goods, charge.value?.grossMinor ?? 0)
  const candidates = candidatesOf(goods, withoutGroups(sorted.later, lineStage, fates), fates)
  const taxOnTop = taxOnTopOf(plan.value, goods)
  const found = findBestSet({
    goods,
    candidates,
    carriage,
    taxOnTop,
    limit,
    required: placeOf(candidates, options.insistOn),
  })
  const answer = withLineGap(found, lineStage, taxOnTop)

  const ledger: Ledger = {
    applied: [],
    shares: input.lines.map(() => []),
    gifts: [],
    running: [...goods.list],
    carriage,
  }
  noteLineOffers(ledger, goods, sorted.onLines, lineStage)
  const refusals = applyChosen(ledger, goods, candidates, answer.chosen, explain)
  if (explain) {
    noteFates(fates, sorted.onLines, lineStage.refusals, ledger)
    noteFates(fates, candidates, refusals, ledger)
  }
  return ok(
    toPricedCart({
      input,
      from,
      goods,
      ledger,
      charge: charge.value,
      plan: plan.value,
      answer,
      trace: explain ? orderFates(fates, input, stages) : [],
    }),
  )
}

const carriageAtFirst = ({ lines, activity }: Goods, grossMinor: number): CarriageLeft =>
  grossMinor > 0 && lines.some(({ merchantId }) => merchantId !== lines[0]?.merchantId)
    ? divideCarriage(lines, activity, grossMinor)
    : { minor: grossMinor }

/** Says of a search that the choice of line offers before it was cut short too. */
const withLineGap = (found: SearchAnswer, { gapMinor }: LineStage, taxOnTop: TaxOnTop | null): SearchAnswer => {
  if (gapMinor === 0) return found
  const taxMinor = taxOnTop === null ? 0 : shareOf(gapMinor, taxOnTop.highestMillionths, 1_000_000, 'ceiling')
  return { ...found, optimal: false, gapMinor: found.gapMinor + gapMinor + taxMinor + (taxOnTop?.slackMinor ?? 0) }
}

const placeOf = (candidates: readonly Candidate[], wanted: PriceOptions['insistOn']): number | null => {
  if (wanted === undefined) return null
  const place = candidates.findIndex(
    ({ offer, coupon }) => offer.offerId === wanted.offerId && (coupon?.couponId ?? null) === wanted.couponId,
  )
  return place < 0 ? null : place
}

const findWrongLine = (lines: readonly PriceLine[]): PriceCartError | undefined => {
  if (lines.length === 0) return { type: 'CartEmpty' }
  const seen = new Set<string>()
  let sum = 0
  let pieces = 0
  for (const line of lines) {
    const { lineId, quantity, listUnitMinor, weightGrams, floorUnitMinor = 0 } = line
    const whole =
      Number.isSafeInteger(quantity) && Number.isSafeInteger(listUnitMinor) && Number.isSafeInteger(weightGrams)
    if (!whole || quantity < 1 || listUnitMinor < 0 || weightGrams < 0 || seen.has(lineId))
      return { type: 'LineInvalid', lineId }
    pieces += quantity
    if (pieces > largestCartPieces) return { type: 'AmountTooLarge' }
    if (!Number.isSafeInteger(floorUnitMinor) || floorUnitMinor < 0) return { type: 'LineInvalid', lineId }
    seen.add(lineId)
    sum += quantity * Math.max(listUnitMinor, 1)
    if (sum > largestCartMinor) return { type: 'AmountTooLarge' }
  }
  return undefined
}

const toGoods = (lines: readonly PriceLine[]): Goods => {
  const list = lines.map((line) => line.quantity * line.listUnitMinor)
  return {
    lines,
    quantity: lines.map((line) => line.quantity),
    list,
    floor: lines.map((line) => line.quantity * Math.min(line.floorUnitMinor ?? 0, line.listUnitMinor)),
    activity: [...list],
    open: lines.map((line) => line.discountable),
  }
}

/** The offers that hold, by when they take effect; notes the fate of the others. */
const sortEntrants = (
  input: ListedInput,
  goods: Goods,
  { stages, fates, insistOn }: PriceOptions & { readonly stages: readonly OfferStage[]; readonly fates: OfferTrace[] },
): { readonly onLines: readonly Candidate[]; readonly later: readonly Entrant[] } => {
  const { entrants, withdrawn } = orderEntrants(input, stages)
  const onLines: Candidate[] = []
  const later: Entrant[] = []
  for (const coupon of withdrawn) {
    const outcome = { kind: 'rejected', reason: { type: 'OfferWithdrawn' } } as const
    fates.push({ offerId: coupon.offerId, couponId: coupon.couponId, stage: 'platformCoupon', outcome })
  }
  const beyond = findBeyondLimit(entrants, input, insistOn?.couponId ?? null)
  for (const entrant of entrants) {
    if (!stages.includes(entrant.offer.stage)) {
      fates.push(fateOf(entrant, { kind: 'rejected', reason: { type: 'StageLeftOut' } }))
      continue
    }
    const refusal = refuseEntrant(entrant, input) ?? beyond.get(entrant)
    if (refusal !== undefined) {
      fates.push(fateOf(entrant, { kind: 'rejected', reason: refusal }))
    } else if (entrant.offer.stage !== 'line') {
      later.push(entrant)
    } else {
      const candidate = toCandidate(entrant, goods)
      if (candidate === undefined) fates.push(fateOf(entrant, scopeEmpty))
      else onLines.push(candidate)
    }
  }
  return { onLines, later }
}

const scopeEmpty: OfferTrace['outcome'] = { kind: 'rejected', reason: { type: 'ScopeEmpty' } }

/** What comes after the line stage, without the offers of a group that has one on a line already. */
const withoutGroups = (later: readonly Entrant[], { winners }: LineStage, fates: OfferTrace[]): readonly Entrant[] => {
  const taken = new Map<string, string>()
  for (const winner of winners) {
    const group = winner?.candidate.offer.stacking?.group
    if (winner !== undefined && group !== undefined) taken.set(group, winner.candidate.offer.offerId)
  }
  if (taken.size === 0) return later
  return later.filter((entrant) => {
    const offerId = taken.get(entrant.offer.stacking?.group ?? '')
    if (offerId === undefined) return true
    fates.push(fateOf(entrant, { kind: 'rejected', reason: { type: 'ExcludedBy', offerId, couponId: null } }))
    return false
  })
}

const candidatesOf = (goods: Goods, later: readonly Entrant[], fates: OfferTrace[]): readonly Candidate[] => {
  const candidates: Candidate[] = []
  for (const entrant of later) {
    const candidate = toCandidate(entrant, goods)
    if (candidate === undefined) fates.push(fateOf(entrant, scopeEmpty))
    else candidates.push(candidate)
  }
  return candidates
}

const chargeOf = (input: ListedInput, goods: Goods): Result<ShippingCharge | null, PriceCartError> => {
  if (input.shipping === null) return ok(null)
  let weightGrams = 0
  for (const line of input.lines) weightGrams += line.quantity * line.weightGrams
  if (!Number.isSafeInteger(weightGrams)) return err({ type: 'AmountTooLarge' })
  const { currency } = input
  const { book, methodId, region } = input.shipping
  const methods = methodsIn(book, currency)
  if (methods === undefined) {
    return err({ type: 'CarriageInOtherCurrency', currency, carriageCurrency: book.currency })
  }
  return chargeShipping({ methods, methodId, region }, { weightGrams, goodsMinor: sumOf(goods.activity) })
}

const taxOnTopOf = (plan: TaxPlan | null, goods: Goods): TaxOnTop | null => {
  if (plan === null || plan.inclusive) return null
  let highest = 0
  let roundings = plan.shippingRates.length
  for (const [line, rates] of plan.lineRates.entries()) {
    highest = Math.max(
      highest,
      rates.reduce((sum, rate) => sum + rate.rateMillionths, 0),
    )
    roundings += rates.length * (plan.roundPer === 'unit' ? at(goods.quantity, line) : 1)
  }
  highest = Math.max(
    highest,
    plan.shippingRates.reduce((sum, rate) => sum + rate.rateMillionths, 0),
  )
  return {
    taxOf: (running, shippingMinor) => reckonTax(plan, running, goods.quantity, shippingMinor).totalMinor,
    highestMillionths: highest,
    slackMinor: roundings,
  }
}

const fateOf = (entrant: Entrant, outcome: OfferTrace['outcome']): OfferTrace => ({
  offerId: entrant.offer.offerId,
  couponId: entrant.coupon?.couponId ?? null,
  stage: entrant.offer.stage,
  outcome,
})

const noteFates = (
  fates: OfferTrace[],
  candidates: readonly Candidate[],
  refusals: readonly (OfferRefusal | undefined)[],
  ledger: Ledger,
): void => {
  for (const [place, candidate] of candidates.entries()) {
    const reason = refusals[place]
    if (reason !== undefined) {
      fates.push(fateOf(candidate, { kind: 'rejected', reason }))
      continue
    }
    const couponId = candidate.coupon?.couponId ?? null
    const applied = ledger.applied.find(
      (each) => each.offerId === candidate.offer.offerId && each.couponId === couponId,
    )
    if (applied === undefined) continue
    const { goodsMinor, shippingMinor } = applied
    fates.push(fateOf(candidate, { kind: 'applied', goodsMinor, shippingMinor }))
  }
}

/** By stage, those of none last, then the applied in the order they were, then the others as they would have been. */
const orderFates = (fates: OfferTrace[], input: ListedInput, stages: readonly OfferStage[]): readonly OfferTrace[] => {
  const priorities = new Map(input.offers.map((offer) => [offer.offerId, offer.priority]))
  const rank = ({ stage }: OfferTrace): number => (stages.includes(stage) ? stages.indexOf(stage) : stages.length)
  return fates.sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (priorities.get(b.offerId) ?? 0) - (priorities.get(a.offerId) ?? 0) ||
      (a.offerId < b.offerId ? -1 : a.offerId > b.offerId ? 1 : 0) ||
      ((a.couponId ?? '') < (b.couponId ?? '') ? -1 : 1),
  )
}

type Made = ListedCart & {
  readonly goods: Goods
  readonly ledger: Ledger
  readonly charge: ShippingCharge | null
  readonly plan: TaxPlan | null
  readonly answer: SearchAnswer
  readonly trace: readonly OfferTrace[]
}

const toPricedCart = ({ input, from, goods, ledger, charge, plan, answer, trace }: Made): PricedCart => {
  const net = ledger.running
  const chargeMinor = ledger.carriage.minor
  const taxes = plan === null ? noTaxes(net) : reckonTax(plan, net, goods.quantity, chargeMinor, hasSeveralRates(plan))
  const { points, refusal } = pointsIn(input)
  const tender = spendPoints(points, net)
  const cash = cashOf(net, tender)
  const earned = earnPoints(points, input.lines, cash)
  const lines = input.lines.map((line, place): PricedLine => {
    const priced: PricedLine = {
      lineId: line.lineId,
      productId: line.productId,
      sku: line.sku,
      merchantId: line.merchantId,
      taxClass: line.taxClass,
      quantity: line.quantity,
      listUnitMinor: line.listUnitMinor,
      listMinor: at(goods.list, place),
      activityMinor: at(goods.activity, place),
      netMinor: at(net, place),
      shares: ledger.shares[place] ?? [],
      pointsMinor: at(tender.minorOfLine, place),
      points: at(tender.pointsOfLine, place),
      cashMinor: at(cash, place),
      taxMinor: at(taxes.lines, place),
      earnedPoints: at(earned, place),
    }
    const priceList = from[place]
    // Most lines stand at their list price and prices have one rate, and a spread into each takes longer than the pricing.
    const earning = line.earnsPoints === false ? { ...priced, earnsPoints: false as const } : priced
    const listed = priceList === undefined ? earning : { ...earning, priceList }
    return taxes.detail === null ? listed : { ...listed, taxes: taxes.detail.lines[place] ?? [] }
  })
  const listMinor = sumOf(goods.list)
  const goodsMinor = sumOf(net)
  const taxOnTopMinor = plan === null || plan.inclusive ? 0 : taxes.totalMinor
  return {
    pricingVersion: 1,
    at: input.now,
    currency: input.currency,
    lines,
    gifts: ledger.gifts,
    shipping: charge === null ? null : shippingOf(charge, chargeMinor, taxes),
    taxInclusive: plan?.inclusive ?? true,
    taxes: taxes.rates,
    totals: {
      listMinor,
      discountMinor: listMinor - goodsMinor,
      goodsMinor,
      shippingMinor: chargeMinor,
      taxMinor: taxes.totalMinor,
      taxOnTopMinor,
      pointsMinor: tender.worthMinor,
      payableMinor: goodsMinor + chargeMinor + taxOnTopMinor - tender.worthMinor,
    },
    pointsSpent: tender.spent,
    pointsEarned: sumOf(earned),
    ...(refusal === undefined ? {} : { pointsRefusal: refusal }),
    applied: ledger.applied,
    couponsUsed: ledger.applied.flatMap((each) => (each.couponId === null ? [] : [each.couponId])),
    trace,
    certificate: { optimal: answer.optimal, gapMinor: answer.gapMinor, setsTried: answer.setsTried },
  }
}

/** Points that may be spent and earned, and why not those that the buyer has. */
const pointsIn = ({
  points,
  currency,
}: ListedInput): Pick<PriceCartInput, 'points'> & { readonly refusal?: NonNullable<PricedCart['pointsRefusal']> } =>
  points?.currency === undefined || points.currency === currency
    ? { points }
    : { points: null, refusal: { type: 'OtherCurrency', currency: points.currency } }

const noTaxes = (net: readonly number[]): Taxes => ({
  lines: net.map(() => 0),
  shippingMinor: 0,
  totalMinor: 0,
  rates: [],
  detail: null,
})

const shippingOf = (
  charge: ShippingCharge,
  chargeMinor: number,
  { shippingMinor: taxMinor, detail }: Taxes,
): PricedShipping => ({
  methodId: charge.method.methodId,
  zoneId: charge.zone.zoneId,
  grossMinor: charge.grossMinor,
  discountMinor: charge.grossMinor - chargeMinor,
  chargeMinor,
  taxMinor,
  ...(detail === null ? {} : { taxes: detail.shipping }),
  days: charge.zone.days,
})
