import fc from 'fast-check'
import { ok, ResultAsync } from 'neverthrow'
import { type CorePorts, products, rankProducts, readFacts, row, soldLately } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { markStanding } from '../../src/catalog/mark-standing.js'
import { productStandings } from '../../src/catalog/product-standing.schema.js'
import { askTallies, moveProductTally, tallyOf } from '../../src/catalog/product-tally.js'
import { publishProduct } from '../../src/catalog/publish-product.js'
import { saveCategory } from '../../src/catalog/save-category.js'
import { saveProduct } from '../../src/catalog/save-product.js'
import { decideAndCommit } from '../../src/shared/decide-and-commit.js'
import { losing } from '../support/losing-storage.js'
import { byStaff, category, content, openShop } from './open-shop.js'

const minute = 60_000

/** The same ports, with something that happens before each commit, in turn; null where nothing does. */
const beforeCommits = <Ports extends CorePorts>(
  ports: Ports,
  happens: readonly ((() => Promise<unknown>) | null)[],
): Ports => {
  let next = 0
  return {
    ...ports,
    storage: {
      ...ports.storage,
      commit: (commit) => {
        const first = happens[next] ?? null
        next += 1
        if (first === null) return ports.storage.commit(commit)
        return ResultAsync.fromSafePromise(first()).andThen(() => ports.storage.commit(commit))
      },
    },
  }
}

const open = async () => {
  const ports = await openShop()
  ;(await saveCategory(ports, byStaff(), category('cat_home')))._unsafeUnwrap()
  const product = { externalId: 'kettle', merchantId: 'self', content: content() }
  const { productId } = (await saveProduct(ports, byStaff(), product))._unsafeUnwrap()
  ;(await publishProduct(ports, byStaff(), { productId }))._unsafeUnwrap()
  /** Counts pieces as sold, as the workflows do that move a count. */
  const sell = async (pieces: number, by: CorePorts = ports) =>
    (
      await decideAndCommit(by, {
        scope: { kind: 'all' },
        plan: () => ({ mark: row(productStandings, productId) }),
        decide: ({ mark }, { now }) =>
          ok({
            changes: [...moveProductTally(productId, 'sold', pieces), ...markStanding(mark, productId, now)],
            answer: undefined,
          }),
      })
    )._unsafeUnwrap()
  const rank = async (by: CorePorts = ports) => (await rankProducts(by, { limit: 10 }))._unsafeUnwrap()
  const look = async () => {
    const plan = { product: row(products, productId), ...askTallies([productId]) }
    const asked = { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan } as const
    const { product, ...tallies } = (await readFacts(ports.storage, asked))._unsafeUnwrap()
    return {
      version: product?.version ?? 0,
      told: product?.state.standing?.sold ?? 0,
      sold: tallyOf(tallies, productId, 'sold'),
      lately: soldLately(product?.state.standing?.recent, ports.clock.now()),
    }
  }
  const pass = (ms: number): void => ports.setNow(ports.clock.now() + ms)
  return { ports, pass, sell, rank, look }
}

describe('the standing of a product in its row', () => {
  it('is never behind for good, whatever is sold between the look and the commit of who writes it', async () => {
    const { ports, pass, sell, rank, look } = await open()
    for (const index of [0, 1]) {
      await sell(1)
      pass(minute)
      const happens = [null, null].map((_, place) => (place === index ? () => sell(10) : null))
      await rank(beforeCommits(ports, happens))
      pass(minute)
      await rank()
      const { told, sold } = await look()
      expect([index, told, sold]).toEqual([index, 11 * (index + 1), 11 * (index + 1)])
    }
    // And the other way round: it is written between the look and the commit of who sells.
    await sell(1)
    pass(minute)
    await sell(10, beforeCommits(ports, [rank]))
    pass(minute)
    await rank()
    expect(await look()).toMatchObject({ told: 33, sold: 33 })
  })

  it('is right once all is quiet, after sales and turns that cut into each other in any way', async () => {
    const { ports, pass, sell, rank, look } = await open()
    const cut = fc.constantFrom('none', 'sale', 'turn')
    const step = fc.record({ does: fc.constantFrom('sale', 'turn'), first: cut, second: cut, waits: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        for (const { does, first, second, waits } of steps) {
          if (waits) pass(minute)
          const happens = [first, second].map((each) =>
            each === 'none' ? null : each === 'sale' ? () => sell(1) : () => rank(),
          )
          const by = beforeCommits(ports, happens)
          await (does === 'sale' ? sell(1, by) : rank(by))
        }
        pass(minute)
        await rank()
        const { told, sold } = await look()
        expect(told).toBe(sold)
      }),
      { numRuns: 40 },
    )
  })

  it('tells what was sold lately beside what was ever sold, half of it for each week', async () => {
    const { pass, sell, rank, look } = await open()
    const turn = async (pieces: number) => {
      await sell(pieces)
      pass(minute)
      await rank()
    }
    await turn(10)
    expect(await look()).toMatchObject({ told: 10, lately: 10_000 })
    pass(7 * 1_440 * minute)
    expect(await look()).toMatchObject({ told: 10, lately: 5_000 })
    await turn(1)
    expect(await look()).toMatchObject({ told: 11, lately: 6_000 })
    await turn(-2)
    expect(await look()).toMatchObject({ told: 9, lately: 4_000 })
  })

  it('is written once a minute, however many are sold, for checkouts rely on the row', async () => {
    const { pass, sell, rank, look } = await open()
    const { version } = await look()
    for (let second = 0; second < 180; second += 6) {
      await sell(1)
      await rank()
      pass(6_000)
    }
    await rank()
    expect((await look()).version - version).toBeLessThanOrEqual(3)
    pass(minute)
    await rank()
    expect(await look()).toMatchObject({ told: 30, sold: 30 })
  })

  it('is written by a later turn where one broke off, and says so', async () => {
    const { ports, pass, sell, rank, look } = await open()
    await sell(3)
    pass(minute)
    // The turn looks for what is due, closes the mark, and is cut off before it reads the counts.
    const broken = await rank({ ...ports, storage: losing(ports.storage, ['well', 'well', 'well', 'never']) })
    expect(broken).toMatchObject({ done: 0, failed: [{ reason: 'StorageUnavailable' }] })
    expect((await look()).told).toBe(0)
    expect(await rank()).toEqual({ done: 0, failed: [] })
    pass(minute)
    expect(await rank()).toEqual({ done: 1, failed: [] })
    expect((await look()).told).toBe(3)
    expect(await rank()).toEqual({ done: 0, failed: [] })
  })
})
