import fc from 'fast-check'
import {
  type Change,
  type Condition,
  claims,
  commitChanges,
  counters,
  entries,
  find,
  prepareCommit,
  readFacts,
  rows,
  type Scope,
  type Search,
  type Storage,
} from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, notes, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../../adapters/memory/index.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { anyChange, fewIds, fewTexts, optional } from './random-changes.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
let opened = 0
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

type Step = { readonly kind: 'one' | 'each'; readonly commits: readonly (readonly Change[])[] }

const history: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('one' as const),
        commits: fc.tuple(fc.array(anyChange, { minLength: 1, maxLength: 5 })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('each' as const),
        commits: fc.array(fc.array(anyChange, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      }),
    },
  ),
  { maxLength: 12 },
)

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.constantFrom('ownerId', 'status'),
    is: fc.constantFrom('eq', 'lt', 'lte', 'gt', 'gte'),
    value: fewTexts,
  }),
  fc.record({
    field: fc.constant('size'),
    is: fc.constantFrom('eq', 'lt', 'lte', 'gt', 'gte'),
    value: fc.integer({ min: -2, max: 2 }),
  }),
  fc.record({ field: fc.constant('madeAt'), is: fc.constantFrom('lt', 'gte'), value: fc.constant(1_790_000_000_002) }),
  fc.record({ field: fc.constant('sealed'), is: fc.constant('eq'), value: fc.boolean() }),
  fc.record({ field: fc.constant('status'), is: fc.constant('in'), values: fc.array(fewTexts, { maxLength: 3 }) }),
  fc.record({
    field: fc.constant('tags'),
    is: fc.constant('containsAll'),
    values: fc.array(fc.constantFrom('red', 'big'), { maxLength: 2 }),
  }),
)

const search: fc.Arbitrary<Search> = fc
  .record({
    where: fc.array(condition, { maxLength: 3 }),
    orderBy: optional(
      fc.record({
        field: fc.constantFrom('status', 'size', 'madeAt'),
        direction: fc.constantFrom('ascending', 'descending'),
      }),
    ),
    limit: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ orderBy, ...rest }) => ({ ...rest, ...(orderBy === undefined ? {} : { orderBy }) }))

const scope: fc.Arbitrary<Scope> = fc.constantFrom<Scope>(
  { kind: 'all' },
  { kind: 'own', ownerId: 'ann' },
  { kind: 'merchant', merchantId: 'm2' },
  { kind: 'fields', fields: { ownerId: ['ann'], status: ['x', 'y'] } },
)

const run = async (storage: Storage, steps: readonly Step[]) => {
  const answers: unknown[] = []
  for (const [step, { kind, commits }] of steps.entries()) {
    const whole = commits.map((changes) => ({ shop: 'main', at: step * 3, changes }))
    if (kind === 'one') {
      for (const commit of whole) answers.push(await commitChanges(storage, commit))
    } else {
      const prepared = whole.flatMap((commit) =>
        prepareCommit(commit).match(
          (value) => [value],
          () => [],
        ),
      )
      answers.push(await storage.commitEach(prepared))
    }
  }
  return answers
}

describe.each(['transaction', 'statement', 'function'] as const)('postgres by %s', (form) => {
  it('gives the answers that memory gives to random commits, searches and scopes', async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(search, { minLength: 1, maxLength: 4 }),
        scope,
        async (steps, searches, within) => {
          opened += 1
          const memory = createMemoryStorage()
          const postgres = isolateShops(createPostgresStorage({ ...database.options, form }), `${form}-${opened}`)
          expect(await run(postgres, steps)).toEqual(await run(memory, steps))
          const plan = {
            boxes: rows(boxes, fewIds),
            shelves: rows(shelves, { from: 'boxes', path: 'lines.*.shelfId' }),
            pieces: counters(pieces, fewIds),
            claims: claims('s', fewIds),
            notes: entries(notes, { where: [], orderBy: { field: 'at', direction: 'descending' }, limit: 10 }),
            ...Object.fromEntries(searches.map((each, index) => [`search${index}`, find(boxes, each)])),
          }
          const ask = (storage: Storage) => readFacts(storage, { shop: 'main', scope: within, at: 20, plan })
          expect(await ask(postgres)).toEqual(await ask(memory))
          const lease = (storage: Storage) =>
            storage
              .lease({ shop: 'main', worker: 'w', at: 1_000, leaseMs: 1, limit: 1_000 })
              .map((leased) => leased.map(({ event }) => event.id).sort())
          expect(await lease(postgres)).toEqual(await lease(memory))
        },
      ),
      { numRuns: Math.min(60, fc.readConfigureGlobal().numRuns ?? 60) },
    )
  })
})
