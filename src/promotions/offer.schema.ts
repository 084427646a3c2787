import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { isTimeZone } from '../shared/local-day.js'
import { methodIds } from '../shared/payment-method.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseStored } from '../shared/stored.schema.js'
import type { GoodsFilter, Offer, OfferBook } from './offer.js'
import { largestOfferMinor, type MemberShape, type OfferStage } from './offer-kind.js'
import { type Benefit, findContradiction, offerKinds, stagesOf } from './offer-kinds.js'

const id = z.string().min(1).max(100)
const ids = z.array(id).min(1).max(2000)
const instant = z.int().min(0)
const title = z.strictObject({ 'zh-CN': z.string().max(200), en: z.string().max(200) })

const schemaOfShape = (shape: MemberShape): z.ZodType => {
  switch (shape.type) {
    case 'integer':
      return z.int().min(shape.least).max(shape.most)
    case 'text':
      return z.string().min(1).max(shape.longest)
    case 'choice':
      return z.enum([...shape.of])
    case 'list':
      return z.array(z.strictObject(schemaOfMembers(shape.of))).max(shape.longest)
  }
}

const schemaOfMembers = (members: Readonly<Record<string, MemberShape>>): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(members).map(([name, shape]) => {
      const schema = schemaOfShape(shape)
      return [name, shape.optional === true ? z.exactOptional(schema) : schema]
    }),
  )

const [firstKind, ...otherKinds] = offerKinds.map((kind) =>
  z.strictObject({ kind: z.literal(kind.kind), ...schemaOfMembers(kind.shape) }),
)

const anyBenefit = firstKind === undefined ? z.never() : z.discriminatedUnion('kind', [firstKind, ...otherKinds])

// Each kind's shape is checked against its type where the kind is written; here they only stand side by side.
const benefitSchema = anyBenefit as z.ZodType<Benefit>

const offerAmount = z.int().min(0).max(largestOfferMinor)

const goodsFilter = {
  skus: z.exactOptional(ids),
  productIds: z.exactOptional(ids),
  categoryIds: z.exactOptional(ids),
  brands: z.exactOptional(ids),
  listUnitMinor: z.exactOptional(
    z
      .strictObject({ from: z.exactOptional(offerAmount), to: z.exactOptional(offerAmount) })
      .refine(({ from = 0, to = largestOfferMinor }) => from <= to, 'From at most to'),
  ),
}

const goodsFilterSchema = schemaOf<GoodsFilter>()(z.strictObject(goodsFilter))

const windowSchema = z.strictObject({
  from: z.exactOptional(instant),
  to: z.exactOptional(instant),
  timeZone: z.string().min(1).max(60).refine(isTimeZone, 'An IANA time zone'),
  daysOfMonth: z.exactOptional(z.array(z.int().min(1).max(31)).min(1).max(31)),
  weekdays: z.exactOptional(z.array(z.int().min(1).max(7)).min(1).max(7)),
  minutesOfDay: z.exactOptional(z.strictObject({ from: z.int().min(0).max(1439), to: z.int().min(1).max(1440) })),
})

const basisPoints = z.int().min(0).max(10_000)

