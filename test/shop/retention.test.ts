import { errAsync } from 'neverthrow'
import {
  type Actor,
  createShop,
  type DataExportPage,
  type ExportCursor,
  find,
  messages,
  orders,
  readFacts,
  returnRequests,
  row,
} from 'shopwright'
import { expect, it } from 'vitest'
import { must, openShop } from './open-shop.js'
import { buildWorld, by, clerk, recipient, type World } from './world.js'

const day = 86_400_000
const kept = 1_096 * day
const other = { ...recipient, name: '李四', address: '解放路 9 号' }

const stored = async ({ ports, now }: World, orderId: string, returnId: string) => {
  const plan = { order: row(orders, orderId), request: row(returnRequests, returnId) }
  const { order, request } = must(
    await readFacts(ports.storage, { shop: 'main', scope: { kind: 'all' }, at: now(), plan }),
  )
  if (order === undefined || request === undefined) return expect.unreachable('a row of business was removed')
  return { order: order.state, request: request.state }
}

/** What the export of a person holds of one record. */
const exportOf = async ({ shop }: World, actor: Actor, record: string): Promise<DataExportPage | undefined> => {
  for (let after: ExportCursor | undefined; ; ) {
    const page = must(await shop.accounts.exportData({ actor }, after === undefined ? {} : { after }))
    if (page.record === record) return page
    if (page.next === null) return undefined
    after = page.next
  }
}

/** A world in which the owner's order was brought to another than first meant, its return refused, and both are at their end. */
const openEnded = async () => {
  const world = await buildWorld(await openShop())
  const { shop, owner, ids, pass, now } = world
  const { openOrderId, returnId } = ids
  const edit = { orderId: openOrderId, recipient: other }
  const { hash } = must(await shop.orders.previewEdit({ actor: owner.actor }, edit))
  must(await shop.orders.applyEdit(by(owner.actor), { ...edit, hash }))
  must(await shop.aftersales.refuseReturn(by(clerk), { returnId, ground: 'notSold' }))
  must(await shop.orders.cancel(by(owner.actor), { orderId: openOrderId }))
  const endedAt = now()
  return { ...world, ended: { orderId: openOrderId, returnId, endedAt }, until: (at: number) => pass(at - now()) }
}

it('who got an order and what a return said are kept for three years from their end, to the moment, and what was paid stays', async () => {
  const world = await openEnded()
  const { shop, ended, until } = world
  const { orderId, returnId, endedAt } = ended
  const before = await stored(world, orderId, returnId)
  expect(before.order.details.recipient).not.toBeNull()
  expect(before.order.details.earlier?.[0]?.recipient).toBeDefined()
  expect(before.request.details.description).not.toBeNull()

  until(endedAt + kept - 1)
  expect(must(await shop.upkeep.forgetRecipients())).toEqual({ done: 0, failed: [] })
  expect(must(await shop.upkeep.forgetDescriptions())).toEqual({ done: 0, failed: [] })
  expect(await stored(world, orderId, returnId)).toEqual(before)

  until(endedAt + kept)
  expect(must(await shop.upkeep.forgetRecipients())).toEqual({ done: 1, failed: [] })
  expect(must(await shop.upkeep.forgetDescriptions())).toEqual({ done: 1, failed: [] })
  const { order, request } = await stored(world, orderId, returnId)
  const { forgetAt: _, recipient: __, earlier, ...details } = before.order.details
  const versions = earlier?.map(({ recipient: ___, ...version }) => version)
  expect(order).toEqual({ ...before.order, details: { ...details, recipient: null, earlier: versions } })
  expect(request).toEqual({ ...before.request, details: { description: null } })
  const page = must(await shop.orders.page({ actor: clerk }, { orderId }))
  expect(page).toMatchObject({ recipient: null, state: 'cancelled' })
  expect(must(await shop.aftersales.returnPage({ actor: clerk }, { returnId })).description).toBeNull()
  // Once, whoever runs it again.
  expect(must(await shop.upkeep.forgetRecipients())).toEqual({ done: 0, failed: [] })
  expect(must(await shop.upkeep.forgetDescriptions())).toEqual({ done: 0, failed: [] })
  // What is open is kept.
  const open = await stored(world, world.ids.orderId, returnId)
  expect(open.order.details.recipient).not.toBeNull()
})

