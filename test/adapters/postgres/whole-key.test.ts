import pg from 'pg'
import { type Change, claim, commitChanges, coupons, expectRow, put, readFacts, row, rows } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'

type Sent = { readonly text: string; readonly values: readonly unknown[] }
type PlanNode = { readonly [name: string]: unknown }

let database: TestDatabase

const nothingRefused = { rows: [{ refused: null, counters: '[]' }] }

/** A storage that only notes what it would send. */
const noting = (options: { readonly inGroups?: object } = {}) => {
  const sent: Sent[] = []
  const query = (text: string, values: unknown[] = []) => {
    sent.push({ text, values })
    return Promise.resolve(text.includes('as refused') ? nothingRefused : { rows: [] })
  }
  const pool = { query, connect: () => Promise.resolve({ query, release: () => {} }) }
  return { sent, storage: createPostgresStorage({ pool, schema: database.schema, form: 'statement', ...options }) }
}

const coupon = (id: string, version: number, holderId: string): Change =>
  put(coupons, {
    id,
    version,
    state: {
      status: 'claimed',
      couponId: id,
      offerId: 'ten-off',
      campaignId: null,
      batchId: null,
      code: null,
      issuedAt: 1,
      holderId,
      claimedAt: 1,
      validFrom: 1,
      validTo: 2,
      remindAt: null,
    },
  })

const idOf = (place: number): string => `coupon-${String(place).padStart(4, '0')}`
const many = 400

const fill = async (shop: string): Promise<void> => {
  const storage = createPostgresStorage({ pool: database.pool, schema: database.schema })
  const changes = Array.from({ length: many }, (_, place) => [
    coupon(idOf(place), 0, `holder-${place}`),
    claim({ space: 'number', key: idOf(place), owner: idOf(place) }),
  ]).flat()
  expect((await commitChanges(storage, { shop, at: 1, changes })).isOk()).toBe(true)
}

const nodesOf = (value: unknown): readonly PlanNode[] => {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (typeof value !== 'object' || value === null) return []
  return [Object.fromEntries(Object.entries(value)), ...Object.values(value).flatMap(nodesOf)]
}

// Plans a statement as one that was never prepared, runs it, takes it back, and says how many rows it looked at.
const lookedAt = async (relation: string, { text, values }: Sent): Promise<number> => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('begin')
    const { rows: answer } = await client.query({ text: `explain (analyze, format json) ${text}`, values: [...values] })
    await client.query('rollback')
    return nodesOf(answer)
      .filter((node) => node['Relation Name'] === relation && String(node['Node Type']).endsWith('Scan'))
      .map((node) => {
        const perLoop = Number(node['Actual Rows']) + Number(node['Rows Removed by Filter'] ?? 0)
        return perLoop * Number(node['Actual Loops'])
      })
      .reduce((sum, count) => sum + count, 0)
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  database = await openTestDatabase()
  await fill('old')
  await database.pool.query('analyze')
  // The statistics do not know of this one.
  await fill('new')
})
afterAll(async () => {
  await database.close()
})

describe('in a shop younger than the statistics', () => {
  it('a read looks at the rows it names and at no other', async () => {
    const { sent, storage } = noting()
    const asked = await readFacts(storage, {
      shop: 'new',
      scope: { kind: 'own', ownerId: 'holder-7' },
      at: 1,
      plan: { mine: row(coupons, idOf(7)), some: rows(coupons, [idOf(7), idOf(8), idOf(9)]) },
    })
    expect(asked.isOk()).toBe(true)
    // Rows of several look-ups are told as their average, rounded.
    const isFew = (count: number) => count >= 1 && count <= 4
    expect(await Promise.all(sent.map((each) => lookedAt('coupon', each)))).toEqual([expect.toSatisfy(isFew)])
  })

  it('a commit looks at the rows it writes or relies on and at no other', async () => {
    const { sent, storage } = noting()
    const changes = [coupon(idOf(1), 1, 'another'), coupon(idOf(2), 1, 'another')]
    const relied = expectRow(coupons, { id: idOf(3), version: 1 })
    expect((await commitChanges(storage, { shop: 'new', at: 2, changes: [...changes, relied] })).isOk()).toBe(true)
    // Three are locked, and the two that are written are found once more.
    expect(await Promise.all(sent.map((each) => lookedAt('coupon', each)))).toEqual([5])
  })

  it('a commit of several claims looks for them by their keys', async () => {
    const { sent, storage } = noting()
    const taken = [claim({ space: 'number', key: 'x', owner: 'x' }), claim({ space: 'number', key: 'y', owner: 'y' })]
    expect((await commitChanges(storage, { shop: 'new', at: 2, changes: taken })).isOk()).toBe(true)
    expect(await Promise.all(sent.map((each) => lookedAt('claims', each)))).toEqual([0])
  })

  it('reads of one shape that go together look at the rows they name and at no other', async () => {
    const { sent, storage } = noting({ inGroups: {} })
    const read = (place: number) =>
      readFacts(storage, {
        shop: 'new',
        scope: { kind: 'own', ownerId: `holder-${place}` },
        at: 1,
        plan: { mine: row(coupons, idOf(place)) },
      })
    const answers = await Promise.all([7, 8, 9, 10].map(read))
    expect(answers.every((answer) => answer.isOk())).toBe(true)
    // The first goes at once, the others wait for it and for nothing else.
    expect(await Promise.all(sent.map((each) => lookedAt('coupon', each)))).toEqual([1, 3])
  })
})
