import * as z from 'zod'
import type { GatewayBillRow } from '../../payments/gateway-bill.js'
import { currencyExponent } from '../../shared/currency.js'
import { isTimeZone, type LocalDay } from '../../shared/local-day.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'

/** Which bill is read. */
export type BillOfDay = {
  readonly gatewayId: string
  /** ISO 8601 (`2026-11-11`), in the time zone of the gateway. */
  readonly day: string
  /** IANA name of the time zone that the gateway cuts its days by: `Asia/Shanghai` of WeChat Pay and Alipay. */
  readonly timeZone: string
}

/** Reads a day that there is. */
export const readDay = (name: string): LocalDay | undefined => {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(name) ?? []
  const date = new Date(`${name}T00:00:00Z`)
  if (year === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== name) return undefined
  return { year: Number(year), month: Number(month), day: Number(day) }
}

const reference = z.string().min(1).max(200)

export const parseBillOfDay = /* @__PURE__ */ parseInput<BillOfDay>(
  /* @__PURE__ */ schemaOf<BillOfDay>()(
    z.strictObject({
      gatewayId: z.string().min(1).max(100),
      day: z.string().refine((name) => readDay(name) !== undefined, { error: 'Not a day' }),
      timeZone: z.string().min(1).max(64).refine(isTimeZone, { error: 'Not a time zone' }),
    }),
  ),
)

/** Checks a row of a gateway's bill. */
export const parseBillRow = /* @__PURE__ */ parseInput<GatewayBillRow>(
  /* @__PURE__ */ schemaOf<GatewayBillRow>()(
    z.strictObject({
      kind: z.enum(['payment', 'refund']),
      reference,
      attemptRef: reference,
      gatewayRef: reference.nullable(),
      status: z.enum(['succeeded', 'pending', 'failed']),
      currency: z.string().refine((code) => currencyExponent(code).isOk(), { error: 'Not a currency' }),
      amountMinor: z.int().min(1),
      fee: z.strictObject({ value: z.int(), scale: z.int().min(0).max(12) }).nullable(),
      at: z.int(),
    }),
  ),
)
