import { describe, expect, it } from 'vitest'
import { askUsesLeft, isFirstOrder, moveOfferUses, offerUses, toUsesLeft } from '../../src/promotions/limits.js'
import { offerBookId, offerBooks } from '../../src/promotions/offer.schema.js'
import { toOfferBook } from '../../src/promotions/publish-offers.js'
import { guestOwnerId } from '../../src/shared/actor.js'
import { book } from '../../src/shared/books.js'
import { adjust, put } from '../../src/shared/commit.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { commitChanges } from '../../src/shared/storage.js'
import { createTestPorts, type TestPorts } from '../support/core-ports.js'
import { openStorage } from '../support/storages.js'
import { offer } from './offers.js'

const benefit = { kind: 'amountOff', offMinor: 100 } as const
const limited = offer('limited', { benefit, limits: { uses: 3, usesPerCustomer: 2 } })
const offers = [limited, offer('free', { benefit })]

const shop = async (): Promise<TestPorts> => {
  const ports = createTestPorts(await openStorage(), {})
  const state = toOfferBook(offers)
  await write(ports, [put(offerBooks, { id: offerBookId, version: 0, state })])
  return ports
}

const write = (ports: TestPorts, changes: Parameters<typeof commitChanges>[1]['changes']) =>
  commitChanges(ports.storage, { shop: ports.shop, at: ports.clock.now(), changes })

const usesLeft = async (ports: TestPorts, accountId: string) => {
  const asked = book(ports.books, offerBooks, offerBookId, ports.clock.now())
  const plan = { offers: asked, ...askUsesLeft(asked, 'offers', accountId) }
  const facts = await readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: 0, plan })
  return facts.map((found) =>
    found.offers === undefined ? undefined : toUsesLeft(found.offers.state, accountId, found),
  )
}

describe('uses of a limited offer', () => {
  it('are counted in all and for each customer, in the one read that asks for the book', async () => {
    const ports = await shop()
    expect((await usesLeft(ports, 'ann'))._unsafeUnwrap()).toEqual({ limited: {} })
    expect((await write(ports, moveOfferUses(offers, 'ann', -1))).isOk()).toBe(true)
    // From the shelf this time, and the same.
    expect((await usesLeft(ports, 'ann'))._unsafeUnwrap()).toEqual({ limited: { left: 2, leftForCustomer: 1 } })
    expect((await usesLeft(ports, 'bob'))._unsafeUnwrap()).toEqual({ limited: { left: 2 } })
  })

  it('end at the limit, of a customer and of all', async () => {
    const ports = await shop()
    const use = (accountId: string) =>
      write(ports, moveOfferUses(offers, accountId, -1))
        .map(() => 'used')
        .unwrapOr('refused')
    expect([await use('ann'), await use('ann'), await use('ann')]).toEqual(['used', 'used', 'refused'])
    expect([await use('bob'), await use('cat')]).toEqual(['used', 'refused'])
    expect((await write(ports, moveOfferUses(offers, 'ann', 1))).isOk()).toBe(true)
    expect(await use('cat')).toBe('used')
  })

  it('follow a limit that is changed, and are given back even above it', async () => {
    const ports = await shop()
    const at = (uses: number, by: -1 | 1, accountId: string) =>
      write(ports, moveOfferUses([{ ...limited, limits: { uses } }], accountId, by))
        .map(() => 'done')
        .unwrapOr('refused')
    expect([await at(2, -1, 'ann'), await at(2, -1, 'bob'), await at(2, -1, 'cat')]).toEqual([
      'done',
      'done',
      'refused',
    ])
    expect(await at(3, -1, 'cat')).toBe('done')
    expect([await at(1, -1, 'dan'), await at(1, 1, 'ann'), await at(1, -1, 'dan')]).toEqual([
      'refused',
      'done',
      'refused',
    ])
  })

  it('have one winner for the last of them', async () => {
    const ports = await shop()
    await write(ports, [adjust(offerUses, { id: 'limited', by: -2 })])
    const buyers = Array.from({ length: 64 }, (_, buyer) => write(ports, moveOfferUses(offers, `buyer${buyer}`, -1)))
    const answers = await Promise.all(buyers)
    expect(answers.filter((answer) => answer.isOk())).toHaveLength(1)
  })
})

describe('a first order', () => {
  it('is that of a customer who has none; of a visitor nobody knows', () => {
    const none = { firstOrder: new Map<string, string>(), paidCheckouts: new Map<string, number>() }
    expect(isFirstOrder('ann', none)).toBe(true)
    expect(isFirstOrder('ann', { ...none, firstOrder: new Map([['ann', 'o1']]) })).toBe(false)
    expect(isFirstOrder('ann', { ...none, paidCheckouts: new Map([['ann', -1]]) })).toBe(false)
    expect(isFirstOrder('ann', { ...none, paidCheckouts: new Map([['ann', 0]]) })).toBe(true)
    expect(isFirstOrder(guestOwnerId('g1'), none)).toBe(false)
    expect(isFirstOrder('', none)).toBe(false)
  })
})
