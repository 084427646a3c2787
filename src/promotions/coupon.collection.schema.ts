import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import type { Coupon } from './coupon.js'

const facts = {
  couponId: z.string(),
  offerId: z.string(),
  campaignId: z.string().nullable(),
  batchId: z.string().nullable(),
  code: z.string().nullable(),
  issuedAt: z.int(),
}

const held = {
  ...facts,
  holderId: z.string(),
  claimedAt: z.int(),
  validFrom: z.int(),
  validTo: z.int(),
  remindAt: z.int().nullable(),
}

const reason = z.enum(['mistake', 'abuse', 'campaignEnded', 'accountClosed'])

const ended = { ...facts, holderId: z.string().nullable(), claimedAt: z.int().nullable() }

const couponSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('issued'), claimableTo: z.int() }),
  z.object({ ...held, status: z.literal('claimed') }),
  z.object({
    ...held,
    status: z.literal('locked'),
    orderId: z.string(),
    lockedUntil: z.int(),
    revocation: reason.nullable(),
  }),
  z.object({
    ...held,
    status: z.literal('used'),
    orderId: z.string(),
    usedAt: z.int(),
    revocation: reason.nullable(),
  }),
  z.object({ ...ended, status: z.literal('expired'), expiredAt: z.int() }),
  z.object({ ...ended, status: z.literal('revoked'), reason, revokedAt: z.int() }),
])

/** Every coupon ever made, one row each. */
export const coupons: Collection<Coupon> = {
  name: 'coupon',
  rank: 40,
  schemaVersion: 1,
  fields: {
    offerId: { type: 'text', path: 'offerId' },
    campaignId: { type: 'text', path: 'campaignId' },
    batchId: { type: 'text', path: 'batchId' },
    holderId: { type: 'text', path: 'holderId' },
    orderId: { type: 'text', path: 'orderId' },
    status: { type: 'text', path: 'status' },
    issuedAt: { type: 'instant', path: 'issuedAt' },
    claimedAt: { type: 'instant', path: 'claimedAt' },
    validTo: { type: 'instant', path: 'validTo' },
    remindAt: { type: 'instant', path: 'remindAt' },
    claimableTo: { type: 'instant', path: 'claimableTo' },
  },
  ownership: { own: 'holderId' },
  parse: parseStored<Coupon>('coupon')(couponSchema),
}
