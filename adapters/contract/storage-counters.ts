import { adjust, type CounterFamily, commitChanges, counters, prepareCommit, readFacts, type Storage } from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk } from './assert.js'

/** A family of counters in a storage, empty at first: those of a host's own tables, for one. */
export type CountersUnderTest = {
  readonly storage: Storage
  /** The shop that they are counted for. */
  readonly shop: string
  readonly family: CounterFamily
  /** An id that the family may have, another for each number. */
  readonly idOf: (place: number) => string
}

const all = { kind: 'all' } as const
const many = 64

const move = ({ storage, shop, family }: CountersUnderTest, moves: readonly (readonly [string, number])[]) =>
  commitChanges(storage, { shop, at: 1, changes: moves.map(([id, by]) => adjust(family, { id, by })) })

const valuesOf = async ({ storage, family, shop }: CountersUnderTest, ids: readonly string[], inShop = shop) => {
  const plan = { values: counters(family, ids) }
  const { values } = expectOk(await readFacts(storage, { shop: inShop, scope: all, at: 1, plan }), 'read')
  return ids.map((id) => values.get(id) ?? null)
}

const tagsOf = (answers: readonly { match<A>(ok: () => A, err: (error: { type: string }) => A): A }[]) => {
  const tags: Record<string, number> = {}
  for (const answer of answers) {
    const tag = answer.match(
      () => 'done',
      (error) => error.type + ('detail' in error ? `: ${String(error.detail)}` : ''),
    )
    tags[tag] = (tags[tag] ?? 0) + 1
  }
  return tags
}

/** What a family of counters has to do, wherever it is kept. */
export const counterCases: readonly ContractCase<CountersUnderTest>[] = [
  {
    name: 'are moved, start at the initial value where they are absent, and tell what they came to',
    run: async (create) => {
      const world = await create()
      const { storage, shop, family, idOf } = world
      const [a, b] = [idOf(1), idOf(2)]
      const first = expectOk(await move(world, [[a, family.minimum + 5]]), 'a receipt')
      expectEqual(first.counters, [{ counter: family.name, id: a, value: family.minimum + 5 }], 'the answer')
      const start = adjust(family, { id: b, by: -2, initial: family.minimum + 10 })
      const second = expectOk(await commitChanges(storage, { shop, at: 1, changes: [start] }), 'an initial value')
      expectEqual(second.counters, [{ counter: family.name, id: b, value: family.minimum + 8 }], 'the answer')
      expectOk(
        await move(world, [
          [a, -5],
          [b, 1],
        ]),
        'two at once',
      )
      expectEqual(await valuesOf(world, [a, b, idOf(3)]), [family.minimum, family.minimum + 9, null], 'values')
    },
  },
  {
    name: 'never fall below the floor, absent or not, and one that would keeps all others where they are',
    run: async (create) => {
      const world = await create()
      const { storage, shop, family, idOf } = world
      const [a, b] = [idOf(1), idOf(2)]
      const refused = { type: 'FloorReached', index: 0, counter: family.name, id: a }
      expectEqual(expectErr(await move(world, [[a, family.minimum - 1]]), 'an absent one'), refused, 'absent')
      expectOk(
        await move(world, [
          [a, family.minimum + 2],
          [b, family.minimum + 2],
        ]),
        'a receipt',
      )
      expectEqual(expectErr(await move(world, [[a, -3]]), 'too much'), refused, 'present')
      const floor = adjust(family, { id: a, by: -1, floor: family.minimum + 2 })
      const raised = await commitChanges(storage, { shop, at: 1, changes: [floor] })
      expectEqual(expectErr(raised, 'a raised floor'), refused, 'a raised floor')
      const both = await move(world, [
        [b, -1],
        [a, -3],
      ])
      expectEqual(expectErr(both, 'one of two'), { ...refused, index: 1 }, 'one of two')
      expectEqual(await valuesOf(world, [a, b]), [family.minimum + 2, family.minimum + 2], 'values')
    },
  },
  {
    name: 'are judged one commit after another when many commits come together',
    run: async (create) => {
      const world = await create()
      const { storage, shop, family, idOf } = world
      const commits = [
        adjust(family, { id: idOf(1), by: family.minimum + 3 }),
        adjust(family, { id: idOf(1), by: -2 }),
        adjust(family, { id: idOf(1), by: -2 }),
        adjust(family, { id: idOf(2), by: family.minimum + 7 }),
      ].map((change) => expectOk(prepareCommit({ shop, at: 1, changes: [change] }), 'prepare'))
      const answers = expectOk(await storage.commitEach(commits), 'commitEach')
      expectEqual(tagsOf(answers), { done: 3, FloorReached: 1 }, 'answers')
      expectEqual(await valuesOf(world, [idOf(1), idOf(2)]), [family.minimum + 1, family.minimum + 7], 'values')
    },
  },
  {
    name: 'of one shop are neither seen nor moved by another',
    run: async (create) => {
      const world = await create()
      const { storage, shop, family, idOf } = world
      const other = `${shop}-other`
      expectOk(await move(world, [[idOf(1), family.minimum + 5]]), 'a receipt')
      expectEqual(await valuesOf(world, [idOf(1)], other), [null], 'seen by another')
      // Tables that hold one shop may also refuse what another writes.
      const changes = [adjust(family, { id: idOf(1), by: -1, initial: family.minimum + 1 })]
      await commitChanges(storage, { shop: other, at: 1, changes }).match(
        () => undefined,
        () => undefined,
      )
      expectEqual(await valuesOf(world, [idOf(1)]), [family.minimum + 5], 'the value')
    },
  },
  {
    name: 'give each of 10 pieces to one of 64 who ask at once',
    run: async (create) => {
      const world = await create()
      const { family, idOf } = world
      expectOk(await move(world, [[idOf(1), family.minimum + 10]]), 'a receipt')
      const answers = await Promise.all(Array.from({ length: many }, () => move(world, [[idOf(1), -1]])))
      expectEqual(tagsOf(answers), { done: 10, FloorReached: many - 10 }, 'answers')
      expectEqual(await valuesOf(world, [idOf(1)]), [family.minimum], 'what is left')
    },
  },
  {
    name: 'are moved in opposite orders at once, and nobody waits for ever',
    run: async (create) => {
      const world = await create()
      const ids = [1, 2, 3, 4].map(world.idOf)
      const start = world.family.minimum + many
      expectOk(
        await move(
          world,
          ids.map((id) => [id, start] as const),
        ),
        'a receipt',
      )
      const answers = await Promise.all(
        Array.from({ length: many }, (_, contender) => {
          const order = contender % 2 === 0 ? ids : [...ids].reverse()
          return move(
            world,
            order.map((id) => [id, -1] as const),
          )
        }),
      )
      expectEqual(tagsOf(answers), { done: many }, 'answers')
      expectEqual(
        await valuesOf(world, ids),
        ids.map(() => start - many),
        'values',
      )
    },
  },
]
