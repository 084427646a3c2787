import fc from 'fast-check'
import { find, popularQueries, readFacts, removeRow, row, subjectKeys, viewBatches } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { countQuery } from '../../../src/catalog/history/count-query.js'
import { periodEnd } from '../../../src/catalog/history/counted-marks.js'
import { type PopularQuery, popularFloor } from '../../../src/catalog/history/popular-query.js'
import { prepareCommit } from '../../../src/shared/commit.js'
import { must, type OpenedShop } from '../../shop/open-shop.js'
import { by, type Customer, clerk, content, join } from '../../shop/world.js'
import { deliverAll, openStall } from '../../support/open-stall.js'
import { unchecked } from '../../support/unchecked.js'

const hour = 3_600_000
const day = 24 * hour
const agree = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const

/** A text that people search for, each at most once in a period, as it is counted one after another. */
const searches = (moments: readonly number[]) => {
  let told: { state: PopularQuery; version: number } | undefined
  let counted = 0
  return moments.map((now) => {
    const read = { searched: new Map([['q', counted]]), popular: told === undefined ? [] : [{ id: 'q', ...told }] }
    for (const change of countQuery(read, { queryId: 'q', text: 'tea' }, popularFloor, now)) {
      if (change.kind === 'adjust') counted += change.by
      if (change.kind === 'put') {
        expect(change.version).toBe(told?.version ?? 0)
        told = { version: change.version + 1, state: must(popularQueries.parse(change.state, 'q')) }
      }
    }
    return { text: told?.state.text ?? null, counted }
  })
}

describe('a text that is searched for', () => {
  it('is written down when five have within one period, and never before', () => {
    const moments = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 40 })
    fc.assert(
      fc.property(moments, (days) => {
        const ordered = [...days].sort((a, b) => a - b).map((each) => each * day)
        const inPeriod = new Map<number, number>()
        let isWritten = false
        for (const [index, { text }] of searches(ordered).entries()) {
          const period = periodEnd(ordered[index] ?? 0)
          inPeriod.set(period, (inPeriod.get(period) ?? 0) + 1)
          isWritten ||= (inPeriod.get(period) ?? 0) >= popularFloor
          expect(text !== null).toBe(isWritten)
        }
      }),
    )
  })

  it('is counted on from five, one by one', () => {
    expect(searches([1, 2, 3, 4, 5, 6, 7]).map(({ counted }) => counted)).toEqual([0, 0, 0, 0, 5, 6, 7])
  })
})

const stored = async ({ ports, now }: Pick<OpenedShop, 'ports' | 'now'>) => {
  const plan = {
    batches: find(viewBatches, { where: [], limit: 100 }),
    popular: find(popularQueries, { where: [], limit: 100 }),
  }
  return must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
}

