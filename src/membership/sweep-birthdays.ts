import { ok, type ResultAsync, safeTry } from 'neverthrow'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { localDayOf } from '../shared/local-day.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { readFacts } from '../shared/read-facts.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { birthdayKeys, openBirthday } from './birthday.js'
import { askBenefits, draftAutomatic } from './give-benefits.js'
import { guideMembership } from './guide-membership.js'
import { members } from './member.collection.schema.js'
import { askMember, closeMember, draftMember, openMember, timeZoneOf } from './member-draft.js'
import { birthdayRestMs } from './member-machine.js'
import { membershipBookId } from './membership-terms.js'
import { membershipBooks } from './membership-terms.schema.js'
import type { MembershipPorts } from './ports.js'

/** Birthdays of so many days are looked for, today's among them: a sweep that was missed gives late, not never. */
const birthdayDays = 7

/**
 * Notes whose birthday it is, at most so many, and gives each what the programme gives without asking on it. Coupons
 * that are given on birthdays follow by themselves. Nobody's birthday comes twice in a year.
 *
 * @errors CryptoUnavailable, StorageError when the members cannot be found at all
 */
export const sweepBirthdays = (
  ports: MembershipPorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, CryptoUnavailable | StorageError> => {
  const now = ports.clock.now()
  const plan = { membership: row(membershipBooks, membershipBookId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan })
    .andThen(({ membership }) => {
      const { timeZone } = (membership?.state ?? guideMembership).levels
      return birthdayKeys(ports.digests, localDayOf(now, timeZone), birthdayDays)
    })
    .andThen((keys) => {
      const where = [{ field: 'birthdayKey', is: 'in', values: keys } as const]
      const due = { sweepId: 'birthdays', field: 'birthdayAt', until: now - birthdayRestMs, where, limit }
      return sweepEach(ports, { collection: members, ...due }, (id) => celebrate(ports, id))
    })
}

/** Answers false where it is nobody's birthday. */
const celebrate = (ports: MembershipPorts, id: string) =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: ({ now }) => ({ ...askMember(ports, id, now), ...askBenefits(id), key: row(subjectKeys, id) }),
    decide: ({ key, offers, issues, preference, ...read }, { now }) =>
      openBirthday(ports.sealer, key?.state, read.member?.state, { now, timeZone: timeZoneOf(read) }).andThen(
        (birthday) =>
          safeTry(function* () {
            const draft = openMember(read, id, now)
            if (birthday === null || draft.member.state.status !== 'member') return ok({ changes: [], answer: false })
            yield* draftMember(draft, { type: 'NoteBirthday', now })
            const given = { source: { offers, issues }, preference, nextCouponId: () => ports.ids.next('cpn') }
            draftAutomatic(draft, 'birthday', birthday, given)
            const changes = yield* closeMember(draft)
            return ok({ changes, answer: true })
          }),
      ),
  })
