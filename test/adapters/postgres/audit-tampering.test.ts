import type { Result } from 'neverthrow'
import { type AuditAnchor, auditEntry, commitChanges, sealAudit, signAudit, verifyAudit } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKeyedDigest } from '../../../adapters/runtime/index.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { createTestPorts } from '../../support/core-ports.js'

const must = <Value>(result: Result<Value, unknown>): Value =>
  result.match(
    (value) => value,
    (error) => {
      throw new Error(JSON.stringify(error))
    },
  )

const start = 1_790_000_000_000
const minute = 60_000
const digests = createKeyedDigest({ key: new Uint8Array(32).fill(9) })
const actor = { kind: 'system', reason: 'test' } as const

let database: TestDatabase
let shops = 0

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.close())

/** A log of six entries, a second apart, of which four are sealed in batches, and further ones at one moment. */
const openLog = async (further = 0, batches: readonly number[] = [2, 2]) => {
  const { pool, schema } = database
  shops += 1
  const shop = `shop-${shops}`
  const storage = createPostgresStorage({ pool, schema })
  const ports = { ...createTestPorts(storage, {}, start), shop, digests }
  const note = (at: number) =>
    auditEntry(ports.ids, { actor, action: 'test.act', subject: 's', at, outcome: 'done', detail: 'right' })
  const notes = Array.from({ length: 6 }, (_, index) => note(start + index * 1_000))
  const many = Array.from({ length: further }, () => note(start + minute))
  const changes = must(await signAudit(ports, [...notes, ...many]))
  must(await commitChanges(storage, { shop, at: start, changes }))
  ports.setNow(start + 15 * minute + 3_500)
  for (const sealed of batches) expect(must(await sealAudit(ports, { limit: sealed })).sealed).toBe(sealed)
  const table = `"${schema}".audit`
  /** Writes to the row of an entry past the library. */
  const write = async (id: string, set: string): Promise<void> => {
    await pool.query(`update ${table} set ${set} where shop = $1 and id = $2`, [shop, id])
  }
  /** Changes rows of the log, or its seals, past the library. */
  const change = async (statement: string, ...ids: readonly string[]): Promise<void> => {
    const { rowCount } = await pool.query(
      statement.replaceAll('AUDIT', table).replaceAll('SEAL', `"${schema}".audit_seal`),
      [shop, ...ids],
    )
    expect(rowCount, statement).toBe(ids.length)
  }
  const faults = async (anchor?: AuditAnchor) => must(await verifyAudit(ports, anchor)).faults
  return { ports, write, change, faults, ids: [...notes, ...many].map(({ id }) => id) }
}

