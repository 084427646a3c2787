import * as z from 'zod'
import type { PointsCommand, PointsEvent, PointsState } from '../../src/membership/index.js'
import { availablePoints, pointsExpiry, pointsMachine } from '../../src/membership/index.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { createComparison, type Difference, readCase } from './verdict.js'

const id = z.string()
const count = z.int()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const moment = z.iso.datetime()

const eventShape = z.union([
  z.tuple([z.literal('earn'), id, count, day, day]),
  z.tuple([z.literal('earnPending'), id, count, day, day]),
  z.tuple([z.literal('earnMonths'), id, count, day, count]),
  z.tuple([z.literal('signin'), moment]),
  z.tuple([z.literal('cancelPending'), id, count, day]),
  z.tuple([z.literal('activate'), id, day]),
  z.tuple([z.literal('spend'), id, count, day]),
  z.tuple([z.literal('hold'), id, count, day]),
  z.tuple([z.literal('capture'), id, day]),
  z.tuple([z.literal('release'), id, day]),
  z.tuple([z.literal('restore'), id, count, day]),
  z.tuple([z.literal('clawback'), id, count, day]),
  z.tuple([z.literal('sweep'), day]),
])

const caseShape = z.strictObject({
  id,
  kind: z.literal('ledger'),
  title: z.optional(z.string()),
  derivation: z.optional(z.string()),
  currency: z.string(),
  exponent: count,
  events: z.array(eventShape),
  expected: z.strictObject({
    balance: z.optional(count),
    expired: z.optional(count),
    spent: z.optional(count),
    debt: z.optional(count),
    pending: z.optional(count),
    held: z.optional(count),
    newLotExpiry: z.optional(day),
    lots: z.optional(z.record(id, count)),
    refused: z.optional(z.union([z.boolean(), z.array(id)])),
  }),
})

type LedgerEvent = z.infer<typeof eventShape>

// Days of the ledger cases are days in China; what happens on a day happens at noon.
const shanghaiMs = 8 * hoursMs
const startOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) - shanghaiMs
const noonOf = (date: string): number => startOf(date) + daysMs / 2
const endOf = (date: string): number => startOf(date) + daysMs
const dayOf = (instant: number): string => new Date(instant + shanghaiMs).toISOString().slice(0, 10)

const graceDays = 30

/** Runs a case of the points ledger. */
export const runGoldenLedger = (raw: unknown): readonly Difference[] => {
  const { events, expected } = readCase(caseShape, raw)
  let state: PointsState = pointsMachine.initial
  let now = 0
  const happened: PointsEvent[] = []
  const refused: string[] = []
  for (const [place, event] of events.entries()) {
    const commands = commandsOf(event, place, events)
    for (const command of commands) {
      now = Math.max(now, command.now)
      const decided = pointsMachine.decide(state, command)
      if (decided.isErr()) {
        refused.push(typeof event[1] === 'string' ? event[1] : '')
        break
      }
      happened.push(...decided.value)
      for (const each of decided.value) state = pointsMachine.evolve(state, each)
    }
  }
  const account = state.status === 'open' ? state : undefined
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)
  const total = (type: 'PointsExpired' | 'HoldSettled'): number =>
    sum(happened.map((each) => (each.type === type ? each.points : 0)))
  const { expect, differences } = createComparison()
  expect('balance', expected.balance, availablePoints(account, now))
  expect('expired', expected.expired, total('PointsExpired'))
  expect('spent', expected.spent, total('HoldSettled') - sum(happened.map(restoredBy)))
  expect('debt', expected.debt, account?.debt ?? 0)
  expect('pending', expected.pending, sum(account?.pending.map((each) => each.points) ?? []))
  expect('held', expected.held, sum(account?.holds.flatMap((hold) => hold.parts.map((part) => part.points)) ?? []))
  const latest = Math.max(0, ...(account?.lots.map((lot) => lot.expiresAt) ?? []))
  expect('newLotExpiry', expected.newLotExpiry, dayOf(latest - 1))
  for (const [lotId, points] of Object.entries(expected.lots ?? {})) {
    expect(`lots.${lotId}`, points, account?.lots.find((lot) => lot.lotId === lotId)?.points ?? 0)
  }
  expect('refused', expected.refused, typeof expected.refused === 'boolean' ? refused.length > 0 : refused)
  return differences
}

const restoredBy = (event: PointsEvent): number =>
  event.type === 'PointsRestored' ? event.repaid + event.parts.reduce((sum, part) => sum + part.points, 0) : 0

const commandsOf = (event: LedgerEvent, place: number, events: readonly LedgerEvent[]): readonly PointsCommand[] => {
  const grant = (
    grantId: string,
    points: number,
    now: number,
    expiresAt: number,
    activatesAt: number | null = null,
  ): PointsCommand => ({
    type: 'GrantPoints',
    accountId: 'member',
    grantId,
    source: 'order',
    points,
    activatesAt,
    expiresAt,
    now,
  })
  switch (event[0]) {
    case 'earn':
      return [grant(event[1], event[2], noonOf(event[3]), endOf(event[4]))]
    case 'earnPending': {
      const begins = events.find((each) => each[0] === 'activate' && each[1] === event[1])
      const activatesAt = begins?.[0] === 'activate' ? noonOf(begins[2]) : endOf(event[4]) - 1
      return [grant(event[1], event[2], noonOf(event[3]), endOf(event[4]), activatesAt)]
    }
    case 'earnMonths': {
      const now = noonOf(event[3])
      return [grant(event[1], event[2], now, pointsExpiry(now, event[4], 'Asia/Shanghai'))]
    }
    case 'signin': {
      const now = Date.parse(event[1])
      return [grant(`signin:${dayOf(now)}`, 1, now, pointsExpiry(now, 12, 'Asia/Shanghai'))]
    }
    case 'cancelPending':
    case 'clawback':
      return [
        {
          type: 'ClawBackPoints',
          grantId: event[1],
          clawId: `${place}`,
          points: event[2],
          policy: 'debt',
          now: noonOf(event[3]),
        },
      ]
    case 'activate':
      return [{ type: 'SweepPoints', now: noonOf(event[2]) }]
    case 'spend': {
      const now = noonOf(event[3])
      return [
        { type: 'HoldPoints', holdId: event[1], points: event[2], now },
        { type: 'SettleHold', holdId: event[1], now },
      ]
    }
    case 'hold':
      return [{ type: 'HoldPoints', holdId: event[1], points: event[2], now: noonOf(event[3]) }]
    case 'capture':
      return [{ type: 'SettleHold', holdId: event[1], now: noonOf(event[2]) }]
    case 'release':
      return [{ type: 'ReleaseHold', holdId: event[1], now: noonOf(event[2]) }]
    case 'restore': {
      const now = noonOf(event[3])
      const graceTo = endOf(event[3]) + graceDays * daysMs
      const at = { placedAt: now, graceTo, now }
      return [{ type: 'RestorePoints', holdId: event[1], restoreId: `${place}`, points: event[2], ...at }]
    }
    case 'sweep':
      return [{ type: 'SweepPoints', now: noonOf(event[1]) }]
  }
}
