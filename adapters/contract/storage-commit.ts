import type { Result } from 'neverthrow'
import {
  adjust,
  append,
  type Change,
  type CommitError,
  type Committed,
  claim,
  claims,
  commitChanges,
  counters,
  entries,
  expectRow,
  prepareCommit,
  put,
  readFacts,
  release,
  removeRow,
  row,
  type Storage,
} from 'shopwright'
import { type ContractCase, expectEqual, expectErr, expectOk, expectTrue } from './assert.js'
import { boxes, credits, notes, pieces, shelves } from './scratch.js'

const shop = 'contract'
const all = { kind: 'all' } as const

const commit = async (
  storage: Storage,
  changes: readonly Change[],
  at = 1_000,
  inShop = shop,
): Promise<Result<Committed, CommitError>> => commitChanges(storage, { shop: inShop, at, changes })

const look = async (storage: Storage, at = 1_000, inShop = shop) =>
  expectOk(
    await readFacts(storage, {
      shop: inShop,
      scope: all,
      at,
      plan: {
        a: row(boxes, 'a'),
        b: row(boxes, 'b'),
        counters: counters(pieces, ['x', 'y']),
        credits: counters(credits, ['x']),
        claims: claims('space', ['k']),
        notes: entries(notes, { where: [], limit: 10 }),
      },
    }),
    'read',
  )

const box = (id: string, version: number, size = 1): Change => put(boxes, { id, version, state: { boxId: id, size } })

