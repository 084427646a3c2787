import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availablePoints, type PointsCommand, type PointsEvent } from '../../src/membership/points-account.js'
import { entryOf, type PointsPlace } from '../../src/membership/points-entry.js'
import { type PointsState, pointsMachine } from '../../src/membership/points-machine.js'
import { decideNext } from '../../src/shared/decider.js'
import { pointsHistories } from './points-commands.js'

type Step = { readonly state: PointsState; readonly events: readonly PointsEvent[]; readonly command: PointsCommand }

const run = (commands: readonly PointsCommand[], from: PointsState = pointsMachine.initial): readonly Step[] => {
  let state = from
  return commands.map((command) => {
    const decided = decideNext(pointsMachine, state, command).unwrapOr({ state, events: [] })
    state = decided.state
    return { ...decided, command }
  })
}

const last = (steps: readonly Step[]): PointsState => steps.at(-1)?.state ?? pointsMachine.initial

/** What the log says stands in each place. */
const totals = (events: readonly PointsEvent[]): Record<PointsPlace, number> => {
  const sums: Record<PointsPlace, number> = {
    minted: 0,
    pending: 0,
    lots: 0,
    held: 0,
    spent: 0,
    expired: 0,
    clawedBack: 0,
    debt: 0,
    lost: 0,
  }
  for (const event of events) for (const part of entryOf('ann', event)?.parts ?? []) sums[part.place] += part.delta
  return sums
}

const sum = (parts: readonly { readonly points: number }[]): number =>
  parts.reduce((total, each) => total + each.points, 0)

describe('points', () => {
  it('are booked on both sides: every entry sums to zero', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const event of run(commands).flatMap((step) => step.events)) {
          expect((entryOf('ann', event)?.parts ?? []).reduce((total, part) => total + part.delta, 0)).toBe(0)
        }
      }),
    )
  })

  it('that were given stand somewhere, and the account stands as the log says', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        const steps = run(commands)
        const state = last(steps)
        const log = totals(steps.flatMap((step) => step.events))
        if (state.status !== 'open') return
        expect(state.balance).toBe(log.lots)
        expect(sum(state.pending)).toBe(log.pending)
        expect(sum(state.holds.flatMap((hold) => hold.parts))).toBe(log.held)
        expect(state.debt + log.debt).toBe(0)
        expect(-log.minted).toBe(
          log.pending + log.lots + log.held + log.spent + log.expired + log.clawedBack + log.debt,
        )
      }),
    )
  })

  it('are never more to spend than there are, however holds interleave', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state } of run(commands)) {
          if (state.status !== 'open') continue
          expect(state.lots.every((lot) => lot.points >= 0)).toBe(true)
          expect(state.debt).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('that are owed are repaid before any are to spend', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state, command } of run(commands)) {
          if (state.status === 'open' && state.debt > 0) expect(availablePoints(state, command.now)).toBe(0)
        }
      }),
    )
  })

  it('given twice under one id count once', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        const seen = new Set<string>()
        for (const event of run(commands).flatMap((step) => step.events)) {
          if (event.type !== 'PointsGranted' && event.type !== 'PointsPromised') continue
          // An id may come again only after its lot has ended; the log, where it stands once, forbids even that.
          const name = `${event.grantId}@${event.expiresAt}`
          expect(seen.has(name)).toBe(false)
          seen.add(name)
        }
      }),
    )
  })

  it('spent and given back in full stand where they stood', () => {
    fc.assert(
      fc.property(pointsHistories, fc.integer({ min: 1, max: 20 }), (commands, points) => {
        const before = last(run(commands))
        const now = commands.at(-1)?.now ?? 0
        if (before.status !== 'open' || before.debt > 0 || availablePoints(before, now) < points) return
        const after = last(
          run(
            [
              { type: 'HoldPoints', holdId: 'new', points, now },
              { type: 'SettleHold', holdId: 'new', now },
              { type: 'RestorePoints', holdId: 'new', restoreId: 'r9', points, graceTo: 0, now },
            ],
            before,
          ),
        )
        expect(after).toEqual(before)
      }),
    )
  })

  it('are swept once: a second sweep finds nothing', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        const now = (commands.at(-1)?.now ?? 0) + 50
        const swept = last(
          run(
            [
              { type: 'SweepPoints', now },
              { type: 'SweepPoints', now },
            ],
            last(run(commands)),
          ),
        )
        expect(run([{ type: 'SweepPoints', now }], swept)[0]?.events).toEqual([])
      }),
    )
  })

  it('that an order earned are taken back to the last one', () => {
    fc.assert(
      fc.property(
        pointsHistories,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        (commands, rows) => {
          const from = last(run(commands))
          const now = commands.at(-1)?.now ?? 0
          const earned = rows.reduce((total, row) => total + row, 0)
          const steps = run(
            [
              {
                type: 'GrantPoints',
                accountId: 'ann',
                grantId: 'order',
                source: 'order',
                points: earned,
                activatesAt: null,
                expiresAt: now + 99,
                now,
              },
              ...rows.map(
                (points, row): PointsCommand => ({
                  type: 'ClawBackPoints',
                  grantId: 'order',
                  clawId: `row${row}`,
                  points,
                  now,
                }),
              ),
            ],
            from,
          )
          const log = totals(steps.flatMap((step) => step.events))
          expect(log.clawedBack).toBe(earned)
          const after = last(steps)
          if (from.status === 'open' && after.status === 'open')
            expect(after.balance - after.debt).toBe(from.balance - from.debt)
        },
      ),
    )
  })
})
