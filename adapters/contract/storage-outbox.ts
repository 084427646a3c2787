import {
  adjust,
  type Change,
  claim,
  commitChanges,
  counters,
  type EventPlace,
  type LeasedEvent,
  type OutboxEvent,
  put,
  readFacts,
  type Storage,
} from 'shopwright'
import { type ContractCase, expectEqual, expectOk, expectTrue } from './assert.js'
import { boxes, credits, pieces } from './scratch.js'

const shop = 'contract'

const write = async (
  storage: Storage,
  id: string,
  version: number,
  types: readonly string[],
  at = 1_000,
): Promise<void> => {
  const events = types.map((type) => ({ type, of: id }))
  const changes = [put(boxes, { id, version, state: { boxId: id }, events })]
  expectOk(await commitChanges(storage, { shop, at, changes }), `write ${id}`)
}

const lease = async (storage: Storage, worker: string, at: number, limit = 100): Promise<readonly LeasedEvent[]> =>
  expectOk(await storage.lease({ shop, worker, at, leaseMs: 1_000, limit }), 'lease')

const names = (leased: readonly LeasedEvent[], id: string): readonly string[] =>
  leased
    .filter(({ event }) => event.rowId === id)
    .map(({ event }) => `${event.version}.${event.position} ${event.type}`)

const allIds = (leased: readonly LeasedEvent[]): readonly string[] => leased.map(({ event }) => event.id)

