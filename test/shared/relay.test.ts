import { errAsync, ok, okAsync } from 'neverthrow'
import {
  adjust,
  claim,
  commitChanges,
  counters,
  type OutboxEvent,
  put,
  type Reaction,
  reactOnce,
  readFacts,
  removeRow,
  runRelay,
  type Storage,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes, pieces } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'

const write = async (storage: Storage, id: string, version: number, type: string): Promise<void> => {
  const change = put(boxes, { id, version, state: { boxId: id }, events: [{ type }] })
  expect((await commitChanges(storage, { shop: 'main', at: 1, changes: [change] })).isOk()).toBe(true)
}

const countMade: Reaction<TestPorts> = {
  name: 'countMade',
  listensTo: ['contractBox/Made'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'countMade', event },
      {
        plan: () => ({}),
        decide: () => ok({ answer: undefined, changes: [adjust(pieces, { id: 'made', by: 1 })] }),
      },
    ),
}

const madeCount = async (storage: Storage): Promise<number> => {
  const plan = { made: counters(pieces, ['made']) }
  const facts = await readFacts(storage, { shop: 'main', scope: { kind: 'all' }, at: 0, plan })
  return facts.map(({ made }) => made.get('made') ?? 0).unwrapOr(-1)
}

describe('runRelay', () => {
  it('sets an event aside where a claim is taken for ever, and waits for a row that others write', async () => {
    const storage = createMemoryStorage()
    await write(storage, 'a', 0, 'Made')
    const ports = createTestPorts(storage, {})
    const taken = claim({ space: 'once', key: 'k', owner: 'another' })
    expect((await commitChanges(storage, { shop: 'main', at: 1, changes: [taken] })).isOk()).toBe(true)
    const claims = (owner: string): Reaction<TestPorts> => ({
      name: 'claims',
      listensTo: ['contractBox/Made'],
      react: (given, event) =>
        reactOnce(
          given,
          { name: 'claims', event },
          {
            plan: () => ({}),
            decide: () => ok({ answer: undefined, changes: [claim({ space: 'once', key: 'k', owner })] }),
          },
        ),
    })
    const busy: Reaction<TestPorts> = { ...claims('me'), react: () => errAsync({ type: 'Busy', retryAfterMs: 1 }) }
    const waits = await runRelay(ports, [busy], { worker: 'w', tries: 1 })
    expect(waits._unsafeUnwrap().postponed).toHaveLength(1)
    const { clock } = ports
    const later = { ...ports, clock: { now: () => clock.now() + 3_600_000 } }
    const ends = await runRelay(later, [claims('me')], { worker: 'w', tries: 1 })
    expect(ends._unsafeUnwrap().setAside).toEqual([{ eventId: 'contractBox/a/1/0', reason: 'claims: Busy' }])
  })

  it('tells what happened to a row that was removed and made anew, though its versions begin again', async () => {
    const storage = createMemoryStorage()
    const ports = createTestPorts(storage, {})
    await write(storage, 'a', 0, 'Made')
    await runRelay(ports, [countMade], { worker: 'w' })
    const changes = [removeRow(boxes, { id: 'a', version: 1 })]
    expect((await commitChanges(storage, { shop: 'main', at: 2, changes })).isOk()).toBe(true)
    const anew = [put(boxes, { id: 'a', version: 0, state: { boxId: 'a' }, events: [{ type: 'Made' }] })]
    expect((await commitChanges(storage, { shop: 'main', at: 3, changes: anew })).isOk()).toBe(true)
    await runRelay(ports, [countMade], { worker: 'w' })
    expect(await madeCount(storage)).toBe(2)
  })

  it('delivers each event to the reactions that listen, with effect once, however often it is delivered', async () => {
    const storage = createMemoryStorage()
    const forgetful: Storage = { ...storage, acknowledge: () => okAsync(undefined) }
    await write(storage, 'a', 0, 'Made')
    await write(storage, 'a', 1, 'Shut')
    await write(storage, 'b', 0, 'Made')
    const lost = createTestPorts(forgetful, {})
    for (let turn = 0; turn < 3; turn += 1) {
      const report = await runRelay(lost, [countMade], { worker: 'w' })
      expect(report).toEqual(ok({ delivered: 3, postponed: [], setAside: [] }))
    }
    expect(await madeCount(storage)).toBe(2)
  })

  it('delivers in order within a row, and a failure holds back what follows on that row only', async () => {
    const storage = createMemoryStorage()
    await write(storage, 'a', 0, 'Made')
    await write(storage, 'a', 1, 'Shut')
    await write(storage, 'b', 0, 'Made')
    const ports = createTestPorts(storage, {})
    const seen: string[] = []
    let fails = true
    const listener: Reaction<TestPorts> = {
      name: 'listener',
      listensTo: ['contractBox/Made', 'contractBox/Shut'],
      react: (_, event: OutboxEvent) => {
        if (fails && event.rowId === 'a') return errAsync({ type: 'NotNow' })
        seen.push(`${event.rowId} ${event.type}`)
        return okAsync(undefined)
      },
    }
    const first = await runRelay(ports, [listener], { worker: 'w' })
    expect(first).toEqual(
      ok({ delivered: 1, postponed: [{ eventId: 'contractBox/a/1/0', reason: 'listener: NotNow' }], setAside: [] }),
    )
    fails = false
    expect(await runRelay(ports, [listener], { worker: 'w' })).toEqual(
      ok({ delivered: 0, postponed: [], setAside: [] }),
    )
    ports.setNow(ports.clock.now() + 2_000)
    expect(await runRelay(ports, [listener], { worker: 'w' })).toEqual(
      ok({ delivered: 2, postponed: [], setAside: [] }),
    )
    expect(seen).toEqual(['b Made', 'a Made', 'a Shut'])
  })

  it('sets an event aside after the last try and goes on with its row; a reaction that throws is a failed try', async () => {
    const storage = createMemoryStorage()
    await write(storage, 'a', 0, 'Made')
    await write(storage, 'a', 1, 'Shut')
    const ports = createTestPorts(storage, {})
    const throws: Reaction<TestPorts> = {
      name: 'throws',
      listensTo: ['contractBox/Made'],
      react: () => {
        throw new Error('a bug of the host')
      },
    }
    const reports = []
    for (let turn = 0; turn < 4; turn += 1) {
      reports.push((await runRelay(ports, [throws], { worker: 'w', tries: 3 })).unwrapOr(null))
      ports.setNow(ports.clock.now() + 60_000)
    }
    const failed = [{ eventId: 'contractBox/a/1/0', reason: 'throws: ReactionThrew' }]
    expect(reports).toEqual([
      { delivered: 0, postponed: failed, setAside: [] },
      { delivered: 0, postponed: failed, setAside: [] },
      { delivered: 0, postponed: [], setAside: failed },
      { delivered: 1, postponed: [], setAside: [] },
    ])
  })

  it('finds a reaction done that has made a row, however often the event comes', async () => {
    const storage = createMemoryStorage()
    const forgetful: Storage = { ...storage, acknowledge: () => okAsync(undefined) }
    await write(storage, 'a', 0, 'Made')
    const ports = createTestPorts(forgetful, {})
    const mirror: Reaction<TestPorts> = {
      name: 'mirror',
      listensTo: ['contractBox/Made'],
      react: (world, event) => {
        const state = { boxId: `of-${event.rowId}` }
        const made = put(boxes, { id: state.boxId, version: 0, state })
        const spec = { plan: () => ({}), decide: () => ok({ answer: undefined, changes: [made] }) }
        return reactOnce(world, { name: 'mirror', event }, spec)
      },
    }
    for (let turn = 0; turn < 3; turn += 1) {
      const report = await runRelay(ports, [mirror], { worker: 'w' })
      expect(report).toEqual(ok({ delivered: 1, postponed: [], setAside: [] }))
    }
  })

  it('gives no event up before its pauses have passed, however far apart the clocks of two relays are', async () => {
    for (const apartMs of [0, 2 * hoursMs, 400 * daysMs]) {
      const storage = createMemoryStorage()
      let now = 1_000
      const right = { ...createTestPorts(storage, {}), clock: { now: () => now } }
      const ahead = { ...createTestPorts(storage, {}), clock: { now: () => now + apartMs } }
      const change = put(boxes, { id: 'a', version: 0, state: { boxId: 'a' }, events: [{ type: 'Made' }] })
      expect((await commitChanges(storage, { shop: 'main', at: now, changes: [change] })).isOk()).toBe(true)
      const down: Reaction<TestPorts> = {
        name: 'down',
        listensTo: ['contractBox/Made'],
        react: () => errAsync({ type: 'Down' }),
      }
      const turn = async (ports: TestPorts, worker: string) =>
        (await runRelay(ports, [down], { worker }))._unsafeUnwrap().setAside.length
      const isGivenUp = async () => (await turn(right, 'right')) + (await turn(ahead, 'ahead')) > 0
      const isOver = async (seconds: number): Promise<boolean> => {
        for (let second = 0; second < seconds; second += 10) {
          if (await isGivenUp()) return true
          now += 10_000
        }
        return false
      }
      // Thirty tries take three hours and a half; where one clock is a year ahead, it is the one that gives up.
      if (apartMs < daysMs) expect([apartMs, await isOver(hoursMs / 1_000)]).toEqual([apartMs, false])
      expect([apartMs, await isOver((30 * hoursMs) / 1_000)]).toEqual([apartMs, true])
    }
  })

  it('goes on for days with what only has to wait, while the other reactions have heard of it at once', async () => {
    const storage = createMemoryStorage()
    await write(storage, 'a', 0, 'Made')
    const ports = createTestPorts(storage, {})
    let isUp = false
    const sealing: Reaction<TestPorts> = {
      name: 'sealing',
      listensTo: ['contractBox/Made'],
      react: () => (isUp ? okAsync(undefined) : errAsync({ type: 'CryptoUnavailable' })),
    }
    const turn = async () => (await runRelay(ports, [sealing, countMade], { worker: 'w' }))._unsafeUnwrap()
    for (let tries = 0; tries < 500; tries += 1) {
      const { postponed, setAside } = await turn()
      expect([postponed.length, setAside]).toEqual([1, []])
      ports.setNow(ports.clock.now() + 600_000)
    }
    expect(await madeCount(storage)).toBe(1)
    isUp = true
    expect(await turn()).toEqual({ delivered: 1, postponed: [], setAside: [] })
    expect(await madeCount(storage)).toBe(1)
  })

  it('divides the work of two relays without a double effect', async () => {
    const storage = createMemoryStorage()
    for (let each = 0; each < 50; each += 1) await write(storage, `box-${each}`, 0, 'Made')
    const ports = createTestPorts(storage, {})
    const reports = await Promise.all(
      ['one', 'two', 'three'].map((worker) => runRelay(ports, [countMade], { worker, limit: 10 })),
    )
    expect(reports.map((report) => report.isOk())).toEqual([true, true, true])
    for (let turn = 0; turn < 10; turn += 1) {
      expect((await runRelay(ports, [countMade], { worker: 'one', limit: 10 })).isOk()).toBe(true)
      ports.setNow(ports.clock.now() + 60_000)
    }
    expect(await madeCount(storage)).toBe(50)
  })
})
