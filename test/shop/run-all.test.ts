import { errAsync, ok } from 'neverthrow'
import { createShop, type Shop } from 'shopwright'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/notify/message.schema.js'
import type { Collection } from '../../src/shared/collection.js'
import { put } from '../../src/shared/commit.js'
import type { JsonObject } from '../../src/shared/json.js'
import { commitChanges } from '../../src/shared/storage.js'
import { openStall } from '../support/open-stall.js'
import { must } from './open-shop.js'
import { by, join, recipient } from './world.js'

const minutes = 60_000

/** What is no task: the turn of all, and what only tells or repeats. */
const noTasks = ['runAll', 'replay', 'retrySetAside', 'erasedPeople', 'eraseAgain', 'verifyAudit', 'health']

const tasksOf = ({ upkeep }: Shop): readonly string[] =>
  Object.keys(upkeep)
    .filter((name) => !noTasks.includes(name))
    .sort()

/** Whether it is asked which disputes are due; what is disputed of an order is read by its ids, with the order. */
const isForDisputes = ({ queries }: { readonly queries: unknown }): boolean =>
  JSON.stringify(queries).includes('"kind":"find","collection":{"name":"dispute"')

const openUnpaid = async () => {
  const stall = await openStall([], 3)
  const { shop, productId } = stall
  const ann = await join(stall, 'ann@example.com', 'Ann')
  must(await shop.cart.addLine(by(ann.actor), { productId, sku: 'kettle', quantity: 2 }))
  const choice = { shippingMethodId: 'standard' }
  const { totals } = must(await shop.orders.preview(by(ann.actor), { ...choice, region: recipient.region }))
  const placing = { ...choice, recipient, expectedTotalMinor: totals.payableMinor }
  const { orderId } = must(await shop.orders.place(by(ann.actor), placing))
  stall.mailbox.length = 0
  return { ...stall, ann, orderId }
}

