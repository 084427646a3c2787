import * as z from 'zod'
import type { Collection, Log } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Reservation } from './reservation.js'
import type { SoundFinding, StockMovement, UnsoundFinding } from './stock.js'

const quantity = z.int().min(0)

const facts = {
  orderId: z.string(),
  accountId: z.string(),
  lines: z.array(
    z.object({
      allocationId: z.string(),
      lineId: z.string(),
      sku: z.string(),
      parts: z.exactOptional(z.array(z.object({ sku: z.string(), quantity: z.int().min(1) }))),
      warehouse: z.string(),
      quantity,
      shippedQuantity: quantity,
      releasedQuantity: quantity,
      returnedQuantity: quantity,
    }),
  ),
}

const reservationSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('reserved'), until: z.int() }),
  z.object({ ...facts, status: z.literal('allocated'), allocatedAt: z.int() }),
  z.object({ ...facts, status: z.literal('shipped'), shippedAt: z.int() }),
  z.object({ ...facts, status: z.literal('returned'), returnedAt: z.int() }),
  z.object({ ...facts, status: z.literal('divided'), dividedAt: z.int() }),
  z.object({ ...facts, status: z.literal('released'), releasedAt: z.int() }),
])

/** What the stock owes each order; the id is the order's. */
export const reservations: Collection<Reservation> = {
  name: 'reservation',
  rank: 35,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    until: { type: 'instant', path: 'until' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<Reservation>('reservation')(reservationSchema),
}

/** Why a piece in quarantine is sold again. */
export const soundFindings = ['sound', 'repaired'] as const satisfies readonly SoundFinding[]

/** Why a piece in quarantine is written off. */
export const unsoundFindings = [
  'damaged',
  'incomplete',
  'expired',
  'unsafe',
  'counterfeit',
] as const satisfies readonly UnsoundFinding[]

const place = z.enum(['outside', 'available', 'reserved', 'allocated', 'shipped', 'quarantined', 'scrapped'])

const movementSchema = z.object({
  sku: z.string(),
  warehouse: z.string(),
  from: place,
  to: place,
  quantity: z.int().min(1),
  reason: z.enum([
    'received',
    'corrected',
    'ordered',
    'paid',
    'released',
    'shipped',
    'lost',
    'returned',
    ...soundFindings,
    ...unsoundFindings,
  ]),
  reference: z.string(),
  at: z.int(),
})

/** Every movement of stock; the levels are its sums. */
export const stockMovements: Log<StockMovement> = {
  name: 'stockMovement',
  fields: {
    sku: { type: 'text', path: 'sku' },
    warehouse: { type: 'text', path: 'warehouse' },
    reference: { type: 'text', path: 'reference' },
    at: { type: 'instant', path: 'at' },
  },
  ownership: {},
  parse: parseStored<StockMovement>('stockMovement')(movementSchema),
}
