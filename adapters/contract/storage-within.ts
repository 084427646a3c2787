import {
  adjust,
  append,
  type Change,
  claim,
  commitChanges,
  counters,
  expectRow,
  prepareCommit,
  put,
  readFacts,
  row,
  rows,
  type Storage,
} from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk } from './assert.js'
import { boxes, notes, pieces, shelves } from './scratch.js'

/** A transaction that a host has opened. */
export type HostTransactionUnderTest = {
  /** The storage inside it. */
  readonly inside: Storage
  /** Writes a row of the host's own in it. */
  readonly writeHostRow: (name: string) => Promise<void>
  readonly commit: () => Promise<void>
  readonly rollBack: () => Promise<void>
}

/** A storage whose host has transactions and rows of its own. */
export type HostStorageUnderTest = {
  readonly storage: Storage
  readonly begin: () => Promise<HostTransactionUnderTest>
  /** The names of the host's rows that stand, in order. */
  readonly hostRows: () => Promise<readonly string[]>
}

const shop = 'contract'
const at = 1_000
const all = { kind: 'all' } as const

const write = (storage: Storage, changes: readonly Change[]) => commitChanges(storage, { shop, at, changes })

const lookAt = async (storage: Storage) => {
  const plan = { order: row(boxes, 'order'), later: row(boxes, 'later'), stock: counters(pieces, ['sku']) }
  const { order, later, stock } = expectOk(await readFacts(storage, { shop, scope: all, at, plan }), 'read')
  return { order: order?.version, later: later?.version, stock: stock.get('sku') }
}

const waiting = async (storage: Storage): Promise<readonly string[]> => {
  const lease = { shop, worker: 'contract', at, leaseMs: 1, limit: 10 }
  return expectOk(await storage.lease(lease), 'lease').map(({ event }) => event.id)
}

const order = (quantity: number): readonly Change[] => [
  put(boxes, { id: 'order', version: 0, state: { boxId: 'order' }, events: [{ type: 'OrderPlaced' }] }),
  adjust(pieces, { id: 'sku', by: -quantity }),
]

/** Every way in which a commit is refused, each with the tag it is refused by. */
const refusals: readonly (readonly [string, readonly Change[]])[] = [
  ['FloorReached', order(4)],
  ['VersionConflict', [...order(1), expectRow(shelves, { id: 'book', version: 7 })]],
  ['VersionConflict', [...order(1), put(shelves, { id: 'book', version: 0, state: { shelfId: 'book', title: '' } })]],
  ['AlreadyClaimed', [...order(1), claim({ space: 'coupon', key: 'c', owner: 'order' })]],
  ['AlreadyClaimed', [...order(1), append(notes, { id: 'entry', body: { at } })]],
  ['MalformedCommit', [...order(1), ...order(1)]],
]

const stocked = async (create: () => Promise<HostStorageUnderTest>): Promise<HostStorageUnderTest> => {
  const world = await create()
  const changes = [
    adjust(pieces, { id: 'sku', by: 3 }),
    put(shelves, { id: 'book', version: 0, state: { shelfId: 'book', title: 'first' } }),
    claim({ space: 'coupon', key: 'c', owner: 'another' }),
    append(notes, { id: 'entry', body: { at } }),
  ]
  expectOk(await write(world.storage, changes), 'opening stock')
  return world
}

