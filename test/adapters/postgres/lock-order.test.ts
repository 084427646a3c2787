import {
  adjust,
  type Change,
  claim,
  commitChanges,
  counters,
  prepareCommit,
  put,
  readFacts,
  release,
  removeRow,
  rows,
} from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Box, boxes, credits, pieces, shelves } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase({ poolSize: 24 })
})
afterAll(async () => {
  await database.close()
})

const forms = ['transaction', 'statement', 'function'] as const
const ids = ['a', 'b', 'c', 'd', 'e', 'f']

// A small generator, so that a storm can be run again.
const createChance = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const shuffled = <Item>(items: readonly Item[], chance: (below: number) => number): Item[] => {
  const left = [...items]
  return items.flatMap(() => left.splice(chance(left.length), 1))
}

const deadlocks = async (): Promise<number> => {
  const text = 'select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()'
  return Number((await database.pool.query(text)).rows[0]?.deadlocks)
}

const lines = (count: number) => [{ lineId: 'l', shelfId: 's', count }]

describe('commits over the same few rows, in every order and form at once', () => {
  // A row that one commit removes, or writes, while another makes it anew of an older view, cannot be locked in order
  // beforehand: there the server may have to break a circle, and the adapter tries again.
  it.each([
    ['never deadlock', false],
    ['are tried again where rows are removed and made anew', true],
  ])('%s, lose no movement and leave the totals right', { timeout: 300_000 }, async (_, isMadeAnew) => {
    const shop = isMadeAnew ? 'anew' : 'storm'
    const storages = forms.map((form) => createPostgresStorage({ ...database.options, form }))
    const [first] = storages
    if (first === undefined) throw new Error('no storage')
    const all = { kind: 'all' } as const
    const begin: Change[] = [
      ...ids.map((id) => put(boxes, { id, version: 0, state: { boxId: id, size: 0 } })),
      ...ids.map((id) => put(shelves, { id, version: 0, state: { shelfId: id, title: id } })),
      ...ids.map((id) => adjust(pieces, { id, by: 1_000_000 })),
      ...ids.map((id) => adjust(credits, { id, by: 1_000_000 })),
    ]
    expect((await commitChanges(first, { shop, at: 1, changes: begin })).isOk()).toBe(true)
    const before = await deadlocks()
    const moved = new Map(ids.map((id) => [id, 0]))
    const faults: string[] = []
    let done = 0
    const work = async (worker: number): Promise<void> => {
      const chance = createChance(worker + 1)
      const storage = storages[worker % storages.length] ?? first
      for (let round = 0; round < 40; round += 1) {
        const chosen = shuffled(ids, chance).slice(0, 1 + chance(3))
        const facts = await readFacts(storage, {
          shop,
          scope: all,
          at: 1,
          plan: { boxes: rows(boxes, chosen), shelves: rows(shelves, chosen) },
        })
        if (facts.isErr()) {
          faults.push(JSON.stringify(facts.error))
          continue
        }
        const found = (id: string) => facts.value.boxes.find((box) => box.id === id)
        const changes: Change[] = chosen.flatMap((id): Change[] => {
          const box = found(id)
          const by = chance(3) - 1
          const state: Box = { boxId: id, size: round, lines: lines(worker) }
          const row: Change[] =
            box === undefined
              ? [put(boxes, { id, version: 0, state, events: [{ type: 'Made' }] })]
              : isMadeAnew && chance(6) === 0
                ? [removeRow(boxes, box)]
                : [put(boxes, { id, version: box.version, state, events: [{ type: 'Filled' }] })]
          return [
            ...row,
            adjust(pieces, { id, by }),
            adjust(credits, { id, by: -by }),
            chance(2) === 0
              ? claim({ space: 'seat', key: id, owner: `${worker}`, expiresAt: 1 })
              : release({ space: 'seat', key: id, owner: `${chance(24)}` }),
          ]
        })
        // Many make this one at once, of whom one succeeds.
        const contested = `contested-${round}-${chance(2)}`
        const made = put(boxes, { id: contested, version: 0, state: { boxId: contested } })
        const stale = facts.value.shelves.map(
          (shelf): Change => ({
            kind: 'expect',
            key: { collection: shelves.name, id: shelf.id },
            version: shelf.version,
          }),
        )
        const commit = {
          shop,
          at: 2,
          changes: shuffled([...changes, ...(chance(4) === 0 ? [made] : []), ...stale], chance),
        }
        const note = (): void => {
          done += 1
          for (const change of commit.changes) {
            if (change.kind === 'adjust' && change.counter === pieces.name) {
              moved.set(change.id, (moved.get(change.id) ?? 0) + change.by)
            }
          }
        }
        if (round % 8 === 0) {
          const one = prepareCommit(commit)
          const two = prepareCommit({ shop, at: 2, changes: chosen.map((id) => adjust(pieces, { id, by: 0 })) })
          if (one.isErr() || two.isErr()) throw new Error('malformed')
          const answers = await storage.commitEach([one.value, two.value])
          if (answers.isErr()) faults.push(answers.error.detail)
          else if (answers.value[0]?.isOk() === true) note()
        } else {
          const answer = await commitChanges(storage, commit)
          if (answer.isOk()) note()
          else if (answer.error.type === 'StorageUnavailable') faults.push(answer.error.detail)
        }
      }
    }
    await Promise.all(Array.from({ length: 24 }, (_, worker) => work(worker)))
    expect(faults).toEqual([])
    // Each worker has something done; how much is the machine's affair.
    expect(done).toBeGreaterThan(24)
    const left = await readFacts(first, {
      shop,
      scope: all,
      at: 1,
      plan: { pieces: counters(pieces, ids), credits: counters(credits, ids) },
    })
    const facts = left._unsafeUnwrap()
    for (const id of ids) {
      const by = moved.get(id) ?? 0
      expect([id, facts.pieces.get(id)], 'pieces').toEqual([id, 1_000_000 + by])
      expect([id, facts.credits.get(id)], 'credits').toEqual([id, 1_000_000 - by])
    }
    // The server counts a little later than it works.
    await database.pool.query('select pg_stat_force_next_flush()')
    if (!isMadeAnew) expect((await deadlocks()) - before).toBe(0)
  })
})
