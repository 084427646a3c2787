import fc from 'fast-check'
import { type DeadlineStanding, defaultIncidentPolicy, type IncidentEvent } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { deadlinesFrom, judgeDeadlines, meetDeadlines, nextDue } from '../../../src/accounts/incidents/incident.js'

const hour = 3_600_000
const policy = defaultIncidentPolicy
const named = (events: readonly IncidentEvent[]) =>
  events.map((event) => ('clause' in event ? `${event.type} ${event.clause} ${event.whom}` : event.type))

describe('the deadlines of an incident', () => {
  it('are near two hours before and missed when they are over: 4 hours by PIPL 57, 72 by GDPR 33(1)', () => {
    const deadlines = deadlinesFrom(policy, 0)
    expect(deadlines.map(({ clause, dueAt }) => [clause, dueAt / hour])).toEqual([
      ['PIPL 57', 4],
      ['PIPL 57', 4],
      ['GDPR 33(1)', 72],
      ['GDPR 34(1)', 72],
    ])
    expect(nextDue(policy, deadlines)).toBe(2 * hour)
    expect(judgeDeadlines(policy, { incidentId: 'i', deadlines }, 2 * hour - 1).events).toEqual([])
    const near = judgeDeadlines(policy, { incidentId: 'i', deadlines }, 2 * hour)
    expect(named(near.events)).toEqual([
      'IncidentDeadlineNear PIPL 57 authority',
      'IncidentDeadlineNear PIPL 57 people',
    ])
    expect(nextDue(policy, near.deadlines)).toBe(4 * hour)
    const told = meetDeadlines(near.deadlines, 'people', 3 * hour)
    const missed = judgeDeadlines(policy, { incidentId: 'i', deadlines: told }, 4 * hour)
    expect(named(missed.events)).toEqual(['IncidentDeadlineMissed PIPL 57 authority'])
    expect(nextDue(policy, missed.deadlines)).toBe(70 * hour)
  })

  it('are each told near at most once and missed at most once, never after they were met, and looked at when it is time', () => {
    const steps = fc.array(
      fc.record({
        pass: fc.integer({ min: 0, max: 40 * hour }),
        met: fc.option(fc.constantFrom('authority', 'people')),
      }),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(steps, (script) => {
        let deadlines: readonly DeadlineStanding[] = deadlinesFrom(policy, 0)
        let now = 0
        const seen: string[] = []
        const met = new Set<string>()
        for (const { pass, met: whom } of script) {
          now += pass
          const due = nextDue(policy, deadlines)
          const judged = judgeDeadlines(policy, { incidentId: 'i', deadlines }, now)
          // A sweep that looks for what is due finds all that has to be told, and nothing else.
          expect(judged.events.length > 0).toBe(due !== null && due <= now)
          for (const event of judged.events) {
            expect('whom' in event && met.has(event.whom)).toBe(false)
          }
          seen.push(...named(judged.events))
          deadlines = judged.deadlines
          if (whom !== null) {
            deadlines = meetDeadlines(deadlines, whom, now)
            met.add(whom)
          }
        }
        expect(new Set(seen).size).toBe(seen.length)
        if (met.size === 2) expect(nextDue(policy, deadlines)).toBeNull()
      }),
    )
  })
})
