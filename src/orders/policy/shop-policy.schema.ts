import * as z from 'zod'
import type { Collection } from '../../shared/collection.js'
import { daysMs, hoursMs, minutesMs } from '../../shared/instant.js'
import { isTimeZone } from '../../shared/local-day.js'
import { parseInput, parseStored } from '../../shared/stored.schema.js'
import { paymentWatchTerms } from '../watch/payment-watch.schema.js'
import type { ShopPolicy } from './shop-policy.js'

const reason = z.enum(['noReason', 'quality', 'size', 'colour', 'notAsDescribed', 'damaged', 'missing', 'notReceived'])
const ground = z.enum(['madeToOrder', 'perishable', 'unsealedMediaOrDownload', 'deliveredPress', 'confirmedAtPurchase'])

const shownText = z.object({ en: z.string(), 'zh-CN': z.string() })
const shownTextInput = z.strictObject({ en: z.string().max(200), 'zh-CN': z.string().max(200) })

const refundPolicy = z.exactOptional(z.enum(['prorate', 'reevaluate']))
const billsBy = z.exactOptional(z.enum(['email', 'inApp']))
const severalMerchants = z.exactOptional(z.enum(['together', 'apart']))
const dearerCarriage = z.exactOptional(z.enum(['refuse', 'seller', 'buyer']))
const capture = z.exactOptional(z.literal('onShipment'))
const lateSuccess = z.exactOptional(z.enum(['refund', 'reinstateIfStock']))
const perMethod = <Value extends z.ZodType>(value: Value) => {
  const each = z.exactOptional(value)
  return {
    creditCard: each,
    debitCard: each,
    wechatPay: each,
    alipay: each,
    unionPayQuickPass: each,
    bankTransfer: each,
    eCny: each,
    payPal: each,
  }
}
const clawBack = z.enum(['pendingOnly', 'withinBalance', 'debt', 'deductCash'])

/** The terms of a shop. */
export const shopPolicySchema: z.ZodType<ShopPolicy> = z.object({
  policyId: z.string(),
  timeZone: z.string(),
  currency: z.exactOptional(z.string()),
  payWithinMs: z.int(),
  payByMethodWithinMs: z.exactOptional(z.object(perMethod(z.int()))),
  maximumFailures: z.int(),
  lateSuccess,
  capture,
  cashOnDelivery: z.exactOptional(
    z.object({
      regions: z.exactOptional(z.array(z.string())),
      leastMinor: z.exactOptional(z.int()),
      mostMinor: z.exactOptional(z.int()),
      exceptCategoryIds: z.exactOptional(z.array(z.string())),
      openOrders: z.int(),
    }),
  ),
  receivedAfterMs: z.int(),
  makeGoodWithinMs: z.exactOptional(z.int()),
  completedAfterMs: z.int(),
  shipWithinDays: z.int(),
  lateParcels: z.exactOptional(z.object({ deliverWithinDays: z.int(), scanWithinDays: z.int().nullable() })),
  returns: z.object({
    noReasonDays: z.int(),
    faultDays: z.int(),
    exceptions: z.array(z.object({ categoryId: z.string(), ground })),
    approveAlone: z.object({ reasons: z.array(reason), upToMinor: z.int() }),
    sendWithinDays: z.exactOptional(z.int()),
    refundPolicy,
  }),
  points: z
    .object({
      spend: z.object({ blockPoints: z.int(), blockMinor: z.int(), minimumPoints: z.int(), capBasisPoints: z.int() }),
      earn: z.object({ points: z.int(), perMinor: z.int() }),
      expireAfterMonths: z.int(),
      clawBack: z.exactOptional(clawBack),
    })
    .nullable(),
  service: z.exactOptional(z.object({ contact: shownText, hours: shownText })),
  disputeWatchers: z.exactOptional(z.array(z.string())),
  billsBy,
  dearerCarriage,
  severalMerchants,
  watch: z.exactOptional(paymentWatchTerms),
  settlement: z.exactOptional(
    z.object({
      afterWorkingDays: z.int(),
      rates: z.array(
        z.object({
          merchantId: z.string().nullable(),
          platformBasisPoints: z.int(),
          partners: z.array(z.object({ payee: z.string(), basisPoints: z.int() })),
        }),
      ),
    }),
  ),
})

/** The one row of a shop's terms. */
export const policyBooks: Collection<ShopPolicy> = {
  name: 'policyBook',
  rank: 84,
  schemaVersion: 1,
  fields: { policyId: { type: 'text', path: 'policyId' } },
  ownership: 'public',
  parse: parseStored<ShopPolicy>('policyBook')(shopPolicySchema),
}

