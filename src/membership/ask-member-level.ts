import type { MemberLevel } from '../promotions/claim-coupon.js'
import { expectRow } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { type Asked, row } from '../shared/read-plan.js'
import { members } from './member.collection.schema.js'
import { levelIdAt } from './member.js'

/** Asks for the level of a customer: what claiming a coupon that is for some levels needs of the programme. */
export const askMemberLevel = (accountId: string, now: Instant): Asked<MemberLevel> => {
  const asked = row(members, accountId)
  return {
    query: asked.query,
    answer: (rows) =>
      asked.answer(rows).map((member) => ({
        levelId: levelIdAt(member?.state, now),
        relied: member === undefined ? [] : [expectRow(members, member)],
      })),
  }
}
