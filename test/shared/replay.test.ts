import { errAsync, ok, okAsync } from 'neverthrow'
import { commitChanges, type OutboxEvent, put, type Reaction, runRelay, runReplay, type Storage } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { boxes } from '../../adapters/contract/scratch.js'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'

const write = async (storage: Storage, id: string, version: number, type: string, at: number): Promise<void> => {
  const change = put(boxes, { id, version, state: { boxId: id }, events: [{ type }] })
  expect((await commitChanges(storage, { shop: 'main', at, changes: [change] })).isOk()).toBe(true)
}

const listener = (seen: string[], fails: (event: OutboxEvent) => boolean = () => false): Reaction<TestPorts> => ({
  name: 'newcomer',
  listensTo: ['contractBox/Made', 'contractBox/Shut'],
  react: (_, event) => {
    if (fails(event)) return errAsync({ type: 'NotNow' })
    seen.push(`${event.rowId} ${event.type}`)
    return okAsync(undefined)
  },
})

const open = async () => {
  const storage = createMemoryStorage()
  await write(storage, 'b', 0, 'Made', 10)
  await write(storage, 'a', 0, 'Made', 20)
  await write(storage, 'a', 1, 'Moved', 30)
  await write(storage, 'a', 2, 'Shut', 40)
  const ports = createTestPorts(storage, {})
  expect((await runRelay(ports, [], { worker: 'w' })).isOk()).toBe(true)
  return ports
}

describe('runReplay', () => {
  it('tells a newcomer all that was delivered before it came, in order for each row, turn by turn', async () => {
    const ports = await open()
    const seen: string[] = []
    const first = await runReplay(ports, listener(seen), { limit: 2 })
    const next = { collection: 'contractBox', rowId: 'a', version: 3, position: 0 }
    expect(first).toEqual(ok({ handled: 2, next, failed: null }))
    expect(await runReplay(ports, listener(seen), { limit: 2, after: next })).toEqual(
      ok({ handled: 1, next: null, failed: null }),
    )
    expect(seen).toEqual(['a Made', 'a Shut', 'b Made'])
    // What was delivered stays delivered.
    expect(await runRelay(ports, [listener(seen)], { worker: 'w' })).toEqual(
      ok({ delivered: 0, postponed: [], setAside: [] }),
    )
  })

  it('stops at the event that fails and goes on with it', async () => {
    const ports = await open()
    const seen: string[] = []
    const stopped = await runReplay(
      ports,
      listener(seen, (event) => event.type === 'Shut'),
    )
    const next = { collection: 'contractBox', rowId: 'a', version: 1, position: 0 }
    const failed = { eventId: 'contractBox/a/3/0', reason: 'newcomer: NotNow' }
    expect(stopped).toEqual(ok({ handled: 1, next, failed }))
    await runReplay(ports, listener(seen), { after: next })
    expect(seen).toEqual(['a Made', 'a Shut', 'b Made'])
  })

  it('keeps to the time that is asked for', async () => {
    const ports = await open()
    const seen: string[] = []
    await runReplay(ports, listener(seen), { from: 20, until: 40 })
    expect(seen).toEqual(['a Made'])
  })
})
