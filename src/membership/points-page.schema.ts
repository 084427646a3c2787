import * as z from 'zod'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'
import type { GrantPointsInput } from './grant-points.js'
import type { PointsPageInput } from './points-page.js'

export const parsePointsPage = parseInput<PointsPageInput>(
  schemaOf<PointsPageInput>()(
    z.strictObject({
      limit: z.int().min(1).max(100),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: z.string().max(512) })),
    }),
  ),
)

export const parseGrantPoints = parseInput<GrantPointsInput>(
  schemaOf<GrantPointsInput>()(
    z.strictObject({
      accountId: z.string().min(1).max(200),
      grantId: z.string().min(1).max(200),
      points: z.int().min(1).max(1_000_000_000),
      expiresAt: z.int().min(0),
    }),
  ),
)
