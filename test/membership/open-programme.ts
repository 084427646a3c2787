import { createSealer } from '../../adapters/runtime/index.js'
import { membershipAccess } from '../../src/membership/access.js'
import { guideMembership } from '../../src/membership/guide-membership.js'
import { joinMembership } from '../../src/membership/join-membership.js'
import { levelEntries, members } from '../../src/membership/member.collection.schema.js'
import type { MembershipTerms } from '../../src/membership/membership-terms.js'
import { publishMembership } from '../../src/membership/publish-membership.js'
import type { Offer } from '../../src/promotions/offer.js'
import { offerBookId, offerBooks } from '../../src/promotions/offer.schema.js'
import { put } from '../../src/shared/commit.js'
import { daysMs } from '../../src/shared/instant.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { entries, row } from '../../src/shared/read-plan.js'
import { commitChanges } from '../../src/shared/storage.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

/** 2026-11-11 12:00 in Shanghai. */
export const opening = Date.UTC(2026, 10, 11, 4)

let keys = 0
const key = (): string => {
  keys += 1
  return `k${keys}`
}

export const staff = () => ({ actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key: key() })
export const customer = (accountId: string) => ({ actor: { kind: 'customer', accountId } as const, key: key() })

const text = (en: string) => ({ en, 'zh-CN': en })

/** A coupon of 20.00 off, of which there are so many. */
const couponOffer = (issues: number): Offer => ({
  version: 1,
  offerId: 'twenty-off',
  title: text('twenty off'),
  issuer: { kind: 'platform' },
  form: { kind: 'coupon', issues, claimsPerCustomer: 1, claimable: false },
  stage: 'platformCoupon',
  priority: 0,
  currency: 'CNY',
  window: { timeZone: 'Asia/Shanghai', to: opening + 400 * daysMs },
  benefit: { kind: 'amountOff', offMinor: 2_000 },
  funding: { platformBasisPoints: 0 },
})

const { bookId: _, ...guide } = guideMembership

/** Benefits and a reward to be had in these tests. */
export const programme: Omit<MembershipTerms, 'bookId'> = {
  ...guide,
  activities: { ...guide.activities, signIn: { points: 1, streaks: [{ everyDays: 3, points: 5 }] } },
  benefits: [
    {
      benefitId: 'welcome',
      title: text('Welcome'),
      levels: ['ordinary'],
      period: 'once',
      occasion: { kind: 'any' },
      points: 30,
      couponOfferIds: ['twenty-off'],
    },
    {
      benefitId: 'birthday',
      title: text('Birthday'),
      levels: ['ordinary', 'silver'],
      period: 'year',
      occasion: { kind: 'birthday', days: 7 },
      points: 100,
      couponOfferIds: [],
    },
    {
      benefitId: 'gold-only',
      title: text('Gold'),
      levels: ['gold'],
      period: 'month',
      occasion: { kind: 'any' },
      points: 1,
      couponOfferIds: [],
    },
  ],
  rewards: [
    {
      rewardId: 'coupon',
      title: text('Coupon'),
      points: 200,
      stock: 10,
      perMember: 2,
      couponOfferId: 'twenty-off',
    },
    { rewardId: 'silver-only', title: text('S'), points: 1, levels: ['silver'], couponOfferId: 'twenty-off' },
    { rewardId: 'over', title: text('O'), points: 1, window: { to: opening }, couponOfferId: 'twenty-off' },
    { rewardId: 'for-many', title: text('M'), points: 1, minimumPoints: 500, couponOfferId: 'twenty-off' },
  ],
}

/** Opens a shop with a programme. */
export const openProgramme = async ({
  terms = programme,
  issues = 1_000,
}: {
  readonly terms?: Omit<MembershipTerms, 'bookId'>
  readonly issues?: number
} = {}) => {
  const core = createTestPorts(await openStorage(), membershipAccess, opening)
  const ports = { ...core, sealer: createSealer({ current: { keyId: 'k', key: new Uint8Array(32).fill(3) } }) }
  const state = { bookId: offerBookId, offers: [couponOffer(issues)], limitedOfferIds: [] }
  const changes = [put(offerBooks, { id: offerBookId, version: 0, state })]
  const kept = await commitChanges(ports.storage, { shop: ports.shop, at: opening, changes })
  kept._unsafeUnwrap()
  ;(await publishMembership(ports, staff(), { expectedRevision: 0, ...terms }))._unsafeUnwrap()
  return ports
}

/** Joins the programme as it stands. */
export const enter = async (
  ports: Awaited<ReturnType<typeof openProgramme>>,
  accountId: string,
  birthday?: { readonly month: number; readonly day: number },
) =>
  (
    await joinMembership(ports, customer(accountId), {
      termsRevision: 1,
      ...(birthday === undefined ? {} : { birthday }),
    })
  )._unsafeUnwrap()

/** What is kept of a member. */
export const keptOf = async (ports: Awaited<ReturnType<typeof openProgramme>>, accountId: string) =>
  (
    await readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: ports.clock.now(),
      plan: {
        member: row(members, accountId),
        counted: entries(levelEntries, {
          where: [{ field: 'accountId', is: 'eq', value: accountId }],
          limit: 100,
        }),
      },
    })
  )._unsafeUnwrap()
