import type { OutboxEvent } from '../shared/events.js'
import type { CouponOccasion } from './offer.js'

/** The events that coupons can be given on. */
export const occasionEvents: readonly string[] = [
  'account/AccountActivated',
  'order/OrderPaid',
  'order/MoneyCollected',
  'member/MemberJoined',
  'member/LevelReached',
  'member/ActivityCounted',
  'member/CheckedIn',
  'member/BirthdayCame',
  'pointsAccount/PointsGranted',
  'pointsAccount/PointsPromised',
]

/**
 * Whether an event is what a coupon is given on.
 *
 * @param facts.currency - of the offer, in which its amounts stand
 * @param facts.isFirstOrder - whether the order that was paid is the first of its customer
 */
export const isOccasion = (
  occasion: CouponOccasion,
  { type, body }: Pick<OutboxEvent, 'type' | 'body'>,
  facts: { readonly currency: string; readonly isFirstOrder: boolean },
): boolean => {
  switch (occasion.on) {
    case 'joined':
      return type === 'AccountActivated'
    case 'orderPaid':
      return (
        // On delivery an order is paid with the last of what is collected.
        ((type === 'OrderPaid' && body.onDelivery !== true) || (type === 'MoneyCollected' && body.dueMinor === 0)) &&
        body.currency === facts.currency &&
        Number(body.paidMinor) >= occasion.leastMinor &&
        (occasion.firstOrder !== true || facts.isFirstOrder)
      )
    case 'levelReached':
      // Who joins stands on a level at once.
      return (type === 'LevelReached' || type === 'MemberJoined') && occasion.levels.includes(String(body.levelId))
    case 'pointsEarned':
      return (
        // What a changed order earns in the place of what it was promised before was earned already.
        (type === 'PointsGranted' || (type === 'PointsPromised' && body.replaces === undefined)) &&
        occasion.sources.includes(String(body.source))
      )
    case 'activity':
      return type === 'ActivityCounted' && occasion.activities.includes(String(body.activity))
    case 'signInStreak':
      return type === 'CheckedIn' && Number(body.days) % occasion.everyDays === 0
    case 'birthday':
      return type === 'BirthdayCame'
  }
}
