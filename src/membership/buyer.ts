import { okAsync, type ResultAsync } from 'neverthrow'
import type { Offer } from '../promotions/offer.js'
import { isOnCalendar } from '../promotions/offer-window.js'
import { book } from '../shared/books.js'
import { type Change, expectRow } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { localDayOf } from '../shared/local-day.js'
import type { Sealer, SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CorePorts, CryptoUnavailable } from '../shared/ports.js'
import { type Asked, row, type Stored } from '../shared/read-plan.js'
import { lastBirthday, openBirthday } from './birthday.js'
import { guideMembership } from './guide-membership.js'
import { members } from './member.collection.schema.js'
import { levelIdAt, type Member } from './member.js'
import { type MembershipTerms, membershipBookId, type PointsMultiplier } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'

/** What is read of a buyer for a price. */
export type BuyerRead = {
  readonly member: Stored<Member> | undefined
  readonly memberKey: Stored<SubjectKey> | undefined
  readonly membership: Stored<MembershipTerms> | undefined
}

/** What a price needs to know of a buyer; nothing here names a person. */
export type Buyer = {
  /** Member level, null without one. */
  readonly levelId: string | null
  readonly birthdayToday: boolean
  /** How often purchases earn; 10000 is once. */
  readonly earnMultiplierBasisPoints: number
}

/** Asks for what a price needs to know of a buyer. */
export const askBuyer = (
  ports: CorePorts,
  buyerId: string,
  now: Instant,
): { readonly [Name in keyof BuyerRead]: Asked<BuyerRead[Name]> } => ({
  member: row(members, buyerId),
  memberKey: row(subjectKeys, buyerId),
  membership: book(ports.books, membershipBooks, membershipBookId, now),
})

/**
 * What a price needs to know of a buyer now; the day of birth is looked at only where an offer or a multiplier asks.
 *
 * @param asked.offers - those that may hold
 * @errors CryptoUnavailable
 */
export const buyerOf = (
  sealer: Sealer | undefined,
  read: BuyerRead,
  asked: { readonly offers: readonly Offer[]; readonly now: Instant },
): ResultAsync<Buyer, CryptoUnavailable> => {
  const { offers, now } = asked
  const terms = read.membership?.state ?? guideMembership
  const { timeZone } = terms.levels
  const levelId = levelIdAt(read.member?.state, now)
  const matters =
    offers.some(({ audience }) => audience?.birthday === true) || terms.multipliers.some((each) => each.birthday)
  const known = matters && sealer !== undefined
  const birthday = known
    ? openBirthday(sealer, read.memberKey?.state, read.member?.state, { now, timeZone })
    : okAsync(null)
  return birthday.map((found) => {
    const today = localDayOf(now, timeZone)
    const last = found === null ? null : lastBirthday(found, today)
    const birthdayToday =
      last !== null && last.year === today.year && last.month === today.month && last.day === today.day
    const isMember = read.member?.state.status === 'member'
    const facts = { levelId, birthdayToday, now }
    return {
      levelId,
      birthdayToday,
      earnMultiplierBasisPoints: isMember ? multiplierOf(terms, facts) : 10_000,
    }
  })
}

/** Relies on what a price was made of. */
export const expectBuyer = ({ member, membership }: BuyerRead): readonly Change[] => [
  ...(member === undefined ? [] : [expectRow(members, member)]),
  ...(membership === undefined ? [] : [expectRow(membershipBooks, membership)]),
]

/**
 * How often a member's purchases earn now: the highest of level and multipliers, and what additive ones give beyond
 * once on top.
 *
 * @returns basis points; 10000 is once
 */
export const multiplierOf = (
  terms: MembershipTerms,
  facts: { readonly levelId: string | null; readonly birthdayToday: boolean; readonly now: Instant },
): number => {
  const level = terms.levels.ladder.find(({ levelId }) => levelId === facts.levelId)
  const holding = terms.multipliers.filter((each) => holds(each, facts))
  const alone = holding.filter(({ additive }) => additive !== true).map(({ basisPoints }) => basisPoints)
  const added = holding.filter(({ additive }) => additive === true).map(({ basisPoints }) => basisPoints - 10_000)
  const highest = Math.max(level?.earnMultiplierBasisPoints ?? 10_000, ...alone)
  return Math.max(
    0,
    added.reduce((sum, each) => sum + each, highest),
  )
}

const holds = (
  { window, birthday, levels }: PointsMultiplier,
  { levelId, birthdayToday, now }: Parameters<typeof multiplierOf>[1],
): boolean => {
  if (levels !== undefined && (levelId === null || !levels.includes(levelId))) return false
  if (birthday === true && !birthdayToday) return false
  if (window === undefined) return true
  return (window.from ?? now) <= now && now < (window.to ?? now + 1) && isOnCalendar(window, now)
}
