import { type Actor, createShop } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { must, openShop } from '../../shop/open-shop.js'
import { by, clerk, join, password, recipient } from '../../shop/world.js'
import { buyKettles, deliverAll, openStall } from '../../support/open-stall.js'

const day = 86_400_000
const canaries = ['canary.ann', '金丝雀安妮', recipient.phone, recipient.address, recipient.name]

let database: TestDatabase

beforeAll(async () => {
  database = await openTestDatabase()
})

afterAll(() => database.close())

/** Every row of every table of the schema as text, bytes as text too; those of the search index among them. */
const everyRow = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { pool, schema } = database
  const tables = await pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = $1 and table_type = 'BASE TABLE'`,
    [schema],
  )
  const found = new Map<string, readonly string[]>()
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ text: string }>(
      `select to_jsonb(t)::text as text from "${schema}"."${name}" as t`,
    )
    found.set(
      name,
      rows.map(({ text }) =>
        text.replaceAll(/\\\\x((?:[0-9a-f]{2})+)/g, (_, hex: string) => Buffer.from(hex, 'hex').toString()),
      ),
    )
  }
  return found
}

const tablesWith = (rows: ReadonlyMap<string, readonly string[]>, part: string): readonly string[] =>
  [...rows].filter(([, texts]) => texts.some((text) => text.includes(part))).map(([name]) => name)

it('an erased person is in no row of any table, those of the search index among them', async () => {
  const opened = await openShop()
  const storage = createPostgresStorage({ pool: database.pool, schema: database.schema })
  const ports = { ...opened.ports, storage, catalogIndex: storage.catalogIndex }
  const stall = await openStall([], 200, { ...opened, ports, shop: createShop(ports) })
  const { shop, pass } = stall
  const ann = await join(stall, 'canary.ann@example.com', '金丝雀安妮')
  const order = await buyKettles(stall, ann.actor, 1)
  const { parcelId } = must(
    await shop.orders.ship(by(clerk), { orderId: order.orderId, carrier: 'sf', trackingNumber: '1' }),
  )
  must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
  must(await shop.orders.saveAddress(by(ann.actor), { recipient }))
  const [line] = must(await shop.orders.page({ actor: ann.actor }, { orderId: order.orderId })).lines
  const review = { orderId: order.orderId, lineId: line?.lineId ?? '', rating: 5, signedAs: '金丝雀安妮' } as const
  must(await shop.reviews.write(by(ann.actor), review))
  pass(30 * day)
  must(await shop.upkeep.runAll({ worker: 'w' }))
  const guest: Actor = { kind: 'guest', guestId: 'g' }
  const search = async () => must(await shop.catalog.searchProducts({ actor: guest }, { text: 'kettle', limit: 5 }))
  expect((await search()).hits).toHaveLength(1)
  const before = await everyRow()
  // The scan sees what is in the tables of the search index, and she is in many others.
  for (const name of ['epoch', 'document', 'stated', 'posting', 'code']) {
    expect(before.get(`search_${name}`)?.length, name).toBeGreaterThan(0)
  }
  for (const name of ['search_epoch', 'search_document']) expect(tablesWith(before, 'kettle')).toContain(name)
  for (const name of ['account', 'order', 'address_book', 'review', 'subject_key', 'outbox']) {
    expect(tablesWith(before, ann.accountId)).toContain(name)
  }
  must(await shop.accounts.erase(by(ann.actor), { password }))
  await deliverAll(stall)
  must(await shop.upkeep.runAll({ worker: 'w' }))
  expect((await search()).hits).toHaveLength(1)
  const after = await everyRow()
  for (const canary of canaries) expect(tablesWith(after, canary), canary).toEqual([])
  expect(tablesWith(after, ann.accountId)).not.toContain('subject_key')
})
