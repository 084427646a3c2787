import { errAsync, okAsync, type Result, ResultAsync } from 'neverthrow'
import { auditEntry, commitChanges, createIds, type KeyedDigest, sealAudit, signAudit, verifyAudit } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../adapters/runtime/index.js'
import { createTestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'

const must = <Value>(result: Result<Value, unknown>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )

const start = 1_790_000_000_000
const minute = 60_000
const due = start + 15 * minute

const digests = createKeyedDigest({ key: new Uint8Array(32).fill(5) })

/** Digests that count themselves, and do with roots as they are told. */
const watched = (root: KeyedDigest['digest'] = digests.digest) => {
  const made = { count: 0 }
  const port: KeyedDigest = {
    digest: (purpose, text) => {
      made.count += 1
      return purpose === 'audit-root' ? root(purpose, text) : digests.digest(purpose, text)
    },
  }
  return { made, port }
}

/** Five entries that are old enough to be sealed, and machines that seal them. */
const openDue = async () => {
  const storage = await openStorage()
  const ports = { ...createTestPorts(storage, {}, start), digests }
  const actor = { kind: 'system', reason: 'test' } as const
  const notes = Array.from({ length: 5 }, () =>
    auditEntry(ports.ids, { actor, action: 'test.act', subject: 's', at: start, outcome: 'done' }),
  )
  const changes = must(await signAudit(ports, notes))
  must(await commitChanges(storage, { shop: 'main', at: start, changes }))
  ports.setNow(due)
  const machine = (port: KeyedDigest = digests) => ({ ...ports, ids: createIds(ports.clock), digests: port })
  return { ports, machine }
}

/** A root that is not made before it is told to. */
const held = () => {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  let reach: () => void = () => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const root: KeyedDigest['digest'] = (purpose, text) => {
    reach()
    return ResultAsync.fromSafePromise(opened).andThen(() => digests.digest(purpose, text))
  }
  return { root, reached, open: () => open() }
}

const idle = { sealed: 0, underWay: true, failed: [], last: null }

describe('two sealers at once', () => {
  it('do the work of one: the other is told that another is at it, and makes no digest', async () => {
    const { ports, machine } = await openDue()
    const { root, reached, open } = held()
    const first = sealAudit(machine(watched(root).port))
    await reached
    const other = watched()
    expect(must(await sealAudit(machine(other.port)))).toEqual(idle)
    expect(other.made.count).toBe(0)
    open()
    expect(must(await first)).toMatchObject({ sealed: 5, underWay: false, last: { sequence: 1 } })
    expect(must(await sealAudit(machine()))).toMatchObject({ sealed: 0, underWay: false, last: { sequence: 1 } })
    expect(must(await verifyAudit(ports))).toEqual({ intact: true, faults: [], sealedUpTo: start, batches: 1 })
  })

  it('are not kept from it by one that died: after a minute its turn is over', async () => {
    const { ports, machine } = await openDue()
    const { root, reached, open } = held()
    const dead = sealAudit(machine(watched(root).port))
    await reached
    ports.setNow(due + minute - 1)
    expect(must(await sealAudit(machine()))).toEqual(idle)
    ports.setNow(due + minute)
    expect(must(await sealAudit(machine()))).toMatchObject({ sealed: 5, underWay: false, last: { sequence: 1 } })
    // It was only slow, and finds its work done.
    open()
    expect(must(await dead)).toMatchObject({ sealed: 0, last: { sequence: 1 } })
    expect(must(await verifyAudit(ports))).toEqual({ intact: true, faults: [], sealedUpTo: start, batches: 1 })
  })

  it('leave the turn of the other alone: one that comes late to the end of its own does not give it back', async () => {
    const { ports, machine } = await openDue()
    const late = held()
    const dead = sealAudit(machine(watched(late.root).port))
    await late.reached
    ports.setNow(due + minute)
    const now = held()
    const next = sealAudit(machine(watched(now.root).port))
    await now.reached
    late.open()
    expect(must(await dead).sealed).toBe(5)
    expect(must(await sealAudit(machine()))).toMatchObject({ sealed: 0, underWay: false })
    now.open()
    expect(must(await next)).toMatchObject({ sealed: 0, last: { sequence: 1 } })
    expect(must(await verifyAudit(ports)).intact).toBe(true)
  })

  it('do not wait for one that could not go on', async () => {
    const { machine } = await openDue()
    const failing = watched(() => errAsync({ type: 'CryptoUnavailable', detail: 'no key' }))
    const failed = await sealAudit(machine(failing.port))
    expect(failed.isErr() && failed.error.type).toBe('CryptoUnavailable')
    expect(must(await sealAudit(machine())).sealed).toBe(5)
  })
})

it('a turn at which nothing is due writes nothing', async () => {
  const { machine } = await openDue()
  must(await sealAudit(machine()))
  const sealer = machine()
  const commits: unknown[] = []
  const storage = {
    ...sealer.storage,
    commit: (commit: Parameters<typeof sealer.storage.commit>[0]) => {
      commits.push(commit)
      return okAsync({ counters: [] })
    },
  }
  expect(must(await sealAudit({ ...sealer, storage })).sealed).toBe(0)
  expect(commits).toEqual([])
})
