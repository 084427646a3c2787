import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { availablePoints, type PointsCommand, type PointsEvent } from '../../src/membership/points-account.js'
import { entryOf, type PointsEntry, totalsAt } from '../../src/membership/points-entry.js'
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

const endOf = (commands: readonly PointsCommand[]): number => commands.at(-1)?.now ?? 0

const entriesOf = (steps: readonly Step[]): readonly PointsEntry[] =>
  steps.flatMap(({ events }) => events.flatMap((event) => entryOf('ann', event) ?? []))

const sum = (parts: readonly { readonly points: number }[]): number =>
  parts.reduce((total, each) => total + each.points, 0)

const closing = (commands: readonly PointsCommand[]): PointsCommand => ({ type: 'ClosePoints', now: endOf(commands) })

describe('points', () => {
  it('are booked on both sides: every entry sums to zero', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { parts } of entriesOf(run([...commands, closing(commands)]))) {
          expect(parts.reduce((total, part) => total + part.delta, 0)).toBe(0)
        }
      }),
    )
  })

  it('P1: that were given stand somewhere, and the account stands as the log says', () => {
    fc.assert(
      fc.property(pointsHistories, fc.boolean(), (commands, closes) => {
        const steps = run(closes ? [...commands, closing(commands)] : commands)
        const state = last(steps)
        const log = totalsAt(entriesOf(steps), endOf(commands))
        const { minted, ...elsewhere } = log
        expect(0 - minted).toBe(Object.values(elsewhere).reduce((total, each) => total + each, 0))
        if (state.status === 'closed') expect(log).toMatchObject({ lots: 0, pending: 0, held: 0, debt: 0 })
        if (state.status !== 'open') return
        expect(state.balance).toBe(log.lots)
        expect(sum(state.pending)).toBe(log.pending)
        expect(sum(state.holds.flatMap((hold) => hold.parts))).toBe(log.held)
        expect(state.debt + log.debt).toBe(0)
      }),
    )
  })

  it('P2: are the sum of the lots that have not ended, and no lot is below zero', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state, command } of run(commands)) {
          if (state.status !== 'open') continue
          expect(state.lots.every((lot) => lot.points >= 0)).toBe(true)
          expect(availablePoints(state, command.now)).toBe(
            sum(state.lots.filter(({ expiresAt }) => expiresAt > command.now)),
          )
        }
      }),
    )
  })

  it('P3: move once, however often a command comes', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state, command, events } of run(commands)) {
          if (events.length === 0) continue
          expect(
            decideNext(pointsMachine, state, command).match(
              (again) => again.events,
              () => [],
            ),
          ).toEqual([])
        }
      }),
    )
  })

  it('P4: spent and given back in full stand where they stood', () => {
    fc.assert(
      fc.property(pointsHistories, fc.integer({ min: 1, max: 20 }), (commands, points) => {
        const before = last(run(commands))
        const now = endOf(commands)
        fc.pre(before.status === 'open' && before.debt === 0 && availablePoints(before, now) >= points)
        const after = last(
          run(
            [
              { type: 'HoldPoints', holdId: 'new', points, now },
              { type: 'SettleHold', holdId: 'new', now },
              { type: 'RestorePoints', holdId: 'new', restoreId: 'r9', points, placedAt: now, graceTo: 0, now },
            ],
            before,
          ),
        )
        if (before.status !== 'open' || after.status !== 'open') throw new Error('no account')
        expect({ lots: after.lots, balance: after.balance, debt: after.debt, nextDueAt: after.nextDueAt }).toEqual({
          lots: before.lots,
          balance: before.balance,
          debt: before.debt,
          nextDueAt: before.nextDueAt,
        })
      }),
    )
  })

  it('P5: are swept once, and it is the same before and after points that have nothing to do with it', () => {
    fc.assert(
      fc.property(pointsHistories, fc.integer({ min: 1, max: 20 }), (commands, points) => {
        const before = last(run(commands))
        const now = endOf(commands) + 50
        const sweep: PointsCommand = { type: 'SweepPoints', now }
        const other: PointsCommand = {
          type: 'GrantPoints',
          accountId: 'ann',
          grantId: 'other',
          source: 'staff',
          points,
          activatesAt: null,
          expiresAt: now + 99,
          now,
        }
        expect(run([sweep, sweep], before)[1]?.events).toEqual([])
        if (before.status === 'open' && before.debt === 0) {
          expect(last(run([sweep, other], before))).toEqual(last(run([other, sweep], before)))
        }
      }),
    )
  })

  it('P6: of a lot are never set aside twice, however holds interleave', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        const left = new Map<string, number>()
        for (const { parts } of entriesOf(run(commands))) {
          for (const { place, of, delta } of parts) {
            const name = `${place}/${of ?? ''}`
            left.set(name, (left.get(name) ?? 0) + delta)
            if (place === 'lots' || place === 'held' || place === 'pending') {
              expect(left.get(name)).toBeGreaterThanOrEqual(0)
            }
          }
        }
      }),
    )
  })

  it('P7: at a moment are what the log up to that moment says', () => {
    fc.assert(
      fc.property(pointsHistories, fc.nat({ max: 240 }), (commands, at) => {
        const steps = run(commands)
        const then = last(steps.filter(({ command }) => command.now <= at))
        const log = totalsAt(entriesOf(steps), at)
        if (then.status === 'open') expect([then.balance, then.debt]).toEqual([log.lots, 0 - log.debt])
        if (then.status === 'absent') expect(log.minted + 0).toBe(0)
      }),
    )
  })

  it('P9: that an order earned are taken back to the last one, piece by piece', () => {
    fc.assert(
      fc.property(
        pointsHistories,
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 5 }),
        (commands, rows, activatedAfter) => {
          const from = last(run(commands))
          const now = endOf(commands)
          const earned = rows.reduce((total, row) => total + row, 0)
          const claws = rows.map(
            (points, row): PointsCommand => ({
              type: 'ClawBackPoints',
              grantId: 'order',
              clawId: `row${row}`,
              points,
              policy: 'debt',
              now,
            }),
          )
          const steps = run(
            [
              { type: 'PromisePoints', accountId: 'ann', grantId: 'order', source: 'order', points: earned, now },
              ...claws.slice(0, activatedAfter),
              { type: 'ActivatePoints', grantId: 'order', expiresAt: now + 99, now },
              ...claws.slice(activatedAfter),
            ],
            from,
          )
          expect(totalsAt(entriesOf(steps), now).clawedBack).toBe(earned)
          const after = last(steps)
          if (from.status === 'open' && after.status === 'open')
            expect(after.balance - after.debt).toBe(from.balance - from.debt)
        },
      ),
    )
  })

  it('P10: that are owed are repaid before any are to spend', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state, command } of run(commands)) {
          if (state.status === 'open' && state.debt > 0) expect(availablePoints(state, command.now)).toBe(0)
          if (state.status === 'open') expect(state.debt).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })

  it('are told of once before they end', () => {
    fc.assert(
      fc.property(pointsHistories, (commands) => {
        for (const { state, events } of run(commands)) {
          const noticed = events.find((event) => event.type === 'PointsExpiryNoticed')
          if (noticed === undefined || state.status !== 'open') continue
          expect(state.nextUnnoticedAt ?? Number.MAX_SAFE_INTEGER).toBeGreaterThan(noticed.lastAt)
        }
      }),
    )
  })
})
