import fc from 'fast-check'
import { type Actor, find, popularQueries, readFacts, viewBatches, viewCounts } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { countView, type ViewCount, viewedWith, viewerFloor } from '../../../src/catalog/recommend/view-count.js'
import { must } from '../../shop/open-shop.js'
import { by, type Customer, clerk, content, join } from '../../shop/world.js'
import { openStall } from '../../support/open-stall.js'
import { unchecked } from '../../support/unchecked.js'

const hour = 3_600_000
const anyone: Actor = { kind: 'guest', guestId: 'passer-by' }

/** What people looked at, each in the order of their looks, counted one by one. */
const counted = (people: readonly (readonly string[])[]) => {
  const counts = new Map<string, ViewCount>()
  for (const looks of people) {
    const seen: string[] = []
    for (const productId of new Set(looks)) {
      for (const each of countView(counts, { productId, alongside: seen })) counts.set(each.productId, each)
      seen.unshift(productId)
    }
  }
  return counts
}

describe('what is looked at together', () => {
  const looks = fc.array(fc.array(fc.constantFrom<string>('a', 'b', 'c', 'd'), { maxLength: 6 }), { maxLength: 30 })

  it('is counted once a person, alike from both sides, as a recount of all people has it', () => {
    fc.assert(
      fc.property(looks, (people) => {
        const counts = counted(people)
        for (const [id, count] of counts) {
          expect(count.viewers).toBe(people.filter((each) => each.includes(id)).length)
          for (const other of count.with) {
            const both = people.filter((each) => each.includes(id) && each.includes(other.productId)).length
            expect(other.viewers).toBe(both)
            expect(counts.get(other.productId)?.with).toContainEqual({ productId: id, viewers: both })
          }
        }
      }),
    )
  })

  it('is told by a finite lift, of no more people than looked at either, also where more were counted of both', () => {
    const id = fc.constantFrom('a', 'b', 'c')
    const views = fc.array(fc.record({ productId: id, alongside: fc.uniqueArray(id) }), { maxLength: 60 })
    fc.assert(
      fc.property(views, (seen) => {
        const counts = new Map<string, ViewCount>()
        for (const { productId, alongside } of seen) {
          const others = alongside.filter((each) => each !== productId)
          for (const each of countView(counts, { productId, alongside: others })) counts.set(each.productId, each)
        }
        for (const count of counts.values()) {
          for (const { productId, viewers, liftHundredths } of viewedWith(count, [...counts.values()], seen.length)) {
            expect(Number.isSafeInteger(liftHundredths)).toBe(true)
            expect(viewers).toBeLessThanOrEqual(Math.min(count.viewers, counts.get(productId)?.viewers ?? 0))
          }
        }
      }),
    )
  })

  it('is told by lift, of so many people at least', () => {
    const of = (together: number) => {
      const people = [
        ...Array.from({ length: together }, () => ['pot', 'tea']),
        ...Array.from({ length: 20 - together }, () => ['cup']),
      ]
      const counts = counted(people)
      const pot = counts.get('pot')
      return pot === undefined ? [] : viewedWith(pot, [...counts.values()], 20)
    }
    expect(of(viewerFloor - 1)).toEqual([])
    // 5 of 20 looked at both: 5 * 20 / (5 * 5).
    expect(of(viewerFloor)).toEqual([{ productId: 'tea', viewers: 5, liftHundredths: 400 }])
  })
})

const agree = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const

it('is recommended of those who agreed, and what they searched for is offered, without a word of who they are', async () => {
  const stall = await openStall([])
  const { shop, pass, productId: kettle, ports, now } = stall
  for (const sku of ['cup', 'tea']) {
    const product = { externalId: sku, merchantId: 'self', content: content(sku, 'home') } as const
    must(await shop.catalog.saveProduct(by(clerk), product))
    must(await shop.catalog.publishProduct(by(clerk), { productId: `prd_self.${sku}` }))
  }
  must(await shop.inventory.receive(by(clerk), { reference: 'second', lines: [{ sku: 'tea', quantity: 9 }] }))
  const people: Customer[] = []
  for (let at = 0; at < 7; at += 1) people.push(await join(stall, `p${at}@example.com`, `P${at}`))
  const look = async (customer: Customer | undefined, seen: object) =>
    customer === undefined ? undefined : must(await shop.history.record(by(customer.actor), unchecked(seen)))
  const [alone, refusing, ...agreed] = people
  for (const each of people) if (each !== refusing) must(await shop.accounts.setConsent(by(each.actor), agree))
  const both = async (customer: Customer | undefined, others: readonly string[]) => {
    for (const productId of others) await look(customer, { kind: 'product', productId })
  }
  await both(alone, ['prd_self.cup', 'prd_self.nothing'])
  for (const each of agreed) {
    // What somebody looks at again counts no more.
    await both(each, [kettle, 'prd_self.tea', kettle])
    await look(each, { kind: 'search', text: ' Red  KETTLE ' })
    await look(each, { kind: 'search', text: 'red kettle' })
  }
  pass(1)
  for (const each of agreed.slice(1)) await look(each, { kind: 'search', text: 'red kettle of Olivia' })
  await both(refusing, [kettle, 'prd_self.cup'])
  pass(2 * hour)
  const turn = must(await shop.upkeep.countViews({ limit: 100 }))
  expect(turn).toEqual({ done: 12, failed: [] })
  expect(must(await shop.upkeep.countViews({ limit: 100 })).done).toBe(0)

  const seen = must(await shop.storefront.viewedAlso({ actor: anyone }, { productId: kettle }))
  // Five of six people looked at both: 5 * 6 / (5 * 5).
  expect(seen).toMatchObject([
    { card: { productId: 'prd_self.tea' }, because: { kind: 'viewedAlso', viewers: 5, liftHundredths: 120 } },
  ])
  expect(must(await shop.storefront.viewedAlso({ actor: anyone }, { productId: 'prd_self.cup' }))).toEqual([])

  const suggested = async (actor: Actor, text: string) =>
    must(await shop.catalog.suggest({ actor }, { text })).completions.filter(({ kind }) =>
      ['history', 'popular'].includes(kind),
    )
  const [first] = agreed
  expect(await suggested(anyone, 'RED')).toMatchObject([{ text: 'red kettle', kind: 'popular' }])
  expect(await suggested(refusing?.actor ?? anyone, 'red')).toMatchObject([{ kind: 'popular' }])
  expect(await suggested(agreed[1]?.actor ?? anyone, 'red')).toMatchObject([
    { text: 'red kettle of Olivia', kind: 'history' },
    { text: 'Red  KETTLE', kind: 'history' },
  ])
  if (first === undefined) return
  must(await shop.history.pause(by(first.actor), { paused: true }))
  expect(await suggested(first.actor, 'red')).toMatchObject([{ text: 'red kettle', kind: 'popular' }])

  const plan = {
    batches: find(viewBatches, { where: [], limit: 100 }),
    counts: find(viewCounts, { where: [], limit: 100 }),
    popular: find(popularQueries, { where: [], limit: 100 }),
  }
  const kept = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  // Four people are too few for their words to be written down.
  expect(new Set(kept.popular.map(({ state }) => `${state.text}: ${state.people}`))).toEqual(
    new Set(['red kettle: 5', 'null: 4']),
  )
  const text = JSON.stringify(kept)
  expect(people.filter(({ accountId }) => text.includes(accountId))).toEqual([])
})