const storedOfferSchema = schemaOf<Offer>()(
  z
    .strictObject({
      version: z.literal(1),
      offerId: id,
      title,
      issuer: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('platform') }),
        z.strictObject({ kind: z.literal('merchant'), merchantId: id }),
        z.strictObject({ kind: z.literal('campaign'), campaignId: id }),
      ]),
      form: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('promotion') }),
        z.strictObject({
          kind: z.literal('coupon'),
          issues: z.int().min(1).max(1_000_000_000),
          claimsPerCustomer: z.int().min(1).max(1000),
          claimable: z.boolean(),
          validMs: z.exactOptional(
            z
              .int()
              .min(1)
              .max(10 * 366 * 86_400_000),
          ),
          givenOn: z.exactOptional(
            z
              .array(
                z.discriminatedUnion('on', [
                  z.strictObject({ on: z.literal('joined') }),
                  z.strictObject({
                    on: z.literal('orderPaid'),
                    leastMinor: z.int().min(1).max(largestOfferMinor),
                    firstOrder: z.exactOptional(z.boolean()),
                  }),
                  z.strictObject({ on: z.literal('levelReached'), levels: ids }),
                  z.strictObject({ on: z.literal('pointsEarned'), sources: ids }),
                  z.strictObject({ on: z.literal('activity'), activities: ids }),
                  z.strictObject({ on: z.literal('signInStreak'), everyDays: z.int().min(1).max(366) }),
                  z.strictObject({ on: z.literal('birthday') }),
                ]),
              )
              .min(1)
              .max(10),
          ),
        }),
      ]),
      stage: z.enum([
        'line',
        'shop',
        'platform',
        'shipping',
        'shopCoupon',
        'platformCoupon',
        'shippingCoupon',
        'lateGift',
      ]),
      priority: z.int().min(-1000).max(1000),
      currency: z.string().regex(/^[A-Z]{3}$/),
      window: windowSchema,
      audience: z.exactOptional(
        z.strictObject({
          levels: z.exactOptional(ids),
          firstOrder: z.exactOptional(z.boolean()),
          birthday: z.exactOptional(z.boolean()),
        }),
      ),
      channels: z.exactOptional(ids),
      paymentMethods: z.exactOptional(z.array(z.enum(methodIds)).min(1).max(methodIds.length)),
      scope: z.exactOptional(z.strictObject({ ...goodsFilter, not: z.exactOptional(goodsFilterSchema) })),
      threshold: z.exactOptional(
        z.strictObject({
          scope: z.exactOptional(goodsFilterSchema),
          amountMinor: z.exactOptional(z.int().min(1).max(largestOfferMinor)),
          quantity: z.exactOptional(z.int().min(1).max(100_000)),
          lineQuantity: z.exactOptional(z.int().min(1).max(100_000)),
          basis: z.enum(['list', 'activity', 'running']),
        }),
      ),
      benefit: benefitSchema,
      stacking: z.exactOptional(
        z.strictObject({
          exclusive: z.exactOptional(z.boolean()),
          group: z.exactOptional(id),
          stackable: z.exactOptional(z.boolean()),
          withPromotions: z.exactOptional(z.boolean()),
        }),
      ),
      limits: z.exactOptional(
        z.strictObject({
          uses: z.exactOptional(z.int().min(1).max(1_000_000_000)),
          usesPerCustomer: z.exactOptional(z.int().min(1).max(1_000_000)),
        }),
      ),
      funding: z.strictObject({ platformBasisPoints: basisPoints }),
    })
    .superRefine((offer, context) => {
      for (const path of findWrongMembers(offer)) {
        context.addIssue({ code: 'custom', path, message: 'Contradicts another member of the offer' })
      }
    }),
)

/** An offer as JSON, no more and no less than the type says; what contradicts itself is refused too. */
export const offerSchema = schemaOf<Offer>()(
  storedOfferSchema.superRefine((offer, context) => {
    for (const path of findMisplaced(offer)) {
      context.addIssue({ code: 'custom', path, message: 'Has no effect where the offer stands' })
    }
  }),
)

const couponStages: readonly OfferStage[] = ['shopCoupon', 'platformCoupon', 'shippingCoupon']
const promotionStages: readonly OfferStage[] = ['shop', 'platform', 'shipping']

// Asked of what is published now; offers that were published before it was asked stay readable.
const findMisplaced = ({ form, stage, benefit, threshold, funding }: Offer): string[][] => {
  const wrong: string[][] = []
  // The platform pays its part of what is taken off goods; what carriage loses is borne by who sells.
  if (benefit.kind === 'freeShipping' && funding.platformBasisPoints > 0) wrong.push(['funding', 'platformBasisPoints'])
  if ((form.kind === 'coupon' ? promotionStages : couponStages).includes(stage)) wrong.push(['stage'])
  // On a line by itself there is nothing else to be bought.
  if (stage === 'line' && benefit.kind === 'buyXGetY' && threshold?.scope !== undefined)
    wrong.push(['threshold', 'scope'])
  return wrong
}

const findWrongMembers = (offer: Offer): readonly string[][] => {
  const wrong: string[][] = []
  const { from, to, minutesOfDay } = offer.window
  if (from !== undefined && to !== undefined && from >= to) wrong.push(['window', 'to'])
  if (minutesOfDay !== undefined && minutesOfDay.from >= minutesOfDay.to) wrong.push(['window', 'minutesOfDay', 'to'])
  if (!stagesOf(offer.benefit).includes(offer.stage)) wrong.push(['stage'])
  if (offer.form.kind === 'coupon' && offer.stage === 'line') wrong.push(['stage'])
  if (offer.form.kind === 'coupon' && to === undefined) wrong.push(['window', 'to'])
  const contradiction = findContradiction(offer.benefit)
  if (contradiction !== undefined) wrong.push(['benefit', ...contradiction.split('.')])
  return wrong
}

const bookSchema: z.ZodType<OfferBook> = z.object({
  bookId: z.string(),
  offers: z.array(storedOfferSchema),
  limitedOfferIds: z.array(z.string()),
  givenOfferIds: z.exactOptional(z.array(z.string())),
})

/** The id of the one offer book of a shop. */
export const offerBookId = 'offers'

/**
 * The offers of the shop; the version of the row is the revision of the book. Offers are read as strictly as they are
 * written: one that holds more than is known here must not be priced.
 */
export const offerBooks: Collection<OfferBook> = {
  name: 'offerBook',
  rank: 80,
  schemaVersion: 1,
  fields: {},
  ownership: 'public',
  parse: parseStored<OfferBook>('offerBook')(bookSchema),
}
