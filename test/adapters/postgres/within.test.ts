import { ResultAsync } from 'neverthrow'
import type pg from 'pg'
import { adjust, commitChanges, createShop, type Shop, type Storage, stockCounters, stockId } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type HostStorageUnderTest,
  type HostTransactionUnderTest,
  storageWithinCases,
} from '../../../adapters/contract/index.js'
import { by, byStaff, chooseMugs, examplePorts, mug, sellMugs } from '../../../examples/support/mug-shop.js'
import { must } from '../../../examples/support/must.js'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'
import { isolateShops } from '../../support/isolate-shops.js'
import { runContract } from '../../support/run-contract.js'
import { unchecked } from '../../support/unchecked.js'
import { openScratchDatabase, type ScratchDatabase } from './scratch-database.js'

const forms = ['transaction', 'statement', 'function'] as const

let scratch: ScratchDatabase
let database: TestDatabase
beforeAll(async () => {
  ;[scratch, database] = await Promise.all([openScratchDatabase(), openTestDatabase()])
  for (const { pool } of [scratch, database]) {
    await pool.query('create table host_rows (world text, name text, primary key (world, name))')
  }
})
afterAll(async () => {
  await Promise.all([scratch.close(), database.close()])
})

const begin = async (pool: pg.Pool, level = 'read committed') => {
  const client = await pool.connect()
  await client.query(`begin isolation level ${level}`)
  return client
}

const end = async (client: pg.PoolClient, how: 'commit' | 'rollback') => {
  const { command } = await client.query(how)
  client.release()
  return command
}

let worlds = 0

const namesIn = async (pool: pg.Pool, world: string) =>
  (await pool.query('select name from host_rows where world = $1 order by name', [world])).rows.map(({ name }) => name)

for (const form of forms) {
  const create = async (): Promise<HostStorageUnderTest> => {
    worlds += 1
    const world = `${form}-${worlds}`
    const storage = createPostgresStorage({ ...scratch.options, form })
    return {
      storage: isolateShops(storage, world),
      begin: async (): Promise<HostTransactionUnderTest> => {
        const client = await begin(scratch.pool)
        const finish = async (how: 'commit' | 'rollback') => {
          // A transaction that was spoilt would answer COMMIT with ROLLBACK.
          expect(await end(client, how)).toBe(how.toUpperCase())
        }
        return {
          inside: isolateShops(storage.within(client), world),
          writeHostRow: async (name) => {
            await client.query('insert into host_rows values ($1, $2)', [world, name])
          },
          commit: () => finish('commit'),
          rollBack: () => finish('rollback'),
        }
      },
      hostRows: () => namesIn(scratch.pool, world),
    }
  }
  runContract(`postgres by ${form}, within a transaction of the host`, storageWithinCases, create)
}

/** A shop of its own with mugs, and what its listeners were told. */
const openShop = async (form: (typeof forms)[number], pieces: number) => {
  worlds += 1
  const name = `within-${form}-${worlds}`
  const { pool, schema } = database
  const storage = createPostgresStorage({ pool, schema, form })
  const shop = createShop({ ...examplePorts, shop: name, storage })
  await sellMugs(shop, pieces)
  const told: string[] = []
  const listen = () => shop.on('*', (event) => told.push(event.type))
  return { name, shop, storage, told, listen, pool }
}

const mugsLeft = async (shop: Pick<Shop, 'inventory'>) =>
  must(await shop.inventory.stockOf(byStaff(), { skus: [mug.sku] })).lines[0]?.available

const ordersOf = async (shop: { orders: Pick<Shop['orders'], 'list'> }, accountId: string) =>
  must(await shop.orders.list(by(accountId), { limit: 10 })).orders.length

const book = (client: pg.PoolClient, world: string, guest: string) =>
  client.query('insert into host_rows values ($1, $2)', [world, guest])

const takeTwo = [adjust(stockCounters, { id: stockId(mug.sku, 'main'), by: -2 })]

const buyOutside = async (storage: Storage, shop: string, changes: typeof takeTwo): Promise<void> => {
  if (changes.length > 0) must(await commitChanges(storage, { shop, at: 1, changes }))
}

