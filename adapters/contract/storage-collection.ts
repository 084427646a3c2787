import {
  type Collection,
  type Condition,
  commitChanges,
  compareCodePoints,
  expectRow,
  type Field,
  find,
  type Json,
  prepareCommit,
  put,
  readFacts,
  removeRow,
  row,
  type Storage,
  valuesAt,
} from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk } from './assert.js'

/** A collection in a storage, empty at first: one that a host keeps in tables of its own, for instance. */
export type CollectionUnderTest<State extends object> = {
  readonly storage: Storage
  /** The shop that it is kept for. */
  readonly shop: string
  readonly collection: Collection<State>
  /** An id that the collection may have, another for each number. */
  readonly idOf: (place: number) => string
  /** The state of a row, another one for each version of it; its values should differ from row to row. */
  readonly stateOf: (id: string, version: number) => State
}

export type CollectionCase<State extends object> = ContractCase<CollectionUnderTest<State>>

const all = { kind: 'all' } as const
const places = [3, 1, 2] as const

const lookAt = async <State extends object>(world: CollectionUnderTest<State>, id: string, shop = world.shop) => {
  const plan = { found: row(world.collection, id) }
  return expectOk(await readFacts(world.storage, { shop, scope: all, at: 1, plan }), 'read').found
}

const write = <State extends object>(
  { storage, shop }: CollectionUnderTest<State>,
  changes: Parameters<typeof commitChanges>[1]['changes'],
) => commitChanges(storage, { shop, at: 1, changes })

const putOf = <State extends object>(
  { collection, stateOf }: CollectionUnderTest<State>,
  id: string,
  version: number,
) => put(collection, { id, version, state: stateOf(id, version + 1) })

const rowOf = <State extends object>({ stateOf }: CollectionUnderTest<State>, id: string, version: number) => ({
  id,
  version,
  state: stateOf(id, version),
})

const conditionOf = (name: string, { type }: Field, value: Json): Condition | undefined => {
  if (type === 'textList') {
    const [first] = Array.isArray(value) ? value : []
    return typeof first === 'string' ? { field: name, is: 'containsAll', values: [first] } : undefined
  }
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar ? { field: name, is: 'eq', value } : undefined
}

const holds = (condition: Condition, value: Json | undefined): boolean =>
  condition.is === 'containsAll'
    ? Array.isArray(value) && condition.values.every((each) => value.includes(each))
    : condition.is === 'eq' && condition.value === value

const compareValues = (a: Json | undefined, b: Json | undefined): number =>
  typeof a === 'string' && typeof b === 'string' ? compareCodePoints(a, b) : Number(a) - Number(b)

