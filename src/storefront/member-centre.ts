import { err, type ResultAsync } from 'neverthrow'
import { chanceOf } from '../membership/benefit.js'
import { type Birthday, openBirthday } from '../membership/birthday.js'
import { guideMembership } from '../membership/guide-membership.js'
import type { Level } from '../membership/level.js'
import { type MemberStanding, standingAt } from '../membership/level-history.js'
import { type ActiveMember, isTaken, levelIdAt } from '../membership/member.js'
import { askMember, countedSince, type MemberRead, timeZoneOf } from '../membership/member-draft.js'
import { type MembershipTerms, membershipBookId } from '../membership/membership-terms.js'
import { membershipBooks } from '../membership/membership-terms.schema.js'
import { availablePoints } from '../membership/points-account.js'
import { sumOfPoints } from '../membership/points-evolve.js'
import type { MembershipPorts } from '../membership/ports.js'
import { orders } from '../orders/order.collection.schema.js'
import { type DisplayedState, displayedState } from '../orders/order-display.js'
import { coupons } from '../promotions/coupon.collection.schema.js'
import type { Coupon } from '../promotions/coupon.js'
import type { Offer } from '../promotions/offer.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { askOfferCategories, categoryNames, type OfferCategories } from '../promotions/offer-categories.js'
import { type OfferNames, type OfferRules, offerRules } from '../promotions/offer-words.js'
import { customerIdOf, type Denied } from '../shared/actor.js'
import { book } from '../shared/books.js'
import type { Instant } from '../shared/instant.js'
import { compareCodePoints } from '../shared/json.js'
import type { Message } from '../shared/messages.js'
import type { NoInput } from '../shared/no-input.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { find, row, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'

/** What a member has and what is under way. */
export type MemberCentre = {
  readonly accountId: string
  /** Where they stand in the programme; null for who has not joined, or has left. */
  readonly membership: MembershipView | null
  /** Points that can be spent now. */
  readonly points: number
  /** Points that are promised and may still be cancelled, as those of orders under way. */
  readonly pointsToCome: number
  /** Points owed, which the next ones repay. */
  readonly pointsDebt: number
  /** Points that end, first to end first. */
  readonly pointsEnding: readonly { readonly points: number; readonly expiresAt: Instant }[]
  /** Coupons free to use, first to end first. */
  readonly coupons: readonly {
    readonly couponId: string
    readonly offerId: string
    readonly validTo: Instant
    /** What its offer is called, and its rules in words; null where the offer is in the book no longer. */
    readonly title: Message | null
    readonly rules: OfferRules | null
  }[]
  /** How many coupons stand in each state, of the newest two hundred. */
  readonly couponStates: Readonly<Partial<Record<CouponStanding, number>>>
  /** How many orders stand in each state, of the newest hundred. */
  readonly orders: Readonly<Partial<Record<DisplayedState, number>>>
}

/** How a coupon stands for its holder. */
export type CouponStanding = 'usable' | 'locked' | 'used' | 'ended'

/** A member's place in the programme. */
export type MembershipView = {
  readonly joinedAt: Instant
  readonly level: Level | null
  /** Since when. */
  readonly levelSince: Instant
  /** Why: what counts now, and what it comes to. */
  readonly counted: MemberStanding['activity'] & { readonly metric: number }
  /** The next level and what is missing for it; null on the highest. */
  readonly next: { readonly level: Level; readonly missing: number } | null
  /** When the level falls if nothing more is done; null when it does not. */
  readonly falls: MemberStanding['falls']
  readonly birthdayTold: boolean
  /** Days in a row with a daily sign-in, up to the last such day. */
  readonly streak: { readonly day: string; readonly days: number } | null
  readonly benefits: readonly BenefitView[]
}

/** A benefit of the member's level. */
export type BenefitView = {
  readonly benefitId: string
  readonly title: Message
  /** `open` to be taken now, `taken` in this period, `later` when its day comes. */
  readonly state: 'open' | 'taken' | 'later'
}

/**
 * Shows a member what they have: level and why, what is missing for the next, benefits, points and when they end,
 * coupons and orders by state, in one read.
 *
 * @errors CryptoUnavailable, QueryError
 */
