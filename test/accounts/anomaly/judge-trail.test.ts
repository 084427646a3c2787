import fc from 'fast-check'
import { type AnomalyPolicy, defaultAccountsPolicy, judgeTrail, type SignInTrace } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { anomalyResponses } from '../../../src/accounts/anomaly/anomaly.js'
import { doubtTrail, type TrailDoubts } from '../../../src/accounts/anomaly/doubt-trail.js'
import { hardestResponse } from '../../../src/accounts/anomaly/judge-trail.js'
import { traceOf } from '../../../src/accounts/anomaly/read-trail.js'

const minute = 60_000
const hour = 60 * minute
const policy = defaultAccountsPolicy.anomalies
const entered = (at: number, more: Partial<SignInTrace> = {}): SignInTrace => ({ at, outcome: 'entered', ...more })
const failed = (at: number): SignInTrace => ({ at, outcome: 'failed' })
const rules = (now: SignInTrace, before: readonly SignInTrace[], its: AnomalyPolicy = policy) =>
  judgeTrail(its, now, before).map(({ rule }) => rule)

describe('the rules about a sign-in', () => {
  it('know a new device, once any is known', () => {
    const home = entered(1, { device: 'home' })
    expect(rules(entered(2, { device: 'work' }), [home])).toEqual(['newDevice'])
    expect(rules(entered(2, { device: 'home' }), [home])).toEqual([])
    expect(rules(entered(2), [home])).toEqual([])
    expect(rules(entered(2, { device: 'work' }), [])).toEqual([])
    // The host named no devices before.
    expect(rules(entered(2, { device: 'work' }), [entered(1)])).toEqual([])
    // Who failed at a device was not signed in to there.
    expect(rules(entered(3, { device: 'work' }), [{ ...failed(2), device: 'work' }, home])).toEqual(['newDevice'])
  })

  it('know that nobody is in two countries within three hours', () => {
    const beijing = entered(0, { country: 'CN' })
    expect(rules(entered(3 * hour - 1, { country: 'FR' }), [beijing])).toEqual(['impossibleTravel'])
    expect(rules(entered(3 * hour, { country: 'FR' }), [beijing])).toEqual([])
    expect(rules(entered(minute, { country: 'CN' }), [beijing])).toEqual([])
    expect(rules(entered(minute), [beijing])).toEqual([])
    // Only the sign-in just before counts: the way back was judged itself.
    expect(rules(entered(9 * hour, { country: 'CN' }), [entered(8.9 * hour, { country: 'CN' }), beijing])).toEqual([])
  })

  it('know ten failures within an hour before it, since the last success', () => {
    const burst = (count: number, at: number) => Array.from({ length: count }, () => failed(at))
    expect(rules(entered(hour), burst(10, 1))).toEqual(['failureBurst'])
    expect(rules(entered(hour), burst(9, 1))).toEqual([])
    expect(rules(entered(hour + 1), burst(10, 1))).toEqual([])
    expect(rules(entered(hour), [...burst(9, 30), entered(20), ...burst(9, 10)])).toEqual([])
  })

  it('count at a known device only what failed there, and at any other whatever failed', () => {
    const at = (device: string) => Array.from({ length: 10 }, () => ({ ...failed(20), device }))
    const home = entered(10, { device: 'home' })
    const elsewhere = [...Array.from({ length: 10 }, () => failed(30)), ...at('stranger')]
    expect(rules(entered(hour, { device: 'home' }), [...elsewhere, home])).toEqual([])
    expect(rules(entered(hour, { device: 'home' }), [...at('home'), home])).toEqual(['failureBurst'])
    expect(rules(entered(hour, { device: 'work' }), [...elsewhere, home])).toEqual(['newDevice', 'failureBurst'])
    // Who has failed there only is not known there.
    expect(rules(entered(hour, { device: 'stranger' }), [...at('stranger'), ...at('other')])).toEqual(['failureBurst'])
  })

  it('are asked only where the policy has them, and the hardest response of those that apply is taken', () => {
    const trace = fc.record(
      {
        at: fc.nat(hour),
        outcome: fc.constantFrom('entered' as const, 'failed' as const),
        device: fc.constantFrom('a', 'b'),
        country: fc.constantFrom('CN', 'FR'),
      },
      { requiredKeys: ['at', 'outcome'] },
    )
    const response = fc.constantFrom(...anomalyResponses)
    fc.assert(
      fc.property(trace, fc.array(trace, { maxLength: 12 }), response, response, (now, before, one, other) => {
        const none = { ...policy, newDevice: null, impossibleTravel: null, failureBurst: null }
        expect(judgeTrail(none, now, before)).toEqual([])
        const found = judgeTrail(
          { ...none, newDevice: { response: one }, failureBurst: { response: other, failures: 1, withinMs: hour } },
          now,
          before,
        )
        const ranks = found.map((each) => anomalyResponses.indexOf(each.response))
        const hardest = hardestResponse(found)
        expect(hardest === undefined ? -1 : anomalyResponses.indexOf(hardest)).toBe(Math.max(-1, ...ranks))
      }),
    )
  })

  it('know nobody by a sign-in that was answered and not proved at its device', () => {
    const its: AnomalyPolicy = { ...policy, newDevice: { response: 'challenge' } }
    const home = entered(1, { device: 'home', country: 'CN' })
    const away = entered(2, { device: 'away', country: 'FR' })
    const held = { judged: [{ at: 2, device: 'away', response: 'challenge' as const }], proven: [] }
    const trailOf = (doubts: TrailDoubts, at = 3) => doubtTrail(its, [away, home], doubts, at)
    expect(trailOf(held)).toEqual([{ ...away, outcome: 'doubted' }, home])
    expect(rules(entered(3, { device: 'away', country: 'FR' }), trailOf(held), its)).toEqual([
      'newDevice',
      'impossibleTravel',
    ])
    // A judgement that is still to come is made here; one of more than a day ago stands in the log, or was never due.
    expect(trailOf({ judged: [], proven: [] })).toEqual(trailOf(held))
    expect(trailOf({ judged: [], proven: [] }, 2 + 24 * hour)).toEqual([away, home])
    expect(trailOf(held, 2 + 24 * hour)).toEqual(trailOf(held))
    expect(trailOf({ ...held, proven: [{ at: 2, device: 'away' }] })).toEqual([away, home])
    for (const proof of [{ at: 1, device: 'away' }, { at: 2, device: 'home' }, { at: 2 }]) {
      expect(trailOf({ ...held, proven: [proof] })).toEqual(trailOf(held))
    }
    // What is only told to the owner is trusted.
    expect(
      doubtTrail(
        policy,
        [away, home].map(({ country: _, ...rest }) => rest),
        { judged: [], proven: [] },
        3,
      ),
    ).toEqual([away, home].map(({ country: _, ...rest }) => rest))
  })

  it('know a device by nothing, where every sign-in of the trail was doubted', () => {
    const doubted: SignInTrace = { at: 1, outcome: 'doubted', device: 'away' }
    expect(rules(entered(2, { device: 'away' }), [doubted])).toEqual(['newDevice'])
  })

  it('however often one signs in where nobody knows them: nothing but a proof there makes it usual', () => {
    const its: AnomalyPolicy = { ...policy, newDevice: { response: 'challenge' } }
    const step = fc.record({
      device: fc.constantFrom('a', 'b', 'home'),
      kind: fc.constantFrom('enter', 'prove', 'pass'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let at = 1
        let trail: readonly SignInTrace[] = [entered(0, { device: 'home' })]
        const doubts = { judged: [] as TrailDoubts['judged'], proven: [] as TrailDoubts['proven'] }
        // The model: a device is known once somebody has proved there, after having signed in.
        const known = new Set(['home'])
        const entries = new Set<string>()
        for (const { device, kind } of steps) {
          at += kind === 'pass' ? 25 * hour : 1
          if (kind === 'prove' && entries.has(device)) {
            doubts.proven = [...doubts.proven, { at, device }]
            known.add(device)
          }
          if (kind !== 'enter') continue
          const now = entered(at, { device })
          const found = judgeTrail(its, now, doubtTrail(its, trail, doubts, at))
          expect(found.map(({ rule }) => rule)).toEqual(known.has(device) ? [] : ['newDevice'])
          if (found.length > 0) doubts.judged = [...doubts.judged, { at, device, response: 'challenge' }]
          trail = [now, ...trail]
          entries.add(device)
        }
      }),
    )
  })

  it('read the audit log: what waits for a second proof is no sign-in, and a ban is no wrong proof', () => {
    const entry = { actor: 'guest:a', action: 'accounts.signIn', subject: 'a', at: 5 }
    expect(traceOf({ ...entry, outcome: 'done' })).toEqual(entered(5))
    expect(traceOf({ ...entry, outcome: 'done', detail: 'SecondFactorRequired' })).toBeUndefined()
    expect(traceOf({ ...entry, outcome: 'refused', detail: 'wrong' })).toEqual(failed(5))
    expect(traceOf({ ...entry, outcome: 'refused', detail: 'compromised' })).toBeUndefined()
    expect(traceOf({ ...entry, outcome: 'done', origin: { device: 'd', network: 'n', country: 'CN' } })).toEqual(
      entered(5, { device: 'd', country: 'CN' }),
    )
  })
})
