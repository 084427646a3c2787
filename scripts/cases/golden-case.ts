import * as z from 'zod'
import { methodIds } from '../../src/shared/payment-method.js'
import { effectShape } from './golden-effect.js'

const amount = z.int()
const name = z.string()
const names = z.array(name)

const scope = z.strictObject({
  shop: z.optional(name),
  skus: z.optional(names),
  lines: z.optional(names),
  categories: z.optional(names),
  tags: z.optional(names),
  not: z.optional(
    z.strictObject({
      skus: z.optional(names),
      lines: z.optional(names),
      categories: z.optional(names),
      tags: z.optional(names),
    }),
  ),
})

const offerShape = {
  id: name,
  stage: z.int(),
  effect: effectShape,
  threshold: z.optional(
    z.strictObject({
      amount: z.optional(amount),
      qty: z.optional(z.int()),
      basis: z.optional(z.enum(['list', 'activity', 'running'])),
    }),
  ),
  scope: z.optional(scope),
  priority: z.optional(z.int()),
  exclusive: z.optional(z.boolean()),
  group: z.optional(name),
  from: z.optional(name),
  to: z.optional(name),
  currency: z.optional(name),
  levels: z.optional(names),
  firstOrder: z.optional(z.boolean()),
  birthday: z.optional(z.boolean()),
  memberDay: z.optional(z.union([z.int(), z.array(z.int())])),
  tz: z.optional(name),
  channels: z.optional(names),
  paymentMethods: z.optional(z.array(z.enum(methodIds))),
  limit: z.optional(z.int()),
  used: z.optional(z.int()),
  perUser: z.optional(z.int()),
  usedByUser: z.optional(z.int()),
  fundingBp: z.optional(z.strictObject({ platform: z.int(), merchant: z.optional(z.int()) })),
}

/** A pricing or refund case of the rule model's own, strictly: what stands in none of these members cannot be run. */
export const caseShape = z.strictObject({
  id: name,
  title: z.optional(name),
  derivation: z.optional(name),
  currency: name,
  exponent: z.int(),
  now: z.optional(name),
  preset: z.optional(z.enum(['default', 'tmall'])),
  facts: z.optional(
    z.strictObject({
      firstOrder: z.optional(z.boolean()),
      level: z.optional(name),
      birthday: z.optional(z.boolean()),
      channel: z.optional(name),
      paymentMethod: z.optional(z.enum(methodIds)),
    }),
  ),
  lines: z.array(
    z.strictObject({
      id: name,
      shop: name,
      unit: amount,
      qty: z.int(),
      tags: z.optional(names),
      categories: z.optional(names),
      floorUnit: z.optional(amount),
      isGift: z.optional(z.boolean()),
      noEarn: z.optional(z.boolean()),
      discountable: z.optional(z.boolean()),
    }),
  ),
  promotions: z.optional(z.array(z.strictObject(offerShape))),
  coupons: z.optional(
    z.array(
      z.strictObject({
        ...offerShape,
        stackable: z.optional(z.boolean()),
        withPromos: z.optional(z.boolean()),
        state: z.optional(z.enum(['issued', 'claimed', 'locked', 'used', 'expired', 'revoked'])),
      }),
    ),
  ),
  shipping: z.optional(amount),
  points: z.optional(
    z.strictObject({
      use: z.int(),
      balance: z.int(),
      maxShareBp: z.optional(z.int()),
      minUse: z.optional(z.int()),
      block: z.optional(z.int()),
    }),
  ),
  earn: z.optional(z.strictObject({ points: z.int(), perMinor: z.int(), multBp: z.optional(z.int()) })),
  tax: z.optional(z.strictObject({ mode: z.enum(['inclusive', 'exclusive']), bp: z.int() })),
  returns: z.optional(z.array(z.strictObject({ line: name, units: z.int() }))),
  policy: z.optional(z.enum(['prorate', 'reevaluate'])),
  giftReturned: z.optional(z.boolean()),
  expected: z.strictObject({
    payable: z.optional(amount),
    merch: z.optional(amount),
    shipping: z.optional(amount),
    net: z.optional(z.record(name, amount)),
    disc: z.optional(z.record(name, z.record(name, amount))),
    units: z.optional(z.record(name, z.array(amount))),
    gifts: z.optional(names),
    applied: z.optional(names),
    rejected: z.optional(z.record(name, z.array(z.union([name, amount])))),
    pointsUsed: z.optional(z.int()),
    earned: z.optional(z.int()),
    tax: z.optional(amount),
    taxes: z.optional(z.record(name, amount)),
    refunds: z.optional(
      z.array(
        z.strictObject({
          cash: z.optional(amount),
          points: z.optional(z.int()),
          clawback: z.optional(z.int()),
          couponReturned: z.optional(z.union([z.boolean(), names])),
          fundingReversed: z.optional(z.strictObject({ platform: amount, merchant: amount })),
        }),
      ),
    ),
  }),
})

export type GoldenCase = z.infer<typeof caseShape>
export type GoldenOffer = NonNullable<GoldenCase['promotions']>[number] & {
  readonly stackable?: boolean | undefined
  readonly withPromos?: boolean | undefined
}
