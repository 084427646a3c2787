import { commitChanges, find, put, readFacts, row, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { type HostStorageUnderTest, storageWithinCases } from '../../adapters/contract/index.js'
import { boxes, shelves } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { runContract } from '../support/run-contract.js'

const shop = 'main'
const look = async (storage: Storage) => {
  const plan = { host: row(boxes, 'host'), order: row(boxes, 'order') }
  const facts = await readFacts(storage, { shop, scope: { kind: 'all' }, at: 1, plan })
  return facts.map(({ host, order }) => ({ host: host?.version, order: order?.version })).unwrapOr(null)
}
const write = (storage: Storage, id: string) =>
  commitChanges(storage, { shop, at: 1, changes: [put(boxes, { id, version: 0, state: { boxId: id } })] })

// A host on memory has no tables; what it writes itself stands in a shop of its own.
const host = 'host'
const create = async (): Promise<HostStorageUnderTest> => {
  const storage = createMemoryStorage()
  return {
    storage,
    begin: async () => {
      const transaction = storage.begin()
      const inside = storage.within(transaction)
      return {
        inside,
        writeHostRow: async (name) => {
          const changes = [put(shelves, { id: name, version: 0, state: { shelfId: name, title: name } })]
          expect((await commitChanges(inside, { shop: host, at: 1, changes })).isOk()).toBe(true)
        },
        commit: async () => {
          expect(transaction.commit().isOk()).toBe(true)
        },
        // A transaction on memory ends by being forgotten.
        rollBack: async () => undefined,
      }
    },
    hostRows: async () => {
      const plan = { rows: find(shelves, { where: [], limit: 10 }) }
      const facts = await readFacts(storage, { shop: host, scope: { kind: 'all' }, at: 1, plan })
      return facts._unsafeUnwrap().rows.map(({ id }) => id)
    },
  }
}

runContract('memory within a transaction of the host', storageWithinCases, create)

describe('a transaction of the host on memory', () => {
  it('writes nothing of its own when another has changed what it was decided on', async () => {
    const storage = createMemoryStorage()
    const transaction = storage.begin()
    const inside = storage.within(transaction)
    expect((await write(inside, 'host')).isOk()).toBe(true)
    expect((await write(inside, 'order')).isOk()).toBe(true)
    expect((await write(storage, 'order')).isOk()).toBe(true)
    expect(transaction.commit().isErr()).toBe(true)
    expect(await look(storage)).toEqual({ host: undefined, order: 1 })
  })
})
