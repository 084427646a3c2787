import type { GoodsFilter, Offer } from '../promotions/offer.js'
import type { OfferStage } from '../promotions/offer-kind.js'
import { isOnCalendar } from '../promotions/offer-window.js'
import { compareCodePoints } from '../shared/json.js'
import type { Candidate } from './candidate.js'
import type { Goods } from './goods.js'
import { at } from './goods.js'
import type { OfferRefusal, PriceCartInput, PriceCoupon, PriceLine } from './priced-cart.js'

/** An offer or coupon of the input, in the order in which offers take effect. */
export type Entrant = { readonly offer: Offer; readonly coupon: PriceCoupon | null }

/** The offers and coupons of an input, each once, in the order in which they take effect. */
export const orderEntrants = (
  input: PriceCartInput,
  stages: readonly OfferStage[],
): { readonly entrants: readonly Entrant[]; readonly withdrawn: readonly PriceCoupon[] } => {
  const entrants: Entrant[] = []
  const withdrawn: PriceCoupon[] = []
  for (const offer of input.offers) if (offer.form.kind === 'promotion') entrants.push({ offer, coupon: null })
  for (const coupon of input.coupons) {
    const offer = input.offers.find((each) => each.offerId === coupon.offerId && each.form.kind === 'coupon')
    if (offer === undefined) withdrawn.push(coupon)
    else entrants.push({ offer, coupon })
  }
  entrants.sort((a, b) => compareEntrants(a, b, stages))
  return { entrants: entrants.filter((entrant, place) => !isSame(entrant, entrants[place - 1])), withdrawn }
}

const compareEntrants = (a: Entrant, b: Entrant, stages: readonly OfferStage[]): number =>
  stages.indexOf(a.offer.stage) - stages.indexOf(b.offer.stage) ||
  b.offer.priority - a.offer.priority ||
  compareCodePoints(a.offer.offerId, b.offer.offerId) ||
  compareCodePoints(a.coupon?.couponId ?? '', b.coupon?.couponId ?? '')

const isSame = (entrant: Entrant, before: Entrant | undefined): boolean =>
  before !== undefined &&
  before.offer.offerId === entrant.offer.offerId &&
  before.coupon?.couponId === entrant.coupon?.couponId

/** Who buys, when and how, whatever is in the cart. */
export type BuyingNow = Pick<
  PriceCartInput,
  'now' | 'buyer' | 'currency' | 'channel' | 'paymentMethod' | 'usesLeft' | 'giftsRunOut'
>

/** Why an offer does not hold for this buyer now, whatever is in the cart; nothing when it does. */
export const refuseEntrant = ({ offer, coupon }: Entrant, input: BuyingNow): OfferRefusal | undefined => {
  const { now, buyer } = input
  const { window, audience } = offer
  if (coupon !== null && coupon.status !== 'claimed') return { type: 'CouponStatus', status: coupon.status }
  if (offer.currency !== input.currency) return { type: 'OtherCurrency', currency: offer.currency }
  const from = coupon === null ? window.from : coupon.validFrom
  const to = coupon === null ? window.to : coupon.validTo
  if (from !== undefined && now < from) return { type: 'NotStarted', from }
  if (to !== undefined && now >= to) return { type: 'Expired', to }
  if (!isOnCalendar(window, now)) return { type: 'NotToday' }
  if (audience?.levels !== undefined && (buyer.levelId === null || !audience.levels.includes(buyer.levelId))) {
    return { type: 'MemberLevel', levels: audience.levels }
  }
  if (audience?.firstOrder === true && !buyer.firstOrder) return { type: 'NotFirstOrder' }
  if (audience?.birthday === true && !buyer.birthdayToday) return { type: 'NotBirthday' }
  if (offer.channels !== undefined && !offer.channels.includes(input.channel)) {
    return { type: 'Channel', channels: offer.channels }
  }
  if (
    offer.paymentMethods !== undefined &&
    (input.paymentMethod === null || !offer.paymentMethods.includes(input.paymentMethod))
  ) {
    return { type: 'PaymentMethod', paymentMethods: offer.paymentMethods }
  }
  if (coupon === null && input.giftsRunOut?.includes(offer.offerId) === true) return { type: 'GiftRunOut' }
  return refuseLimit(offer, input)
}

const refuseLimit = (offer: Offer, input: BuyingNow): OfferRefusal | undefined => {
  const { left, limit } = usesLeftOf(offer, input)
  return left <= 0 ? { type: 'LimitReached', limit } : undefined
}

/** How often an offer may still be used, and by which of its limits; without bound where it has none. */
const usesLeftOf = (
  { offerId, limits }: Offer,
  { usesLeft }: BuyingNow,
): { readonly left: number; readonly limit: 'uses' | 'usesPerCustomer' } => {
  const known = usesLeft !== undefined && Object.hasOwn(usesLeft, offerId) ? usesLeft[offerId] : undefined
  const ofAll = limits === undefined ? undefined : (known?.left ?? limits.uses)
  const ofCustomer = limits === undefined ? undefined : (known?.leftForCustomer ?? limits.usesPerCustomer)
  const [all, own] = [ofAll ?? Number.POSITIVE_INFINITY, ofCustomer ?? Number.POSITIVE_INFINITY]
  return all <= own ? { left: all, limit: 'uses' } : { left: own, limit: 'usesPerCustomer' }
}

