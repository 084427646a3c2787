import fc from 'fast-check'
import { errAsync, okAsync } from 'neverthrow'
import { createShop, find, readFacts } from 'shopwright'
import { describe, expect, it } from 'vitest'
import {
  gatherItems,
  type HistoryItem,
  historyKeptMs,
  mostItems,
} from '../../../src/catalog/history/browsing-history.js'
import { browsingHistories, parseItems } from '../../../src/catalog/history/browsing-history.schema.js'
import { must, openShop } from '../../shop/open-shop.js'
import { by, join, password } from '../../shop/world.js'
import { deliverAll } from '../../support/open-stall.js'
import { unchecked } from '../../support/unchecked.js'

const day = 86_400_000

/** What is stored of histories, as it stands. */
const stored = async ({ ports, now }: Awaited<ReturnType<typeof openShop>>) => {
  const plan = { found: find(browsingHistories, { where: [], limit: 10 }) }
  return must(await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan })).found
}
const agree = { purpose: 'personalisation', decision: 'given', noticeVersion: 'v1' } as const

describe('the items of a history', () => {
  const now = 10 * historyKeptMs
  const item = fc
    .record({ kind: fc.constantFrom('product', 'search'), what: fc.nat(5), age: fc.nat(120), id: fc.nat() })
    .map(({ kind, what, age, id }): HistoryItem => {
      const facts = { itemId: `i${id}`, at: now - age * day }
      return kind === 'product'
        ? { ...facts, kind, productId: `p${what}` }
        : { ...facts, kind: 'search', text: `t${what}` }
    })

  it('are newest first, each once, none beyond its time, and gathered twice the same', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 300 }), (items) => {
        const kept = gatherItems(items, now)
        const subjects = kept.map((each) => (each.kind === 'product' ? each.productId : each.text))
        expect(new Set(subjects).size).toBe(subjects.length)
        expect(kept.length).toBeLessThanOrEqual(mostItems)
        expect(kept.every(({ at }) => at > now - historyKeptMs)).toBe(true)
        expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).sort((a, b) => b - a))
        expect(gatherItems(kept, now)).toEqual(kept)
      }),
    )
  })

  it('stay where a machine whose clock is behind writes them again', () => {
    const ahead: HistoryItem = { itemId: 'i1', at: now + 1_000, kind: 'product', productId: 'p1' }
    const old: HistoryItem = { itemId: 'i2', at: now - day, kind: 'product', productId: 'p2' }
    expect(gatherItems([ahead, old], now)).toEqual([{ ...ahead, at: now }, old])
  })

  it('are read beside one of a kind that only a newer release knows', () => {
    const looked: HistoryItem = { itemId: 'i1', at: now, kind: 'product', productId: 'p1' }
    const newer = { itemId: 'i2', at: now, kind: 'brand', brand: 'Nord' }
    expect(parseItems([newer, looked])._unsafeUnwrap()).toEqual([looked])
    expect(parseItems({ kind: 'product' }).isErr()).toBe(true)
  })
})