export const memberCentre = (
  ports: MembershipPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<MemberCentre, Denied | CryptoUnavailable | QueryError> =>
  runQuery(ports, context, input, {
    action: 'storefront.memberCentre',
    parse: parseNothing,
    plan: ({ actor, now }) => {
      const accountId = customerIdOf(actor)
      const offers = book(ports.books, offerBooks, offerBookId, now)
      return {
        offers,
        ...askOfferCategories(offers, 'offers'),
        ...askMember(ports, accountId, now),
        membership: row(membershipBooks, membershipBookId),
        key: row(subjectKeys, accountId),
        coupons: find(coupons, {
          where: [{ field: 'holderId', is: 'eq', value: accountId }],
          orderBy: { field: 'issuedAt', direction: 'descending' },
          limit: 200,
        }),
        orders: find(orders, {
          where: [{ field: 'accountId', is: 'eq', value: accountId }],
          orderBy: { field: 'placedAt', direction: 'descending' },
          limit: 100,
        }),
      }
    },
    answer: (found, { actor, now }) => {
      if (actor.kind !== 'customer') return err<never, Denied>({ type: 'Denied', action: 'storefront.memberCentre' })
      return openBirthday(ports.sealer, found.key?.state, found.member?.state, { now, timeZone: timeZoneOf(found) })
        .mapErr((error): Denied | CryptoUnavailable => error)
        .map((birthday): MemberCentre => {
          const points = found.points?.state.status === 'open' ? found.points.state : undefined
          return {
            accountId: actor.accountId,
            membership: membershipOf(found, birthday, now),
            points: availablePoints(points, now),
            pointsToCome: sumOfPoints(points?.pending ?? []),
            pointsDebt: points?.debt ?? 0,
            pointsEnding: (points?.lots ?? [])
              .filter((lot) => lot.points > 0 && lot.expiresAt > now)
              .map(({ points: left, expiresAt }) => ({ points: left, expiresAt })),
            coupons: usableCoupons(found.coupons, found.offers?.state.offers ?? [], namesIn(found), now),
            couponStates: countBy(found.coupons.map(({ state }) => standingOf(state, now))),
            orders: countBy(found.orders.map(({ state }) => displayedState(state))),
          }
        })
    },
  })

const membershipOf = (read: MemberRead, birthday: Birthday | null, now: Instant): MembershipView | null => {
  const member = read.member?.state
  if (member?.status !== 'member') return null
  const terms = read.membership?.state ?? guideMembership
  const { ladder, timeZone } = terms.levels
  const standing = standingAt(countedSince(read, member.joinedAt), terms.levels, now)
  const levelId = levelIdAt(member, now)
  const place = ladder.findIndex((level) => level.levelId === levelId)
  // After the level that holds: one that never falls may be above what counts now.
  const next = place < 0 ? standing.next : (ladder[place + 1] ?? null)
  const begun = member.steps.filter(({ from }) => from <= now && from > member.levelSince).at(-1)
  return {
    joinedAt: member.joinedAt,
    level: ladder[place] ?? null,
    levelSince: begun === undefined || levelId === member.levelId ? member.levelSince : begun.from,
    counted: { ...standing.activity, metric: standing.metric },
    next: next === null ? null : { level: next, missing: Math.max(0, next.from - standing.metric) },
    falls: standing.falls,
    birthdayTold: member.birthday !== null,
    streak: member.streak,
    benefits: benefitsOf(terms, member, { levelId, birthday, now, timeZone }),
  }
}

const benefitsOf = (
  terms: MembershipTerms,
  member: ActiveMember,
  facts: Parameters<typeof chanceOf>[1],
): readonly BenefitView[] =>
  terms.benefits.flatMap((benefit): readonly BenefitView[] => {
    const { benefitId, title } = benefit
    const chance = chanceOf(benefit, facts)
    if (chance.kind === 'needsLevel') return []
    if (chance.kind === 'notNow') return [{ benefitId, title, state: 'later' }]
    const taken = isTaken(member.benefits, benefitId, chance.period)
    return [{ benefitId, title, state: taken ? 'taken' : 'open' }]
  })

const namesIn = (found: OfferCategories & Pick<MemberRead, 'membership'>): OfferNames => {
  const { ladder } = (found.membership?.state ?? guideMembership).levels
  return {
    categories: categoryNames(found),
    levels: Object.fromEntries(ladder.map(({ levelId, title }) => [levelId, title])),
  }
}

const usableCoupons = (
  found: readonly Stored<Coupon>[],
  offers: readonly Offer[],
  names: OfferNames,
  now: Instant,
): MemberCentre['coupons'] =>
  found
    .flatMap(({ state: coupon }) => {
      if (coupon.status !== 'claimed' || coupon.validTo <= now) return []
      const { couponId, offerId, validTo } = coupon
      const offer = offers.find((each) => each.offerId === offerId)
      const words =
        offer === undefined ? { title: null, rules: null } : { title: offer.title, rules: offerRules(offer, names) }
      return [{ couponId, offerId, validTo, ...words }]
    })
    .sort((a, b) => a.validTo - b.validTo || compareCodePoints(a.couponId, b.couponId))

const standingOf = (coupon: Coupon, now: Instant): CouponStanding => {
  switch (coupon.status) {
    case 'issued':
      return 'usable'
    case 'claimed':
      return coupon.validTo > now ? 'usable' : 'ended'
    case 'locked':
    case 'used':
      return coupon.status
    case 'expired':
    case 'revoked':
      return 'ended'
  }
}

const countBy = <Name extends string>(names: readonly Name[]): Readonly<Partial<Record<Name, number>>> => {
  const counts: Partial<Record<Name, number>> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
