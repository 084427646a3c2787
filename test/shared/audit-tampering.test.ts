import fc from 'fast-check'
import type { Result } from 'neverthrow'
import {
  append,
  auditEntry,
  auditLog,
  auditSeals,
  commitChanges,
  entries,
  find,
  type JsonObject,
  type KeptAuditEntry,
  put,
  readFacts,
  type Storage,
  sealAudit,
  signAudit,
  verifyAudit,
} from 'shopwright'
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
const second = 1_000
const minute = 60 * second
const scope = { kind: 'all' } as const
const digests = createKeyedDigest({ key: new Uint8Array(32).fill(7) })
const portsOver = (storage: Storage) => ({ ...createTestPorts(storage, {}, start), digests })

type Row = { readonly id: string; readonly body: JsonObject }

const plan = {
  log: entries(auditLog, { where: [], orderBy: { field: 'at', direction: 'ascending' }, limit: 500 }),
  seals: find(auditSeals, { where: [], limit: 500 }),
}

const actor = { kind: 'staff', staffId: 'sue', roles: ['care'], purpose: 'call' } as const

/** Eight entries sealed in three batches, then four that are too young; each second one says all that an entry can. */
const openLog = async () => {
  const storage = await openStorage()
  const ports = portsOver(storage)
  const writeOne = async (index: number, at: number): Promise<void> => {
    const { purpose: _, ...silent } = actor
    const origin = { device: 'd', network: 'n', country: 'CN' }
    const rich = index % 2 === 0 ? { detail: 'right', origin } : {}
    const by = index % 2 === 0 ? actor : silent
    const note = auditEntry(ports.ids, {
      actor: by,
      action: 'test.act',
      subject: `s${index}`,
      at,
      outcome: 'done',
      ...rich,
    })
    const changes = must(await signAudit(ports, [note]))
    must(await commitChanges(storage, { shop: 'main', at, changes }))
  }
  // Of the third batch both entries stand at one moment, which is that of its end.
  for (let index = 0; index < 8; index += 1) await writeOne(index, start + Math.min(index, 6) * second)
  ports.setNow(start + 20 * minute)
  for (const sealed of [3, 3, 2]) expect(must(await sealAudit(ports, { limit: 3 })).sealed).toBe(sealed)
  for (let index = 8; index < 12; index += 1) await writeOne(index, ports.clock.now() + index * second)
  const { log, seals } = must(await readFacts(storage, { shop: 'main', scope, at: start, plan }))
  const rows = log.map(({ id, body }): Row => ({ id, body: { ...body } }))
  /** What is found where the log stands otherwise, in a storage of its own. */
  const verify = async (standing: readonly Row[]) => {
    const other = portsOver(await openStorage())
    const changes = [
      // What somebody else has written may be anything.
      ...standing.map(({ id, body }) => append(auditLog, { id, body: body as KeptAuditEntry })),
      ...seals.map(({ id, state }) => put(auditSeals, { id, version: 0, state })),
    ]
    must(await commitChanges(other.storage, { shop: 'main', at: start, changes }))
    return must(await verifyAudit(other))
  }
  return { ports, rows, verify }
}

const batchOf = (place: number): number | null => (place < 8 ? Math.floor(place / 3) + 1 : null)

const replaced = (rows: readonly Row[], place: number, change: (body: JsonObject) => JsonObject): readonly Row[] =>
  rows.map((row, index) => (index === place ? { ...row, body: change(row.body) } : row))

/** One change to one member of an entry, the moment aside: other, gone, or new. */
const changeOf = (member: string, value: JsonObject[string]) => (body: JsonObject) => {
  const { [member]: before, ...rest } = body
  // As it was is no change: then it is taken away, or comes in where it was not.
  const isSame = JSON.stringify(before) === JSON.stringify(value)
  if (isSame) return before === undefined ? { ...rest, [member]: 'x' } : rest
  return value === undefined ? rest : { ...rest, [member]: value }
}

const members = ['actor', 'action', 'subject', 'outcome', 'detail', 'purpose', 'origin', 'digest', 'unknown'] as const

const anyValue = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  fc.integer(),
  fc.constantFrom('done', 'refused', 'staff:sue', 'test.act'),
  fc.constant({ device: 'd', network: 'n', country: 'US' }),
  fc.constant(null),
  fc.constant(undefined),
)

