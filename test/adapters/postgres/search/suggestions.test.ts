import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { createSealer } from 'shopwright/adapters/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultAccountsPolicy } from '../../../../src/accounts/accounts-policy.js'
import { catalogAccess } from '../../../../src/catalog/access.js'
import { archiveProduct } from '../../../../src/catalog/archive-product.js'
import type { HistoryPorts } from '../../../../src/catalog/history/read-history.js'
import type { CatalogPorts } from '../../../../src/catalog/ports.js'
import { publishProduct } from '../../../../src/catalog/publish-product.js'
import { saveCategory } from '../../../../src/catalog/save-category.js'
import { saveProduct } from '../../../../src/catalog/save-product.js'
import { createCatalogShelf, createSealedShelf } from '../../../../src/catalog/search/catalog-shelf.js'
import { sealCatalog } from '../../../../src/catalog/search/sealed/seal-catalog.js'
import { suggest } from '../../../../src/catalog/search/suggest/suggest.js'
import type { Authorizer } from '../../../../src/shared/actor.js'
import { openCountingPool } from '../../../bench/counting-pool.js'
import { byStaff, category, content, staff } from '../../../catalog/product-content.js'
import { openTestDatabase, type TestDatabase } from '../../../postgres/database.js'
import { createTestPorts, type TestPorts } from '../../../support/core-ports.js'

type Ports = TestPorts & CatalogPorts & HistoryPorts

let database: TestDatabase
let counting: Awaited<ReturnType<typeof openCountingPool>>
let sealed: Ports
let inProcess: Ports

const goods = [
  ['Bluetooth speaker', 'Orrin'],
  ['Bluetooth speaker of oak', 'Orrin'],
  ['Bluegrass banjo', 'Banjoman'],
  ['Lantern of brass', 'Knot'],
  ['Lantern of oak', 'Knot'],
  ['Gramophone', 'Tidal'],
] as const

beforeAll(async () => {
  database = await openTestDatabase()
  counting = await openCountingPool(database.url, 4)
  const storage = createPostgresStorage({ ...database, pool: counting.pool })
  sealed = {
    ...createTestPorts(storage, catalogAccess),
    shelf: createSealedShelf(storage.catalogIndex),
    catalogIndex: storage.catalogIndex,
    sealer: createSealer({ current: { keyId: 'k1', key: new Uint8Array(32).fill(7) } }),
    accountsPolicy: defaultAccountsPolicy,
  }
  ;(await saveCategory(sealed, byStaff(), category('cat_home')))._unsafeUnwrap()
  const ids = []
  for (const [at, [en, brand]] of goods.entries()) {
    const variants = content().variants.map((each) => ({ ...each, sku: `sku-${at}` }))
    const stated = content({ title: { en, 'zh-CN': '' }, variants, brand })
    const saved = await saveProduct(sealed, byStaff(), { externalId: `p${at}`, merchantId: 'self', content: stated })
    const { productId } = saved._unsafeUnwrap()
    ;(await publishProduct(sealed, byStaff(), { productId }))._unsafeUnwrap()
    ids.push(productId)
  }
  sealed.setNow(sealed.clock.now() + 600_000)
  ;(await sealCatalog(sealed, {}))._unsafeUnwrap()
  // What the epoch has of it leads nowhere, so that words have to be asked for.
  ;(await archiveProduct(sealed, byStaff(), { productId: ids[2] ?? '' }))._unsafeUnwrap()
  inProcess = { ...sealed, shelf: createCatalogShelf() }
})
afterAll(async () => {
  await counting.pool.end()
  await database.close()
})

const typed = [
  'b',
  'blue',
  'blueg',
  'bleutooth',
  'bluetooth sp',
  'lant',
  'lantern of',
  'oak',
  'ti',
  'kno',
  'zeppelin',
  'lantenr',
]
const history = ['Lantern of brass', 'bluegrass banjo', 'Bluetooth oak', 'blue', 'lanterns for sale']

// `blueg` is left out: an epoch still knows a word of what is sold no more, and so offers no other for it.
describe('suggestions from an epoch in Postgres', () => {
  it.each(typed.filter((text) => text !== 'blueg'))('of %s are those of an index in process', async (text) => {
    for (const more of [{}, { history }, { history, limit: 1 }]) {
      const [there, here] = await Promise.all(
        [sealed, inProcess].map(async (ports) => (await suggest(ports, staff, { text, ...more }))._unsafeUnwrap()),
      )
      expect(there).toEqual(here)
    }
  })

  it('take four statements a key stroke however much is offered, and five where the asker sees a part of the catalog', async () => {
    const authorize: Authorizer['authorize'] = (actor, action) =>
      sealed.authorizer
        .authorize(actor, action)
        .map(() => ({ kind: 'fields', fields: { brand: ['Orrin', 'Knot'] } }) as const)
    for (const [ports, most] of [
      [sealed, 4],
      [{ ...sealed, authorizer: { authorize } }, 5],
    ] as const) {
      ;(await suggest(ports, staff, { text: 'lant' }))._unsafeUnwrap()
      for (const text of typed) {
        const before = counting.roundTrips()
        const { completions } = (await suggest(ports, staff, { text, history }))._unsafeUnwrap()
        expect(counting.roundTrips() - before).toBeLessThanOrEqual(most)
        if (text === 'lant') expect(completions.length).toBeGreaterThan(1)
      }
    }
  })
})
