import { describe, expect, it } from 'vitest'
import { guideMembership } from '../../src/membership/guide-membership.js'
import type { LevelEntry } from '../../src/membership/level-entry.js'
import { firstCounting, levelHistory, stepAt } from '../../src/membership/level-history.js'
import { levelEntries } from '../../src/membership/member.collection.schema.js'
import type { MembershipTerms } from '../../src/membership/membership-terms.js'
import { recordActivity } from '../../src/membership/record-activity.js'
import { append } from '../../src/shared/commit.js'
import { daysMs } from '../../src/shared/instant.js'
import { commitChanges } from '../../src/shared/storage.js'
import { enter, keptOf, opening, openProgramme, programme, staff } from './open-programme.js'

type Programme = Awaited<ReturnType<typeof openProgramme>>

const entryOf = (place: number, fact: Pick<LevelEntry, 'kind' | 'amount' | 'countsAt'>): LevelEntry => ({
  entryId: `ann/e${place}`,
  accountId: 'ann',
  reference: `r${place}`,
  at: opening,
  ...fact,
})

const write = async (ports: Programme, facts: readonly Pick<LevelEntry, 'kind' | 'amount' | 'countsAt'>[]) => {
  const all = facts.map((fact, place) => entryOf(place, fact))
  for (let first = 0; first < all.length; first += 500) {
    const changes = all.slice(first, first + 500).map((body) => append(levelEntries, { id: body.entryId, body }))
    ;(await commitChanges(ports.storage, { shop: ports.shop, at: opening, changes }))._unsafeUnwrap()
  }
}

const share = async (ports: Programme, reference: string) =>
  (await recordActivity(ports, staff(), { accountId: 'ann', activity: 'share', reference }))._unsafeUnwrap()

const levelOf = async (ports: Programme) => {
  const { member } = await keptOf(ports, 'ann')
  return member?.state.status === 'member' ? member.state.levelId : null
}

describe('a level', () => {
  it('stands on one large purchase under thousands of small entries that came after it', async () => {
    // Small entries weigh nothing here: what they must not do is hide the purchase.
    const levels = { ...programme.levels, weights: { perSpentMinor: 1, perSignIn: 0, perContribution: 0 } }
    const ports = await openProgramme({ terms: { ...programme, levels } })
    await enter(ports, 'ann')
    const small = Array.from({ length: 2_100 }, (_, place) => ({
      kind: 'contribution' as const,
      amount: 1,
      countsAt: opening - place,
    }))
    await write(ports, [{ kind: 'spent', amount: 500_000, countsAt: opening - daysMs }, ...small])
    await share(ports, 'one')
    expect(await levelOf(ports)).toBe('gold')
  })

  it('that never falls is kept when what it was reached by is long past', async () => {
    const levels: MembershipTerms['levels'] = { ...programme.levels, downgrade: 'none' }
    const ports = await openProgramme({ terms: { ...programme, levels } })
    await enter(ports, 'ann')
    await write(ports, [{ kind: 'spent', amount: 500_000, countsAt: opening }])
    await share(ports, 'one')
    expect(await levelOf(ports)).toBe('gold')
    ports.setNow(opening + 2_000 * daysMs)
    await share(ports, 'two')
    expect(await levelOf(ports)).toBe('gold')
  })

  it.each(['auto', 'oneDown'] as const)(
    'that falls (%s) is the same without what lies before what counts',
    (downgrade) => {
      for (const graceDays of [0, 1, 30]) {
        for (const window of [
          { kind: 'rolling', months: 12 },
          { kind: 'calendar', months: 12, startMonth: 4 },
        ] as const) {
          const rules = { ...guideMembership.levels, downgrade, graceDays, window }
          for (let age = 0; age < 1_600; age += 13) {
            const old = [
              { ...entryOf(1, { kind: 'spent', amount: 2_000_000, countsAt: opening - age * daysMs }) },
              { ...entryOf(2, { kind: 'spent', amount: 500_000, countsAt: opening - (age / 2) * daysMs }) },
            ].map((entry) => ({ ...entry, at: entry.countsAt }))
            const counting = old.filter(({ countsAt }) => countsAt >= firstCounting(rules, opening))
            expect(stepAt(levelHistory(counting, rules), opening).rank).toBe(
              stepAt(levelHistory(old, rules), opening).rank,
            )
          }
        }
      }
    },
  )
})
