import fc from 'fast-check'
import { errAsync, ok, type Result } from 'neverthrow'
import {
  type AuditEntry,
  type AuditNote,
  type AuditSeal,
  auditEntry,
  auditLog,
  auditSeals,
  type Condition,
  type CorePorts,
  commitChanges,
  createIds,
  createTableAuthorizer,
  find,
  type Json,
  type RawRow,
  readFacts,
  type Storage,
  sealAudit,
  signAudit,
  verifyAudit,
} from 'shopwright'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '../../adapters/memory/index.js'
import { createKeyedDigest } from '../../adapters/runtime/index.js'
import { createTestPorts } from '../support/core-ports.js'

/** How old an entry is when it is sealed. */
const settleMs = 900_000

const start = 1_000_000
const scope = { kind: 'all' } as const

/** What somebody with a hand in the database makes of its rows. */
type Tampering = {
  readonly entries?: (rows: readonly RawRow[]) => readonly RawRow[]
  readonly seals?: (rows: readonly RawRow[]) => readonly RawRow[]
}

// The whole log and all seals are read through this, so that a changed row answers every question changed.
const tampered = (storage: Storage, tampering: Tampering): Storage => ({
  ...storage,
  read: (request) =>
    storage
      .read({
        ...request,
        queries: [
          { name: 'entries', query: { kind: 'entries', log: auditLog, search: { where: [], limit: 100_000 } } },
          { name: 'seals', query: { kind: 'find', collection: auditSeals, search: { where: [], limit: 100_000 } } },
        ],
      })
      .map((raw) => {
        const standing = {
          entries: (tampering.entries ?? same)(raw.entries ?? []),
          find: (tampering.seals ?? same)(raw.seals ?? []),
        }
        return Object.fromEntries(
          request.queries.map(({ name, query }) => {
            if (query.kind !== 'entries' && query.kind !== 'find') return [name, []]
            const { after, where, orderBy } = query.search
            const momentOf = (each: RawRow, field: string): number => Number(Reflect.get(each.state as object, field))
            const orderOf = (each: RawRow): number => (orderBy === undefined ? 0 : momentOf(each, orderBy.field))
            const found = standing[query.kind]
              .filter((each) => where.every((condition) => meets(momentOf(each, condition.field), condition)))
              .filter(
                (each) =>
                  after === undefined ||
                  (orderBy !== undefined && orderOf(each) > Number(after.value)) ||
                  ((orderBy === undefined || orderOf(each) === Number(after.value)) && each.id > after.id),
              )
              .sort((a, b) => orderOf(a) - orderOf(b) || (a.id < b.id ? -1 : 1))
            return [name, found.slice(0, query.search.limit)]
          }),
        )
      }),
})

const meets = (value: number, condition: Condition): boolean => {
  switch (condition.is) {
    case 'eq':
      return value === condition.value
    case 'lt':
      return value < Number(condition.value)
    case 'lte':
      return value <= Number(condition.value)
    case 'gt':
      return value > Number(condition.value)
    default:
      throw new Error(`not asked so far: ${condition.is}`)
  }
}

const same = (rows: readonly RawRow[]): readonly RawRow[] => rows

const must = <Value>(result: Result<Value, unknown>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )

const write = async (ports: CorePorts, notes: readonly AuditNote[]): Promise<void> => {
  const changes = must(await signAudit(ports, notes))
  must(await commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes }))
}

/** A log of so many entries, one a second, sealed in batches. */
const openLog = async (count: number, batch: number) => {
  const storage = createMemoryStorage()
  const ports = {
    ...createTestPorts(storage, {}, start),
    digests: createKeyedDigest({ key: new Uint8Array(32).fill(3) }),
    authorizer: createTableAuthorizer({}),
  }
  const ids = createIds(ports.clock)
  for (let index = 0; index < count; index += 1) {
    ports.setNow(start + index * 1_000)
    const change = auditEntry(ids, {
      actor: { kind: 'customer', accountId: `a${index}` },
      action: 'test.act',
      subject: `s${index}`,
      at: ports.clock.now(),
      outcome: index % 3 === 0 ? 'refused' : 'done',
    })
    await write(ports, [change])
  }
  ports.setNow(start + count * 1_000 + settleMs)
  const roots: string[] = []
  for (;;) {
    const report = must(await sealAudit(ports, { limit: batch }))
    expect(report).toMatchObject({ underWay: false, failed: [] })
    if (report.sealed === 0) break
    roots.push(report.last?.root ?? '')
  }
  const verify = async (tampering: Tampering = {}, anchor?: { sequence: number; root: string }) =>
    must(await verifyAudit({ ...ports, storage: tampered(storage, tampering) }, anchor))
  const trail = await readTrail(storage)
  return { storage, ports, roots, verify, trail }
}

