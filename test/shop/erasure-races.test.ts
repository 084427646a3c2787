import { ResultAsync } from 'neverthrow'
import { type Actor, createShop, readFacts, row, type Shop, type Storage, subjectKeys } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { openStall, type Stall } from '../support/open-stall.js'
import { unchecked } from '../support/unchecked.js'
import { must } from './open-shop.js'
import { by, clerk, join, password, recipient } from './world.js'

const day = 86_400_000
const sandbox = { gatewayId: 'sandbox', method: 'wechatPay' } as const

/** A storage that lets something happen between what the next command has read and what it writes. */
const interrupted = (storage: Storage, happens: () => Promise<unknown>): Storage => {
  let waits = true
  return {
    ...storage,
    commit: (commit) => {
      if (!waits) return storage.commit(commit)
      waits = false
      return ResultAsync.fromSafePromise(happens()).andThen(() => storage.commit(commit))
    },
  }
}

/** The same shop, in whose next command something happens between reading and writing. */
const meanwhile = ({ ports }: Stall, happens: () => Promise<unknown>): Shop =>
  createShop({ ...ports, storage: interrupted(ports.storage, happens) })

const open = async () => {
  const stall = await openStall([])
  return { stall, ann: await join(stall, 'ann@example.com', 'Ann') }
}

const placing = async ({ shop, productId }: Stall, actor: Actor) => {
  must(await shop.cart.addLine(by(actor), { productId, sku: 'kettle', quantity: 1 }))
  const choice = { shippingMethodId: 'standard' }
  const { totals } = must(await shop.orders.preview(by(actor), { ...choice, region: recipient.region }))
  return { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
}

const keyOf = async ({ ports, now }: Stall, accountId: string) =>
  must(
    await readFacts(ports.storage, {
      shop: 'main',
      scope: { kind: 'all' },
      at: now(),
      plan: { key: row(subjectKeys, accountId) },
    }),
  ).key

const delivered = async (stall: Stall, actor: Actor): Promise<string> => {
  const { shop } = stall
  const { orderId } = must(await shop.orders.place(by(actor), await placing(stall, actor)))
  must(await shop.orders.pay(by(actor), { orderId, ...sandbox }))
  const { parcelId } = must(await shop.orders.ship(by(clerk), { orderId, carrier: 'sf', trackingNumber: 'SF1' }))
  must(await shop.orders.recordDelivery(by(clerk), { parcelId }))
  return orderId
}

describe('an erasure beside business that is begun at the same moment', () => {
  it('waits for an order that was placed after it had looked', async () => {
    const { stall, ann } = await open()
    const input = await placing(stall, ann.actor)
    const placed: string[] = []
    const slow = meanwhile(stall, async () => {
      placed.push(must(await stall.shop.orders.place(by(ann.actor), input)).orderId)
    })
    const erased = await slow.accounts.erase(by(ann.actor), { password })
    expect(erased.isErr() && erased.error).toEqual({ type: 'BusinessOpen', open: [{ record: 'order', id: placed[0] }] })
    const page = must(await stall.shop.orders.page({ actor: ann.actor }, { orderId: placed[0] ?? '' }))
    expect(page.recipient).toMatchObject({ name: recipient.name })
  })

  it('waits for a return that was asked for after it had looked', async () => {
    const { stall, ann } = await open()
    const orderId = await delivered(stall, ann.actor)
    stall.pass(8 * day)
    must(await stall.shop.upkeep.advanceOrders({ limit: 10 }))
    const [line] = must(await stall.shop.orders.page({ actor: ann.actor }, { orderId })).lines
    const asked = {
      orderId,
      kind: 'returnAndRefund',
      reason: 'quality',
      lines: [{ lineId: line?.lineId, quantity: 1 }],
    } as const
    const returns: string[] = []
    const slow = meanwhile(stall, async () => {
      returns.push(must(await stall.shop.aftersales.requestReturn(by(ann.actor), unchecked(asked))).returnId)
    })
    const erased = await slow.accounts.erase(by(ann.actor), { password })
    expect(erased.isErr() && erased.error).toMatchObject({
      type: 'BusinessOpen',
      open: [{ record: 'returnRequest', id: returns[0] }],
    })
  })

  it('leaves an order unplaced and an address unkept that come after it, and gives no new key', async () => {
    const { stall, ann } = await open()
    const { shop } = stall
    const input = await placing(stall, ann.actor)
    const erase = async () => must(await shop.accounts.erase(by(ann.actor), { password }))
    const late = await meanwhile(stall, erase).orders.place(by(ann.actor), input)
    const gone = { type: 'NotFound', entity: 'account', id: ann.accountId }
    expect(late.isErr() && late.error).toEqual(gone)
    const kept = await shop.orders.saveAddress(by(ann.actor), { recipient })
    expect(kept.isErr() && kept.error).toEqual(gone)
    const again = await shop.orders.place(by(ann.actor), await placing(stall, ann.actor))
    expect(again.isErr() && again.error).toEqual(gone)
    expect(await keyOf(stall, ann.accountId)).toBeUndefined()
  })
})

describe('an erasure beside money that is on its way', () => {
  it('waits for a refund until it has arrived', async () => {
    const { stall, ann } = await open()
    const { shop, gateway } = stall
    const { orderId } = must(await shop.orders.place(by(ann.actor), await placing(stall, ann.actor)))
    must(await shop.orders.pay(by(ann.actor), { orderId, ...sandbox }))
    gateway.scriptRefund({ kind: 'decline', code: 'LimitExceeded' })
    must(await shop.orders.cancel(by(ann.actor), { orderId }))
    const { refunds } = must(await shop.orders.page({ actor: clerk }, { orderId }))
    const refundId = refunds[0]?.refundId
    const waiting = await shop.accounts.erase(by(ann.actor), { password })
    expect(waiting.isErr() && waiting.error).toMatchObject({ type: 'BusinessOpen' })
    expect(JSON.stringify(waiting.isErr() && waiting.error)).toContain(`"refund","id":"${refundId}"`)
    must(await shop.orders.retryRefund(by(clerk), { refundId: refundId ?? '' }))
    must(await shop.upkeep.settleRefunds({ limit: 10 }))
    must(await shop.accounts.erase(by(ann.actor), { password }))
  })
})
