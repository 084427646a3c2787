import * as z from 'zod'
import { type Ladder, type LevelEntry, type LevelRules, standingAt } from '../../src/membership/index.js'
import { hoursMs } from '../../src/shared/instant.js'
import { createComparison, type Difference, Inexpressible, readCase } from './verdict.js'

const id = z.string()
const count = z.int()
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

const caseShape = z.strictObject({
  id,
  kind: z.literal('ledger'),
  title: z.optional(z.string()),
  derivation: z.optional(z.string()),
  currency: z.string(),
  exponent: count,
  events: z.array(
    z.union([z.tuple([z.literal('order'), id, count, day]), z.tuple([z.literal('refundOrder'), id, count, day])]),
  ),
  // Every member but the days of grace is a level with the least metric that reaches it.
  tierConfig: z.record(id, count),
  expected: z.strictObject({ tiers: z.record(day, id) }),
})

// Days are days in China; what happens on a day happens at noon.
const noonOf = (date: string): number => Date.parse(`${date}T12:00:00Z`) - 8 * hoursMs

/** Runs a case of levels over time. */
export const runGoldenLevels = (raw: unknown): readonly Difference[] => {
  const { events, tierConfig, expected } = readCase(caseShape, raw)
  const { graceDays, ...tiers } = tierConfig
  if (graceDays === undefined) throw new Inexpressible('no days of grace')
  const thresholds = Object.entries(tiers).sort(([, a], [, b]) => a - b)
  const rules: LevelRules = {
    ladder: [levelOf('ordinary', 0), ...thresholds.map(([levelId, from]) => levelOf(levelId, from))],
    weights: { perSpentMinor: 1, perSignIn: 0, perContribution: 0 },
    window: { kind: 'rolling', months: 12 },
    graceDays,
    downgrade: 'auto',
    timeZone: 'Asia/Shanghai',
  }
  const orderedOn = new Map(events.map(([kind, orderId, , date]) => [`${kind}/${orderId}`, date]))
  const entries = events.map(([kind, orderId, amount, date], place): LevelEntry => {
    const at = noonOf(date)
    return {
      entryId: `${place}`,
      accountId: 'member',
      kind: 'spent',
      reference: orderId,
      amount: kind === 'order' ? amount : 0 - amount,
      countsAt: kind === 'order' ? at : noonOf(orderedOn.get(`order/${orderId}`) ?? date),
      at,
    }
  })
  const { expect, differences } = createComparison()
  for (const [date, levelId] of Object.entries(expected.tiers)) {
    expect(`tiers.${date}`, levelId, standingAt(entries, rules, noonOf(date)).level?.levelId)
  }
  return differences
}

const levelOf = (levelId: string, from: number): Ladder[number] => ({
  levelId,
  title: { 'zh-CN': levelId, en: levelId },
  from,
  earnMultiplierBasisPoints: 10_000,
  service: 'standard',
  benefits: [],
})