/** What a collection has to do, wherever it is kept. */
export const collectionCases = <State extends object>(): readonly CollectionCase<State>[] => [
  {
    name: 'gives back what was put, at one version more each time, until it is removed',
    run: async (create) => {
      const world = await create()
      const id = world.idOf(1)
      expectEqual(await lookAt(world, id), undefined, 'before')
      for (const version of [0, 1, 2]) {
        expectOk(await write(world, [putOf(world, id, version)]), `put ${version}`)
        expectEqual(await lookAt(world, id), rowOf(world, id, version + 1), `after put ${version}`)
      }
      expectOk(await write(world, [removeRow(world.collection, { id, version: 3 })]), 'remove')
      expectEqual(await lookAt(world, id), undefined, 'removed')
      expectOk(await write(world, [putOf(world, id, 0)]), 'put again')
      expectEqual(await lookAt(world, id), rowOf(world, id, 1), 'put again')
    },
  },
  {
    name: 'refuses what was decided on another version, and writes nothing else of it',
    run: async (create) => {
      const world = await create()
      const [id, other] = [world.idOf(1), world.idOf(2)]
      const { collection } = world
      expectOk(await write(world, [putOf(world, id, 0)]), 'put')
      const late = [
        putOf(world, id, 0),
        putOf(world, id, 1 + 1),
        removeRow(collection, { id, version: 2 }),
        expectRow(collection, { id, version: 2 }),
      ]
      for (const change of late) {
        const error = expectErr(await write(world, [putOf(world, other, 0), change]), change.kind)
        expectEqual(error, { type: 'VersionConflict', index: 1, key: { collection: collection.name, id } }, change.kind)
      }
      expectEqual(await lookAt(world, other), undefined, 'the other row')
      expectEqual(await lookAt(world, id), rowOf(world, id, 1), 'the row')
      expectErr(await write(world, [putOf(world, other, 1)]), 'a put over nothing')
      expectErr(await write(world, [expectRow(collection, { id: other, version: 1 })]), 'nothing to rely on')
      expectOk(await write(world, [putOf(world, other, 0), expectRow(collection, { id, version: 1 })]), 'relied on')
    },
  },
  {
    name: 'finds its rows by every declared field, and orders them by it',
    run: async (create) => {
      const world = await create()
      const { storage, shop, collection } = world
      const ids = places.map(world.idOf)
      expectOk(
        await write(
          world,
          ids.map((id) => putOf(world, id, 0)),
        ),
        'put',
      )
      const inOrder = [...ids].sort(compareCodePoints)
      for (const [name, field] of Object.entries(collection.fields)) {
        // A state is JSON: that is what every storage keeps.
        const valueIn = (id: string) =>
          valuesAt(JSON.parse(JSON.stringify(world.stateOf(id, 1))), field.path)[0] ?? field.absent
        for (const id of ids) {
          const condition = conditionOf(name, field, valueIn(id) ?? null)
          if (condition === undefined) continue
          const plan = { found: find(collection, { where: [condition], limit: 10 }) }
          const { found } = expectOk(await readFacts(storage, { shop, scope: all, at: 1, plan }), `find by ${name}`)
          const expected = inOrder.filter((each) => holds(condition, valueIn(each)))
          expectEqual(
            found.map((each) => each.id),
            expected,
            `found by ${name}`,
          )
        }
        if (field.type === 'textList') continue
        const orderBy = { field: name, direction: 'ascending' } as const
        const plan = { found: find(collection, { where: [], orderBy, limit: 10 }) }
        const { found } = expectOk(await readFacts(storage, { shop, scope: all, at: 1, plan }), `order by ${name}`)
        const expected = inOrder
          .filter((id) => conditionOf(name, field, valueIn(id) ?? null) !== undefined)
          .sort((a, b) => compareValues(valueIn(a), valueIn(b)) || compareCodePoints(a, b))
        expectEqual(
          found.map((each) => each.id),
          expected,
          `ordered by ${name}`,
        )
      }
    },
  },
  {
    name: 'answers each of many commits by itself, as if they came one after another',
    run: async (create) => {
      const world = await create()
      const { storage, shop, collection } = world
      const [id, other] = [world.idOf(1), world.idOf(2)]
      const commits = [
        putOf(world, id, 0),
        putOf(world, id, 0),
        putOf(world, id, 1),
        putOf(world, other, 0),
        removeRow(collection, { id: other, version: 1 }),
        expectRow(collection, { id, version: 2 }),
      ].map((change) => expectOk(prepareCommit({ shop, at: 1, changes: [change] }), 'prepare'))
      const answers = expectOk(await storage.commitEach(commits), 'commitEach')
      const tags = answers.map((answer) => (answer.isOk() ? 'done' : answer.error.type))
      expectEqual(tags, ['done', 'VersionConflict', 'done', 'done', 'done', 'done'], 'answers')
      expectEqual(await lookAt(world, id), rowOf(world, id, 2), 'the row')
      expectEqual(await lookAt(world, other), undefined, 'the row that came and went')
    },
  },
  {
    name: 'of one shop is neither seen nor written by another',
    run: async (create) => {
      const world = await create()
      const { storage, collection } = world
      const id = world.idOf(1)
      const other = `${world.shop}-other`
      expectOk(await write(world, [putOf(world, id, 0)]), 'put')
      expectEqual(await lookAt(world, id, other), undefined, 'seen by another')
      for (const change of [putOf(world, id, 1), removeRow(collection, { id, version: 1 })]) {
        expectErr(await commitChanges(storage, { shop: other, at: 1, changes: [change] }), 'written by another')
      }
      expectEqual(await lookAt(world, id), rowOf(world, id, 1), 'the row')
    },
  },
  {
    name: 'lets one of 16 replace a version, and two rows be written in opposite orders',
    run: async (create) => {
      const world = await create()
      const [id, other] = [world.idOf(1), world.idOf(2)]
      expectOk(await write(world, [putOf(world, id, 0), putOf(world, other, 0)]), 'put')
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, contender) => {
          const both = [putOf(world, id, 1), putOf(world, other, 1)]
          return write(world, contender % 2 === 0 ? both : both.reverse())
        }),
      )
      const tags = answers.map((answer) => (answer.isOk() ? 'done' : answer.error.type)).sort()
      expectEqual(tags, [...Array.from({ length: 15 }, () => 'VersionConflict'), 'done'], 'answers')
      expectEqual(
        [await lookAt(world, id), await lookAt(world, other)],
        [rowOf(world, id, 2), rowOf(world, other, 2)],
        'rows',
      )
    },
  },
]
