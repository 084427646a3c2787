import type { Result } from 'neverthrow'
import { applyPriceLists, type ListedInput } from './apply-price-lists.js'
import { countsFor } from './eligible-offers.js'
import { priceCart } from './price-cart.js'
import type {
  CatalogLine,
  OfferRefusal,
  OfferTrace,
  PriceCartError,
  PriceCartInput,
  PricedCart,
  PriceLine,
} from './priced-cart.js'

/** What an offer did, or would have done. */
export type OfferExplanation = {
  readonly offerId: string
  readonly couponId: string | null
  readonly outcome: OfferTrace['outcome']
  /** What it takes off when it is the only offer, goods and carriage; null where it does not hold. */
  readonly aloneMinor: number | null
  /** The least to pay with it; null where it cannot take effect. */
  readonly bestPayableWithMinor: number | null
  /** The least to pay without it. */
  readonly bestPayableWithoutMinor: number
}

/** A way to reach an offer, tried out: the cart was priced with so much more in it. */
export type PriceHint = {
  readonly offerId: string
  readonly couponId: string | null
  /** The line whose goods were added to. */
  readonly lineId: string
  readonly more:
    | { readonly kind: 'spend'; readonly amountMinor: number }
    | { readonly kind: 'pieces'; readonly pieces: number }
  /** What is to pay then; less than now where adding pays for itself. */
  readonly payableMinor: number
}

/** A step from list prices, before any sale, to what is to pay; the amounts sum to it. */
export type WaterfallStep = {
  readonly kind: 'list' | 'sale' | 'offer' | 'shipping' | 'shippingOffer' | 'tax' | 'points'
  readonly offerId: string | null
  readonly couponId: string | null
  readonly amountMinor: number
  /** What the steps so far come to. */
  readonly afterMinor: number
}

/** A price, explained. */
export type PriceExplanation = {
  readonly price: PricedCart
  readonly offers: readonly OfferExplanation[]
  readonly hints: readonly PriceHint[]
  readonly waterfall: readonly WaterfallStep[]
  /** How many carts were priced for it: at most two for each offer, one for each hint, and two. */
  readonly pricings: number
}

/**
 * Explains a price: what every offer does or would do, what is to pay with and without it, and how much more would reach
 * it, each checked by pricing the cart anew.
 *
 * @errors PriceCartError
 * @source docs/pricing.md
 */
export const explainPrice = (input: PriceCartInput): Result<PriceExplanation, PriceCartError> =>
  priceCart(input).map((price) => {
    let pricings = 1
    const reprice = (changed: PriceCartInput, insistOn?: Named): PricedCart | undefined => {
      pricings += 1
      const answer = priceCart(changed, { trace: false, ...(insistOn === undefined ? {} : { insistOn }) })
      return answer.isOk() ? answer.value : undefined
    }
    const offers = price.trace.map((trace) => explainOffer(input, price, trace, reprice))
    const hints = price.trace.flatMap((trace) => hintFor(input, trace, reprice) ?? [])
    return { price, offers, hints, waterfall: waterfallOf(price), pricings }
  })

type Named = { readonly offerId: string; readonly couponId: string | null }
type Reprice = (changed: PriceCartInput, insistOn?: Named) => PricedCart | undefined

const isApplied = (price: PricedCart | undefined, { offerId, couponId }: Named): boolean =>
  price?.applied.some((each) => each.offerId === offerId && each.couponId === couponId) === true

const explainOffer = (
  input: PriceCartInput,
  price: PricedCart,
  { offerId, couponId, stage, outcome }: OfferTrace,
  reprice: Reprice,
): OfferExplanation => {
  const named = { offerId, couponId }
  const payable = price.totals.payableMinor
  if (outcome.kind === 'rejected' && !mayStand(outcome.reason)) {
    const nothing = { aloneMinor: null, bestPayableWithMinor: null, bestPayableWithoutMinor: payable }
    return { ...named, outcome, ...nothing }
  }
  const alone = reprice(only(input, named))
  const shippingOff = alone?.applied.reduce((sum, each) => sum + each.shippingMinor, 0) ?? 0
  const aloneMinor = isApplied(alone, named) ? (alone?.totals.discountMinor ?? 0) + shippingOff : null
  if (outcome.kind === 'applied') {
    const without = reprice(allBut(input, named))
    return {
      ...named,
      outcome,
      aloneMinor,
      bestPayableWithMinor: payable,
      bestPayableWithoutMinor: without?.totals.payableMinor ?? payable,
    }
  }
  // On lines the largest offer wins; nothing else is up for choice there.
  const forced = stage === 'line' ? undefined : reprice(input, named)
  return {
    ...named,
    outcome,
    aloneMinor,
    bestPayableWithMinor: isApplied(forced, named) ? (forced?.totals.payableMinor ?? null) : null,
    bestPayableWithoutMinor: payable,
  }
}

