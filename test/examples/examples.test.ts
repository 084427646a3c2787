import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../postgres/database.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const openServers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length

/** The line each example ends with when everything in it went as it says. */
const lastLines: Readonly<Record<string, string>> = {
  'points-year.ts': 'given 397 = spent 50 + expired 99 + taken back 99 + left 149',
  'membership-ladder.ts': 'ordinary -> silver -> silver -> ordinary',
  'quick-start.ts': 'order paid: 4780 fen by captured payment',
  'password-playground.ts': 'hybrid breaks 4 clauses, knowingly',
  'register-and-activate.ts': 'Li Na is signed in by li.na@example.com',
  'sign-in-with-second-factor.ts': 'after a reset by message: recoveryCode',
  'privacy.ts': 'erased under a number: true',
  'price-a-cart.ts': 'to pay: 25900; the 5000 off lies on the lines as 4272 + 728',
  'write-a-promotion.ts': 'one tea: 17800; two: 24350; four: 39700',
  'explain-to-the-customer.ts': 'Spend CN¥12.00 more for “30 off from 200”: CN¥153.00 to pay then',
  'coupon-campaign.ts': 'campaign: 19 claimed, 19 used, 19000 fen off',
  'host-transaction.ts': 'booked: ann with mugs, bob without mugs; orders: 1; mugs left: 2',
  'webhook-endpoint.ts': 'orders: awaitingShipment, awaitingShipment',
  'reconcile-a-bill.ts': 'learned 2, findings 1; the lost order is awaitingShipment',
  'divide-by-gateway.ts': 'after the refund: 5924 and 169',
  'split-among-merchants.ts': 'potter: 7561 paid out, 3500 of it owed back',
  'place-an-order.ts': 'awaitingPayment: 1 order in the list',
  'pay-again.ts': 'the order is awaitingShipment: 2 attempts, 1 of them paid',
  'run-upkeep.ts': 'the order is closed',
  'refund-to-source.ts': 'refunded whole: 4780 of 4780 fen in 2 refunds',
  'lost-parcel.ts': 'the order is completed, refunded partly',
  'oidc-login.ts': 'ann@example.com: one account, 1 identity',
  'product-page.ts': '1791 fen, 2 sold, 4 stars of 1',
  'sections.ts': '20 元以下 [Mug: pinned]',
  'import-your-catalog.ts': 'on sale with 800 ml: 茶壶',
  'own-gateway.ts': 'order awaitingShipment; refund: partly',
  'search-in-postgres.ts': 'sealed: 1 product, found 1 before and 1 after',
  'search-playground.ts': 'found: OR-20 for orrin headphones',
  'one-module.ts': 'in the cart: 3 x mug; to pay: 4970 fen',
  'on-postgres.ts': 'mugs left: 3 in the north, 9 in the south',
  'host-tables.ts': 'cem ordered the last one for 3290 fen; on the shelf are 0',
}

describe('examples', () => {
  const files = readdirSync(`${root}examples`).filter((name) => name.endsWith('.ts'))
  let database: TestDatabase

  beforeAll(async () => {
    database = await openTestDatabase({ empty: true })
    vi.stubEnv('DATABASE_URL', database.url)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await database.close()
  })

  it('each has its last line stated here', () => {
    expect(Object.keys(lastLines).sort()).toEqual(files.sort())
  })

  for (const file of files) {
    // A script is done where it was read to its end; in a process of its own it would load the whole library again.
    it(`${file} runs to its last line, and leaves nothing open`, async () => {
      const said: string[] = []
      const complained: unknown[][] = []
      vi.spyOn(console, 'log').mockImplementation((...words) => said.push(format(...words)))
      for (const way of ['error', 'warn'] as const)
        vi.spyOn(console, way).mockImplementation((...words) => complained.push(words))
      const before = openServers()
      await import(`${root}examples/${file}`)
      expect(complained).toEqual([])
      expect(said.at(-1)).toBe(lastLines[file])
      await vi.waitFor(() => expect(openServers()).toBeLessThanOrEqual(before), { timeout: 60_000 })
    })
  }
})
