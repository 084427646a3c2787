import * as z from 'zod'
import { freeTextSchema } from '../shared/free-text.schema.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Says that a person has looked at a parked fact. */
export type ResolveParkedFactInput = {
  readonly factId: string
  /** What they found; 1 to 500 characters, nobody's personal data. */
  readonly note: string
}

/** Says that a person has looked at an alert. */
export type ResolvePaymentAlertInput = {
  readonly alertId: string
  /** What they found; 1 to 500 characters, nobody's personal data. */
  readonly note: string
}

/** What a person says of what they have looked at. */
export const resolutionNote = /* @__PURE__ */ freeTextSchema(500).refine((text) => text.trim() !== '', {
  error: 'Must not be blank',
})

export const parseResolveParkedFact = /* @__PURE__ */ parseInput<ResolveParkedFactInput>(
  /* @__PURE__ */ schemaOf<ResolveParkedFactInput>()(z.strictObject({ factId: rowId, note: resolutionNote })),
)

export const parseResolvePaymentAlert = /* @__PURE__ */ parseInput<ResolvePaymentAlertInput>(
  /* @__PURE__ */ schemaOf<ResolvePaymentAlertInput>()(z.strictObject({ alertId: rowId, note: resolutionNote })),
)

/** A row that is open, or was resolved, beside what else it holds. */
export const openOrResolved = <Shape extends z.core.$ZodShape>(facts: Shape) =>
  z.discriminatedUnion('status', [
    z.object({ ...facts, status: z.literal('open') }),
    z.object({
      ...facts,
      status: z.literal('resolved'),
      resolved: z.object({ note: z.string(), by: z.string(), at: z.int() }),
    }),
  ])
