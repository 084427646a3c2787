import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyPriceLists } from '../../src/pricing/apply-price-lists.js'
import { findBestSet, type SearchProblem } from '../../src/pricing/best-combination.js'
import { areCompatible, type Candidate, measure, merchantOf, sharesOf } from '../../src/pricing/candidate.js'
import { type CarriageLeft, divideCarriage, freeCarriage } from '../../src/pricing/carriage-left.js'
import { orderEntrants, toCandidate } from '../../src/pricing/eligible-offers.js'
import type { Goods } from '../../src/pricing/goods.js'
import type { PriceCartInput, PriceCoupon } from '../../src/pricing/priced-cart.js'
import { stagePresets } from '../../src/pricing/stages.js'
import type { Offer } from '../../src/promotions/offer.js'
import type { Benefit } from '../../src/promotions/offer-kinds.js'
import { couponOffer, offer } from '../promotions/offers.js'
import { cart, coupon, line, priced } from './carts.js'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The search that the price of a cart comes down to. */
const problemOf = (given: PriceCartInput, changes: Partial<SearchProblem> = {}): SearchProblem => {
  const { input } = applyPriceLists(given)._unsafeUnwrap()
  const list = input.lines.map((each) => each.quantity * each.listUnitMinor)
  const goods: Goods = {
    lines: input.lines,
    quantity: input.lines.map((each) => each.quantity),
    list,
    floor: input.lines.map((each) => each.quantity * Math.min(each.floorUnitMinor ?? 0, each.listUnitMinor)),
    activity: [...list],
    open: list.map(() => true),
  }
  const { entrants } = orderEntrants(input, stagePresets.default)
  return {
    goods,
    candidates: entrants.flatMap((entrant) => toCandidate(entrant, goods) ?? []),
    carriage: { minor: 0 },
    taxOnTop: null,
    limit: 1_000_000,
    required: null,
    ...changes,
  }
}

/** A set as the rules compare it, first what counts first. */
type Ranked = {
  readonly chosen: readonly number[]
  readonly owed: number
  readonly gifts: number
  readonly giftPieces: number
  readonly coupons: number
  readonly face: number
  readonly ends: readonly number[]
  readonly ids: readonly string[]
}

const giftOf = ({ offer: { benefit } }: Candidate): { readonly valueMinor: number; readonly quantity: number } =>
  benefit.kind === 'gift'
    ? { valueMinor: benefit.pieces * benefit.unitValueMinor, quantity: benefit.pieces }
    : { valueMinor: 0, quantity: 0 }

/** Every set whose members go together and each give something when they take effect one after the other. */
const feasibleSets = (problem: SearchProblem): readonly Ranked[] => {
  const { candidates, goods, carriage, taxOnTop } = problem
  const alone = candidates.map((each) => {
    const measured = measure(each, goods, goods.activity, carriage)
    return measured.refusal === undefined ? measured.effect.goodsMinor + measured.shippingMinor : 0
  })
  const found: Ranked[] = []
  const grow = (chosen: readonly number[], running: readonly number[], shipping: CarriageLeft): void => {
    const members = chosen.map((place) => ({ place, candidate: candidates[place] as Candidate }))
    const coupons = members.filter(({ candidate }) => candidate.coupon !== null)
    found.push({
      chosen,
      owed: sum(running) + shipping.minor + (taxOnTop?.taxOf(running, shipping.minor) ?? 0),
      gifts: sum(members.map(({ candidate }) => giftOf(candidate).valueMinor)),
      giftPieces: sum(members.map(({ candidate }) => giftOf(candidate).quantity)),
      coupons: coupons.length,
      face: sum(coupons.map(({ place }) => alone[place] ?? 0)),
      ends: coupons.map(({ candidate }) => candidate.coupon?.validTo ?? 0).sort((a, b) => a - b),
      ids: members.map(({ candidate }) => candidate.coupon?.couponId ?? candidate.offer.offerId).sort(),
    })
    for (let place = (chosen.at(-1) ?? -1) + 1; place < candidates.length; place += 1) {
      const candidate = candidates[place]
      if (candidate === undefined || !members.every((each) => areCompatible(each.candidate, candidate))) continue
      const measured = measure(candidate, goods, running, shipping)
      if (measured.refusal !== undefined) continue
      const left = [...running]
      if (measured.goodsMinor > 0) {
        for (const [index, share] of sharesOf(candidate, measured, goods, running).entries()) {
          const of = candidate.lines[index] ?? 0
          left[of] = (left[of] ?? 0) - share
        }
      }
      grow([...chosen, place], left, freeCarriage(shipping, merchantOf(candidate), measured.shippingMinor))
    }
  }
  grow([], goods.activity, carriage)
  return found
}

