import {
  adjust,
  append,
  claim,
  claims,
  commitChanges,
  counters,
  entries,
  type Facts,
  find,
  put,
  type ReadPlan,
  readFacts,
  row,
  rows,
  rowsUpwards,
  type Scope,
  type Search,
  type Storage,
} from 'shopwright'
import { type ContractCase, expectEqual, expectOk } from './assert.js'
import { type Box, boxes, notes, pieces, type Shelf, shelves } from './scratch.js'

const shop = 'contract'

const read = async <Plan extends ReadPlan>(
  storage: Storage,
  plan: Plan,
  scope: Scope = { kind: 'all' },
): Promise<Facts<Plan>> => expectOk(await readFacts(storage, { shop, scope, at: 1_000, plan }), 'read')

const fill = async (storage: Storage, states: readonly Box[]): Promise<void> => {
  const changes = states.map((state) => put(boxes, { id: state.boxId, version: 0, state }))
  expectOk(await commitChanges(storage, { shop, at: 1, changes }), 'fill')
}

const ids = (found: readonly { readonly id: string }[]): readonly string[] => found.map(({ id }) => id)

const several: readonly Box[] = [
  {
    boxId: 'b1',
    ownerId: 'ann',
    merchantId: 'm1',
    status: 'open',
    size: 3,
    madeAt: 300,
    tags: ['red', 'big'],
    sealed: true,
  },
  { boxId: 'b2', ownerId: 'bob', merchantId: 'm1', status: 'open', size: 1, madeAt: 100, tags: ['red'] },
  {
    boxId: 'b3',
    ownerId: 'ann',
    merchantId: 'm2',
    status: 'shut',
    size: 3,
    madeAt: 200,
    tags: ['big', 'blue'],
    sealed: false,
  },
  { boxId: 'b4', merchantId: 'm2', status: 'shut', size: 2 },
  { boxId: 'b5', ownerId: 'ann', status: '\ue000' },
  { boxId: 'b6', ownerId: 'bob', status: '😀', tags: [] },
]