it('one person is one of those counted, however often they clear their history or agree anew, and nobody is without a key', async () => {
  const stall = await openStall([])
  const { shop, pass, ports, now, productId } = stall
  const ann = await join(stall, 'ann@example.com', 'Ann')
  const consent = async (decision: 'given' | 'withdrawn') => {
    pass(1)
    must(await shop.accounts.setConsent(by(ann.actor), { ...agree, decision }))
    await deliverAll(stall)
  }
  const text = 'kettle for zhang san maple road 12'
  const look = async () => {
    pass(1)
    must(await shop.history.record(by(ann.actor), { kind: 'search', text }))
    must(await shop.history.record(by(ann.actor), { kind: 'product', productId }))
  }
  await consent('given')
  for (let turn = 0; turn < popularFloor; turn += 1) {
    await look()
    must(await shop.history.clear(by(ann.actor)))
  }
  await consent('withdrawn')
  await consent('given')
  await look()
  must(await shop.history.pause(by(ann.actor), { paused: true }))
  must(await shop.history.pause(by(ann.actor), { paused: false }))
  const items = Array.from({ length: 200 }, (_, at) => ({ kind: 'product', productId: `p${at}`, at: now() }))
  must(await shop.history.merge(by(ann.actor), { items: unchecked(items) }))
  await look()
  const once = await stored(stall)
  expect(once.popular.map(({ state }) => [state.text, state.people])).toEqual([[null, 1]])
  expect(once.batches.map(({ state }) => [state.productId, state.isFirst])).toEqual([[productId, true]])

  // When the period is over everything that is counted of one person is, too: five times are still nobody.
  for (let turn = 0; turn < popularFloor; turn += 1) {
    pass(90 * day)
    await look()
  }
  expect((await stored(stall)).popular.map(({ state }) => [state.text, state.people])).toEqual([[null, 1]])
  pass(90 * day)
  must(await shop.upkeep.sweepHistories({ limit: 10 }))
  expect((await stored(stall)).popular).toEqual([])

  // Who has no key any more has no history, and is counted no more.
  const before = (await stored(stall)).batches.length
  const plan = { key: row(subjectKeys, ann.accountId) }
  const { key } = must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }))
  if (key === undefined) throw new Error('a person who joined has a key')
  const forgotten = must(prepareCommit({ shop: 'main', at: now(), changes: [removeRow(subjectKeys, key)] }))
  must(await ports.storage.commit(forgotten))
  await look()
  const after = await stored(stall)
  expect(after.popular).toEqual([])
  expect(after.batches.length).toBe(before)
})

it('what was merged is counted when it is looked at, and a view tells nothing of when it was but the hour', async () => {
  const stall = await openStall([])
  const { shop, pass, productId: kettle, now } = stall
  const tea = 'prd_self.tea'
  must(
    await shop.catalog.saveProduct(by(clerk), {
      externalId: 'tea',
      merchantId: 'self',
      content: content('tea', 'home'),
    }),
  )
  must(await shop.catalog.publishProduct(by(clerk), { productId: tea }))
  must(await shop.inventory.receive(by(clerk), { reference: 'second', lines: [{ sku: 'tea', quantity: 9 }] }))
  const people: Customer[] = []
  for (let at = 0; at < 7; at += 1) people.push(await join(stall, `p${at}@example.com`, `P${at}`))
  const look = (each: Customer, productId: string) =>
    shop.history.record(by(each.actor), { kind: 'product', productId })
  const alsoViewed = async (productId: string) => {
    pass(2 * hour)
    must(await shop.upkeep.countViews({ limit: 100 }))
    const found = must(await shop.storefront.viewedAlso({ actor: clerk }, { productId }))
    return found.map(({ card, because }) => [card.productId, because])
  }
  const [alone, ...merging] = people
  for (const each of people) must(await shop.accounts.setConsent(by(each.actor), agree))
  if (alone === undefined) return
  // Who looked at nothing that is a product is one of the people, too.
  must(await look(alone, 'nothing'))
  for (const each of merging) {
    must(await shop.history.merge(by(each.actor), { items: [{ kind: 'product', productId: tea, at: now() }] }))
    must(await look(each, kettle))
  }
  const { batches } = await stored(stall)
  expect(batches.map(({ state }) => state.alongside)).toEqual(batches.map(() => []))
  const itemIds = must(await shop.history.mine(alone)).items.map(({ itemId }) => itemId)
  // The characters of an id that rise with time.
  const moment = /_(.{11})/.exec(itemIds[0] ?? '')?.[1] ?? ''
  expect(moment.slice(0, 8)).toMatch(/^0/)
  expect(batches.filter(({ id }) => id.includes(moment.slice(0, 8)))).toEqual([])
  expect(new Set(batches.map(({ state }) => state.dueAt)).size).toBeGreaterThan(1)
  expect(batches.every(({ state }) => state.dueAt % 60_000 === 0)).toBe(true)

  expect(await alsoViewed(kettle)).toEqual([])
  for (const each of merging) must(await look(each, tea))
  // Six of seven looked at both: 6 * 7 / (6 * 6).
  expect(await alsoViewed(kettle)).toEqual([[tea, expect.objectContaining({ viewers: 6, liftHundredths: 116 })]])
})
