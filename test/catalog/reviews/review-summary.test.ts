import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hidingReasons } from '../../../src/catalog/reviews/hiding-reasons.js'
import type { Rating, ReviewCommand } from '../../../src/catalog/reviews/review.js'
import { type ReviewState, reviewMachine } from '../../../src/catalog/reviews/review-machine.js'
import { countOf, countReview, summarise } from '../../../src/catalog/reviews/review-summary.js'
import { wilsonBasisPoints } from '../../../src/catalog/reviews/wilson.js'
import { decideNext } from '../../../src/shared/decider.js'

const stars = (byRating: Partial<Record<Rating, number>>) => summarise({ 1: 0, 2: 0, 3: 0, 4: 0, 5: 0, ...byRating }, 0)

describe('the Wilson lower bound', () => {
  it('puts 980 of 1,000 before 1 of 1', () => {
    expect(wilsonBasisPoints(1, 1)).toBe(2_065)
    expect(wilsonBasisPoints(980, 1_000)).toBe(9_693)
    expect(wilsonBasisPoints(0, 0)).toBe(0)
    expect(wilsonBasisPoints(0, 50)).toBe(0)
  })

  it('lies below the share, and rises with what is seen of it', () => {
    const counts = fc.tuple(fc.nat(500), fc.nat(500)).map(([good, bad]) => ({ good, all: good + bad }))
    fc.assert(
      fc.property(counts, ({ good, all }) => {
        const bound = wilsonBasisPoints(good, all)
        expect(bound).toBeGreaterThanOrEqual(0)
        expect(bound * all).toBeLessThanOrEqual(good * 10_000)
        expect(wilsonBasisPoints(good + 1, all + 1)).toBeGreaterThanOrEqual(bound)
        expect(wilsonBasisPoints(good, all + 1)).toBeLessThanOrEqual(bound)
      }),
    )
  })
})

describe('a summary of reviews', () => {
  it('is of 3 with five stars, 1 with four and 1 with one: 4.0, four of five good', () => {
    expect(stars({ 5: 3, 4: 1, 1: 1 })).toMatchObject({
      reviews: 5,
      ratingTenths: 40,
      good: 4,
      goodRateBasisPoints: 8_000,
      recommendationBasisPoints: wilsonBasisPoints(4, 5),
    })
    // 9 of 2 stars: 4.5 exactly; 14 of 3: 4.67.
    expect(stars({ 5: 1, 4: 1 }).ratingTenths).toBe(45)
    expect(stars({ 5: 2, 4: 1 }).ratingTenths).toBe(47)
    expect(stars({})).toMatchObject({ reviews: 0, ratingTenths: null, goodRateBasisPoints: null })
  })
})

const rating = fc.constantFrom<Rating>(1, 2, 3, 4, 5)
const at = 1_000
const command: fc.Arbitrary<ReviewCommand> = fc.oneof(
  rating.map((given): ReviewCommand => ({ type: 'Edit', rating: given, hasText: true, hasPhotos: false, at })),
  fc
    .constantFrom(...hidingReasons, 'negative')
    .map((reason): ReviewCommand => ({ type: 'Hide', reason, isBare: false, at })),
  fc.constantFrom<ReviewCommand>(
    { type: 'Show', at },
    { type: 'Withdraw', at },
    { type: 'Reply', at },
    { type: 'Vote', helpful: true, at },
  ),
)
const postOf = (review: number, given: Rating): ReviewCommand => ({
  type: 'Post',
  reviewId: `r${review}`,
  productId: 'p',
  sku: 's',
  merchantId: 'self',
  orderId: 'o',
  lineId: `l${review}`,
  accountId: 'ann',
  rating: given,
  hasText: true,
  hasPhotos: false,
  postedAt: at,
  editUntil: at + 1,
})

describe('the counts of a product', () => {
  it('are what a recount of its reviews gives, whatever is done with them', () => {
    const steps = fc.array(fc.record({ review: fc.nat(3), posts: rating, then: command }), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (taken) => {
        const states = new Map<number, ReviewState>()
        const counts = new Map<string, number>()
        for (const { review, posts, then } of taken) {
          const before = states.get(review) ?? reviewMachine.initial
          const next = decideNext(reviewMachine, before, before.status === 'absent' ? postOf(review, posts) : then)
          if (next.isErr()) continue
          states.set(review, next.value.state)
          for (const change of countReview('p', before, next.value.state)) {
            if (change.kind === 'adjust') counts.set(change.id, (counts.get(change.id) ?? 0) + change.by)
          }
        }
        for (const count of [1, 2, 3, 4, 5, 'hidden'] as const) {
          const recounted = [...states.values()].filter((state) => countOf(state) === count).length
          expect(counts.get(`p/${count}`) ?? 0, String(count)).toBe(recounted)
        }
      }),
    )
  })
})