const span = z.int().max(400 * daysMs)
const days = z.int().min(0).max(3650)

const basisPoints = z.int().min(0).max(10_000)
const payee = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)

const settlementTerms = z.strictObject({
  afterWorkingDays: z.int().min(0).max(90),
  rates: z
    .array(
      z
        .strictObject({
          merchantId: z.string().min(1).max(100).nullable(),
          platformBasisPoints: basisPoints,
          partners: z.array(z.strictObject({ payee, basisPoints })).max(50),
        })
        .refine(
          ({ platformBasisPoints, partners }) =>
            partners.reduce((sum, each) => sum + each.basisPoints, platformBasisPoints) <= 10_000,
          { error: 'The parts are more than the whole' },
        )
        .refine(({ partners }) => new Set(partners.map((each) => each.payee)).size === partners.length, {
          error: 'A partner is named once',
        }),
    )
    .max(1_000),
})

const names = (most: number) => z.array(z.string().min(1).max(100)).max(most)

const onDeliveryTerms = z
  .strictObject({
    regions: z.exactOptional(names(1_000).min(1)),
    leastMinor: z.exactOptional(z.int().min(1)),
    mostMinor: z.exactOptional(z.int().min(1)),
    exceptCategoryIds: z.exactOptional(names(500)),
    openOrders: z.int().min(1).max(1_000),
  })
  .refine(({ leastMinor = 1, mostMinor = leastMinor }) => leastMinor <= mostMinor, {
    error: 'The least is more than the most',
    path: ['leastMinor'],
  })

const savePolicySchema = z.strictObject({
  expectedRevision: z.exactOptional(z.int().min(0)),
  timeZone: z.string().min(1).max(64).refine(isTimeZone, { error: 'Not a time zone' }),
  currency: z.exactOptional(z.string().regex(/^[A-Z]{3}$/)),
  payWithinMs: span.min(minutesMs),
  payByMethodWithinMs: z.exactOptional(z.strictObject(perMethod(span.min(minutesMs)))),
  maximumFailures: z.int().min(1).max(100),
  lateSuccess,
  capture,
  cashOnDelivery: z.exactOptional(onDeliveryTerms),
  receivedAfterMs: span.min(hoursMs),
  makeGoodWithinMs: z.exactOptional(span),
  completedAfterMs: span.min(0),
  shipWithinDays: days,
  lateParcels: z.exactOptional(
    z.strictObject({ deliverWithinDays: days, scanWithinDays: z.int().min(1).max(3650).nullable() }),
  ),
  returns: z.strictObject({
    noReasonDays: days,
    faultDays: days,
    exceptions: z.array(z.strictObject({ categoryId: z.string().min(1).max(100), ground })).max(500),
    approveAlone: z.strictObject({ reasons: z.array(reason).max(8), upToMinor: z.int().min(0) }),
    sendWithinDays: z.exactOptional(z.int().min(7).max(366)),
    refundPolicy,
  }),
  points: z
    .strictObject({
      spend: z.strictObject({
        blockPoints: z.int().min(1).max(1_000_000),
        blockMinor: z.int().min(1).max(1_000_000),
        minimumPoints: z.int().min(0).max(1_000_000_000),
        capBasisPoints: z.int().min(0).max(10_000),
      }),
      earn: z.strictObject({ points: z.int().min(0).max(1_000_000), perMinor: z.int().min(1).max(1_000_000_000) }),
      expireAfterMonths: z.int().min(1).max(240),
      clawBack: z.exactOptional(clawBack),
    })
    .nullable(),
  service: z.exactOptional(z.strictObject({ contact: shownTextInput, hours: shownTextInput })),
  disputeWatchers: z.exactOptional(
    z
      .array(z.string().min(1).max(200))
      .max(20)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'An account is named once' }),
  ),
  billsBy,
  dearerCarriage,
  severalMerchants,
  watch: z.exactOptional(paymentWatchTerms),
  settlement: z.exactOptional(settlementTerms),
})

/** The terms of the shop, in place of one revision of them. */
export type SavePolicyInput = Omit<ShopPolicy, 'policyId'> & {
  /** As `orders.policy` has shown it; whatever stands when absent. */
  readonly expectedRevision?: number
}

export const parseSavePolicy = parseInput<SavePolicyInput>(savePolicySchema)
