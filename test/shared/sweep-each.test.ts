import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { describe, expect, it } from 'vitest'
import { paymentAlerts } from '../../src/orders/watch/payment-alert.schema.js'
import { raiseAlert } from '../../src/orders/watch/raise-alert.js'
import { removeRow } from '../../src/shared/commit.js'
import { daysMs, hoursMs } from '../../src/shared/instant.js'
import { find } from '../../src/shared/read-plan.js'
import { commitChanges, type Storage } from '../../src/shared/storage.js'
import { nameEach, sweepEach } from '../../src/shared/sweep-each.js'
import { sweepPlaces } from '../../src/shared/sweep-place.schema.js'
import { ask } from '../orders/books-of.js'
import { commit, openShop, type TestShop, value } from '../orders/open-shop.js'

const idOf = (place: number) => `alert-${String(place).padStart(3, '0')}`
const allOf = (count: number) => Array.from({ length: count }, (_, place) => idOf(place))

/** Rows that are due, the first first, four of one moment each. */
const openDue = async (count: number) => {
  const shop = await openShop()
  const about = { orderId: 'order-1', paymentId: null, reasons: [] } as const
  const raised = allOf(count).map((alertId, place) => raiseAlert({ alertId, ...about, at: Math.floor(place / 4) }))
  await commit(shop, raised)
  return shop
}

const due = { collection: paymentAlerts, field: 'at', until: 1_000, limit: 2, where: [] } as const

/** Takes away those that can be moved; the others fail each time. */
const turn = async (shop: TestShop, canMove: (id: string) => boolean) => {
  const tried: string[] = []
  const move = (id: string): ResultAsync<unknown, { readonly type: string }> => {
    tried.push(id)
    const changes = [removeRow(paymentAlerts, { id, version: 1 })]
    return canMove(id)
      ? commitChanges(shop.storage, { shop: shop.shop, at: shop.clock.now(), changes })
      : errAsync({ type: 'Stuck' })
  }
  return { report: value(await sweepEach(shop, due, move)), tried }
}

const left = async (shop: TestShop) =>
  (await ask(shop, find(paymentAlerts, { where: [], limit: 1_000 }))).map(({ id }) => id)
const places = (shop: TestShop) => ask(shop, find(sweepPlaces, { where: [], limit: 10 }))

describe('what is named in every report', () => {
  it('is named behind the first page too, the first due first', async () => {
    const shop = await openDue(15)
    const { done, failed } = value(await nameEach(shop, due, 'Overdue'))
    expect(done).toBe(0)
    expect(failed).toEqual(allOf(15).map((id) => ({ id, reason: 'Overdue' })))
  })
})

describe('a sweep of what is tried again', () => {
  const again = { ...due, limit: 3, ahead: { pauseMs: hoursMs, where: [] } } as const
  const openAt = async (moments: readonly number[]) => {
    const shop = await openShop()
    const about = { orderId: 'order-1', paymentId: null, reasons: [] } as const
    await commit(
      shop,
      moments.map((at, place) => raiseAlert({ alertId: idOf(place), ...about, at })),
    )
    return shop
  }
  const swept = async (shop: TestShop, how: Partial<typeof again> = {}) => {
    const tried: string[] = []
    const move = (id: string) => {
      tried.push(id)
      return okAsync(true)
    }
    return { report: value(await sweepEach(shop, { ...again, ...how }, move)), tried }
  }

  it('comes to rows further ahead than any pause and a day, the furthest first, and to none that only wait', async () => {
    const edge = due.until + hoursMs + daysMs
    const shop = await openAt([due.until, due.until + 1, edge, edge + 1, edge + 2])
    expect((await swept(shop)).tried).toEqual([idOf(0), idOf(4), idOf(3)])
    expect(value(await nameEach(shop, again, 'Overdue')).failed.map(({ id }) => id)).toEqual([
      idOf(0),
      idOf(4),
      idOf(3),
    ])
  })

  it('comes to those that are due first, and does no more of both than it may', async () => {
    const shop = await openAt([1, 2, due.until + 9 * daysMs, due.until + 8 * daysMs])
    expect(await swept(shop)).toEqual({ report: { done: 3, failed: [] }, tried: [idOf(0), idOf(1), idOf(2)] })
    expect((await swept(shop, { limit: 2 } as never)).tried).toEqual([idOf(0), idOf(1)])
  })
})

describe('a sweep past rows that fail every time', () => {
  it('comes to those behind them, turn by turn, however many fail, and begins again after the last', async () => {
    const shop = await openDue(150)
    const good = idOf(149)
    const turns = []
    for (let count = 0; count < 7; count += 1) turns.push(await turn(shop, (id) => id === good))
    expect(turns.map(({ report }) => report.done)).toEqual([0, 0, 0, 0, 0, 0, 1])
    // The first due are looked at in every turn, and each of the others in one of them.
    for (const { tried } of turns) expect(tried.slice(0, 20)).toEqual(allOf(20))
    expect([...new Set(turns.flatMap(({ tried }) => tried))].sort()).toEqual(allOf(150))
    expect(await places(shop)).toEqual([])
    // What can be moved meanwhile is come to in its turn.
    const middle = idOf(75)
    for (let count = 0; count < 3; count += 1) await turn(shop, (id) => id === middle)
    expect(await left(shop)).toEqual(allOf(149).filter((id) => id !== middle))
  })

  it('does no more in a turn than it may, and goes on where that left off', async () => {
    const shop = await openDue(60)
    const isGood = (id: string) => id >= idOf(30)
    for (let moved = 2; moved <= 30; moved += 2) {
      const { report, tried } = await turn(shop, isGood)
      expect(report.done).toBe(2)
      expect(tried.length).toBeLessThanOrEqual(40)
      expect(await left(shop)).toHaveLength(60 - moved)
    }
    expect(await left(shop)).toEqual(allOf(30))
  })

  it('keeps no place while it gets past all of them in one turn', async () => {
    const shop = await openDue(20)
    const { report } = await turn(shop, (id) => id === idOf(19))
    expect(report).toMatchObject({ done: 1 })
    expect(report.failed).toHaveLength(19)
    expect(await places(shop)).toEqual([])
  })

  it('says what it did also where its place cannot be written down', async () => {
    const shop = await openDue(60)
    const commit: Storage['commit'] = () => errAsync({ type: 'StorageUnavailable', detail: 'no more' })
    const { report } = await turn({ ...shop, storage: { ...shop.storage, commit } }, () => false)
    expect(report).toMatchObject({ done: 0 })
    expect(report.failed).toHaveLength(40)
  })

  it('passes over rows of which there is nothing to do just now', async () => {
    const shop = await openDue(10)
    const tried: string[] = []
    const nothingToDo = (id: string) => {
      tried.push(id)
      return okAsync(id === idOf(9))
    }
    expect(value(await sweepEach(shop, due, nothingToDo)).done).toBe(1)
    expect(tried).toEqual(allOf(10))
  })
})
