import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { ListCouponsInput } from './list-coupons.js'

export const parseListCoupons = parseInput<ListCouponsInput>(
  schemaOf<ListCouponsInput>()(
    z.strictObject({
      status: z.exactOptional(z.enum(['claimed', 'locked', 'used'])),
      limit: z.int().min(1).max(100),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: z.string().max(200) })),
    }),
  ),
)
