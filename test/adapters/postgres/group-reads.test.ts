import fc from 'fast-check'
import { claim, commitChanges, put, type RawAnswers, type ReadRequest } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { boxes } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

const count = 12
const boxId = (place: number): string => `box-${place}`

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
  const changes = Array.from({ length: count }, (_, place) => [
    put(boxes, {
      id: boxId(place),
      version: 0,
      state: {
        boxId: boxId(place),
        ownerId: `owner-${place % 3}`,
        // The one above it; some name themselves.
        status: boxId(place % 4 === 3 ? place : (place + 3) % count),
        // Each names the next two, so that reads of one plan take their ids out of another's answer.
        lines: [1, 2].map((step) => ({ lineId: `${step}`, shelfId: boxId((place + step) % count), count: step })),
      },
    }),
    claim({ space: 'box', key: boxId(place), owner: `owner-${place}`, expiresAt: 10 * place }),
  ]).flat()
  const written = await commitChanges(createPostgresStorage(database.options), { shop: 's', at: 0, changes })
  expect(written.isOk()).toBe(true)
})
afterAll(async () => {
  await database.close()
})

const requestOf = (given: {
  ids: readonly string[]
  owner: number | null
  at: number
  suffix: string
}): ReadRequest => ({
  shop: 's',
  at: given.at,
  scope: given.owner === null ? { kind: 'all' } : { kind: 'own', ownerId: `owner-${given.owner}` },
  queries: [
    { name: 'boxes', query: { kind: 'rows', collection: boxes, ids: given.ids } },
    { name: 'next', query: { kind: 'rows', collection: boxes, ids: { from: 'boxes', path: 'lines.*.shelfId' } } },
    { name: 'above', query: { kind: 'rows', collection: boxes, ids: given.ids, up: 'status' } },
    {
      name: 'aboveNext',
      query: { kind: 'rows', collection: boxes, ids: { from: 'next', path: 'boxId', prefix: '' }, up: 'status' },
    },
    {
      name: 'taken',
      query: { kind: 'claims', space: 'box', keys: { from: 'next', path: 'boxId', suffix: given.suffix } },
    },
  ],
})

const asked = fc.record({
  ids: fc.array(fc.oneof(fc.nat({ max: count + 1 }).map(boxId), fc.constantFrom('"', '\\', '{,}', "'")), {
    maxLength: 3,
  }),
  owner: fc.option(fc.nat({ max: 3 })),
  at: fc.nat({ max: 10 * count }),
  suffix: fc.constantFrom('', '', '-'),
})

it('gives each of many who read at once the answer they would have had alone', async () => {
  const alone = createPostgresStorage(database.options)
  const together = createPostgresStorage({ ...database.options, inGroups: { atOnce: 1 } })
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 2, maxLength: 24 }), async (all) => {
      const requests = all.map(requestOf)
      const answersOf = async (storage: typeof alone): Promise<readonly RawAnswers[]> =>
        (await Promise.all(requests.map((request) => storage.read(request)))).map((answer) => answer._unsafeUnwrap())
      expect(await answersOf(together)).toEqual(await answersOf(alone))
    }),
    { numRuns: 30 },
  )
})

it('sends those who wait as one statement, and asks each alone where that fails', async () => {
  let sent = 0
  let fails = false
  const query = (text: string, values: unknown[] = []) => {
    sent += 1
    return fails && text.includes('with ordinality')
      ? Promise.reject(new Error('no'))
      : database.pool.query(text, values)
  }
  const pool = { query, connect: () => Promise.resolve({ query, release: () => {} }) }
  const storage = createPostgresStorage({ ...database.options, pool, inGroups: { atOnce: 1 } })
  const read = async () => {
    sent = 0
    const requests = Array.from({ length: 9 }, (_, place) =>
      requestOf({ ids: [boxId(place)], owner: null, at: 1, suffix: '' }),
    )
    const answers = await Promise.all(requests.map((request) => storage.read(request)))
    return answers.map((answer) => answer._unsafeUnwrap().boxes?.map(({ id }) => id))
  }
  const wanted = Array.from({ length: 9 }, (_, place) => [boxId(place)])
  expect(await read()).toEqual(wanted)
  expect(sent).toBe(2)
  fails = true
  expect(await read()).toEqual(wanted)
  expect(sent).toBe(10)
})