describe('one turn of all upkeep', () => {
  it('closes an order that was not paid in time, frees its stock and has the buyer told, in that one turn', async () => {
    const { shop, pass, mailbox, ann, orderId } = await openUnpaid()
    pass(31 * minutes)
    const { done, failed } = must(await shop.upkeep.runAll({ worker: 'one' }))
    expect(failed).toEqual([])
    expect(done.closeUnpaidOrders).toEqual({ done: 1, failed: [] })
    expect(done.sendMessages?.sent).toBe(mailbox.length)
    expect(must(await shop.orders.page(by(ann.actor), { orderId })).state).toBe('closed')
    expect(mailbox.filter(({ text }) => text.includes('is closed: ')).map(({ to }) => to)).toEqual([ann.email])
    expect(must(await shop.upkeep.runAll({ worker: 'one' })).done).toMatchObject({
      closeUnpaidOrders: { done: 0 },
      sendMessages: { sent: 0 },
    })
  })

  it('runs every task there is', async () => {
    const { shop } = await openStall([])
    const { done } = must(await shop.upkeep.runAll({ worker: 'one', limit: 1 }))
    expect(Object.keys(done).sort()).toEqual(tasksOf(shop))
  })

  it('looks for late parcels before it takes orders as received', async () => {
    const { shop } = await openStall([])
    const tasks = Object.keys(must(await shop.upkeep.runAll()).done)
    expect(tasks.indexOf('markLateParcels')).toBe(tasks.indexOf('advanceOrders') - 1)
  })

  it('needs nothing said: its name, its limit and those of its tasks are its own', async () => {
    const { shop } = await openStall([])
    expect(must(await shop.upkeep.runAll()).failed).toEqual([])
    for (const limit of [undefined, Number.NaN, -1, 0.5]) {
      const turn = limit === undefined ? {} : { limit }
      expect(must(await shop.upkeep.relay(turn))).toMatchObject({ setAside: [] })
      expect(must(await shop.upkeep.sealAudit(turn)).last).toBeNull()
      expect(must(await shop.upkeep.prune(turn))).toEqual({ told: 0, keys: 0 })
    }
  })

  it('takes null from a caller without types as nothing said', async () => {
    const { shop } = await openStall([])
    const named = ['runAll', 'retrySetAside', 'erasedPeople', 'verifyAudit', ...tasksOf(shop)]
    const answers = named.map(async (name) => [name, (await Reflect.get(shop.upkeep, name)(null)).isOk()])
    expect(await Promise.all(answers)).toEqual(named.map((name) => [name, true]))
  })

  it('goes on behind a task that cannot run, and says which and why', async () => {
    const { ports, pass, ann, orderId, shop: other } = await openUnpaid()
    const { storage } = ports
    const gone = { type: 'StorageUnavailable', detail: 'the table of disputes is being moved' } as const
    const shop = createShop({
      ...ports,
      storage: {
        ...storage,
        read: (request) => (isForDisputes(request) ? errAsync(gone) : storage.read(request)),
      },
    })
    pass(31 * minutes)
    const { done, failed, troubles } = must(await shop.upkeep.runAll({ worker: 'one' }))
    expect(failed).toEqual([{ task: 'settleDisputes', reason: 'StorageUnavailable' }])
    expect(troubles).toEqual([{ task: 'settleDisputes', id: null, reason: 'StorageUnavailable' }])
    expect(done.closeUnpaidOrders?.done).toBe(1)
    expect(must(await other.orders.page(by(ann.actor), { orderId })).state).toBe('closed')
  })

  it('says in one list which row a task could not do, and which event waits for a person', async () => {
    const { ports, pass, orderId } = await openUnpaid()
    const { storage } = ports
    const shop = createShop({
      ...ports,
      reactions: [
        { name: 'test.broken', listensTo: ['order/OrderPlaced'], react: () => errAsync({ type: 'NoPrinter' }) },
      ],
      storage: {
        ...storage,
        commit: (request) =>
          JSON.stringify(request).includes('ClosingStarted')
            ? errAsync({ type: 'StorageUnavailable', detail: 'this row is locked' })
            : storage.commit(request),
      },
    })
    const { oldestAt } = must(await shop.upkeep.health()).events ?? {}
    expect(oldestAt).toBe(ports.clock.now())
    pass(31 * minutes)
    const late = must(await shop.upkeep.runAll({ worker: 'one' }))
    expect(late.failed).toEqual([])
    expect(late.troubles).toEqual([{ task: 'closeUnpaidOrders', id: orderId, reason: 'StorageUnavailable' }])
    for (let turn = 0; turn < 40; turn += 1) {
      pass(11 * minutes)
      const { troubles } = must(await shop.upkeep.runAll({ worker: 'one' }))
      const waiting = troubles.filter(({ task }) => task === 'relay')
      if (waiting.length === 0) continue
      expect(waiting).toEqual([
        { task: 'relay', id: expect.stringContaining(orderId), reason: 'test.broken: NoPrinter' },
      ])
      expect(must(await shop.upkeep.health()).events?.setAside).toBe(1)
      return
    }
    expect.unreachable('the event was never set aside')
  })

  it('names a message that cannot be read once, though messages are sent twice in the turn', async () => {
    const { ports, shop } = await openStall([], 3)
    const at = ports.clock.now()
    const state = {
      messageId: 'msg_odd',
      status: 'queued',
      accountId: 'acc_1',
      template: 'orderShipped',
      dueAt: at - 1,
    }
    // What it says was written by nothing that this shop knows.
    const queued: Collection<JsonObject> = { ...messages, parse: (value) => ok(value as JsonObject) }
    const changes = [put(queued, { id: 'msg_odd', version: 0, state: { ...state, nextAt: at - 1 } })]
    must(await commitChanges(ports.storage, { shop: 'main', at, changes }))
    expect(must(await shop.upkeep.runAll({ worker: 'one' })).troubles).toEqual([
      { task: 'sendMessages', id: 'msg_odd', reason: 'StoredDataInvalid' },
    ])
  })

  it('goes on behind a task in which a port of the host throws, and a notifier that does', async () => {
    const { ports, pass, ann, orderId, shop: other } = await openUnpaid()
    const { storage } = ports
    const shop = createShop({
      ...ports,
      storage: {
        ...storage,
        read: (request) => {
          if (isForDisputes(request)) throw new Error('gone')
          return storage.read(request)
        },
      },
      notifier: {
        send: () => {
          throw new Error('no route')
        },
      },
    })
    pass(31 * minutes)
    const { done, failed } = must(await shop.upkeep.runAll({ worker: 'one' }))
    expect(failed).toEqual([{ task: 'settleDisputes', reason: 'TaskThrew' }])
    expect(done.closeUnpaidOrders?.done).toBe(1)
    expect(done.sendMessages).toMatchObject({ sent: 0, postponed: 3, errors: [] })
    expect(must(await other.orders.page(by(ann.actor), { orderId })).state).toBe('closed')
  })
})