/** What a storage has to keep inside a transaction that its host has opened. */
export const storageWithinCases: readonly ContractCase<HostStorageUnderTest>[] = [
  {
    name: 'an order that is refused leaves the transaction usable, and the host commits its own row',
    run: async (create) => {
      const { storage, begin, hostRows } = await stocked(create)
      const transaction = await begin()
      await transaction.writeHostRow('booking')
      for (const [tag, changes] of refusals) {
        expectEqual(expectErr(await write(transaction.inside, changes), tag).type, tag, 'the refusal')
        expectEqual(await lookAt(transaction.inside), { stock: 3 }, `after ${tag}`)
      }
      await transaction.writeHostRow('complaint')
      await transaction.commit()
      expectEqual(await hostRows(), ['booking', 'complaint'], 'rows of the host')
      expectEqual(await lookAt(storage), { stock: 3 }, 'the shop')
      expectEqual(await waiting(storage), [], 'events')
    },
  },
  {
    name: 'an order and a row of the host stand together once the host commits, and not before',
    run: async (create) => {
      const { storage, begin, hostRows } = await stocked(create)
      const transaction = await begin()
      await transaction.writeHostRow('booking')
      const { counters: moved } = expectOk(await write(transaction.inside, order(2)), 'the order')
      expectEqual(moved, [{ counter: pieces.name, id: 'sku', value: 1 }], 'what the counter came to')
      expectEqual(await lookAt(transaction.inside), { order: 1, stock: 1 }, 'seen inside')
      expectEqual(await lookAt(storage), { stock: 3 }, 'seen outside')
      expectEqual(await waiting(storage), [], 'events before')
      expectEqual(await hostRows(), [], 'rows of the host before')
      await transaction.commit()
      expectEqual(await lookAt(storage), { order: 1, stock: 1 }, 'after')
      expectEqual(await hostRows(), ['booking'], 'rows of the host after')
      expectEqual(await waiting(storage), ['contractBox/order/1/0'], 'events after')
    },
  },
  {
    name: 'what the host rolls back is gone, and its key is free again',
    run: async (create) => {
      const { storage, begin, hostRows } = await stocked(create)
      const first = await begin()
      await first.writeHostRow('booking')
      const mine = claim({ space: 'coupon', key: 'mine', owner: 'order' })
      expectOk(await write(first.inside, [...order(2), mine]), 'the order')
      await first.rollBack()
      expectEqual(await lookAt(storage), { stock: 3 }, 'after')
      expectEqual(await hostRows(), [], 'rows of the host')
      expectEqual(await waiting(storage), [], 'events')
      const second = await begin()
      expectOk(await write(second.inside, [...order(3), mine]), 'the same order again')
      await second.commit()
      expectEqual(await lookAt(storage), { order: 1, stock: 0 }, 'at the end')
    },
  },
  {
    name: 'a second order inside is judged by what the first has left, and many commits get an answer each',
    run: async (create) => {
      const { storage, begin } = await stocked(create)
      const transaction = await begin()
      expectOk(await write(transaction.inside, order(2)), 'the first')
      const later = [
        put(boxes, { id: 'later', version: 0, state: { boxId: 'later' } }),
        adjust(pieces, { id: 'sku', by: -2 }),
      ]
      expectEqual(expectErr(await write(transaction.inside, later), 'the second').type, 'FloorReached', 'the second')
      const commits = [-1, -1, 5].map((by) =>
        expectOk(prepareCommit({ shop, at, changes: [adjust(pieces, { id: 'sku', by })] }), 'prepare'),
      )
      const answers = expectOk(await transaction.inside.commitEach(commits), 'commitEach')
      expectEqual(
        answers.map((answer) => (answer.isOk() ? 'done' : answer.error.type)),
        ['done', 'FloorReached', 'done'],
        'answers',
      )
      await transaction.commit()
      expectEqual(await lookAt(storage), { order: 1, stock: 5 }, 'at the end')
    },
  },
  {
    name: 'commits that are sent at once into one transaction take turns, each with an answer of its own',
    run: async (create) => {
      const { storage, begin } = await stocked(create)
      const transaction = await begin()
      const answers = await Promise.all(Array.from({ length: 12 }, () => write(transaction.inside, order(1))))
      expectEqual(answers.filter((answer) => answer.isOk()).length, 1, 'done')
      const plan = { found: rows(boxes, ['order']), stock: counters(pieces, ['sku']) }
      const reads = await Promise.all(
        Array.from({ length: 4 }, () => readFacts(transaction.inside, { shop, scope: all, at, plan })),
      )
      for (const read of reads) expectEqual(expectOk(read, 'read').stock.get('sku'), 2, 'seen inside')
      await transaction.commit()
      expectEqual(await lookAt(storage), { order: 1, stock: 2 }, 'at the end')
    },
  },
]
