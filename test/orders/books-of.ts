import { expect } from 'vitest'
import { partsOf } from '../../src/catalog/stock-source.js'
import { reservations, stockMovements } from '../../src/inventory/inventory.schema.js'
import { sumMovements } from '../../src/inventory/move-stock.js'
import type { ReservedLine } from '../../src/inventory/reservation.js'
import { heldQuantity, outQuantity } from '../../src/inventory/reservation-machine.js'
import { stockCounters, stockId } from '../../src/inventory/stock.js'
import { stockLevels } from '../../src/inventory/stock-levels.js'
import { pointsAccounts } from '../../src/membership/points-account.collection.schema.js'
import { pointsEntries } from '../../src/membership/points-entry.schema.js'
import { openOnDelivery } from '../../src/orders/on-delivery/on-delivery-terms.js'
import { orders } from '../../src/orders/order.collection.schema.js'
import type { OrderEvent } from '../../src/orders/order-event.js'
import { orderMachine } from '../../src/orders/order-machine.js'
import { liveRefunds, unshippedQuantity } from '../../src/orders/order-pieces.js'
import { isAllBack } from '../../src/orders/refunds/uses-back.js'
import { accountBalance, type LedgerEntry, ledgerBalances, trialBalance } from '../../src/payments/ledger.js'
import { ledgerEntries } from '../../src/payments/ledger.schema.js'
import { payments } from '../../src/payments/payment.schema.js'
import { isUndecided, takenMinor, untakenMinor } from '../../src/payments/payment-machine.js'
import { refunds } from '../../src/payments/refund.schema.js'
import { paidCheckouts } from '../../src/promotions/limits.js'
import { isGuestOwner } from '../../src/shared/actor.js'
import { foldEvents } from '../../src/shared/decider.js'
import { readFacts } from '../../src/shared/read-facts.js'
import { type Asked, counters, entries, find, type ReadPlan } from '../../src/shared/read-plan.js'
import { byStaff, type Sku, type TestShop, value, wares } from './open-shop.js'

const all = { where: [], limit: 100_000 } as const

const read = async <Plan extends ReadPlan>(shop: TestShop, plan: Plan) =>
  value(await readFacts(shop.storage, { shop: shop.shop, scope: { kind: 'all' }, at: shop.clock.now(), plan }))

/** Everything that a shop's books say at a moment. */
export const booksOf = async (shop: TestShop) => {
  const skus = Object.keys(wares)
  return read(shop, {
    orders: find(orders, all),
    reservations: find(reservations, all),
    payments: find(payments, all),
    refunds: find(refunds, all),
    points: find(pointsAccounts, all),
    ledger: entries(ledgerEntries, all),
    pointsEntries: entries(pointsEntries, all),
    movements: entries(stockMovements, all),
    stock: counters(
      stockCounters,
      shop.warehouses.flatMap((warehouse) => skus.map((sku) => stockId(sku, warehouse))),
    ),
  })
}

/** What a SKU has free in a warehouse, the first when none is named. */
export const freeOf = async (shop: TestShop, sku: Sku, warehouse = shop.warehouses[0] ?? 'main'): Promise<number> =>
  (await booksOf(shop)).stock.get(stockId(sku, warehouse)) ?? 0

const nowhere = { available: 0, reserved: 0, allocated: 0, shipped: 0, quarantined: 0, scrapped: 0 }

/** One answer of a plan. */
export const ask = async <Answer>(shop: TestShop, asked: Asked<Answer>): Promise<Answer> =>
  (await read(shop, { asked })).asked

/** What stands on an account of the ledger, minor units: debits less credits. */
export const balanceOf = (
  ledger: readonly { readonly body: LedgerEntry }[],
  account: LedgerEntry['lines'][number]['account'],
  currency = 'CNY',
) => accountBalance(value(ledgerBalances(ledger.map(({ body }) => body))), account, currency)

/**
 * Holds a shop's books against each other: every order is what its events say, the ledger balances, what an escrow holds
 * is what came in less what went back, stock is the sum of its movements, points the sum of their entries.
 */