it('an order that cannot be written stops no other from losing who got it', async () => {
  const world = await openEnded()
  const { ports, shop, ids, ended, owner, until, pass } = world
  // The one that fails was due first.
  pass(1)
  const cart = must(await shop.cart.viewCart(by(owner.actor)))
  for (const { lineId } of cart.lines) must(await shop.cart.removeLine(by(owner.actor), { lineId }))
  must(await shop.cart.addLine(by(owner.actor), { productId: ids.productId, sku: ids.sku, quantity: 1 }))
  const quote = must(
    await shop.orders.preview(by(owner.actor), { shippingMethodId: 'standard', region: recipient.region }),
  )
  const placing = { shippingMethodId: 'standard', recipient, expectedTotalMinor: quote.totals.payableMinor }
  const second = must(await shop.orders.place(by(owner.actor), placing))
  must(await shop.orders.cancel(by(owner.actor), { orderId: second.orderId }))
  until(ended.endedAt + kept + 1)
  const { storage } = ports
  const hindered = createShop({
    ...ports,
    storage: {
      ...storage,
      commit: (commit) =>
        JSON.stringify(commit).includes(`"${ended.orderId}"`)
          ? errAsync({ type: 'StorageUnavailable', detail: 'this row is locked' })
          : storage.commit(commit),
    },
  })
  expect(must(await hindered.upkeep.forgetRecipients({ limit: 1 }))).toEqual({
    done: 1,
    failed: [{ id: ended.orderId, reason: 'StorageUnavailable' }],
  })
  expect((await stored(world, second.orderId, ids.returnId)).order.details.recipient).toBeNull()
  expect(must(await shop.upkeep.forgetRecipients({ limit: 1 }))).toEqual({ done: 1, failed: [] })
})

it('a message that is over is kept for a year, and one that waits for as long as it waits', async () => {
  const world = await openEnded()
  const { shop, ports, now, pass, owner } = world
  must(await shop.upkeep.sendMessages())
  must(await shop.accounts.requestReset(by({ kind: 'guest', guestId: 'g' }), { identifier: owner.email }))
  const ofMessages = async () => {
    const plan = { found: messagesOf() }
    const read = { shop: 'main', scope: { kind: 'all' }, at: now(), plan } as const
    return must(await readFacts(ports.storage, read)).found.map(({ state }) => state)
  }
  const before = await ofMessages()
  const sent = before.filter(({ status }) => status === 'sent')
  const waiting = before.filter(({ status }) => status === 'queued')
  expect(sent.length).toBeGreaterThan(2)
  expect(waiting.length).toBeGreaterThan(0)
  const youngest = Math.max(...sent.map(({ queuedAt }) => queuedAt))
  const same = sent.filter(({ queuedAt }) => queuedAt === youngest).length
  pass(youngest + 366 * day - 1 - now())
  expect(must(await shop.upkeep.sweepMessages())).toEqual({ done: sent.length - same, failed: [] })
  pass(1)
  expect(must(await shop.upkeep.sweepMessages({ limit: 1 }))).toEqual({ done: 1, failed: [] })
  expect(must(await shop.upkeep.sweepMessages())).toEqual({ done: same - 1, failed: [] })
  expect(await ofMessages()).toEqual(waiting)
})

const messagesOf = () => find(messages, { where: [], limit: 500 })

it('an export says of each sealed field what it is for and how long it is kept', async () => {
  const world = await openEnded()
  const page = await exportOf(world, world.owner.actor, 'order')
  expect(page?.retention).toEqual({ kind: 'withoutEnd' })
  expect(page?.fields.map(({ path, retention }) => [path, retention])).toEqual(
    ['details.recipient', 'details.earlier.*.recipient', 'details.proposed.recipient', 'details.contact'].map(
      (path) => [path, { kind: 'daysAfterEnd', days: 1_096 }],
    ),
  )
})
