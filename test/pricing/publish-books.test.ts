import { describe, expect, it } from 'vitest'
import { pricingAccess } from '../../src/pricing/access.js'
import {
  parsePublishShippingBook,
  parsePublishTaxBook,
  shippingBookId,
  shippingBooks,
  taxBookId,
  taxBooks,
} from '../../src/pricing/books.schema.js'
import { parsePublishPriceLists } from '../../src/pricing/price-list-book.schema.js'
import { publishShippingBook, publishTaxBook } from '../../src/pricing/publish-books.js'
import { publishPriceLists } from '../../src/pricing/publish-price-lists.js'
import { book } from '../../src/shared/books.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { carriage, taxOf } from './carts.js'

const staff = (key: string) => ({ actor: { kind: 'staff', staffId: 's1', roles: [] } as const, key })
const shop = async () => createTestPorts(await openStorage(), pricingAccess)

const readTax = async (ports: TestPorts) => {
  const now = ports.clock.now()
  const plan = { tax: book(ports.books, taxBooks, taxBookId, now) }
  return (await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan }))._unsafeUnwrap()
    .tax
}

const shipping = carriage({
  kind: 'weight',
  tiers: [
    { upTo: 1000, chargeMinor: 800 },
    { upTo: null, chargeMinor: 1500 },
  ],
}).book
const { bookId: _, ...tax } = taxOf(130_000).book

describe('the books of tax and carriage', () => {
  it('are published by staff, each with revisions of its own', async () => {
    const ports = await shop()
    const { bookId, ...rest } = shipping
    expect(bookId).toBe(shippingBookId)
    const published = await publishShippingBook(ports, staff('a'), { expectedRevision: 0, ...rest })
    expect(published._unsafeUnwrap()).toEqual({ bookId: 'shipping', revision: 1 })
    expect((await publishTaxBook(ports, staff('a'), { expectedRevision: 0, ...tax }))._unsafeUnwrap()).toEqual({
      bookId: 'tax',
      revision: 1,
    })
    expect(shippingBooks.parse({ ...shipping }, 'shipping').isOk()).toBe(true)
  })

  it('are read as published from the next reading on', async () => {
    const ports = await shop()
    await publishTaxBook(ports, staff('a'), { expectedRevision: 0, ...tax })
    expect((await readTax(ports))?.state.roundPer).toBe('line')
    await publishTaxBook(ports, staff('b'), { expectedRevision: 1, ...tax, roundPer: 'order' })
    expect(await readTax(ports)).toMatchObject({ version: 2, state: { roundPer: 'order' } })
  })

  it('are refused, with the place, where no price could be made by them', () => {
    const pathsOf = (parsed: ReturnType<typeof parsePublishTaxBook> | ReturnType<typeof parsePublishShippingBook>) =>
      parsed.match(
        () => [],
        ({ issues }) => issues.map(({ path }) => path),
      )
    const [region] = tax.regions
    const taxes = (...regions: readonly object[]) =>
      pathsOf(
        parsePublishTaxBook({ ...tax, expectedRevision: 0, regions: regions.map((each) => ({ ...region, ...each })) }),
      )
    expect(taxes({}, { region: 'CN-31' })).toEqual([])
    expect(taxes({ shippingClass: 'carriage' })).toEqual(['regions.0.shippingClass'])
    expect(taxes({}, {})).toEqual(['regions.1.region'])
    const rate = { rateId: 'vat', title: { 'zh-CN': '', en: '' }, rateMillionths: 130_000 }
    const reduced = { ...rate, rateMillionths: 90_000 }
    expect(taxes({ classes: { goods: [rate, reduced] }, shippingClass: null })).toEqual([])
    expect(taxes({ classes: { goods: [rate, rate] }, shippingClass: null })).toEqual(['regions.0.classes.goods'])

    const { bookId: __, methods, ...book } = shipping
    const sent = (changes: object) =>
      pathsOf(parsePublishShippingBook({ ...book, methods, expectedRevision: 0, ...changes }))
    expect(sent({})).toEqual([])
    expect(sent({ currency: 'XXX' })).toEqual(['currency'])
    expect(sent({ methods: [...methods, ...methods] })).toEqual(['methods.1.methodId'])
    expect(sent({ otherCurrencies: [{ currency: 'YYY', methods: [] }] })).toEqual(['otherCurrencies.0.currency'])
    expect(sent({ otherCurrencies: [{ currency: 'CNY', methods: [] }] })).toEqual(['otherCurrencies'])
    const days = { earliest: 4, latest: 3 }
    const slow = methods.map((each) => ({ ...each, zones: each.zones.map((zone) => ({ ...zone, days })) }))
    expect(sent({ methods: slow })).toEqual(['methods.0.zones.0.days'])
    expect(sent({ otherCurrencies: [{ currency: 'JPY', methods: slow }] })).toEqual([
      'otherCurrencies.0.methods.0.zones.0.days',
    ])
  })

  it('hold tiers that rise, and prices without an upper end', async () => {
    const ports = await shop()
    const refusal = async (rate: Parameters<typeof carriage>[0]) => {
      const { bookId: __, ...rest } = carriage(rate).book
      return (await publishShippingBook(ports, staff('x'), { expectedRevision: 0, ...rest }))._unsafeUnwrapErr()
    }
    const tiers = 'methods.0.zones.0.rate.tiers'
    expect(
      await refusal({
        kind: 'weight',
        tiers: [
          { upTo: 5, chargeMinor: 1 },
          { upTo: 5, chargeMinor: 2 },
        ],
      }),
    ).toMatchObject({ issues: [{ path: tiers }] })
    expect(
      await refusal({
        kind: 'weight',
        tiers: [
          { upTo: null, chargeMinor: 1 },
          { upTo: 5, chargeMinor: 2 },
        ],
      }),
    ).toMatchObject({ issues: [{ path: tiers }] })
    expect(await refusal({ kind: 'price', tiers: [{ upTo: 5, chargeMinor: 1 }] })).toMatchObject({
      issues: [{ path: tiers }],
    })
  })
})