/** What every storage's outbox must do. */
export const storageOutboxCases: readonly ContractCase<Storage>[] = [
  {
    name: 'events come out in the order of their row, whole, until they are acknowledged',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made', 'Filled'])
      await write(storage, 'b', 0, ['Made'])
      await write(storage, 'a', 1, ['Shut'])
      const first = await lease(storage, 'w', 2_000)
      expectEqual(names(first, 'a'), ['1.0 Made', '1.1 Filled', '2.0 Shut'], 'a')
      expectEqual(names(first, 'b'), ['1.0 Made'], 'b')
      const made = first.find(({ event }) => event.rowId === 'b')?.event
      expectEqual(
        [made?.id, made?.collection, made?.at, made?.body],
        ['contractBox/b/1/0', 'contractBox', 1_000, { type: 'Made', of: 'b' }],
        'event',
      )
      expectEqual(allIds(await lease(storage, 'w', 2_001)).length, 4, 'again until acknowledged')
      expectOk(await storage.acknowledge({ shop, worker: 'w', at: 2_002, delivered: allIds(first), failed: [] }), 'ack')
      expectEqual(await lease(storage, 'w', 2_003), [], 'nothing left')
    },
  },
  {
    name: 'a clock that was set back changes no order and stops nobody, however few events are asked for',
    run: async (create) => {
      const storage = await create()
      const rows = ['a', 'b', 'c']
      for (const id of rows) await write(storage, id, 0, ['Made'], 9_000)
      for (const id of rows) await write(storage, id, 1, ['Shut'], 1_000)
      const heard: LeasedEvent[] = []
      for (let turn = 0; turn < 6; turn += 1) {
        const leased = await lease(storage, 'w', 10_000 + turn, 1)
        heard.push(...leased)
        const delivered = allIds(leased)
        expectOk(await storage.acknowledge({ shop, worker: 'w', at: 10_000 + turn, delivered, failed: [] }), 'ack')
      }
      for (const id of rows) expectEqual(names(heard, id), ['1.0 Made', '2.0 Shut'], id)
    },
  },
  {
    name: 'a commit that is refused leaves nothing in the outbox',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made'])
      const stale = put(boxes, { id: 'a', version: 0, state: { boxId: 'a' }, events: [{ type: 'Again' }] })
      const other = put(boxes, { id: 'b', version: 0, state: { boxId: 'b' }, events: [{ type: 'Made' }] })
      await commitChanges(storage, { shop, at: 1, changes: [other, stale] }).match(
        () => expectTrue(false, 'the stale put went through'),
        () => undefined,
      )
      expectEqual(allIds(await lease(storage, 'w', 2_000)), ['contractBox/a/1/0'], 'events')
    },
  },
  {
    name: 'what one worker holds another does not get, until the lease ends',
    run: async (create) => {
      const storage = await create()
      for (let each = 0; each < 20; each += 1) await write(storage, `row-${each}`, 0, ['Made'])
      const mine = await lease(storage, 'one', 2_000)
      expectEqual(mine.length, 20, 'all to the first')
      expectEqual(await lease(storage, 'two', 2_999), [], 'none to the second')
      expectEqual((await lease(storage, 'two', 3_000)).length, 20, 'all once the lease has ended')
    },
  },
  {
    name: 'a lease, and a pause, of a clock that was far ahead hold nobody back',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made'])
      await write(storage, 'b', 0, ['Made'])
      const year = 31_536_000_000
      expectEqual((await lease(storage, 'ahead', 2_000 + year)).length, 2, 'to the one ahead')
      const failed = [{ id: 'contractBox/a/1/0', retryAt: 3_000 + year, reason: 'no answer' }]
      expectOk(await storage.acknowledge({ shop, worker: 'ahead', at: 2_000, delivered: [], failed }), 'ack')
      expectEqual((await lease(storage, 'right', 2_000)).length, 2, 'to the one whose clock is right')
    },
  },
  {
    name: 'two workers at once never hold one row between them',
    run: async (create) => {
      const storage = await create()
      for (let each = 0; each < 40; each += 1) await write(storage, `row-${each}`, 0, ['Made'])
      const both = await Promise.all([lease(storage, 'one', 2_000, 10), lease(storage, 'two', 2_000, 10)])
      const held = both.flatMap(allIds)
      expectEqual(new Set(held).size, held.length, 'held once')
    },
  },
  {
    name: 'a failed event holds its row back until its retry, and no other row',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made', 'Filled'])
      await write(storage, 'b', 0, ['Made'])
      const first = await lease(storage, 'w', 2_000)
      const failed = [{ id: 'contractBox/a/1/0', retryAt: 5_000, reason: 'no answer' }]
      const delivered = ['contractBox/b/1/0']
      expectOk(await storage.acknowledge({ shop, worker: 'w', at: 2_000, delivered, failed }), 'ack')
      expectEqual(first.length, 3, 'first')
      await write(storage, 'b', 1, ['Shut'])
      expectEqual(allIds(await lease(storage, 'w', 4_999)), ['contractBox/b/2/0'], 'the row waits')
      const later = await lease(storage, 'w', 5_000)
      expectEqual(names(later, 'a'), ['1.0 Made', '1.1 Filled'], 'in order after the wait')
      expectEqual(later.find(({ event }) => event.id === 'contractBox/a/1/0')?.attempts, 1, 'attempts')
    },
  },
  {
    name: 'events of the past are told again, delivered or not, in order for each row, page by page',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'b', 0, ['Made', 'Filled'], 3_000)
      await write(storage, 'a', 0, ['Made'], 1_000)
      for (let version = 1; version < 12; version += 1) await write(storage, 'a', version, ['Moved'], 1_000 + version)
      await write(storage, 'ä', 0, ['Made'], 5_000)
      const leased = await lease(storage, 'w', 9_000)
      expectOk(
        await storage.acknowledge({ shop, worker: 'w', at: 9_000, delivered: allIds(leased), failed: [] }),
        'ack',
      )
      const asked = { shop, types: ['contractBox/Made', 'contractBox/Moved'], from: 1_000, until: 5_000, limit: 5 }
      const told: string[] = []
      let after: EventPlace | null = null
      for (;;) {
        const page: readonly OutboxEvent[] = expectOk(await storage.events({ ...asked, after }), 'events')
        told.push(...page.map(({ rowId, version, type }) => `${rowId}${version} ${type}`))
        const last = page.at(-1)
        if (page.length < asked.limit || last === undefined) break
        after = last
      }
      const moves = Array.from({ length: 11 }, (_, place) => `a${place + 2} Moved`)
      expectEqual(told, ['a1 Made', ...moves, 'b1 Made'], 'what is told')
      const other = expectOk(await storage.events({ ...asked, shop: 'other', after: null }), 'another shop')
      expectEqual(other, [], 'of another shop')
      expectEqual(await lease(storage, 'w', 99_000), [], 'nothing is to be delivered anew')
    },
  },
  {
    name: 'an event that is set aside is not handed out again until it is taken up anew, and what follows it is',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made', 'Filled'])
      await lease(storage, 'w', 2_000)
      const failed = [{ id: 'contractBox/a/1/0', retryAt: null, reason: 'given up' }]
      expectOk(await storage.acknowledge({ shop, worker: 'w', at: 2_000, delivered: [], failed }), 'ack')
      expectEqual(allIds(await lease(storage, 'w', 2_001)), ['contractBox/a/1/1'], 'the rest')
      expectEqual(expectOk(await storage.backlog({ shop }), 'backlog'), { oldestAt: 1_000, setAside: 1 }, 'told')
      const none = { oldestAt: null, setAside: 0 }
      expectEqual(expectOk(await storage.backlog({ shop: 'other' }), 'backlog'), none, 'of another shop')
      expectEqual(expectOk(await storage.reopen({ shop: 'other', limit: 9 }), 'reopen'), 0, 'of another shop')
      expectEqual(expectOk(await storage.reopen({ shop, limit: 9 }), 'reopen'), 1, 'taken up')
      expectEqual(expectOk(await storage.reopen({ shop, limit: 9 }), 'reopen'), 0, 'taken up once')
      const again = await lease(storage, 'w', 2_002)
      expectEqual(names(again, 'a'), ['1.0 Made', '1.1 Filled'], 'handed out anew')
      expectEqual(again[0]?.attempts, 0, 'attempts')
    },
  },
  {
    name: 'what was delivered and what ended before a moment is deleted, so many at a time, and nothing else',
    run: async (create) => {
      const storage = await create()
      await write(storage, 'a', 0, ['Made'])
      await write(storage, 'b', 0, ['Made'])
      await write(storage, 'c', 0, ['Made'])
      const told = (id: string, at: number) =>
        storage.acknowledge({ shop, worker: 'w', at, delivered: [`contractBox/${id}/1/0`], failed: [] })
      await lease(storage, 'w', 2_000)
      expectOk(await told('a', 2_000), 'ack')
      expectOk(await told('b', 3_000), 'ack')
      const taken = (key: string, expiresAt?: number) =>
        claim({ space: 'box', key, owner: 'w', ...(expiresAt === undefined ? {} : { expiresAt }) })
      const changes = [taken('past', 2_500), taken('later', 2_500), taken('future', 9_000), taken('endless')]
      expectOk(await commitChanges(storage, { shop, at: 1_000, changes }), 'claims')
      const prune = async (before: number, limit = 9): Promise<number> =>
        expectOk(await storage.prune({ shop, before, ended: [], limit }), 'prune')
      const elsewhere = { shop: 'other', before: 99_000, ended: [], limit: 9 }
      expectEqual(expectOk(await storage.prune(elsewhere), 'prune'), 0, 'other shop')
      expectEqual(await prune(2_000), 0, 'nothing is over before')
      expectEqual(await prune(3_000, 1), 2, 'one of each')
      expectEqual(await prune(3_000), 1, 'the other claim')
      const all = { shop, types: ['contractBox/Made'], from: 0, until: 9_000, after: null, limit: 9 }
      const kept = expectOk(await storage.events(all), 'events').map(({ rowId }) => rowId)
      expectEqual(kept, ['b', 'c'], 'what was told later, and what was not')
      const held = ['past', 'later', 'future', 'endless'].map((key) => ({ ...taken(key), owner: 'other' }) as Change)
      const answers = []
      for (const change of held) answers.push(await commitChanges(storage, { shop, at: 1_000, changes: [change] }))
      expectEqual(
        answers.map((answer) => answer.isOk()),
        [true, true, false, false],
        'what ended is free, at whatever moment it is asked for',
      )
    },
  },
  {
    name: 'counters below an id are deleted, the lowest first, so many of each family, and begin anew',
    run: async (create) => {
      const storage = await create()
      const ids = ['0001:a', '0001:b', '0002:a', '0010:a', 'Z', 'é']
      const moves = [pieces, credits].flatMap((family) => ids.map((id) => adjust(family, { id, by: 3 })))
      expectOk(await commitChanges(storage, { shop, at: 1, changes: moves }), 'receipts')
      const left = async () => {
        const plan = { ofPieces: counters(pieces, ids), ofCredits: counters(credits, ids) }
        const facts = expectOk(await readFacts(storage, { shop, scope: { kind: 'all' }, at: 1, plan }), 'read')
        return [facts.ofPieces, facts.ofCredits].map((found) => ids.filter((id) => found.has(id)))
      }
      const prune = async (below: string, limit = 9, inShop = shop): Promise<number> => {
        const ended = [{ counter: pieces.name, below }]
        return expectOk(await storage.prune({ shop: inShop, before: 1, ended, limit }), 'prune')
      }
      expectEqual(await prune('~', 9, 'other'), 0, 'of another shop')
      expectEqual(await prune('0001:a'), 0, 'nothing lies below')
      expectEqual(await prune('0010:', 2), 2, 'no more than asked for')
      expectEqual(await left(), [ids.slice(2), ids], 'the lowest went')
      expectEqual(await prune('0010:'), 1, 'the rest of them')
      expectEqual(await left(), [ids.slice(3), ids], 'what lies above, and the other family')
      expectEqual(await prune('a'), 2, 'by code point')
      expectEqual(await left(), [['é'], ids], 'by code point')
      const anew = adjust(pieces, { id: '0001:a', by: -1, initial: 5 })
      const { counters: values } = expectOk(await commitChanges(storage, { shop, at: 1, changes: [anew] }), 'anew')
      expectEqual(values, [{ counter: pieces.name, id: '0001:a', value: 4 }], 'from its initial value')
    },
  },
]