describe('a log that somebody changed', () => {
  it('is as it was where nobody did', async () => {
    const { ports, rows, verify } = await openLog()
    const asItWas = { intact: true, faults: [], sealedUpTo: start + 6 * second, batches: 3 }
    expect(must(await verifyAudit(ports))).toEqual(asItWas)
    expect(await verify(rows)).toEqual(asItWas)
  })

  it('names an entry that says something else before it was sealed, and none besides', async () => {
    const { rows, verify } = await openLog()
    const tenth = rows[9]?.id
    const found = { intact: false, faults: [{ kind: 'changed', id: tenth, sequence: null }], batches: 3 }
    expect(await verify(replaced(rows, 9, (body) => ({ ...body, outcome: 'refused' })))).toMatchObject(found)
    expect(await verify(replaced(rows, 9, (body) => ({ ...body, digest: 'f'.repeat(64) })))).toMatchObject(found)
    expect(await verify(replaced(rows, 9, (body) => ({ ...body, at: Number(body.at) + 1 })))).toMatchObject(found)
    expect(await verify(replaced(rows, 9, ({ digest: _, ...body }) => body))).toMatchObject(found)
  })

  it('names one that the shop never wrote: of another id, or of another shop with the same key', async () => {
    const { ports, rows, verify } = await openLog()
    const last = rows[11]
    if (last === undefined) throw new Error('no entry')
    const slipped = { id: `${last.id}z`, body: last.body }
    expect((await verify([...rows, slipped])).faults).toEqual([{ kind: 'changed', id: slipped.id, sequence: null }])
    const note = auditEntry(ports.ids, {
      actor,
      action: 'test.act',
      subject: 's',
      at: start + 30 * minute,
      outcome: 'done',
    })
    const [theirs] = must(await signAudit({ ...ports, shop: 'other' }, [note]))
    const [ours] = must(await signAudit(ports, [note]))
    if (theirs?.kind !== 'append' || ours?.kind !== 'append') throw new Error('not signed')
    expect((await verify([...rows, ours])).faults).toEqual([])
    expect((await verify([...rows, theirs])).faults).toEqual([{ kind: 'changed', id: note.id, sequence: null }])
  })

  it('stays found out once it is sealed, and the sealer says so', async () => {
    const { ports, rows } = await openLog()
    const [, , , third] = rows.slice(-4)
    const storage = await openStorage()
    const other = portsOver(storage)
    const standing = replaced(rows.slice(-4), 1, (body) => ({ ...body, subject: 'somebody else' }))
    const forged = standing[1]
    const changes = standing.map(({ id, body }) => append(auditLog, { id, body: body as KeptAuditEntry }))
    must(await commitChanges(storage, { shop: 'main', at: start, changes }))
    other.setNow(ports.clock.now() + 20 * minute)
    const failed = [{ id: forged?.id, reason: 'EntryChanged' }]
    expect(must(await sealAudit(other))).toMatchObject({ sealed: 4, failed, last: { upTo: third?.body.at } })
    expect(must(await verifyAudit(other)).faults).toEqual([{ kind: 'changed', id: forged?.id, sequence: 1 }])
  })

  it('is not sealed up to an entry that lies about its moment, and goes on behind it', async () => {
    const { ports, rows } = await openLog()
    const storage = await openStorage()
    const other = portsOver(storage)
    const lying = replaced(rows.slice(-4), 3, (body) => ({ ...body, at: Number(body.at) + minute }))
    const append4 = lying.map(({ id, body }) => append(auditLog, { id, body: body as KeptAuditEntry }))
    must(await commitChanges(storage, { shop: 'main', at: start, changes: append4 }))
    other.setNow(ports.clock.now() + 40 * minute)
    const liar = lying[3]?.id
    const failed = [{ id: liar, reason: 'EntryChanged' }]
    expect(must(await sealAudit(other))).toMatchObject({ sealed: 3, failed, last: { upTo: lying[2]?.body.at } })
    expect(must(await verifyAudit(other)).faults).toEqual([{ kind: 'changed', id: liar, sequence: null }])
    const note = auditEntry(other.ids, {
      actor,
      action: 'test.act',
      subject: 's',
      at: other.clock.now(),
      outcome: 'done',
    })
    must(await commitChanges(storage, { shop: 'main', at: start, changes: must(await signAudit(other, [note])) }))
    other.setNow(other.clock.now() + 20 * minute)
    expect(must(await sealAudit(other))).toMatchObject({ sealed: 2, failed })
    expect(must(await verifyAudit(other)).faults).toEqual([{ kind: 'changed', id: liar, sequence: 2 }])
  })

  it('names exactly the entry of which one member is another, whichever it is, sealed or not', async () => {
    const { rows, verify } = await openLog()
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: rows.length - 1 }),
        fc.constantFrom(...members),
        anyValue,
        async (place, member, value) => {
          const { faults } = await verify(replaced(rows, place, changeOf(member, value)))
          expect(faults).toEqual([{ kind: 'changed', id: rows[place]?.id, sequence: batchOf(place) }])
        },
      ),
      { numRuns: 40 },
    )
  })

  it('names exactly the entry that stands at another moment, wherever it was moved to', async () => {
    const { rows, verify } = await openLog()
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: rows.length - 1 }),
        fc.integer({ min: -3_000, max: 2_000_000 }).filter((by) => by !== 0),
        async (place, by) => {
          const { faults } = await verify(replaced(rows, place, (body) => ({ ...body, at: Number(body.at) + by })))
          expect(faults.map(({ id }) => id)).toEqual([rows[place]?.id])
        },
      ),
      { numRuns: 20 },
    )
  })
})