const compareLists = <Item extends number | string>(left: readonly Item[], right: readonly Item[]): number => {
  for (const [place, item] of left.entries()) {
    const other = right[place]
    // Of two sets that begin alike the larger gives more.
    if (other === undefined) return -1
    if (item !== other) return item < other ? -1 : 1
  }
  return right.length > left.length ? 1 : 0
}

const compareRanked = (a: Ranked, b: Ranked): number =>
  a.owed - b.owed ||
  b.gifts - a.gifts ||
  b.giftPieces - a.giftPieces ||
  a.coupons - b.coupons ||
  a.face - b.face ||
  compareLists(a.ends, b.ends) ||
  compareLists(a.ids, b.ids)

const bruteForce = (problem: SearchProblem): Ranked | undefined => [...feasibleSets(problem)].sort(compareRanked)[0]

// Few different amounts, so that sets often tie.
const benefits: fc.Arbitrary<Benefit> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(500, 1000, 2000, 9000).map((offMinor) => ({ kind: 'amountOff' as const, offMinor })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1000, 5000).map((offBasisPoints) => ({ kind: 'percentOff' as const, offBasisPoints })),
  },
  fc
    .constantFrom(0, 500, 700)
    .map((unitValueMinor) => ({ kind: 'gift' as const, sku: 'G', pieces: 1, unitValueMinor })),
  fc.constant({ kind: 'buyXGetY' as const, buy: 1, get: 1 }),
  fc.constant({ kind: 'bundlePrice' as const, pieces: 2, priceMinor: 2500 }),
  fc.constant({ kind: 'amountOff' as const, offMinor: 300, perFullMinor: 1000 }),
  // What is the cheapest piece turns as offers take off: a part of its list price may be more later.
  fc.record({
    kind: fc.constant('pieceOff' as const),
    offBasisPoints: fc.constantFrom(5000, 9000),
    of: fc.constantFrom('list' as const, 'running' as const),
    maxPieces: fc.constantFrom(1, 2),
    per: fc.constantFrom('line' as const, 'order' as const),
  }),
  fc.constant({
    kind: 'pieceOff' as const,
    offBasisPoints: 9000,
    of: 'list' as const,
    maxPieces: 1,
    per: 'order' as const,
    groupOf: 2,
  }),
  // A higher step may give less than one below it.
  fc.constant({
    kind: 'tiered' as const,
    measure: 'amount' as const,
    tiers: [
      { from: 1000, offMinor: 900 },
      { from: 2000, offBasisPoints: 2000 },
      { from: 3000, offMinor: 500 },
    ],
  }),
  fc.constantFrom(
    { kind: 'nthItem' as const, nth: 2, offBasisPoints: 5000 },
    { kind: 'setPrice' as const, priceMinor: 1500 },
  ),
)

const drawnOffers = fc.record({
  benefit: benefits,
  coupon: fc.nat({ max: 3 }).map((draw) => draw > 0),
  late: fc.boolean(),
  priority: fc.nat({ max: 1 }),
  threshold: fc.option(
    fc.record({
      amountMinor: fc.constantFrom(1000, 2000, 4000),
      basis: fc.constantFrom('list' as const, 'activity' as const, 'running' as const),
    }),
  ),
  category: fc.option(fc.constantFrom('food', 'book')),
  group: fc.option(fc.constantFrom('a', 'b', 'c')),
  exclusive: fc.nat({ max: 9 }).map((draw) => draw === 0),
  stackable: fc.nat({ max: 3 }).map((draw) => draw > 0),
  withPromotions: fc.nat({ max: 4 }).map((draw) => draw > 0),
  validTo: fc.integer({ min: 1, max: 3 }),
})