describe('a browsing history', () => {
  it('is recorded with consent alone, merged at sign-in, paused, cleared, kept 90 days, and sealed', async () => {
    const opened = await openShop()
    const { shop, pass, now } = opened
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const record = async (input: object) => must(await shop.history.record(by(ann.actor), unchecked(input)))
    const items = async () =>
      must(await shop.history.mine(ann)).items.map((each) => (each.kind === 'product' ? each.productId : each.text))

    expect(await record({ kind: 'product', productId: 'product-one' })).toEqual({
      records: false,
      because: 'noConsent',
      items: 0,
    })
    must(await shop.accounts.setConsent(by(ann.actor), agree))
    pass(1)
    await record({ kind: 'product', productId: 'product-one' })
    pass(1)
    await record({ kind: 'search', text: '金丝雀 kettle' })
    pass(1)
    expect(await record({ kind: 'product', productId: 'product-one' })).toMatchObject({ records: true, items: 2 })
    expect(await items()).toEqual(['product-one', '金丝雀 kettle'])
    expect(JSON.stringify(await stored(opened))).not.toMatch(/product-one|kettle|金丝雀/)

    pass(1)
    must(
      await shop.history.merge(by(ann.actor), {
        items: [
          { kind: 'product', productId: 'from-device', at: now() + 5 * day },
          { kind: 'product', productId: 'too-old', at: now() - 91 * day },
          { kind: 'search', text: '4111 1111 1111 1111', at: now() },
        ],
      }),
    )
    expect(await items()).toEqual(['from-device', 'product-one', '金丝雀 kettle'])

    must(await shop.history.pause(by(ann.actor), { paused: true }))
    expect(await record({ kind: 'product', productId: 'p2' })).toEqual({ records: false, because: 'paused', items: 3 })
    must(await shop.history.pause(by(ann.actor), { paused: false }))
    const [first] = must(await shop.history.mine(ann)).items
    must(await shop.history.clear(by(ann.actor), { itemIds: [first?.itemId ?? ''] }))
    expect(await items()).toEqual(['product-one', '金丝雀 kettle'])

    pass(89 * day)
    await record({ kind: 'product', productId: 'late' })
    pass(2 * day)
    must(await shop.upkeep.sweepHistories({ limit: 10 }))
    expect(must(await shop.history.mine(ann))).toMatchObject({ items: [{ productId: 'late' }], keptDays: 90 })
    must(await shop.history.clear(by(ann.actor)))
    expect(await items()).toEqual([])
  })

  it('takes nothing in behind a consent that is withdrawn at the same moment', async () => {
    const opened = await openShop()
    const ann = await join(opened, 'ann@example.com', 'Ann')
    must(await opened.shop.accounts.setConsent(by(ann.actor), agree))
    let withdraws = true
    // The consent is withdrawn when the step is decided and not yet written.
    const { storage } = opened.ports
    const late = createShop({
      ...opened.ports,
      storage: {
        ...storage,
        commit: (commit) => {
          if (!withdraws) return storage.commit(commit)
          withdraws = false
          opened.pass(1)
          const withdrawn = opened.shop.accounts.setConsent(by(ann.actor), { ...agree, decision: 'withdrawn' })
          return withdrawn.orElse(() => okAsync(null)).andThen(() => storage.commit(commit))
        },
      },
    })
    const recorded = must(await late.history.record(by(ann.actor), { kind: 'product', productId: 'p1' }))
    expect(recorded).toEqual({ records: false, because: 'noConsent', items: 0 })
    expect(await stored(opened)).toEqual([])
  })

  it('outlasts a time without the key service: whoever would write it again is told so, and the sweep leaves it', async () => {
    const opened = await openShop()
    const { shop, pass } = opened
    const ann = await join(opened, 'ann@example.com', 'Ann')
    must(await shop.accounts.setConsent(by(ann.actor), agree))
    const record = async (productId: string) =>
      must(await shop.history.record(by(ann.actor), { kind: 'product', productId }))
    await record('old')
    pass(60 * day)
    await record('recent')
    pass(31 * day)

    const { sealer } = opened.ports
    const down = { type: 'CryptoUnavailable', detail: 'the key service is down' } as const
    const without = createShop({ ...opened.ports, sealer: { ...sealer, open: () => errAsync(down) } })
    const before = await stored(opened)
    expect(must(await without.upkeep.sweepHistories({ limit: 10 }))).toMatchObject({
      done: 0,
      failed: [{ id: ann.accountId, reason: 'CryptoUnavailable' }],
    })
    for (const refused of [
      await without.history.pause(by(ann.actor), { paused: true }),
      await without.history.clear(by(ann.actor), { itemIds: ['another'] }),
      await without.history.record(by(ann.actor), { kind: 'product', productId: 'next' }),
    ])
      expect(refused._unsafeUnwrapErr()).toEqual(down)
    expect(must(await without.history.mine(ann)).items).toEqual([])
    expect(await stored(opened)).toEqual(before)

    expect(must(await shop.upkeep.sweepHistories({ limit: 10 }))).toMatchObject({ done: 1, failed: [] })
    expect(must(await shop.history.mine(ann))).toMatchObject({ items: [{ productId: 'recent' }] })
  })

  it('goes with the consent and with the account, and is exported', async () => {
    const opened = await openShop()
    const { shop } = opened
    const ann = await join(opened, 'ann@example.com', 'Ann')
    const begin = async () => {
      must(await shop.accounts.setConsent(by(ann.actor), agree))
      must(await shop.history.record(by(ann.actor), { kind: 'search', text: 'Canary' }))
    }
    await begin()
    const exported = must(await shop.accounts.exportData(ann, { after: { record: 'browsingHistory' } }))
    expect(JSON.stringify(exported)).toContain('Canary')
    opened.pass(1)
    must(await shop.accounts.setConsent(by(ann.actor), { ...agree, decision: 'withdrawn' }))
    expect(must(await shop.history.mine(ann)).records).toBe(false)
    await deliverAll(opened)
    // That they were counted is remembered until the period is over, and nothing else.
    expect(await stored(opened)).toMatchObject([{ id: ann.accountId, state: { items: null, paused: false } }])
    opened.pass(90 * day)
    must(await shop.upkeep.sweepHistories({ limit: 10 }))
    expect(await stored(opened)).toEqual([])
    await begin()
    must(await shop.accounts.erase(by(ann.actor), { password }))
    await deliverAll(opened)
    expect(await stored(opened)).toEqual([])
  })
})