/**
 * The coupons that are more than their offer may still be used: those that end first are kept. They all give the same, so
 * none of them would make the price a better one.
 *
 * @param insistedOn - the id of a coupon that is kept before all others
 */
export const findBeyondLimit = (
  entrants: readonly Entrant[],
  input: BuyingNow,
  insistedOn: string | null,
): ReadonlyMap<Entrant, OfferRefusal> => {
  const beyond = new Map<Entrant, OfferRefusal>()
  const limited = entrants.filter(({ offer, coupon }) => coupon !== null && offer.limits !== undefined)
  for (const { offer } of limited) {
    const { left, limit } = usesLeftOf(offer, input)
    const usable = limited.filter((each) => each.offer === offer && refuseEntrant(each, input) === undefined)
    if (usable.length <= left) continue
    const rank = ({ coupon }: Entrant): number =>
      coupon?.couponId === insistedOn ? Number.NEGATIVE_INFINITY : (coupon?.validTo ?? 0)
    // The sort is stable, so that of those that end together the first by id is kept.
    const inOrder = usable.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0))
    for (const each of inOrder.slice(left)) beyond.set(each, { type: 'LimitReached', limit })
  }
  return beyond
}

/** The offer with the open lines it speaks of and those its threshold counts, or nothing when there are none. */
export const toCandidate = ({ offer, coupon }: Entrant, goods: Goods): Candidate | undefined => {
  const meant = openLines(goods, (line) => speaksOf(offer, line))
  if (meant.lines.length === 0) return undefined
  const counted = offer.threshold?.scope === undefined ? meant : openLines(goods, (line) => countsFor(offer, line))
  const { lines, pieces } = meant
  // Member by member: one spread into another costs as much as all the rest.
  return { offer, coupon, lines, pieces, counted: counted.lines, countedPieces: counted.pieces }
}

/** Whether a line is among those that the threshold of an offer counts. */
export const countsFor = (offer: Offer, line: PriceLine): boolean => {
  const scope = offer.threshold?.scope
  return scope === undefined ? speaksOf(offer, line) : isOfIssuer(offer, line) && isInAll(scope, line)
}

const openLines = (
  goods: Goods,
  isWanted: (line: PriceLine) => boolean,
): { readonly lines: readonly number[]; readonly pieces: number } => {
  const lines: number[] = []
  let pieces = 0
  for (let place = 0; place < goods.lines.length; place += 1) {
    const line = goods.lines[place]
    if (line === undefined || goods.open[place] !== true || !isWanted(line)) continue
    lines.push(place)
    pieces += at(goods.quantity, place)
  }
  return { lines, pieces }
}

const isOfIssuer = ({ issuer }: Offer, line: SpokenLine): boolean =>
  issuer.kind !== 'merchant' || issuer.merchantId === line.merchantId

/** What of a line offers look at. */
type SpokenLine = Pick<PriceLine, 'sku' | 'productId' | 'merchantId' | 'categoryIds' | 'brand' | 'listUnitMinor'>

/** Whether an offer speaks of a line, by its scope and its issuer. */
export const speaksOf = (offer: Offer, line: SpokenLine): boolean => {
  const { scope } = offer
  if (!isOfIssuer(offer, line)) return false
  if (scope === undefined) return true
  return isInAll(scope, line) && !(scope.not !== undefined && isInAny(scope.not, line))
}

const isInAll = (filter: GoodsFilter, line: SpokenLine): boolean =>
  (filter.skus === undefined || filter.skus.includes(line.sku)) &&
  (filter.productIds === undefined || filter.productIds.includes(line.productId)) &&
  (filter.categoryIds === undefined || sharesOne(filter.categoryIds, line.categoryIds)) &&
  (filter.brands === undefined || filter.brands.includes(line.brand)) &&
  (filter.listUnitMinor === undefined || isPriced(filter.listUnitMinor, line))

const isInAny = (filter: GoodsFilter, line: SpokenLine): boolean =>
  filter.skus?.includes(line.sku) === true ||
  filter.productIds?.includes(line.productId) === true ||
  (filter.categoryIds !== undefined && sharesOne(filter.categoryIds, line.categoryIds)) ||
  filter.brands?.includes(line.brand) === true ||
  (filter.listUnitMinor !== undefined && isPriced(filter.listUnitMinor, line))

const isPriced = (
  { from = 0, to = Number.MAX_SAFE_INTEGER }: NonNullable<GoodsFilter['listUnitMinor']>,
  { listUnitMinor }: SpokenLine,
): boolean => from <= listUnitMinor && listUnitMinor <= to

const sharesOne = (left: readonly string[], right: readonly string[]): boolean => {
  for (const each of right) if (left.includes(each)) return true
  return false
}
