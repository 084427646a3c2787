import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { moneySchema } from '../shared/money.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseStored } from '../shared/stored.schema.js'
import type { CartLine, StoredCart } from './cart.js'

const storedLine = schemaOf<CartLine>()(
  z.object({
    lineId: z.string(),
    productId: z.string(),
    sku: z.string(),
    quantity: z.int(),
    selected: z.boolean(),
    addedAt: z.int(),
    priceWhenAdded: z.exactOptional(moneySchema),
  }),
)

const facts = { cartId: z.string(), ownerId: z.string(), ownerKind: z.enum(['guest', 'customer']), updatedAt: z.int() }

const cartSchema = schemaOf<StoredCart>()(
  z.discriminatedUnion('status', [
    z.object({
      status: z.literal('open'),
      ...facts,
      lines: z.array(storedLine),
      later: z.array(storedLine),
      couponIds: z.array(z.string()),
      quietSince: z.exactOptional(z.int()),
    }),
    z.object({ status: z.literal('merged'), ...facts, mergedAt: z.int() }),
  ]),
)

/** Carts of accounts and guests, under `cartIdOf` their owner. */
export const carts: Collection<StoredCart> = {
  name: 'cart',
  rank: 50,
  schemaVersion: 1,
  fields: {
    ownerId: { type: 'text', path: 'ownerId' },
    ownerKind: { type: 'text', path: 'ownerKind' },
    status: { type: 'text', path: 'status' },
    updatedAt: { type: 'instant', path: 'updatedAt' },
    quietSince: { type: 'instant', path: 'quietSince' },
  },
  ownership: { own: 'ownerId' },
  parse: parseStored<StoredCart>('cart')(cartSchema),
}
