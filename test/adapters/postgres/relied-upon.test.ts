import { commitChanges, expectRow, put, removeRow } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxes, shelves } from '../../../adapters/contract/scratch.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

let database: ScratchDatabase
beforeAll(async () => {
  database = await openScratchDatabase()
})
afterAll(async () => {
  await database.close()
})

const forms = ['transaction', 'statement', 'function'] as const
const pairs = forms.flatMap((mine) => forms.map((theirs) => [mine, theirs] as const))
const shelf = (version: number) => put(shelves, { id: 's', version, state: { shelfId: 's', title: `at ${version}` } })
const box = (id: string) => put(boxes, { id, version: 0, state: { boxId: id } })
const relying = expectRow(shelves, { id: 's', version: 1 })

// Until the other side is seen to wait for a lock; the pool's other connections look on.
const untilOneWaits = async (): Promise<void> => {
  for (;;) {
    const text =
      "select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    if (Number((await database.pool.query(text)).rows[0]?.waiting) > 0) return
  }
}

describe.each(pairs)('a row that is relied upon, by %s, and changed, by %s', (mine, theirs) => {
  const open = async (what: string) => {
    const shop = `${what}-${mine}-${theirs}`
    const client = await database.pool.connect()
    const other = createPostgresStorage({ ...database.options, form: theirs })
    const inside = createPostgresStorage({ ...database.options, form: mine }).within(client)
    const write = (storage: typeof inside, changes: Parameters<typeof commitChanges>[1]['changes']) =>
      commitChanges(storage, { shop, at: 1, changes })
    expect((await write(other, [shelf(0)])).isOk()).toBe(true)
    await client.query('begin')
    return { client, inside, other, write }
  }

  it('is changed and removed only when whoever relies on it is done', async () => {
    for (const change of [shelf(1), removeRow(shelves, { id: 's', version: 1 })]) {
      const { client, inside, other, write } = await open(`relied-${change.kind}`)
      try {
        expect((await write(inside, [relying, box('a')])).isOk()).toBe(true)
        let isChanged = false
        const changing = write(other, [change]).andTee(() => {
          isChanged = true
        })
        await untilOneWaits()
        expect(isChanged).toBe(false)
        await client.query('commit')
        expect((await changing).isOk()).toBe(true)
      } finally {
        await client.query('rollback')
        client.release()
      }
    }
  })

  it('refuses who relied on what it was, also when they had begun before it was changed', async () => {
    const { client, inside, other, write } = await open('changed')
    try {
      expect((await write(inside, [shelf(1)])).isOk()).toBe(true)
      const late = write(other, [box('a'), relying])
      await untilOneWaits()
      await client.query('commit')
      expect((await late)._unsafeUnwrapErr()).toEqual({
        type: 'VersionConflict',
        index: 1,
        key: { collection: shelves.name, id: 's' },
      })
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  it('may be relied on again after a change that was undone', async () => {
    const { client, inside, other, write } = await open('undone')
    try {
      expect((await write(inside, [shelf(1)])).isOk()).toBe(true)
      await client.query('rollback')
      expect((await write(other, [relying, box('a')])).isOk()).toBe(true)
      expect((await write(other, [shelf(1)])).isOk()).toBe(true)
      expect((await write(other, [relying, box('b')])).isErr()).toBe(true)
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

it('writes nothing for those who rely on a row, however many they are at once', async () => {
  const storage = createPostgresStorage({ ...database.options, form: 'function' })
  const shop = 'untouched'
  expect((await commitChanges(storage, { shop, at: 1, changes: [shelf(0)] })).isOk()).toBe(true)
  const answers = await Promise.all(
    Array.from({ length: 32 }, (_, nth) => commitChanges(storage, { shop, at: 1, changes: [relying, box(`${nth}`)] })),
  )
  expect(answers.every((answer) => answer.isOk())).toBe(true)
  const text = `select xmax::text as touched from "${database.schema}".shelves where shop = $1`
  expect((await database.pool.query(text, [shop])).rows).toEqual([{ touched: '0' }])
})