describe('rows of the audit log that somebody changed in the database', () => {
  it('are named where their text says something else, sealed or not, and no other is', async () => {
    for (const [place, sequence] of [
      [1, 1],
      [5, null],
    ] as const) {
      const { write, faults, ids } = await openLog()
      expect(await faults()).toEqual([])
      const id = ids[place] ?? ''
      for (const [set, back] of [
        [`body = jsonb_set(body, '{subject}', '"x"')`, `body = jsonb_set(body, '{subject}', '"s"')`],
        [`body = body - 'detail'`, `body = jsonb_set(body, '{detail}', '"right"')`],
        // The moment it tells of, its column as it was: it stands where it stood.
        [
          `body = jsonb_set(body, '{at}', to_jsonb((body->>'at')::bigint + 86400000))`,
          `body = jsonb_set(body, '{at}', to_jsonb((body->>'at')::bigint - 86400000))`,
        ],
        [
          `body = jsonb_set(body, '{at}', to_jsonb((body->>'at')::bigint - 86400000))`,
          `body = jsonb_set(body, '{at}', to_jsonb((body->>'at')::bigint + 86400000))`,
        ],
        [
          `body = jsonb_set(jsonb_set(body, '{at}', '"never"'), '{was}', body->'at')`,
          `body = jsonb_set(body, '{at}', body->'was') - 'was'`,
        ],
      ] as const) {
        await write(id, set)
        expect(await faults(), set).toEqual([{ kind: 'changed', id, sequence }])
        await write(id, back)
        expect(await faults(), back).toEqual([])
      }
      await write(id, `body = jsonb_set(body, '{digest}', '"${'0'.repeat(64)}"')`)
      expect(await faults()).toEqual([{ kind: 'changed', id, sequence }])
      await write(id, `body = '"gone"'`)
      expect(await faults()).toEqual([{ kind: 'changed', id, sequence }])
    }
  })

  it('are named where they were moved by their column alone', async () => {
    const { write, faults, ids } = await openLog()
    const [, second = '', , , , sixth = ''] = ids
    await write(second, `at = at + interval '1 day'`)
    expect(await faults()).toEqual([{ kind: 'moved', id: second, sequence: 1 }])
    await write(second, `at = at - interval '1 day'`)
    await write(sixth, `at = at - interval '4 seconds'`)
    expect(await faults()).toEqual([{ kind: 'added', id: sixth, sequence: 2 }])
  })

  it('are named where they were moved by their column within their own batch, and no other is', async () => {
    const { write, faults, ids } = await openLog(0, [4])
    for (const [place, by, ...named] of [
      [0, '2500 milliseconds', 0],
      [0, '2999 milliseconds', 0],
      [3, '-2500 milliseconds', 3],
      // Of two neighbours it may have been either.
      [0, '1500 milliseconds', 0, 1],
      [2, '-1500 milliseconds', 1, 2],
      // It stands where it stood.
      [1, '500 milliseconds'],
    ] as const) {
      const id = ids[place] ?? ''
      await write(id, `at = at + interval '${by}'`)
      const found = (await faults()).map((fault) => [fault.kind, fault.id, 'sequence' in fault && fault.sequence])
      expect(found.sort(), `${place} by ${by}`).toEqual(named.map((each) => ['moved', ids[each], 1]))
      await write(id, `at = at - interval '${by}'`)
      expect(await faults()).toEqual([])
    }
  })

  it('are named where they were moved into the future before they were sealed, once their moment is', async () => {
    const { ports, write, faults, ids } = await openLog()
    const [, , , , fifth = ''] = ids
    await write(fifth, `at = at + interval '10 years'`)
    expect(await faults()).toEqual([])
    ports.setNow(start + 30 * minute)
    expect(must(await sealAudit(ports)).sealed).toBe(1)
    expect(await faults()).toEqual([{ kind: 'moved', id: fifth, sequence: null }])
    await write(fifth, `at = at - interval '10 years'`)
    expect(await faults()).toEqual([{ kind: 'added', id: fifth, sequence: 3 }])
  })

  it('are named also where the last of a page lies about its moment, and the search for them ends', async () => {
    const { write, faults, ids } = await openLog(1_100)
    // Of what is not sealed, the entry that ends the first thousand.
    const [tail, last] = [ids.slice(4), ids.at(-1) ?? '']
    const end = tail[999] ?? ''
    for (const by of ['- 9999999', '+ 19999998']) {
      await write(end, `body = jsonb_set(body, '{at}', to_jsonb((body->>'at')::bigint ${by}))`)
      await write(last, `body = jsonb_set(body, '{subject}', '"y"')`)
      expect((await faults()).map(({ id }) => id).sort()).toEqual([end, last].sort())
    }
  })

  it('are named where a sealed one was deleted', async () => {
    const { change, faults, ids } = await openLog()
    const [first = '', , , fourth = ''] = ids
    await change('delete from AUDIT where shop = $1 and id = $2', first)
    expect(await faults()).toEqual([{ kind: 'removed', id: first, sequence: 1 }])
    // The last of a batch is where the next begins.
    await change('delete from AUDIT where shop = $1 and id = $2', fourth)
    expect(await faults()).toEqual([
      { kind: 'removed', id: first, sequence: 1 },
      { kind: 'removed', id: fourth, sequence: 2 },
    ])
  })

  it('are both named where two of them changed places, by their moments or by their texts, and no other is', async () => {
    const swap = (column: string) =>
      `update AUDIT as one set ${column} = other.${column} from AUDIT as other where one.shop = $1 and other.shop = $1
         and one.id in ($2, $3) and other.id in ($2, $3) and one.id <> other.id`
    // Of two batches, and of what is sealed and what is not.
    for (const [left, right, sequence] of [
      [0, 3, 2],
      [0, 5, null],
    ] as const) {
      const { change, faults, ids } = await openLog()
      const [one, other] = [ids[left] ?? '', ids[right] ?? '']
      await change(swap('body'), one, other)
      expect(await faults()).toEqual([
        { kind: 'changed', id: one, sequence: 1 },
        { kind: 'changed', id: other, sequence },
      ])
      await change(swap('body'), one, other)
      expect(await faults()).toEqual([])
      await change(swap('at'), one, other)
      expect(await faults()).toEqual([
        { kind: 'moved', id: one, sequence: 1 },
        { kind: sequence === null ? 'added' : 'moved', id: other, sequence: sequence ?? 1 },
      ])
    }
  })
})

describe('seals of the audit log that somebody deleted in the database', () => {
  const sealed = (sequence: number) => `seal_${String(sequence).padStart(12, '0')}`

  it('are named by the one that follows', async () => {
    const { change, faults } = await openLog()
    await change('delete from SEAL where shop = $1 and id = $2', sealed(1))
    expect(await faults()).toEqual([{ kind: 'sealMissing', id: sealed(1), sequence: 1 }])
  })

  it('are named by an anchor that was kept elsewhere where none follows, and by nothing without it', async () => {
    const { ports, change, faults } = await openLog()
    const anchor = must(await sealAudit(ports, { limit: 2 })).last ?? undefined
    expect(anchor?.sequence).toBe(2)
    expect(await faults(anchor)).toEqual([])
    await change('delete from SEAL where shop = $1 and id = $2', sealed(2))
    expect(await faults(anchor)).toEqual([{ kind: 'sealMissing', id: sealed(2), sequence: 2 }])
    expect(await faults()).toEqual([])
  })
})
