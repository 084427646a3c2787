import { ok, safeTry } from 'neverthrow'
import type { MessagePreference } from '../notify/preference.js'
import { messagePreferences } from '../notify/preference.schema.js'
import { queueMarketing } from '../notify/queue-message.js'
import { couponIssues } from '../promotions/limits.js'
import { offerBookId, offerBooks } from '../promotions/offer.schema.js'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { counters, row, type Stored } from '../shared/read-plan.js'
import { type BenefitFacts, chanceOf } from './benefit.js'
import { draftBenefit } from './draft-benefit.js'
import { type CouponSource, expectOffers } from './give-coupon.js'
import { levelIdAt } from './member.js'
import { askMember, closeMember, type MemberDraft, openMember } from './member-draft.js'
import { type BenefitOccasion, membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'

const name = 'membership.giveBenefits'

/** What giving benefits without asking reads beside the member. */
export const askBenefits = (accountId: string) => ({
  // Not from the shelf: the counters are found by what stands in it.
  membership: row(membershipBooks, membershipBookId),
  offers: row(offerBooks, offerBookId),
  issues: counters(couponIssues, { from: 'membership', path: 'benefits.*.couponOfferIds.*' }),
  preference: row(messagePreferences, accountId),
})

/** Gives what a member's level brings without asking, as soon as they join or reach it, and tells them of it. */
export const giveBenefits: Reaction = {
  name,
  listensTo: ['member/MemberJoined', 'member/LevelReached'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name, event },
      {
        plan: ({ now }) => ({ ...askMember(ports, event.rowId, now), ...askBenefits(event.rowId) }),
        decide: ({ offers, issues, preference, ...read }, { now }) =>
          safeTry(function* () {
            const draft = openMember(read, event.rowId, now)
            const given = { source: { offers, issues }, preference, nextCouponId: () => ports.ids.next('cpn') }
            draftAutomatic(draft, 'any', null, given)
            const changes = yield* closeMember(draft)
            return ok({ changes, answer: undefined })
          }),
      },
    ),
}

/**
 * Gives a member every benefit that is given without asking on an occasion, and tells of each. What cannot be given,
 * as where its coupons have run out or the member has had it, stays for the asking.
 */
export const draftAutomatic = (
  draft: MemberDraft,
  occasion: BenefitOccasion['kind'],
  birthday: BenefitFacts['birthday'],
  given: {
    readonly source: CouponSource
    readonly preference: Stored<MessagePreference> | undefined
    readonly nextCouponId: () => string
  },
): void => {
  const { accountId, at: now, terms } = draft
  let { source } = given
  let counted = 0
  for (const benefit of terms.benefits) {
    const { state } = draft.member
    if (state.status !== 'member' || benefit.automatic !== true || benefit.occasion.kind !== occasion) continue
    const facts = { levelId: levelIdAt(state, now), birthday, now, timeZone: terms.levels.timeZone }
    const chance = chanceOf(benefit, facts)
    if (chance.kind !== 'open') continue
    const { benefitId, title, points } = benefit
    const drafted = draftBenefit(draft, benefit, { ...given, period: chance.period, source })
    if (drafted.isErr()) continue
    source = drafted.value.source
    counted += drafted.value.couponIds.length
    draft.further.push(
      ...queueMarketing(
        {
          cause: `benefit/${benefitId}/${chance.period}`,
          accountId,
          template: 'benefitGiven',
          facts: { title, points, coupons: drafted.value.couponIds.length },
          at: now,
        },
        given.preference?.state,
      ),
    )
  }
  if (counted > 0) draft.further.push(...expectOffers(source))
}
