import { okAsync } from 'neverthrow'
import { type Actor, createShop, createTableAuthorizer, guestOwnerId, type Storage, shopAccess } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { buyKettles, deliverAll, openStall, orderKettles, type Stall } from '../support/open-stall.js'
import { call, must } from './open-shop.js'
import { by, clerk, join } from './world.js'

const secret = 'Zk3-unguessable-cookie-of-a-visitor'
const visitor: Actor = { kind: 'guest', guestId: secret }
const owner = guestOwnerId(secret)

/** The same storage, and everything that was written to it. */
const written = (storage: Storage, texts: string[]): Storage => ({
  ...storage,
  commit: (commit) => {
    texts.push(JSON.stringify(commit))
    return storage.commit(commit)
  },
  commitEach: (commits) => {
    texts.push(JSON.stringify(commits))
    return storage.commitEach(commits)
  },
})

/** What a visitor can have: an order under way, one that waits, a return, a review, a cart, and what comes of them. */
const liveThrough = async (stall: Stall): Promise<{ readonly orderId: string }> => {
  const { shop } = stall
  const { orderId } = await buyKettles(stall, visitor, 2)
  must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf-express', trackingNumber: 'SF-1' }))
  must(await shop.orders.confirmReceipt(by(visitor), { orderId }))
  const lineId = must(await shop.orders.page(by(visitor), { orderId })).lines[0]?.lineId ?? ''
  must(
    await shop.aftersales.requestReturn(by(visitor), {
      orderId,
      kind: 'returnAndRefund',
      reason: 'quality',
      lines: [{ lineId, quantity: 1 }],
    }),
  )
  must(await shop.reviews.write(by(visitor), { orderId, lineId, rating: 4, text: 'Quick to boil' }))
  await orderKettles(stall, visitor, 1)
  must(await shop.cart.addLine(by(visitor), { productId: stall.productId, sku: 'kettle', quantity: 1 }))
  await deliverAll(stall)
  must(await shop.upkeep.sendMessages())
  return { orderId }
}

describe('what a visitor is known by inside the shop', () => {
  it('is not what signs them in: nothing that is written, told or answered to anybody but them holds that', async () => {
    const opened = await openStall([])
    const texts: string[] = []
    const ports = { ...opened.ports, storage: written(opened.ports.storage, texts) }
    const stall = { ...opened, ports, shop: createShop(ports) }
    const heard: string[] = []
    stall.shop.on('*', (event) => heard.push(JSON.stringify(event)))
    const { orderId } = await liveThrough(stall)
    const answers = [
      must(await stall.shop.orders.page(by(clerk), { orderId })),
      must(await stall.shop.orders.list(by(clerk), { accountId: owner })),
      must(await stall.shop.orders.bills(by(clerk), { accountId: owner })),
      must(await stall.shop.aftersales.list(by(clerk))),
      must(await stall.shop.reviews.list(by(clerk))),
      must(await stall.shop.payments.ledger(by(clerk), { orderId, limit: 100 })),
    ]
    const customer = await join(stall, 'ann@example.com', 'Ann')
    must(await stall.shop.cart.mergeGuestCart(by(customer.actor), { guestId: secret }))
    expect(must(await stall.shop.cart.viewCart(by(customer.actor))).lines).toHaveLength(1)
    expect(heard.length).toBeGreaterThan(5)
    expect(texts.join()).toContain(owner)
    for (const text of [...texts, ...heard, JSON.stringify(answers)]) expect(text).not.toContain(secret)
    expect(answers[1]).toMatchObject({ orders: [{ accountId: owner }, { accountId: owner }] })
  })

  it('signs nobody in: neither as a visitor nor as an account', async () => {
    const stall = await openStall([])
    const { orderId } = await orderKettles(stall, visitor, 1)
    for (const guestId of [owner, owner.slice('guest:'.length)]) {
      const page = await stall.shop.orders.page(by({ kind: 'guest', guestId }), { orderId })
      expect(page._unsafeUnwrapErr().type).toBe('NotFound')
    }
    const page = await stall.shop.orders.page(by({ kind: 'customer', accountId: owner }), { orderId })
    expect(page._unsafeUnwrapErr()).toMatchObject({ type: 'InvalidInput', issues: [{ path: 'actor.accountId' }] })
    expect(must(await stall.shop.orders.page(by(visitor), { orderId })).orderId).toBe(orderId)
  })

  it('is not what the host’s own authorizer is asked about: it sees the visitor as the host named them', async () => {
    const opened = await openStall([])
    const table = createTableAuthorizer(shopAccess)
    const asked: Actor[] = []
    const authorizer = {
      authorize: (actor: Actor, action: string) => {
        asked.push(actor)
        return actor.kind === 'guest'
          ? okAsync({ kind: 'own', ownerId: guestOwnerId(actor.guestId) } as const)
          : table.authorize(actor, action)
      },
    }
    const stall = { ...opened, shop: createShop({ ...opened.ports, authorizer }) }
    const { orderId } = await orderKettles(stall, visitor, 1)
    expect(must(await stall.shop.orders.page(by(visitor), { orderId })).orderId).toBe(orderId)
    expect(asked).toContainEqual(visitor)
  })

  it('is never what an actor of another kind is called', async () => {
    const { shop } = await openStall([])
    const named: readonly Actor[] = [
      { kind: 'customer', accountId: 'guest:known' },
      { kind: 'staff', staffId: 'guest:known', roles: [] },
    ]
    for (const actor of named) {
      expect((await call(shop, 'orders.list', actor, {}))._unsafeUnwrapErr().type).toBe('InvalidInput')
    }
  })
})
