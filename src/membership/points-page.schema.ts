import * as z from 'zod'
import type { TimedPageEnd } from '../shared/read-plan.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which page of one's movements is asked for. */
export type PointsPageInput = {
  readonly limit: number
  /** The end of the page before. */
  readonly after?: TimedPageEnd
}

/** Points that staff gives a member. */
export type GrantPointsInput = {
  readonly accountId: string
  /** Says what they are for; the same twice counts once. */
  readonly grantId: string
  readonly points: number
  readonly expiresAt: number
}

export const parsePointsPage = parseInput<PointsPageInput>(
  schemaOf<PointsPageInput>()(
    z.strictObject({
      limit: z.int().min(1).max(100),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: rowId })),
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
