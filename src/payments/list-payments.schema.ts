import * as z from 'zod'
import { parseInput } from '../shared/stored.schema.js'

/** Asks for the payments of an order. */
export type ListPaymentsInput = { readonly orderId: string }

export const parseListPayments = /* @__PURE__ */ parseInput<ListPaymentsInput>(
  /* @__PURE__ */ z.strictObject({ orderId: z.string().min(1).max(200) }),
)