describe.each(forms)('a shop within a transaction of the host, by %s', (form) => {
  it('places an order that stands with the row of the host, seen inside first, told to no listener', async () => {
    const { name, shop, told, listen, pool } = await openShop(form, 5)
    const choice = await chooseMugs(shop, 'ann', 2)
    listen()
    const client = await begin(pool)
    await book(client, name, 'ann')
    const inside = shop.within(client)
    const { orderId } = must(await inside.orders.place(by('ann'), choice))
    expect(must(await inside.orders.page(by('ann'), { orderId })).state).toBe('awaitingPayment')
    expect([await mugsLeft(inside), await ordersOf(inside, 'ann')]).toEqual([3, 1])
    expect([await mugsLeft(shop), await ordersOf(shop, 'ann')]).toEqual([5, 0])
    expect(await end(client, 'commit')).toBe('COMMIT')
    expect([await mugsLeft(shop), await ordersOf(shop, 'ann')]).toEqual([3, 1])
    expect(await namesIn(pool, name)).toEqual(['ann'])
    expect(told).toEqual([])
    // What happened is delivered by the relay, like everything else.
    const relayed = must(await shop.upkeep.relay({ worker: 'w', limit: 1_000 }))
    expect(relayed).toMatchObject({ postponed: [], setAside: [] })
    const paid = await shop.orders.pay(by('ann'), { orderId, gatewayId: 'sandbox', method: 'wechatPay' })
    expect(must(paid).orderStatus).toBe('paid')
  })

  it('takes the order back with the row when the host rolls back, and the key is as new', async () => {
    const { name, shop, pool } = await openShop(form, 5)
    const choice = await chooseMugs(shop, 'ann', 2)
    const context = by('ann')
    const first = await begin(pool)
    await book(first, name, 'ann')
    must(await shop.within(first).orders.place(context, choice))
    expect(await end(first, 'rollback')).toBe('ROLLBACK')
    expect([await mugsLeft(shop), await ordersOf(shop, 'ann'), await namesIn(pool, name)]).toEqual([5, 0, []])
    const second = await begin(pool)
    const placed = must(await shop.within(second).orders.place(context, choice))
    // Sent again under its key it is answered, and not done again.
    expect(must(await shop.within(second).orders.place(context, choice))).toEqual(placed)
    await end(second, 'commit')
    expect(must(await shop.orders.place(context, choice))).toEqual(placed)
    expect([await mugsLeft(shop), await ordersOf(shop, 'ann')]).toEqual([3, 1])
  })

  it('refuses an order that is out of stock, and the host commits its own row', async () => {
    const { name, shop, pool } = await openShop(form, 3)
    const choices = [await chooseMugs(shop, 'ann', 2), await chooseMugs(shop, 'bob', 2)] as const
    const client = await begin(pool)
    await book(client, name, 'ann')
    await book(client, name, 'bob')
    const { orders } = shop.within(client)
    expect((await orders.place(by('ann'), choices[0])).isOk()).toBe(true)
    const refused = await orders.place(by('bob'), choices[1])
    const lines = [{ lineId: expect.any(String), sku: 'mug', wanted: 2, available: 1 }]
    expect(refused._unsafeUnwrapErr()).toEqual({ type: 'OutOfStock', lines })
    expect((await orders.place(by('bob'), unchecked({ nonsense: true })))._unsafeUnwrapErr().type).toBe('InvalidInput')
    expect((await orders.place(byStaff(), choices[1])).isErr()).toBe(true)
    await book(client, name, 'complaint')
    expect(await end(client, 'commit')).toBe('COMMIT')
    expect(await namesIn(pool, name)).toEqual(['ann', 'bob', 'complaint'])
    expect([await mugsLeft(shop), await ordersOf(shop, 'bob')]).toEqual([1, 0])
  })

  it('is tried once: what another takes meanwhile is answered with Busy, and may be sent again', async () => {
    const { name, shop, storage, pool } = await openShop(form, 3)
    const choice = await chooseMugs(shop, 'ann', 2)
    let reads = 0
    const contested = createShop({
      ...examplePorts,
      shop: name,
      storage: {
        ...storage,
        within: (client: pg.PoolClient): Storage => {
          const inside = storage.within(client)
          return {
            ...inside,
            // Between what is read and what is written, somebody else buys.
            read: (request) => {
              reads += 1
              const buys = reads === 1 ? takeTwo : []
              return inside
                .read(request)
                .andThen((answers) => ResultAsync.fromSafePromise(buyOutside(storage, name, buys)).map(() => answers))
            },
          }
        },
      },
    })
    const client = await begin(pool)
    await book(client, name, 'ann')
    const { orders } = contested.within(client)
    const context = by('ann')
    expect((await orders.place(context, choice))._unsafeUnwrapErr()).toEqual({
      type: 'Busy',
      retryAfterMs: 50,
      heldBy: 'floor',
    })
    expect(reads).toBe(1)
    expect((await orders.place(context, choice))._unsafeUnwrapErr().type).toBe('OutOfStock')
    expect(await end(client, 'commit')).toBe('COMMIT')
    expect([await namesIn(pool, name), await mugsLeft(shop)]).toEqual([['ann'], 1])
  })

  it('keeps no book that the host took back', async () => {
    const { shop, pool } = await openShop(form, 3)
    const dear = { kind: 'flat', chargeMinor: 99_900 } as const
    const zone = {
      zoneId: 'all',
      regions: ['*'],
      rate: dear,
      freeFromMinor: null,
      days: { earliest: 1, latest: 3 },
    } as const
    const methods = [{ methodId: 'post', title: { en: 'Post', 'zh-CN': '邮寄' }, zones: [zone] }] as const
    const client = await begin(pool)
    const inside = shop.within(client)
    must(await inside.pricing.publishShippingBook(byStaff(), { expectedRevision: 1, currency: 'CNY', methods }))
    expect((await chooseMugs(inside, 'ann', 1)).expectedTotalMinor).toBe(1_990 + 99_900)
    await end(client, 'rollback')
    expect((await chooseMugs(shop, 'ann', 1)).expectedTotalMinor).toBe(1_990 + 800)
  })

  it('under a stricter isolation says that the storage failed, and leaves the host its transaction', async () => {
    const { name, shop, storage, pool } = await openShop(form, 3)
    const choice = await chooseMugs(shop, 'ann', 2)
    const client = await begin(pool, 'repeatable read')
    await book(client, name, 'ann')
    expect(await mugsLeft(shop.within(client))).toBe(3)
    await buyOutside(storage, name, takeTwo)
    const refused = (await shop.within(client).orders.place(by('ann'), choice))._unsafeUnwrapErr()
    expect(refused).toMatchObject({ type: 'StorageUnavailable', detail: expect.stringContaining('40001') })
    expect(await end(client, 'commit')).toBe('COMMIT')
    expect(await namesIn(pool, name)).toEqual(['ann'])
  })
})
