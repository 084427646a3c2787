import { createShop } from 'shopwright'
import { expect, it } from 'vitest'
import { createSealer } from '../../adapters/runtime/index.js'
import { must, openShop } from './open-shop.js'
import { buildWorld, by, clerk, recipient } from './world.js'

it('a machine that does not hold the key yet says so on pages, and not that a buyer was erased', async () => {
  const world = await buildWorld(await openShop())
  const { ports, ids, owner } = world
  const sealer = createSealer({ current: { keyId: 'before', key: new Uint8Array(32).fill(1) } })
  const without = createShop({ ...ports, sealer })
  const { orderId, returnId } = ids
  for (const actor of [clerk, owner.actor]) {
    const pages = [
      await without.orders.page(by(actor), { orderId }),
      await without.storefront.orderWithReturns(by(actor), { orderId }),
      await without.aftersales.returnPage(by(actor), { returnId }),
    ]
    for (const page of pages) expect(page._unsafeUnwrapErr()).toMatchObject({ type: 'CryptoUnavailable' })
    expect(must(await world.shop.orders.page(by(actor), { orderId })).recipient).toEqual(recipient)
    const said = must(await world.shop.aftersales.returnPage(by(actor), { returnId })).description
    expect(said).toBe('The lid does not close')
  }
})