/** Carts of up to twelve offers that take effect on the order. */
const tieProneCarts = fc
  .record({
    lines: fc.array(
      fc.record({
        listUnitMinor: fc.constantFrom(300, 1000, 1999, 2000, 3000),
        quantity: fc.integer({ min: 1, max: 2 }),
        category: fc.constantFrom('food', 'book'),
        floorUnitMinor: fc.constantFrom(0, 0, 0, 400),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    offers: fc.array(drawnOffers, { maxLength: 12, size: 'max' }),
  })
  .map(({ lines, offers }) => {
    const coupons: PriceCoupon[] = []
    const made = offers.map((drawn, place): Offer => {
      const { benefit, late, priority, threshold, category, group, exclusive, stackable, withPromotions } = drawn
      const changes: Partial<Offer> & Pick<Offer, 'benefit'> = {
        benefit,
        priority,
        stacking: { exclusive, stackable, withPromotions, ...(group === null ? {} : { group }) },
        ...(threshold === null ? {} : { threshold }),
        ...(category === null ? {} : { scope: { categoryIds: [category] } }),
      }
      // Ids that do not follow the order of effect.
      const id = `${'kbxadmqcwezs'[place] ?? 'y'}${place}`
      if (!drawn.coupon) return offer(id, { ...changes, stage: late ? 'platform' : 'shop' })
      coupons.push(coupon(id, { validTo: 1_900_000_000_000 + drawn.validTo }))
      return couponOffer(id, { ...changes, stage: late ? 'platformCoupon' : 'shopCoupon' })
    })
    return cart(
      lines.map(({ category, ...rest }, place) =>
        line(`l${place}`, rest.listUnitMinor, { ...rest, categoryIds: [category] }),
      ),
      { offers: made, coupons },
    )
  })

describe('the best combination', () => {
  it('is found where an offer gives more once the cheapest piece is another', () => {
    // 92.00 off the 100.00 leaves 8.00, which then is the cheapest: half of its list price takes all of it, 9.00 are left.
    const price = priced(
      cart([line('a', 10_000), line('b', 900)], {
        offers: [
          offer('o1', { benefit: { kind: 'amountOff', offMinor: 9_200 }, scope: { skus: ['sku-a'] }, priority: 1 }),
          offer('o2', {
            benefit: { kind: 'pieceOff', offBasisPoints: 5_000, of: 'list', maxPieces: 1, per: 'order' },
          }),
          offer('o3', { benefit: { kind: 'amountOff', offMinor: 9_800 }, stacking: { exclusive: true } }),
        ],
      }),
    )
    expect(price.applied.map(({ offerId }) => offerId)).toEqual(['o1', 'o2'])
    expect(price.totals.payableMinor).toBe(900)
    expect(price.certificate).toMatchObject({ optimal: true, gapMinor: 0 })
  })

  it('is found where a step that gives less is reached no longer', () => {
    // Of 100.00 the second step takes 1.00, of the 80.00 that the first offer leaves the first takes 30.00.
    const price = priced(
      cart([line('a', 10_000)], {
        offers: [
          offer('o1', { benefit: { kind: 'amountOff', offMinor: 2_000 }, priority: 1 }),
          offer('o2', {
            benefit: {
              kind: 'tiered',
              measure: 'amount',
              tiers: [
                { from: 5_000, offMinor: 3_000 },
                { from: 9_000, offMinor: 100 },
              ],
            },
            threshold: { basis: 'running' },
          }),
          offer('o3', { benefit: { kind: 'amountOff', offMinor: 4_000 }, stacking: { exclusive: true } }),
        ],
      }),
    )
    expect(price.totals.payableMinor).toBe(5_000)
    expect(price.certificate).toMatchObject({ optimal: true, gapMinor: 0 })
  })

  it('P17: is the one that trying all of them finds, by every tie-break, up to twelve offers', () => {
    fc.assert(
      fc.property(tieProneCarts, fc.boolean(), (input, taxed) => {
        const problem = problemOf(
          input,
          taxed
            ? {
                carriage: { minor: 800 },
                taxOnTop: {
                  taxOf: (running, shippingMinor) => Math.round((sum(running) + shippingMinor) * 0.1),
                  highestMillionths: 100_000,
                  slackMinor: 1,
                },
              }
            : {},
        )
        const answer = findBestSet(problem)
        expect(answer.chosen).toEqual(bruteForce(problem)?.chosen)
        expect(answer).toMatchObject({ optimal: true, gapMinor: 0 })
      }),
    )
  })

  it('P17: is found among offers of merchants and of the platform that free carriage', () => {
    const ofMerchant = fc.constantFrom('m1', 'm2').map((merchantId) => ({ kind: 'merchant' as const, merchantId }))
    const freeing = fc.record({
      issuer: fc.oneof(fc.constant({ kind: 'platform' as const }), ofMerchant),
      benefit: fc
        .constantFrom({}, { upToMinor: 250 }, { offBasisPoints: 3000 })
        .map((most) => ({ kind: 'freeShipping' as const, ...most })),
      stacking: fc.constantFrom({}, { group: 'a' }, { stackable: false }),
    })
    fc.assert(
      fc.property(fc.array(freeing, { maxLength: 7 }), fc.integer({ min: 1, max: 5000 }), (drawn, minor) => {
        const lines = [line('a', minor), line('b', 2000, { merchantId: 'm2' })]
        const offers = drawn.map((each, place) => offer(`o${place}`, { ...each, stage: 'shipping' }))
        const problem = problemOf(cart(lines, { offers }), { carriage: divideCarriage(lines, [minor, 2000], 801) })
        expect(findBestSet(problem)).toMatchObject({ chosen: bruteForce(problem)?.chosen, optimal: true, gapMinor: 0 })
      }),
    )
  })

  it('P17: is found among offers that may give more when less is left', () => {
    const turning = fc.oneof(
      fc.record({
        kind: fc.constant('pieceOff' as const),
        offBasisPoints: fc.constantFrom(3000, 5000, 9000),
        of: fc.constant('list' as const),
        maxPieces: fc.constantFrom(1, 2),
        per: fc.constant('order' as const),
      }),
      fc.tuple(fc.constantFrom(800, 2500), fc.constantFrom(100, 900)).map(([low, high]) => ({
        kind: 'tiered' as const,
        measure: 'amount' as const,
        tiers: [
          { from: 1000, offMinor: low },
          { from: 4000, offMinor: high },
        ],
      })),
      fc.constantFrom(1900, 2600, 3900).map((offMinor) => ({ kind: 'amountOff' as const, offMinor })),
    )
    const turningCarts = fc
      .tuple(
        fc.array(fc.constantFrom(300, 900, 3000, 5000), { minLength: 2, maxLength: 3 }),
        fc.array(fc.tuple(turning, fc.nat({ max: 3 }), fc.option(fc.constantFrom('sku-l0', 'sku-l1'))), {
          minLength: 3,
          maxLength: 6,
        }),
      )
      .map(([prices, drawn]) =>
        cart(
          prices.map((listUnitMinor, place) => line(`l${place}`, listUnitMinor)),
          {
            offers: drawn.map(([benefit, draw, sku], place) =>
              offer(`p${place}`, {
                benefit,
                threshold: { basis: 'running' },
                stacking: { exclusive: draw === 0 },
                ...(sku === null ? {} : { scope: { skus: [sku] } }),
              }),
            ),
          },
        ),
      )
    fc.assert(
      fc.property(turningCarts, (input) => {
        const problem = problemOf(input)
        const answer = findBestSet(problem)
        expect(answer.chosen).toEqual(bruteForce(problem)?.chosen)
        expect(answer).toMatchObject({ optimal: true, gapMinor: 0 })
      }),
      { numRuns: 400 },
    )
  })

  it('P17: is what the price of the cart is made of', () => {
    fc.assert(
      fc.property(tieProneCarts, (input) => {
        const best = bruteForce(problemOf(input))
        const price = priced(input)
        expect(price.applied.map((each) => each.couponId ?? each.offerId).sort()).toEqual(best?.ids)
        expect(price.totals.payableMinor).toBe(best?.owed)
      }),
    )
  })

  it('of groups that exclude each other takes the best of each, and looks at no more sets than there are coupons', () => {
    // 3 to the 10th sets could be; each group bounds itself.
    const groups = Array.from({ length: 10 }, (_, place) => `g${place}`)
    const offers = groups.flatMap((group, place) =>
      [100, 200, 300].map((offMinor) =>
        couponOffer(`${group}-${offMinor}`, {
          benefit: { kind: 'amountOff', offMinor: offMinor + place },
          stacking: { stackable: true, group },
        }),
      ),
    )
    const input = cart([line('a', 100_000)], { offers, coupons: offers.map((each) => coupon(each.offerId)) })
    const price = priced(input)
    expect(price.totals.discountMinor).toBe(sum(groups.map((_, place) => 300 + place)))
    expect(price.certificate).toMatchObject({ optimal: true, gapMinor: 0 })
    expect(price.certificate.setsTried).toBeLessThanOrEqual(offers.length)
  })

  it('of an independent set of coupons, each on a line of its own, stays within its bound and says how far it may be off', () => {
    // Some stack with nothing, some share a group: the sets that go together are the independent sets of that graph.
    const offers = Array.from({ length: 24 }, (_, place) =>
      couponOffer(`c${String(place).padStart(2, '0')}`, {
        benefit: { kind: 'amountOff', offMinor: 1 },
        scope: { skus: [`sku-l${place}`] },
        stacking: { stackable: place % 3 !== 0, ...(place % 2 === 0 ? { group: `g${place % 5}` } : {}) },
      }),
    )
    const lines = offers.map((_, place) => line(`l${place}`, 10))
    const input = cart(lines, { offers, coupons: offers.map((each) => coupon(each.offerId)) })
    const exact = priced({ ...input, searchLimit: 1_000_000 })
    expect(exact.certificate.optimal).toBe(true)
    for (const searchLimit of [1, 10, 100]) {
      const { certificate, totals } = priced({ ...input, searchLimit })
      expect(certificate.setsTried).toBeLessThanOrEqual(searchLimit)
      expect(totals.payableMinor - certificate.gapMinor).toBeLessThanOrEqual(exact.totals.payableMinor)
      expect(certificate.optimal).toBe(certificate.gapMinor === 0)
    }
  })

  it('of thresholds on what is left is a subset sum: bounded work, and a certificate that never claims too much', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 50, max: 2000 }), { minLength: 1, maxLength: 14 }),
        fc.integer({ min: 100, max: 12_000 }),
        fc.constantFrom(3, 40, 20_000),
        (sizes, fits, searchLimit) => {
          const totalMinor = 30_000
          const offers = sizes.map((offMinor, place) =>
            couponOffer(`c${place}`, {
              benefit: { kind: 'amountOff', offMinor },
              stacking: { stackable: true },
              threshold: { amountMinor: totalMinor - fits + offMinor, basis: 'running' },
            }),
          )
          const coupons = offers.map((each) => coupon(each.offerId))
          const { certificate, totals } = priced(cart([line('a', totalMinor)], { offers, coupons, searchLimit }))
          expect(certificate.setsTried).toBeLessThanOrEqual(searchLimit)
          const most = mostThatFits(sizes, fits)
          expect(totals.discountMinor).toBeLessThanOrEqual(most)
          expect(totals.discountMinor + certificate.gapMinor).toBeGreaterThanOrEqual(most)
          if (certificate.optimal) expect(totals.discountMinor).toBe(most)
        },
      ),
    )
  })
})

/** The largest sum of some of the sizes that does not exceed a limit, by a table of all sums. */
const mostThatFits = (sizes: readonly number[], limit: number): number => {
  let sums = new Set([0])
  for (const size of sizes)
    sums = new Set([...sums, ...[...sums].map((each) => each + size).filter((each) => each <= limit)])
  return Math.max(...sums)
}
