import { adjust, type Change, claim, commitChanges, counters, put, readFacts, row, type Storage } from 'shopwright'
import { type ContractCase, expectEqual, expectOk } from './assert.js'
import { boxes, pieces } from './scratch.js'

const shop = 'contract'
const many = 64

/** Sends commits at once and counts the answers by `done` or the tag of the error. */
const race = async (storage: Storage, changesOf: (contender: number) => readonly Change[]) => {
  const answers = await Promise.all(
    Array.from({ length: many }, (_, contender) =>
      commitChanges(storage, { shop, at: 1_000, changes: changesOf(contender) }),
    ),
  )
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const tag = answer.match(
      () => 'done',
      (error) => (error.type === 'StorageUnavailable' ? `${error.type}: ${error.detail}` : error.type),
    )
    counts[tag] = (counts[tag] ?? 0) + 1
  }
  return counts
}

/** What must hold when many write at once. */
export const storageRaceCases: readonly ContractCase<Storage>[] = [
  {
    name: 'of 64 who take one of 10 pieces exactly 10 get one',
    run: async (create) => {
      const storage = await create()
      expectOk(await commitChanges(storage, { shop, at: 1, changes: [adjust(pieces, { id: 'x', by: 10 })] }), 'fill')
      const counts = await race(storage, (contender) => [
        put(boxes, { id: `box-${contender}`, version: 0, state: { boxId: `box-${contender}` } }),
        adjust(pieces, { id: 'x', by: -1 }),
      ])
      expectEqual(counts, { done: 10, FloorReached: 54 }, 'answers')
      const left = expectOk(
        await readFacts(storage, { shop, scope: { kind: 'all' }, at: 1, plan: { left: counters(pieces, ['x']) } }),
        'read',
      )
      expectEqual([...left.left], [['x', 0]], 'left')
    },
  },
  {
    name: 'of 64 who claim one fact exactly one has it',
    run: async (create) => {
      const storage = await create()
      const counts = await race(storage, (contender) => [claim({ space: 's', key: 'k', owner: `owner-${contender}` })])
      expectEqual(counts, { done: 1, AlreadyClaimed: 63 }, 'answers')
    },
  },
  {
    name: 'of 64 who insert one row, and of 64 who replace one version, exactly one does',
    run: async (create) => {
      const storage = await create()
      const write = (version: number) => (contender: number) => [
        put(boxes, { id: 'a', version, state: { boxId: 'a', size: contender } }),
      ]
      expectEqual(await race(storage, write(0)), { done: 1, VersionConflict: 63 }, 'insert')
      expectEqual(await race(storage, write(1)), { done: 1, VersionConflict: 63 }, 'replace')
    },
  },
  {
    name: 'commits over the same rows in opposite orders all end, and none is lost',
    run: async (create) => {
      const storage = await create()
      const ids = ['a', 'b', 'c', 'd']
      const fill = ids.map((id) => adjust(pieces, { id, by: 1_000 }))
      expectOk(await commitChanges(storage, { shop, at: 1, changes: fill }), 'fill')
      const counts = await race(storage, (contender) => {
        const turned = [...ids.slice(contender % 4), ...ids.slice(0, contender % 4)]
        const order = contender % 2 === 0 ? turned : turned.reverse()
        return [
          ...order.map((id) => adjust(pieces, { id, by: -1 })),
          put(boxes, { id: `box-${contender}`, version: 0, state: { boxId: 'x' } }),
        ]
      })
      expectEqual(counts, { done: many }, 'answers')
      const facts = expectOk(
        await readFacts(storage, {
          shop,
          scope: { kind: 'all' },
          at: 1,
          plan: { left: counters(pieces, ids), last: row(boxes, 'box-63') },
        }),
        'read',
      )
      expectEqual([...facts.left.values()], [936, 936, 936, 936], 'left')
    },
  },
]