export const expectBooksToAgree = async (shop: TestShop): Promise<void> => {
  const books = await booksOf(shop)
  const ledger = books.ledger.map(({ body }) => body)
  expect(value(trialBalance(ledger)).balances).toBe(true)

  for (const { id, state } of books.orders) {
    const { details: _, ...order } = state
    const events = shop.told
      .filter((event) => event.collection === 'order' && event.rowId === id)
      // They are told when their commits are answered, which under a race is not the order of the commits.
      .sort((one, other) => one.version - other.version || one.position - other.position)
      // The bodies told are the events that were written.
      .map(({ body }) => body as unknown as OrderEvent)
    expect(foldEvents(orderMachine, events)).toEqual(order)
    const tendered = order.tenders.reduce((sum, tender) => sum + tender.money.minor, 0)
    expect(tendered).toBe(order.totals.goodsMinor + order.totals.shippingMinor + order.totals.taxOnTopMinor)
    expect(order.lines.reduce((sum, line) => sum + line.paidMinor, 0) + order.totals.shippingPaidMinor).toBe(tendered)
    const backMinor = liveRefunds(order).reduce((sum, refund) => sum + refund.cashMinor, 0)
    expect(backMinor).toBeLessThanOrEqual(order.totals.payableMinor)
  }

  // What is still to be collected of an order is what its promises have not brought.
  for (const { state: order } of books.orders) {
    if (!('paidAt' in order) || order.onDelivery === undefined || order.status === 'divided') continue
    const ids = [order.paymentId, ...(order.extraPaymentIds ?? [])]
    const promised = books.payments.filter(({ id, state }) => ids.includes(id) && state.method === 'cashOnDelivery')
    const owed = promised.reduce((sum, { state }) => sum + Math.max(0, untakenMinor(state)), 0)
    expect(order.onDelivery.dueMinor - (order.onDelivery.surplusMinor ?? 0)).toBe(owed)
  }
  const ofChanges = books.orders.flatMap(({ state }) => ('paidAt' in state ? (state.extraPaymentIds ?? []) : []))
  const open = books.payments.filter(
    ({ id, state }) => state.method === 'cashOnDelivery' && isUndecided(state) && !ofChanges.includes(id),
  )
  const buyers = [...new Set(books.orders.map(({ state }) => state.accountId))]
  const opened = await ask(shop, counters(openOnDelivery, buyers))
  for (const buyer of buyers) {
    expect(0 - (opened.get(buyer) ?? 0)).toBe(open.filter(({ state }) => state.accountId === buyer).length)
  }

  // Whether their next order is a first one goes by how many checkouts are paid and not given back whole.
  const kept = books.orders.filter(
    ({ state }) =>
      'paidAt' in state && state.status !== 'divided' && !isAllBack(state) && !isGuestOwner(state.accountId),
  )
  const paid = await ask(shop, counters(paidCheckouts, buyers))
  for (const buyer of buyers) {
    const checkouts = kept.filter(({ state }) => state.accountId === buyer)
    const ids = new Set(checkouts.map(({ id, state }) => state.details.partOf?.checkoutId ?? id))
    expect(0 - (paid.get(buyer) ?? 0)).toBe(ids.size)
  }

  // What points and the platform pay of an order stands in its escrow, as its totals say, less what went back.
  const worthKinds = ['pointsTendered', 'pointsReturned', 'pointsForfeited', 'subsidyFunded', 'subsidyReturned']
  for (const { id, state: order } of books.orders) {
    if (!('paidAt' in order) || order.status === 'divided') continue
    const posted = ledger.filter(({ orderId, kind }) => orderId === id && worthKinds.includes(kind))
    const inEscrow = posted.flatMap(({ lines }) => lines.filter(({ account }) => account === `escrow:${id}`))
    const left = [
      order.totals,
      ...liveRefunds(order).map(({ pointsMinor, subsidyMinor }) => ({
        pointsMinor: 0 - pointsMinor,
        subsidyMinor: 0 - subsidyMinor,
      })),
    ]
    const held = inEscrow.reduce((sum, { amountMinor }) => sum - amountMinor, 0)
    expect(held).toBe(left.reduce((sum, { pointsMinor, subsidyMinor }) => sum + pointsMinor + subsidyMinor, 0))
  }

  // Whoever bears a refund has borne it once, as much as it is now, and nothing while it waits.
  for (const { id, state } of books.refunds) {
    const posted = ledger.filter(({ entryId }) => entryId.startsWith(`refund/${id}/`))
    const waits = ['requested', 'failed', 'manualPayout', 'held', 'cancelled'].includes(state.status)
    const bears = !waits || ('paid' in state && state.paid !== undefined)
    const borne = (account: LedgerEntry['lines'][number]['account']) =>
      posted.flatMap(({ lines }) => lines.filter((line) => line.account === account))
    const escrow = `escrow:${state.orderId}` as const
    const share = state.sources.find(({ account }) => account === escrow)?.amountMinor ?? 0
    expect(borne(escrow).reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(bears ? share : 0)
  }

  for (const { state } of books.payments) {
    expect(state.refundReservedMinor + state.refundedMinor).toBeLessThanOrEqual(takenMinor(state))
  }

  const moved = books.movements.map(({ body }) => body)
  const places = shop.warehouses.flatMap((warehouse) => Object.keys(wares).map((sku) => ({ sku, warehouse })))
  const counted = value(await stockLevels(shop, byStaff(), { skus: Object.keys(wares) })).levels
  for (const { sku, warehouse } of places) {
    const levels = sumMovements(moved.filter((each) => each.sku === sku && each.warehouse === warehouse))
    const shown = counted.find((each) => each.sku === sku)?.warehouses.find((each) => each.warehouse === warehouse)
    const { outside: _, ...inside } = levels
    expect({ ...nowhere, ...shown }).toMatchObject(inside)
    expect(levels.available).toBe(books.stock.get(stockId(sku, warehouse)) ?? 0)
    expect(Math.min(...Object.values(inside))).toBeGreaterThanOrEqual(0)
    const rows = (...statuses: readonly string[]) =>
      books.reservations
        .filter(({ state }) => statuses.length === 0 || statuses.includes(state.status))
        .flatMap(({ state }) => state.lines)
        .filter((line) => line.warehouse === warehouse)
    // A piece of a kit is so many of each of its parts.
    const inPiece = (line: ReservedLine) => partsOf(line).find((part) => part.sku === sku)?.quantity ?? 0
    const sum = (lines: readonly ReservedLine[], of: (line: ReservedLine) => number) =>
      lines.reduce((total, line) => total + of(line) * inPiece(line), 0)
    expect(levels.reserved).toBe(sum(rows('reserved'), heldQuantity))
    expect(levels.allocated).toBe(sum(rows('allocated'), heldQuantity))
    expect(levels.shipped).toBe(sum(rows(), outQuantity))
  }

  // What is set aside for an order is what it is still to send, line by line, wherever it lies.
  for (const { id, state } of books.orders) {
    const reserved = books.reservations.find((each) => each.id === id)?.state
    const rows = reserved === undefined || reserved.status === 'divided' ? [] : reserved.lines
    for (const line of state.lines) {
      const given = rows.filter(({ lineId }) => lineId === line.lineId)
      const isOver = ['divided', 'cancelling', 'cancelled', 'closed'].includes(state.status)
      expect(given.reduce((total, row) => total + heldQuantity(row), 0)).toBe(isOver ? 0 : unshippedQuantity(line))
      expect(given.reduce((total, row) => total + row.shippedQuantity, 0)).toBe(
        line.shippedQuantity + (line.reshippedQuantity ?? 0),
      )
    }
  }

  for (const { id, state } of books.points) {
    if (state.status !== 'open') continue
    const parts = books.pointsEntries.filter(({ body }) => body.accountId === id).flatMap(({ body }) => body.parts)
    expect(parts.reduce((sum, part) => sum + part.delta, 0)).toBe(0)
    const inLots = parts.filter((part) => part.place === 'lots').reduce((sum, part) => sum + part.delta, 0)
    expect(inLots).toBe(state.balance)
  }
}