/** What every storage's `commit` and `commitEach` must do. */
export const storageCommitCases: readonly ContractCase<Storage>[] = [
  {
    name: 'a put of version 0 inserts and each further put raises the version by one',
    run: async (create) => {
      const storage = await create()
      expectOk(await commit(storage, [box('a', 0, 1)]), 'insert')
      expectOk(await commit(storage, [box('a', 1, 2)]), 'replace')
      const { a } = await look(storage)
      expectEqual(a, { id: 'a', version: 2, state: { boxId: 'a', size: 2 } }, 'row')
    },
  },
  {
    name: 'a put by the release before leaves a row the newer shape that it was read in',
    run: async (create) => {
      const storage = await create()
      const shapeOf = async (): Promise<number | undefined> => {
        const queries = [{ name: 'a', query: row(boxes, 'a').query }].flatMap(({ name, query }) =>
          query === null ? [] : [{ name, query }],
        )
        const raw = expectOk(await storage.read({ shop, scope: all, at: 1_000, queries }), 'read')
        return raw.a?.[0]?.schemaVersion
      }
      const newer = put({ ...boxes, schemaVersion: 2 }, { id: 'a', version: 0, state: { boxId: 'a' } })
      expectOk(await commit(storage, [newer]), 'this release')
      expectOk(await commit(storage, [box('a', 1, 2)]), 'the release before')
      expectEqual(await shapeOf(), 2, 'shape after the release before')
      const newest = put({ ...boxes, schemaVersion: 3 }, { id: 'a', version: 2, state: { boxId: 'a' } })
      expectOk(await commit(storage, [newest]), 'the next release')
      expectEqual(await shapeOf(), 3, 'shape after the next release')
    },
  },
  {
    name: 'a put of version 0 over a row, of a stale version, or of a row that is absent, is a version conflict',
    run: async (create) => {
      const storage = await create()
      expectOk(await commit(storage, [box('a', 0)]), 'insert')
      for (const [version, id] of [
        [0, 'a'],
        [2, 'a'],
        [1, 'b'],
      ] as const) {
        expectEqual(
          expectErr(await commit(storage, [box(id, version, 9)]), `put ${id} at ${version}`),
          { type: 'VersionConflict', index: 0, key: { collection: boxes.name, id } },
          'error',
        )
      }
      expectEqual((await look(storage)).a?.state.size, 1, 'size')
    },
  },
  {
    name: 'one failing change keeps every other change of the commit from being written',
    run: async (create) => {
      const storage = await create()
      expectOk(await commit(storage, [box('b', 0)]), 'insert')
      const changes = [
        box('a', 0),
        adjust(pieces, { id: 'x', by: 5 }),
        claim({ space: 'space', key: 'k', owner: 'me' }),
        append(notes, { id: 'n', body: { ownerId: 'o', at: 1 } }),
        removeRow(boxes, { id: 'b', version: 7 }),
      ]
      expectEqual(expectErr(await commit(storage, changes), 'commit').type, 'VersionConflict', 'type')
      const after = await look(storage)
      expectEqual(after.a, undefined, 'a')
      expectEqual([...after.counters], [], 'counters')
      expectEqual([...after.claims], [], 'claims')
      expectEqual(after.notes, [], 'notes')
      expectEqual(after.b?.version, 1, 'b')
    },
  },
  {
    name: 'of several failing changes the first in the commit is named',
    run: async (create) => {
      const storage = await create()
      expectOk(await commit(storage, [box('a', 0), claim({ space: 'space', key: 'k', owner: 'first' })]), 'before')
      const failing = {
        version: box('a', 5),
        floor: adjust(pieces, { id: 'x', by: -1 }),
        claim: claim({ space: 'space', key: 'k', owner: 'second' }),
      }
      const named = async (changes: readonly Change[]) => expectErr(await commit(storage, changes), 'commit')
      expectEqual(
        (await named([failing.version, failing.floor, failing.claim])).type,
        'VersionConflict',
        'version first',
      )
      expectEqual((await named([failing.floor, failing.claim, failing.version])).type, 'FloorReached', 'floor first')
      expectEqual(
        await named([box('b', 0), failing.claim, failing.version, failing.floor]),
        { type: 'AlreadyClaimed', index: 1, space: 'space', key: 'k', owner: 'first' },
        'claim first',
      )
    },
  },
  {
    name: 'an adjust moves a counter, starts an absent one at its initial value, and tells the new value',
    run: async (create) => {
      const storage = await create()
      const first = expectOk(
        await commit(storage, [adjust(pieces, { id: 'y', by: 3 }), adjust(pieces, { id: 'x', by: -2, initial: 10 })]),
        'first',
      )
      expectEqual(
        first.counters,
        [
          { counter: pieces.name, id: 'x', value: 8 },
          { counter: pieces.name, id: 'y', value: 3 },
        ],
        'values',
      )
      const again = expectOk(await commit(storage, [adjust(pieces, { id: 'x', by: -8, initial: 10 })]), 'again')
      expectEqual(again.counters, [{ counter: pieces.name, id: 'x', value: 0 }], 'initial counts once')
    },
  },
  {
    name: 'an adjust below the floor is refused and leaves the counter, absent or not',
    run: async (create) => {
      const storage = await create()
      const refused = { type: 'FloorReached', index: 0, counter: pieces.name, id: 'x' }
      expectEqual(expectErr(await commit(storage, [adjust(pieces, { id: 'x', by: -1 })]), 'absent'), refused, 'absent')
      expectEqual(
        expectErr(await commit(storage, [adjust(pieces, { id: 'x', by: -4, initial: 3 })]), 'initial'),
        refused,
        'initial',
      )
      expectOk(await commit(storage, [adjust(pieces, { id: 'x', by: 5 })]), 'fill')
      expectEqual(expectErr(await commit(storage, [adjust(pieces, { id: 'x', by: -6 })]), 'below'), refused, 'below')
      expectEqual(
        expectErr(await commit(storage, [adjust(pieces, { id: 'x', by: -2, floor: 4 })]), 'raised floor'),
        refused,
        'raised floor',
      )
      expectOk(await commit(storage, [adjust(pieces, { id: 'x', by: -5 })]), 'to the floor')
      expectOk(await commit(storage, [adjust(credits, { id: 'x', by: -100 })]), 'to a negative minimum')
      expectEqual(
        expectErr(await commit(storage, [adjust(credits, { id: 'x', by: -1 })]), 'under it').type,
        'FloorReached',
        'type',
      )
      const after = await look(storage)
      expectEqual(
        [...after.counters, ...after.credits],
        [
          ['x', 0],
          ['x', -100],
        ],
        'values',
      )
    },
  },
  {
    name: 'adjusts of one counter in one commit are judged by their sum',
    run: async (create) => {
      const storage = await create()
      const two = [adjust(pieces, { id: 'x', by: -6 }), adjust(pieces, { id: 'x', by: -5 })]
      expectOk(await commit(storage, [adjust(pieces, { id: 'x', by: 10 })]), 'fill')
      expectEqual(expectErr(await commit(storage, two), 'sum').type, 'FloorReached', 'eleven of ten')
      expectOk(await commit(storage, [...two, adjust(pieces, { id: 'x', by: 1 })]), 'ten of ten')
      expectEqual([...(await look(storage)).counters], [['x', 0]], 'value')
    },
  },
  {
    name: 'two changes of one key are refused before anything is tried',
    run: async () => {
      const pairs: readonly (readonly [Change, Change])[] = [
        [box('a', 0), box('a', 1)],
        [box('a', 0), expectRow(boxes, { id: 'a', version: 1 })],
        [removeRow(boxes, { id: 'a', version: 1 }), box('a', 1)],
        [claim({ space: 's', key: 'k', owner: 'me' }), release({ space: 's', key: 'k', owner: 'me' })],
        [append(notes, { id: 'n', body: {} }), append(notes, { id: 'n', body: {} })],
      ]
      for (const pair of pairs) {
        expectEqual(
          expectErr(prepareCommit({ shop, at: 1, changes: pair }), 'prepare'),
          { type: 'MalformedCommit', index: 1, reason: 'TwoChangesOfOneKey' },
          'error',
        )
      }
    },
  },
  {
    name: 'a commit that names a collection the storage does not know is malformed',
    run: async (create) => {
      const storage = await create()
      const change = put({ ...boxes, name: 'contractNowhere' }, { id: 'a', version: 1, state: { boxId: 'a' } })
      const error = expectErr(await commit(storage, [change]), 'commit')
      // A storage without fixed tables may also say that the row is not at that version.
      expectTrue(error.type === 'MalformedCommit' || error.type === 'VersionConflict', `got ${error.type}`)
    },
  },
  {
    name: 'an expect holds only at its version and writes nothing',
    run: async (create) => {
      const storage = await create()
      expectOk(
        await commit(storage, [put(shelves, { id: 's', version: 0, state: { shelfId: 's', title: 't' } })]),
        'shelf',
      )
      const relying = (version: number) => [expectRow(shelves, { id: 's', version }), box(`v${version}`, 0)]
      expectOk(await commit(storage, relying(1)), 'right version')
      expectEqual(
        expectErr(await commit(storage, relying(2)), 'wrong version'),
        { type: 'VersionConflict', index: 0, key: { collection: shelves.name, id: 's' } },
        'error',
      )
      expectEqual(
        expectErr(await commit(storage, [expectRow(shelves, { id: 'none', version: 1 })]), 'absent').type,
        'VersionConflict',
        'absent',
      )
    },
  },
  {
    name: 'a removed row is gone and its id can be inserted again',
    run: async (create) => {
      const storage = await create()
      const lines = [{ lineId: 'l', shelfId: 's', count: 1 }]
      expectOk(await commit(storage, [put(boxes, { id: 'a', version: 0, state: { boxId: 'a', lines } })]), 'insert')
      expectErr(await commit(storage, [removeRow(boxes, { id: 'a', version: 2 })]), 'wrong version')
      expectOk(await commit(storage, [removeRow(boxes, { id: 'a', version: 1 })]), 'remove')
      expectEqual((await look(storage)).a, undefined, 'gone')
      expectOk(await commit(storage, [box('a', 0, 3)]), 'insert again')
      expectEqual((await look(storage)).a, { id: 'a', version: 1, state: { boxId: 'a', size: 3 } }, 'row')
    },
  },
  {
    name: 'a claim is taken once, also by the same owner, and again when it is released or has ended',
    run: async (create) => {
      const storage = await create()
      const take = (owner: string, expiresAt?: number): Change =>
        claim({ space: 'space', key: 'k', owner, ...(expiresAt === undefined ? {} : { expiresAt }) })
      const held = (owner: string) => ({ type: 'AlreadyClaimed', index: 0, space: 'space', key: 'k', owner })
      expectOk(await commit(storage, [take('first', 2_000)]), 'first')
      expectEqual(expectErr(await commit(storage, [take('first')]), 'same owner'), held('first'), 'already mine')
      expectEqual(expectErr(await commit(storage, [take('second')], 1_999), 'before the end'), held('first'), 'live')
      expectOk(await commit(storage, [take('second')], 2_000), 'at the end')
      expectEqual([...(await look(storage, 9_000)).claims], [['k', 'second']], 'owner')
      expectOk(await commit(storage, [release({ space: 'space', key: 'k', owner: 'first' })]), 'release by another')
      expectEqual([...(await look(storage, 9_000)).claims], [['k', 'second']], 'still held')
      expectOk(await commit(storage, [release({ space: 'space', key: 'k', owner: 'second' })]), 'release')
      expectEqual([...(await look(storage, 9_000)).claims], [], 'free')
      expectOk(await commit(storage, [take('third', 5_000)]), 'third')
      expectEqual([...(await look(storage, 5_000)).claims], [], 'a claim that has ended is not seen')
    },
  },
  {
    name: 'an id stands in a log once',
    run: async (create) => {
      const storage = await create()
      expectOk(
        await commit(storage, [append(notes, { id: 'n', body: { ownerId: 'o', at: 1, text: 'kept' } })]),
        'append',
      )
      expectEqual(
        expectErr(await commit(storage, [append(notes, { id: 'n', body: { ownerId: 'o', at: 2 } })]), 'again'),
        { type: 'AlreadyClaimed', index: 0, space: notes.name, key: 'n', owner: 'n' },
        'error',
      )
      expectEqual((await look(storage)).notes, [{ id: 'n', body: { ownerId: 'o', at: 1, text: 'kept' } }], 'entries')
    },
  },
  {
    name: 'commitEach answers each commit by itself, in order, as if they came one after another',
    run: async (create) => {
      const storage = await create()
      const prepared = [
        [box('a', 0), adjust(pieces, { id: 'x', by: 3 })],
        [box('a', 0)],
        [box('a', 1, 7), adjust(pieces, { id: 'x', by: -2 })],
        [adjust(pieces, { id: 'x', by: -2 }), box('b', 0)],
        [adjust(pieces, { id: 'x', by: -1 }), claim({ space: 'space', key: 'k', owner: 'me' })],
        [claim({ space: 'space', key: 'k', owner: 'you' })],
      ].map((changes) => expectOk(prepareCommit({ shop, at: 1_000, changes }), 'prepare'))
      const answers = expectOk(await storage.commitEach(prepared), 'commitEach')
      const tags = answers.map((answer) =>
        answer.match(
          (committed) => committed.counters.map((counter) => counter.value).join() || 'done',
          (error) => error.type,
        ),
      )
      expectEqual(tags, ['3', 'VersionConflict', '1', 'FloorReached', '0', 'AlreadyClaimed'], 'answers')
      const after = await look(storage)
      expectEqual(after.a, { id: 'a', version: 2, state: { boxId: 'a', size: 7 } }, 'a')
      expectEqual(after.b, undefined, 'b')
      expectEqual(expectOk(await storage.commitEach([]), 'nothing'), [], 'nothing')
    },
  },
  {
    name: 'shops do not see or disturb each other',
    run: async (create) => {
      const storage = await create()
      const changes = [
        box('a', 0),
        adjust(pieces, { id: 'x', by: 5 }),
        claim({ space: 'space', key: 'k', owner: 'me' }),
        append(notes, { id: 'n', body: { ownerId: 'o', at: 1 } }),
      ]
      expectOk(await commit(storage, changes, 1_000, 'one'), 'one')
      expectEqual((await look(storage, 1_000, 'two')).a, undefined, 'unseen')
      expectOk(await commit(storage, changes, 1_000, 'two'), 'two')
      expectOk(await commit(storage, [removeRow(boxes, { id: 'a', version: 1 })], 1_000, 'two'), 'remove in two')
      expectEqual((await look(storage, 1_000, 'one')).a?.version, 1, 'still in one')
    },
  },
  {
    name: 'every well-formed text, whole number and JSON value comes back as it went in',
    run: async (create) => {
      const storage = await create()
      const id = `q'uo"te\\ $1 ; -- 中文 🛒 \u{10ffff} \t\n {"a":1}`
      const note: import('shopwright').Json = {
        '': 'empty name',
        __proto__x: [null, true, -0.5, 1e-7, 9_007_199_254_740_991, -9_007_199_254_740_991],
        deep: { list: [[], {}, ['\u2028', '\\u0000', 'ß', '\ue000', '😀']] },
      }
      const state = {
        boxId: id,
        madeAt: 1_790_000_000_123,
        size: 9_007_199_254_740_991,
        tags: ['a', '中'],
        sealed: false,
        note,
      }
      expectOk(
        await commit(storage, [
          put(boxes, { id, version: 0, state }),
          claim({ space: id, key: id, owner: id }),
          adjust(credits, { id, by: 9_007_199_254_740_991 }),
        ]),
        'write',
      )
      const facts = expectOk(
        await readFacts(storage, {
          shop,
          scope: all,
          at: 1_000,
          plan: { box: row(boxes, id), owners: claims(id, [id]), credits: counters(credits, [id]) },
        }),
        'read',
      )
      expectEqual(facts.box, { id, version: 1, state }, 'state')
      expectEqual([...facts.owners], [[id, id]], 'claim')
      expectEqual([...facts.credits], [[id, 9_007_199_254_740_991]], 'counter')
    },
  },
  {
    name: 'text that no storage keeps faithfully is refused before anything is tried',
    run: async () => {
      for (const text of ['nul \u0000', 'lone \ud800', '\udc00 lone']) {
        for (const change of [
          put(boxes, { id: 'a', version: 0, state: { boxId: text } }),
          put(boxes, { id: text, version: 0, state: { boxId: 'a' } }),
          append(notes, { id: 'n', body: { text } }),
          claim({ space: 's', key: text, owner: 'o' }),
        ]) {
          const error = expectErr(prepareCommit({ shop, at: 1, changes: [change] }), 'prepare')
          expectEqual(error, { type: 'MalformedCommit', index: 0, reason: 'IllFormedText' }, 'error')
        }
      }
    },
  },
  {
    name: 'a list kept as rows keeps its order through growing, shrinking, changing and emptying',
    run: async (create) => {
      const storage = await create()
      const line = (lineId: string, count: number) => ({ lineId, shelfId: `s-${lineId}`, count })
      const histories = [
        [line('b', 1), line('a', 2)],
        [line('a', 2), line('c', 3), line('b', 9)],
        [line('c', 3)],
        [],
        [line('z', 1), line('y', 2), line('x', 3)],
      ]
      for (const [version, lines] of histories.entries()) {
        expectOk(
          await commit(storage, [put(boxes, { id: 'a', version, state: { boxId: 'a', lines } })]),
          `write ${version}`,
        )
        expectEqual(
          (await look(storage)).a,
          { id: 'a', version: version + 1, state: { boxId: 'a', lines } },
          `lines ${version}`,
        )
      }
    },
  },
]