/** What every storage's `read` must answer. */
export const storageReadCases: readonly ContractCase<Storage>[] = [
  {
    name: 'rows are answered by id in code point order, each once, and absent ones are left out',
    run: async (create) => {
      const storage = await create()
      await fill(storage, several)
      const facts = await read(storage, { some: rows(boxes, ['b3', 'none', 'b1', 'b3']), none: row(boxes, 'none') })
      expectEqual(ids(facts.some), ['b1', 'b3'], 'ids')
      expectEqual(facts.none, undefined, 'absent')
    },
  },
  {
    name: 'rows and all above them are answered once each, whichever they are asked by, and a circle ends',
    run: async (create) => {
      const storage = await create()
      const shelf = (shelfId: string, parentId?: string): Shelf => ({
        shelfId,
        title: shelfId,
        ...(parentId === undefined ? {} : { parentId }),
      })
      const deep = Array.from({ length: 300 }, (_, level) =>
        shelf(`deep ${level}`, level === 0 ? undefined : `deep ${level - 1}`),
      )
      const states = [
        shelf('top'),
        shelf('left', 'top'),
        shelf('right', 'top'),
        shelf('below', 'left'),
        shelf('stray', 'nowhere'),
        shelf('head', 'tail'),
        shelf('tail', 'head'),
        shelf('self', 'self'),
        ...deep,
      ]
      const changes = [
        ...states.map((state) => put(shelves, { id: state.shelfId, version: 0, state })),
        put(boxes, {
          id: 'box',
          version: 0,
          state: { boxId: 'box', ownerId: 'ann', lines: [{ lineId: '1', shelfId: 'below', count: 1 }] },
        }),
      ]
      expectOk(await commitChanges(storage, { shop, at: 1, changes }), 'fill')
      const facts = await read(storage, {
        one: rowsUpwards(shelves, ['below'], 'parentId'),
        several: rowsUpwards(shelves, ['right', 'left', 'none'], 'parentId'),
        astray: rowsUpwards(shelves, ['stray'], 'parentId'),
        circle: rowsUpwards(shelves, ['head'], 'parentId'),
        itself: rowsUpwards(shelves, ['self'], 'parentId'),
        box: row(boxes, 'box'),
        named: rowsUpwards(shelves, { from: 'box', path: 'lines.*.shelfId' }, 'parentId'),
        none: rowsUpwards(shelves, [], 'parentId'),
        far: rowsUpwards(shelves, ['deep 299'], 'parentId'),
      })
      expectEqual(ids(facts.one), ['below', 'left', 'top'], 'of one')
      expectEqual(ids(facts.several), ['left', 'right', 'top'], 'of several')
      expectEqual(ids(facts.astray), ['stray'], 'whose last names one that is not there')
      expectEqual(ids(facts.circle), ['head', 'tail'], 'in a circle')
      expectEqual(ids(facts.itself), ['self'], 'that names itself')
      expectEqual(ids(facts.named), ['below', 'left', 'top'], 'named by another row')
      expectEqual(facts.none, [], 'of none')
      expectEqual(facts.far.length, 300, 'from far below')
      // What is outside the scope is as if absent, and leads nowhere.
      const held = (boxId: string, ownerId: string, status?: string): Box => ({
        boxId,
        ownerId,
        ...(status === undefined ? {} : { status }),
      })
      await fill(storage, [held('a', 'ann', 'b'), held('b', 'bob', 'c'), held('c', 'ann')])
      const own = await read(storage, { held: rowsUpwards(boxes, ['a'], 'status') }, { kind: 'own', ownerId: 'ann' })
      expectEqual(ids(own.held), ['a'], 'within the scope')
    },
  },
  {
    name: 'conditions on declared fields hold as stated, and a row without the field meets none',
    run: async (create) => {
      const storage = await create()
      await fill(storage, several)
      const cases: readonly (readonly [string, Search['where'], readonly string[]])[] = [
        ['none', [], ['b1', 'b2', 'b3', 'b4', 'b5', 'b6']],
        ['equal text', [{ field: 'status', is: 'eq', value: 'open' }], ['b1', 'b2']],
        ['equal number', [{ field: 'size', is: 'eq', value: 3 }], ['b1', 'b3']],
        ['equal boolean', [{ field: 'sealed', is: 'eq', value: false }], ['b3']],
        ['less', [{ field: 'size', is: 'lt', value: 3 }], ['b2', 'b4']],
        ['at least', [{ field: 'madeAt', is: 'gte', value: 200 }], ['b1', 'b3']],
        ['at most', [{ field: 'madeAt', is: 'lte', value: 200 }], ['b2', 'b3']],
        ['more', [{ field: 'madeAt', is: 'gt', value: 200 }], ['b1']],
        ['one of', [{ field: 'ownerId', is: 'in', values: ['bob', 'cy'] }], ['b2', 'b6']],
        ['one of numbers', [{ field: 'size', is: 'in', values: [1, 2] }], ['b2', 'b4']],
        ['one of none', [{ field: 'ownerId', is: 'in', values: [] }], []],
        ['contains all', [{ field: 'tags', is: 'containsAll', values: ['big', 'red'] }], ['b1']],
        ['contains one', [{ field: 'tags', is: 'containsAll', values: ['big'] }], ['b1', 'b3']],
        ['text by code point', [{ field: 'status', is: 'gt', value: '\uffff' }], ['b6']],
        [
          'several',
          [
            { field: 'ownerId', is: 'eq', value: 'ann' },
            { field: 'size', is: 'gte', value: 3 },
            { field: 'status', is: 'eq', value: 'shut' },
          ],
          ['b3'],
        ],
      ]
      for (const [name, where, expected] of cases) {
        const facts = await read(storage, { found: find(boxes, { where, limit: 100 }) })
        expectEqual(ids(facts.found), expected, name)
      }
    },
  },
  {
    name: 'an order is by the field, then by id in the same direction, and pages join without gap or overlap',
    run: async (create) => {
      const storage = await create()
      await fill(storage, several)
      const ordered = async (field: string, direction: 'ascending' | 'descending') =>
        ids(
          (await read(storage, { found: find(boxes, { where: [], orderBy: { field, direction }, limit: 100 }) })).found,
        )
      expectEqual(await ordered('size', 'ascending'), ['b2', 'b4', 'b1', 'b3'], 'ascending')
      expectEqual(await ordered('size', 'descending'), ['b3', 'b1', 'b4', 'b2'], 'descending')
      expectEqual(await ordered('madeAt', 'descending'), ['b1', 'b3', 'b2'], 'instants')
      expectEqual(await ordered('status', 'ascending'), ['b1', 'b2', 'b3', 'b4', 'b5', 'b6'], 'text by code point')
      const paged: string[] = []
      let after: Search['after']
      for (let page = 0; page < 10; page += 1) {
        const search: Search = {
          where: [],
          orderBy: { field: 'size', direction: 'descending' },
          limit: 1,
          ...(after === undefined ? {} : { after }),
        }
        const last = (await read(storage, { found: find(boxes, search) })).found[0]
        if (last === undefined) break
        paged.push(last.id)
        after = { value: last.state.size ?? 0, id: last.id }
      }
      expectEqual(paged, ['b3', 'b1', 'b4', 'b2'], 'pages')
      const byId = await read(storage, {
        found: find(boxes, { where: [], limit: 2, after: { value: 'b2', id: 'b2' } }),
      })
      expectEqual(ids(byId.found), ['b3', 'b4'], 'pages by id')
    },
  },
  {
    name: 'a scope leaves only what is within it, on rows, searches and logs',
    run: async (create) => {
      const storage = await create()
      await fill(storage, several)
      expectOk(
        await commitChanges(storage, {
          shop,
          at: 1,
          changes: [
            put(shelves, { id: 's', version: 0, state: { shelfId: 's', title: 't' } }),
            put(boxes, { id: 'k1', version: 0, state: { boxId: 'k1', ownerId: 'cat', keeperId: 'dan' } }),
            append(notes, { id: 'n1', body: { ownerId: 'ann', at: 1 } }),
            append(notes, { id: 'n2', body: { ownerId: 'bob', at: 2 } }),
          ],
        }),
        'more',
      )
      const seen = async (scope: Scope) => {
        const facts = await read(
          storage,
          {
            byId: rows(boxes, [...several.map((each) => each.boxId), 'k1']),
            found: find(boxes, { where: [], limit: 100 }),
            shelf: row(shelves, 's'),
            notes: entries(notes, { where: [], limit: 100 }),
          },
          scope,
        )
        expectEqual(ids(facts.byId), ids(facts.found), 'by id and by search')
        expectEqual(facts.shelf?.id, 's', 'what belongs to nobody')
        return [ids(facts.found), ids(facts.notes)]
      }
      expectEqual(await seen({ kind: 'own', ownerId: 'ann' }), [['b1', 'b3', 'b5'], ['n1']], 'own')
      expectEqual(await seen({ kind: 'own', ownerId: 'nobody' }), [[], []], 'nobody')
      expectEqual(await seen({ kind: 'own', ownerId: 'cat' }), [['k1'], []], 'its owner')
      expectEqual(await seen({ kind: 'own', ownerId: 'dan' }), [['k1'], []], 'who keeps it')
      expectEqual(await seen({ kind: 'merchant', merchantId: 'm2' }), [['b3', 'b4'], []], 'merchant')
      expectEqual(
        await seen({ kind: 'fields', fields: { ownerId: ['ann', 'bob'], status: ['open'] } }),
        [['b1', 'b2'], []],
        'fields of the host',
      )
      expectEqual(await seen({ kind: 'fields', fields: { tags: ['big'] } }), [['b1', 'b3'], []], 'one of several')
    },
  },
  {
    name: 'a later query takes its ids from an earlier one, through rows, claims and affixes, within the scope',
    run: async (create) => {
      const storage = await create()
      const lines = [
        { lineId: '1', shelfId: 's2', count: 1 },
        { lineId: '2', shelfId: 's1', count: 2 },
        { lineId: '3', shelfId: 's2', count: 3 },
      ]
      expectOk(
        await commitChanges(storage, {
          shop,
          at: 1,
          changes: [
            put(boxes, { id: 'b', version: 0, state: { boxId: 'b', ownerId: 'ann', lines } }),
            put(shelves, { id: 's1', version: 0, state: { shelfId: 's1', title: 'one', parentId: 's3' } }),
            put(shelves, { id: 's2', version: 0, state: { shelfId: 's2', title: 'two' } }),
            put(shelves, { id: 's3', version: 0, state: { shelfId: 's3', title: 'three' } }),
            adjust(pieces, { id: 's1@w', by: 11 }),
            adjust(pieces, { id: 's2@w', by: 22 }),
            claim({ space: 'name', key: 'boxy', owner: 'b' }),
          ],
        }),
        'fill',
      )
      const plan = {
        named: claims('name', ['boxy']),
        box: rows(boxes, { from: 'named', path: '' }),
        shelves: rows(shelves, { from: 'box', path: 'lines.*.shelfId' }),
        parents: rows(shelves, { from: 'shelves', path: 'parentId' }),
        stock: counters(pieces, { from: 'box', path: 'lines.*.shelfId', suffix: '@w' }),
      }
      const facts = await read(storage, plan)
      expectEqual(ids(facts.box), ['b'], 'box')
      expectEqual(facts.box[0]?.state.lines, lines, 'lines')
      expectEqual(ids(facts.shelves), ['s1', 's2'], 'shelves')
      expectEqual(ids(facts.parents), ['s3'], 'parents')
      expectEqual(
        [...facts.stock],
        [
          ['s1@w', 11],
          ['s2@w', 22],
        ],
        'stock',
      )
      const foreign = await read(storage, plan, { kind: 'own', ownerId: 'bob' })
      expectEqual([foreign.box.length, foreign.shelves.length, foreign.stock.size], [0, 0, 0], 'nothing leaks through')
    },
  },
]