/** Whether an offer that was not applied holds by itself: others stood in its way. */
const mayStand = (reason: OfferRefusal): boolean =>
  reason.type === 'ExcludedBy' ||
  reason.type === 'NotBest' ||
  reason.type === 'ZeroEffect' ||
  reason.type === 'LineTaken'

const only = (input: PriceCartInput, { offerId, couponId }: Named): PriceCartInput => ({
  ...input,
  offers: input.offers.filter((offer) => offer.offerId === offerId),
  coupons: input.coupons.filter((coupon) => coupon.couponId === couponId),
})

const allBut = (input: PriceCartInput, { offerId, couponId }: Named): PriceCartInput => ({
  ...input,
  offers: couponId === null ? input.offers.filter((offer) => offer.offerId !== offerId) : input.offers,
  coupons: input.coupons.filter((coupon) => coupon.couponId !== couponId),
})

const hintFor = (input: PriceCartInput, trace: OfferTrace, reprice: Reprice): PriceHint | undefined => {
  if (trace.outcome.kind === 'applied') return undefined
  const { reason } = trace.outcome
  if (reason.type !== 'ThresholdAmount' && reason.type !== 'ThresholdQuantity') return undefined
  const listed = applyPriceLists(input)
  if (listed.isErr()) return undefined
  const { lines } = listed.value.input
  const place = lines.findIndex((each) => counts(input, trace, each))
  const line = lines[place]
  if (line === undefined) return undefined
  const { offerId, couponId } = trace
  const tried =
    reason.type === 'ThresholdAmount'
      ? reprice(withFiller(listed.value.input, line, reason.missingMinor))
      : reprice({ ...input, lines: withMore(input.lines, place, reason.missingQuantity) })
  if (tried === undefined || !isApplied(tried, trace)) return undefined
  return {
    offerId,
    couponId,
    lineId: line.lineId,
    more:
      reason.type === 'ThresholdAmount'
        ? { kind: 'spend', amountMinor: reason.missingMinor }
        : { kind: 'pieces', pieces: reason.missingQuantity },
    payableMinor: tried.totals.payableMinor,
  }
}

/** Whether more of a line would count toward the threshold of an offer. */
const counts = (input: PriceCartInput, { offerId }: OfferTrace, line: PriceLine): boolean => {
  const offer = input.offers.find((each) => each.offerId === offerId)
  return offer !== undefined && line.discountable && countsFor(offer, line)
}

// The filler has no list price, so it stands among lines that have theirs.
const withFiller = (input: ListedInput, line: PriceLine, missingMinor: number): PriceCartInput => ({
  ...input,
  lines: [...input.lines, fillerOf(line, missingMinor, input)],
})

/** Another piece like those of a line, at a price of its own. */
const fillerOf = (line: PriceLine, listUnitMinor: number, { lines }: ListedInput): PriceLine => {
  let lineId = `${line.lineId}+`
  while (lines.some((each) => each.lineId === lineId)) lineId += '+'
  const { floorUnitMinor: _, ...rest } = line
  return { ...rest, lineId, quantity: 1, listUnitMinor, weightGrams: 0 }
}

const withMore = (lines: readonly CatalogLine[], more: number, pieces: number): readonly CatalogLine[] =>
  lines.map((each, place) => (place === more ? { ...each, quantity: each.quantity + pieces } : each))

const waterfallOf = (price: PricedCart): readonly WaterfallStep[] => {
  const steps: WaterfallStep[] = []
  let afterMinor = 0
  const add = (kind: WaterfallStep['kind'], amountMinor: number, from: Named | null = null): void => {
    if (amountMinor === 0 && kind !== 'list') return
    afterMinor += amountMinor
    const { offerId, couponId } = from ?? { offerId: null, couponId: null }
    steps.push({ kind, offerId, couponId, amountMinor, afterMinor })
  }
  const { totals, shipping, applied, lines } = price
  const saleMinor = lines.reduce(
    (sum, { priceList, quantity, listUnitMinor }) =>
      sum + (priceList === undefined ? 0 : quantity * (priceList.originalUnitMinor - listUnitMinor)),
    0,
  )
  add('list', totals.listMinor + saleMinor)
  add('sale', -saleMinor)
  for (const each of applied) add('offer', -each.goodsMinor, each)
  add('shipping', shipping?.grossMinor ?? 0)
  for (const each of applied) add('shippingOffer', -each.shippingMinor, each)
  add('tax', totals.taxOnTopMinor)
  add('points', -totals.pointsMinor)
  return steps
}
