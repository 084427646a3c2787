import { describe, expect, it } from 'vitest'
import { pricingAccess } from '../../src/pricing/access.js'
import { shippingBookId, shippingBooks, taxBookId, taxBooks } from '../../src/pricing/books.schema.js'
import { publishShippingBook, publishTaxBook } from '../../src/pricing/publish-books.js'
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
