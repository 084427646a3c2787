import fc from 'fast-check'
import { adjust, append, type Change, claim, commitChanges, counters, expectRow, put, readFacts } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  storageCommitCases,
  storageRaceCases,
  storageReadCases,
  storageWorkflowCases,
} from '../../../adapters/contract/index.js'
import { boxes, credits, notes, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
let opened = 0
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

const open = (inGroups = {}) => createPostgresStorage({ ...database.options, inGroups })

const create = async () => {
  opened += 1
  return isolateShops(open(), `group-${opened}`)
}
runContract('commits in groups', storageCommitCases, create)
runContract('reads beside groups', storageReadCases, create)
runContract('races in groups', storageRaceCases, create)
runContract('workflows in groups', storageWorkflowCases({ importRows: 200 }), create)

const line = (lineId: string) => ({ lineId, shelfId: 's', count: 1 })

// What a caller does, and how it must end whoever else is in its group.
const kinds = ['fine', 'stale', 'soldOut', 'taken', 'logged', 'replayed', 'faulty', 'relied'] as const

const changesOf = (kind: (typeof kinds)[number], id: string): readonly Change[] => {
  const box = put(boxes, { id, version: 0, state: { boxId: id, lines: [line('1')] }, events: [{ type: 'Made' }] })
  switch (kind) {
    case 'fine':
    case 'replayed':
      return [box, expectRow(shelves, { id: 's', version: 1 }), adjust(credits, { id: 'all', by: -1 })]
    case 'stale':
      return [box, put(boxes, { id: `${id}-old`, version: 3, state: { boxId: id } })]
    case 'relied':
      return [box, expectRow(shelves, { id: 's', version: 9 })]
    case 'soldOut':
      return [box, adjust(pieces, { id: 'none', by: -1 })]
    case 'taken':
      return [box, claim({ space: 's', key: 'taken', owner: id })]
    case 'logged':
      return [box, append(notes, { id: 'logged', body: { at: 1 } })]
    case 'faulty':
      return [put(boxes, { id, version: 0, state: { boxId: id, lines: [line('1'), line('1')] } })]
  }
}

const endOf = {
  fine: ['done'],
  stale: ['VersionConflict'],
  relied: ['VersionConflict'],
  soldOut: ['FloorReached'],
  taken: ['AlreadyClaimed'],
  logged: ['AlreadyClaimed'],
  replayed: ['VersionConflict', 'done'],
  faulty: ['StorageUnavailable'],
} as const

it('never lets a refusal, a replay or a fault of one reach the answer of another', async () => {
  const batch = fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 40 })
  const atOnce = fc.integer({ min: 1, max: 3 })
  await fc.assert(
    fc.asyncProperty(batch, atOnce, fc.integer({ min: 2, max: 64 }), async (callers, count, most) => {
      opened += 1
      const shop = `mixed-${opened}`
      const storage = open({ atOnce: count, most })
      const commit = (changes: readonly Change[]) => commitChanges(storage, { shop, at: 1, changes })
      const begun = await commit([
        put(shelves, { id: 's', version: 0, state: { shelfId: 's', title: 't' } }),
        claim({ space: 's', key: 'taken', owner: 'another' }),
        append(notes, { id: 'logged', body: { at: 0 } }),
      ])
      expect(begun.isOk()).toBe(true)
      const ends = await Promise.all(
        callers.map(async (kind, place) => {
          const changes = changesOf(kind, `caller-${place}`)
          const answers = await Promise.all((kind === 'replayed' ? [changes, changes] : [changes]).map(commit))
          return answers.map((answer) => (answer.isOk() ? 'done' : answer.error.type)).sort()
        }),
      )
      expect(ends).toEqual(callers.map((kind) => [...endOf[kind]].sort()))
      // What was refused has left nothing, and what was done stands once.
      const plan = { moved: counters(credits, ['all']) }
      const facts = await readFacts(storage, { shop, scope: { kind: 'all' }, at: 1, plan })
      const done = callers.filter((kind) => kind === 'fine' || kind === 'replayed').length
      expect(facts._unsafeUnwrap().moved.get('all') ?? 0).toBe(0 - done)
      const text = `select (select count(*) from "${database.schema}".boxes where shop = $1)::int as boxes, (select count(*) from "${database.schema}".outbox where shop = $1)::int as events`
      expect((await database.pool.query(text, [shop])).rows).toEqual([{ boxes: done, events: done }])
    }),
    { numRuns: 25 },
  )
})

it('answers each caller with the value its own move left', async () => {
  const storage = open({ atOnce: 1 })
  const moves = Array.from({ length: 30 }, (_, place) => place + 1)
  const answers = await Promise.all(
    moves.map((by) => commitChanges(storage, { shop: 'values', at: 1, changes: [adjust(pieces, { id: 'a', by })] })),
  )
  // They came in this order, so each left the sum of those up to it.
  expect(answers.map((answer) => answer._unsafeUnwrap().counters[0]?.value)).toEqual(
    moves.map((by) => (by * (by + 1)) / 2),
  )
})

it('lets nobody wait for ever, whatever the numbers it is given', async () => {
  for (const [place, options] of [{ atOnce: 0 }, { most: 0 }, { atOnce: -1, most: -1 }].entries()) {
    const storage = open(options)
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((id) =>
        commitChanges(storage, { shop: `few-${place}`, at: 1, changes: [adjust(pieces, { id, by: 1 })] }),
      ),
    )
    expect(answers.every((answer) => answer.isOk())).toBe(true)
  }
})