describe('the book of price lists', () => {
  const list = {
    listId: 'trade',
    kind: 'base',
    currency: 'CNY',
    groups: ['trade'],
    prices: [{ sku: 'a', unitMinor: 900 }],
  } as const

  it('is published by staff, revision after revision', async () => {
    const ports = await shop()
    const publish = (key: string, expectedRevision: number) =>
      publishPriceLists(ports, staff(key), { expectedRevision, lists: [list] })
    expect((await publish('a', 0))._unsafeUnwrap()).toEqual({ bookId: 'priceLists', revision: 1 })
    expect((await publish('b', 0))._unsafeUnwrapErr()).toMatchObject({ type: 'BookChanged', actualRevision: 1 })
    expect((await publish('c', 1))._unsafeUnwrap().revision).toBe(2)
    const actor = { kind: 'customer', accountId: 'ann' } as const
    const denied = await publishPriceLists(ports, { actor, key: 'd' }, { expectedRevision: 2, lists: [] })
    expect(denied._unsafeUnwrapErr()).toEqual({ type: 'Denied', action: 'pricing.publishPriceLists' })
  })

  it('says what is wrong with a list, by its place', async () => {
    const pathsOf = (...lists: readonly object[]) =>
      parsePublishPriceLists({ expectedRevision: 0, lists }).match(
        () => [],
        ({ issues }) => issues.map(({ path }) => path),
      )
    expect(pathsOf(list, { ...list, groups: ['staff'] })).toEqual(['lists.1.listId'])
    expect(pathsOf({ ...list, from: 5, to: 5 })).toEqual(['lists.0.to'])
    expect(pathsOf({ ...list, currency: 'XXX' })).toEqual(['lists.0.currency'])
    expect(pathsOf({ ...list, title: { en: 'Trade' } })).toEqual(['lists.0.title.zh-CN'])
    const priced = (...prices: readonly object[]) => pathsOf({ ...list, prices })
    expect(priced({ sku: 'a', unitMinor: -1 }, { sku: 'b', unitMinor: 0.5 })).toEqual([
      'lists.0.prices.0.unitMinor',
      'lists.0.prices.1.unitMinor',
    ])
    expect(priced({ sku: 'a', unitMinor: 1, fromQuantity: 5, toQuantity: 4 })).toEqual(['lists.0.prices.0.toQuantity'])
    expect(priced({ sku: 'a', unitMinor: 1, fromQuantity: 5 }, { fromQuantity: 5, sku: 'a', unitMinor: 2 })).toEqual([
      'lists.0.prices.1',
    ])
    expect(priced(...Array.from({ length: 20_001 }, (_, place) => ({ sku: `s${place}`, unitMinor: 1 })))).toEqual([
      'lists.0.prices',
    ])
  })
})