const readTrail = async (storage: Storage): Promise<readonly string[]> => {
  const query = { kind: 'entries', log: auditLog, search: { where: [], limit: 10_000 } } as const
  const raw = await storage.read({ shop: 'main', scope, at: 0, queries: [{ name: 'all', query }] })
  const rows: readonly RawRow[] = raw.isOk() ? (raw.value.all ?? []) : []
  return rows
    .map(({ id, state }) => ({ id, at: (state as AuditEntry).at }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id)
}

const edit = (id: string, change: Partial<AuditEntry>) => (rows: readonly RawRow[]) =>
  rows.map((each) => (each.id === id ? { ...each, state: { ...(each.state as object), ...change } as Json } : each))

const drop = (id: string) => (rows: readonly RawRow[]) => rows.filter((each) => each.id !== id)

describe('the audit log', () => {
  it('is sealed in batches, each over the root before it, and is found intact', async () => {
    const { verify, roots, storage } = await openLog(10, 4)
    expect(roots).toHaveLength(3)
    expect(new Set(roots).size).toBe(3)
    expect(await verify()).toEqual({ intact: true, faults: [], sealedUpTo: start + 9_000, batches: 3 })
    const plan = {
      seals: find(auditSeals, { where: [], orderBy: { field: 'sequence', direction: 'ascending' }, limit: 9 }),
    }
    const facts = (await readFacts(storage, { shop: 'main', scope, at: 0, plan })).unwrapOr({ seals: [] })
    expect(facts.seals.map(({ state }) => [state.sequence, state.leaves.length, state.previousRoot])).toEqual([
      [1, 4, ''],
      [2, 4, roots[0]],
      [3, 2, roots[1]],
    ])
  })

  it('leaves what is younger than a quarter of an hour for the next batch', async () => {
    const { ports, roots } = await openLog(3, 10)
    expect(roots).toHaveLength(1)
    const change = auditEntry(createIds(ports.clock), {
      actor: { kind: 'system', reason: 'test' },
      action: 'test.act',
      subject: 's',
      at: ports.clock.now(),
      outcome: 'done',
    })
    await write(ports, [change])
    const counts = []
    // The third entry is a quarter of an hour younger than the seal of the others.
    for (const wait of [0, settleMs - 1, settleMs]) {
      ports.setNow(start + 3_000 + settleMs + wait)
      counts.push(must(await sealAudit(ports)).sealed)
    }
    expect(counts).toEqual([0, 0, 1])
  })

  it('is sealed once when two seal at the same moment', async () => {
    const { ports, verify } = await openLog(0, 5)
    const ids = createIds(ports.clock)
    for (let index = 0; index < 6; index += 1) {
      const event = {
        actor: { kind: 'system', reason: 't' },
        action: 'a.b',
        subject: 's',
        at: start,
        outcome: 'done',
      } as const
      await write(ports, [auditEntry(ids, event)])
    }
    const reports = await Promise.all(Array.from({ length: 8 }, () => sealAudit(ports)))
    expect(reports.map((report) => must(report).sealed).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 6])
    expect(await verify()).toMatchObject({ intact: true, batches: 1 })
  })

  it('is found intact however many entries stand at the last moment of a batch', async () => {
    const { storage, ports } = await openLog(0, 1)
    const actor = { kind: 'guest', guestId: 'v' } as const
    const changes = Array.from({ length: 1_700 }, (_, index) =>
      auditEntry(ports.ids, { actor, action: 'accounts.signIn', subject: `${index}`, at: start, outcome: 'done' }),
    )
    await write(ports, changes)
    expect(must(await sealAudit(ports, { limit: 500 })).sealed).toBe(500)
    let reads = 0
    const counted: Storage = {
      ...storage,
      read: (request) => {
        reads += 1
        // One that never ends is told to, so that the test does.
        if (reads > 40) return errAsync({ type: 'StorageUnavailable', detail: 'never ends', retryAfterMs: 1 })
        return storage.read(request)
      },
    }
    const verdict = await verifyAudit({ ...ports, storage: counted })
    expect(verdict.map(({ intact, batches }) => ({ intact, isSealed: batches > 0 }))).toEqual(
      ok({ intact: true, isSealed: true }),
    )
  })

  it('names a row that was changed, removed, moved or slipped in', async () => {
    const { verify, trail } = await openLog(10, 4)
    const [, second = '', , , fifth = ''] = trail
    expect((await verify({ entries: edit(second, { outcome: 'done', subject: 'x' }) })).faults).toEqual([
      { kind: 'changed', id: second, sequence: 1 },
    ])
    expect((await verify({ entries: drop(fifth) })).faults).toEqual([{ kind: 'removed', id: fifth, sequence: 2 }])
    expect((await verify({ entries: edit(second, { at: start + 8_500 }) })).faults).toEqual([
      { kind: 'moved', id: second, sequence: 1 },
    ])
    expect((await verify({ entries: edit(second, { at: start + 999_000 }) })).faults).toEqual([
      { kind: 'moved', id: second, sequence: 1 },
    ])
    const slip = (rows: readonly RawRow[]) => [
      ...rows,
      ...rows.slice(0, 1).map((each) => ({ ...each, id: 'audit_zz' })),
    ]
    expect((await verify({ entries: slip })).faults).toEqual([{ kind: 'added', id: 'audit_zz', sequence: 1 }])
  })

  it('names two rows that changed places', async () => {
    const { verify, trail } = await openLog(8, 4)
    const [first = '', second = ''] = trail
    const swapped = (rows: readonly RawRow[]) => edit(second, { at: start })(edit(first, { at: start + 1_000 })(rows))
    expect((await verify({ entries: swapped })).faults.map(({ id }) => id).sort()).toEqual([first, second].sort())
  })

  it('names a batch that was changed or is gone, and with an anchor also the last ones', async () => {
    const { verify, roots, trail } = await openLog(12, 4)
    const editSeal = (sequence: number, change: Partial<AuditSeal>) => (rows: readonly RawRow[]) =>
      rows.map((each) =>
        (each.state as AuditSeal).sequence === sequence
          ? { ...each, state: { ...(each.state as object), ...change } as Json }
          : each,
      )
    const seal = (sequence: number) => ({ id: `seal_${String(sequence).padStart(12, '0')}`, sequence })
    expect((await verify({ seals: editSeal(2, { root: 'other' }) })).faults).toEqual([
      { kind: 'sealBroken', ...seal(2) },
      { kind: 'sealBroken', ...seal(3) },
    ])
    const without = (sequence: number) => (rows: readonly RawRow[]) =>
      rows.filter((each) => (each.state as AuditSeal).sequence !== sequence)
    expect((await verify({ seals: without(2) })).faults).toContainEqual({ kind: 'sealMissing', ...seal(2) })
    expect((await verify({ seals: without(3) })).faults).toEqual([])
    const closedUp = (rows: readonly RawRow[]) => {
      const forged = { sequence: 2, previousRoot: roots[0] ?? '' }
      return editSeal(3, forged)(without(2)(rows))
    }
    expect((await verify({ seals: closedUp })).faults).toContainEqual({ ...seal(3), kind: 'sealBroken', sequence: 2 })
    const renamed = (rows: readonly RawRow[]) =>
      closedUp(rows).map((each) => (each.id === seal(3).id ? { ...each, id: seal(2).id } : each))
    expect((await verify({ seals: renamed })).faults).toContainEqual({ kind: 'sealBroken', ...seal(2) })
    for (const change of [{ sealedAt: 1 }, { upTo: { at: start + 6_500, id: 'audit' } }, { leaves: [] }])
      expect((await verify({ seals: editSeal(2, change) })).faults).toContainEqual({ kind: 'sealBroken', ...seal(2) })
    const [led, ...others] = trail.slice(4, 8).map((id) => ({ id, digest: 'd'.repeat(64) }))
    const swapped = [...others, ...(led === undefined ? [] : [led])]
    expect((await verify({ seals: editSeal(2, { leaves: swapped }) })).faults).toContainEqual({
      kind: 'sealBroken',
      ...seal(2),
    })
    const anchor = { sequence: 3, root: roots[2] ?? '' }
    expect((await verify({ seals: without(3) }, anchor)).faults).toEqual([{ kind: 'sealMissing', ...seal(3) }])
    expect((await verify({}, anchor)).intact).toBe(true)
    expect((await verify({}, { sequence: 3, root: 'other' })).faults).toEqual([{ kind: 'sealBroken', ...seal(3) }])
  })

  it('finds out any one change to any sealed row', async () => {
    const { verify, trail } = await openLog(20, 6)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...trail),
        fc.constantFrom<keyof AuditEntry>('actor', 'action', 'subject', 'outcome', 'at'),
        fc.boolean(),
        async (id, field, removed) => {
          const change = (rows: readonly RawRow[]): readonly RawRow[] =>
            rows.map((each) => {
              if (each.id !== id) return each
              const entry = each.state as AuditEntry
              const value =
                field === 'at' ? entry.at + 1 : field === 'outcome' ? flip(entry.outcome) : `${entry[field]}x`
              return { ...each, state: { ...entry, [field]: value } as Json }
            })
          const { intact, faults } = await verify({ entries: removed ? drop(id) : change })
          expect(intact).toBe(false)
          expect(faults.map((fault) => fault.id)).toContain(id)
        },
      ),
      { numRuns: 40 },
    )
  })
})

const flip = (outcome: AuditEntry['outcome']): AuditEntry['outcome'] => (outcome === 'done' ? 'refused' : 'done')
