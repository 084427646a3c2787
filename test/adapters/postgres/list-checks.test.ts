import { carts, commitChanges, pointsAccounts, put, reservations } from 'shopwright'
import { createPostgresStorage } from 'shopwright/adapters/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../../postgres/database.js'

let database: TestDatabase
let rows = 0

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** Writes one row by a form, whatever the types say of it; the constraint that refused it, null where it stands. */
const write = async (collection: { readonly name: string }, state: object): Promise<string | null> => {
  rows += 1
  const storage = createPostgresStorage({ pool: database.pool, schema: database.schema })
  const change = put(collection as typeof carts, { id: `row-${rows}`, version: 0, state: state as never })
  const written = await commitChanges(storage, { shop: 'checks', at: 1, changes: [change] })
  if (written.isOk()) return null
  return /constraint (\w+)/.exec(JSON.stringify(written.error))?.[1] ?? 'another refusal'
}

const reservation = (line: object) => ({
  status: 'allocated',
  orderId: 'o',
  accountId: 'a',
  allocatedAt: 1,
  lines: [
    { allocationId: 'first', lineId: '1', sku: 's', warehouse: 'main', quantity: 1, ...none },
    { allocationId: 'second', lineId: '2', sku: 's', warehouse: 'main', quantity: 3, ...none, ...line },
  ],
})
const none = { shippedQuantity: 0, releasedQuantity: 0, returnedQuantity: 0 }

const cart = (lines: readonly object[], later: readonly object[]) => ({
  ...{ status: 'open', cartId: 'c', ownerId: 'a', ownerKind: 'customer', couponIds: [], updatedAt: 1 },
  lines,
  later,
})
const cartLine = (quantity: number) => ({
  ...{ lineId: '1', productId: 'p', sku: 's', selected: true, addedAt: 1 },
  quantity,
})

const account = (...points: readonly number[]) => ({
  ...{ status: 'open', accountId: 'a', pending: [], holds: [], spends: [], claws: [], debt: 0, balance: 0 },
  ...{ nextDueAt: null, noticedTo: 0, nextUnnoticedAt: null },
  lots: points.map((each, place) => ({ lotId: `lot-${place}`, points: each, expiresAt: 9 })),
})

describe('what stands in a list of a row is checked by the database', () => {
  it.each([
    [{}, null],
    [{ shippedQuantity: 2, releasedQuantity: 1, returnedQuantity: 2 }, null],
    [{ quantity: 0 }, 'reservation_lines'],
    [{ shippedQuantity: 2, releasedQuantity: 2 }, 'reservation_lines'],
    [{ shippedQuantity: -1 }, 'reservation_lines'],
    [{ releasedQuantity: -1 }, 'reservation_lines'],
    [{ shippedQuantity: 1, returnedQuantity: 2 }, 'reservation_lines'],
    [{ returnedQuantity: -1 }, 'reservation_lines'],
  ])('the pieces of a reservation: %j', async (line, refused) => {
    expect(await write(reservations, reservation(line))).toBe(refused)
  })

  it('a cart holds no line of no pieces, in it or set aside', async () => {
    expect(await write(carts, cart([cartLine(1)], [cartLine(2)]))).toBeNull()
    expect(await write(carts, cart([cartLine(1), cartLine(0)], []))).toBe('cart_lines')
    expect(await write(carts, cart([], [cartLine(0)]))).toBe('cart_later')
    expect(
      await write(carts, { status: 'merged', cartId: 'c', ownerId: 'a', ownerKind: 'guest', mergedAt: 2 }),
    ).toBeNull()
  })

  it('no lot of points is below nought', async () => {
    expect(await write(pointsAccounts, account(5, 0))).toBeNull()
    expect(await write(pointsAccounts, account(5, -1))).toBe('points_account_lots')
  })
})
