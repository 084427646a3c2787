import { describe, expect, it } from 'vitest'
import { isOccasion, occasionEvents } from '../../src/promotions/coupon-occasion.js'
import type { CouponOccasion } from '../../src/promotions/offer.js'

const happened = {
  activated: { type: 'AccountActivated' },
  paid: { type: 'OrderPaid', currency: 'CNY', paidMinor: 5_000 },
  paidInYen: { type: 'OrderPaid', currency: 'JPY', paidMinor: 5_000 },
  joinedProgramme: { type: 'MemberJoined', levelId: 'ordinary' },
  rose: { type: 'LevelReached', levelId: 'gold' },
  fell: { type: 'LevelFallen', levelId: 'gold' },
  reviewed: { type: 'ActivityCounted', activity: 'review' },
  signedInSeven: { type: 'CheckedIn', days: 7 },
  signedInEight: { type: 'CheckedIn', days: 8 },
  birthday: { type: 'BirthdayCame' },
  granted: { type: 'PointsGranted', source: 'review' },
  promised: { type: 'PointsPromised', source: 'purchase' },
  promisedAnew: { type: 'PointsPromised', source: 'purchase', replaces: 'earn:o1' },
} as const

type Happened = keyof typeof happened

// Every occasion, and all of the above that it is; none of the others.
const table: readonly (readonly [CouponOccasion, readonly Happened[], first: boolean])[] = [
  [{ on: 'joined' }, ['activated'], false],
  [{ on: 'orderPaid', leastMinor: 5_000 }, ['paid'], false],
  [{ on: 'orderPaid', leastMinor: 5_001 }, [], false],
  [{ on: 'orderPaid', leastMinor: 1, firstOrder: true }, [], false],
  [{ on: 'orderPaid', leastMinor: 1, firstOrder: true }, ['paid'], true],
  [{ on: 'levelReached', levels: ['gold'] }, ['rose'], false],
  [{ on: 'levelReached', levels: ['ordinary', 'gold'] }, ['joinedProgramme', 'rose'], false],
  [{ on: 'activity', activities: ['review'] }, ['reviewed'], false],
  [{ on: 'activity', activities: ['share'] }, [], false],
  [{ on: 'signInStreak', everyDays: 7 }, ['signedInSeven'], false],
  [{ on: 'signInStreak', everyDays: 4 }, ['signedInEight'], false],
  [{ on: 'signInStreak', everyDays: 1 }, ['signedInSeven', 'signedInEight'], false],
  [{ on: 'birthday' }, ['birthday'], false],
  [{ on: 'pointsEarned', sources: ['review'] }, ['granted'], false],
  [{ on: 'pointsEarned', sources: ['purchase', 'review'] }, ['granted', 'promised'], false],
]

describe('what a coupon is given on', () => {
  it.each(table)('%o is met by %o and nothing else', (occasion, expected, isFirstOrder) => {
    const met = Object.entries(happened).flatMap(([name, body]) =>
      isOccasion(occasion, { type: body.type, body }, { currency: 'CNY', isFirstOrder }) ? [name] : [],
    )
    expect(met).toEqual(expected)
  })

  it('is only what the reaction listens to', () => {
    const heard = occasionEvents.map((name) => name.split('/')[1])
    const silent = Object.values(happened).filter(({ type }) => !heard.includes(type))
    expect(silent).toEqual([happened.fell])
  })
})
