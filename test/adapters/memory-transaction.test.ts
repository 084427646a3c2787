import { adjust, commitChanges, counters, put, readFacts, row, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes, pieces } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'

const shop = 'main'
const look = async (storage: Storage) => {
  const plan = { host: row(boxes, 'host'), order: row(boxes, 'order'), stock: counters(pieces, ['x']) }
  const facts = await readFacts(storage, { shop, scope: { kind: 'all' }, at: 1, plan })
  return facts
    .map(({ host, order, stock }) => ({ host: host?.version, order: order?.version, stock: stock.get('x') }))
    .unwrapOr(null)
}
const box = (id: string, version = 0) => put(boxes, { id, version, state: { boxId: id } })

describe('a transaction of the host on memory', () => {
  it('keeps the host able to commit its own row after an order inside it was refused', async () => {
    const storage = createMemoryStorage()
    const transaction = storage.begin()
    expect((await commitChanges(transaction.storage, { shop, at: 1, changes: [box('host')] })).isOk()).toBe(true)
    const refused = await commitChanges(transaction.storage, {
      shop,
      at: 1,
      changes: [box('order'), adjust(pieces, { id: 'x', by: -1 })],
    })
    expect(refused.isErr() && refused.error.type).toBe('FloorReached')
    expect(await look(storage)).toEqual({ host: undefined, order: undefined, stock: undefined })
    expect(transaction.commit().isOk()).toBe(true)
    expect(await look(storage)).toEqual({ host: 1, order: undefined, stock: undefined })
  })

  it('writes nothing of its own when another has changed what it was decided on', async () => {
    const storage = createMemoryStorage()
    const transaction = storage.begin()
    expect((await commitChanges(transaction.storage, { shop, at: 1, changes: [box('host')] })).isOk()).toBe(true)
    expect((await commitChanges(transaction.storage, { shop, at: 1, changes: [box('order')] })).isOk()).toBe(true)
    expect((await commitChanges(storage, { shop, at: 1, changes: [box('order')] })).isOk()).toBe(true)
    expect(transaction.commit().isErr()).toBe(true)
    expect(await look(storage)).toEqual({ host: undefined, order: 1, stock: undefined })
  })
})
