import * as z from 'zod'
import type { TimedPageEnd } from '../shared/read-plan.js'
import { rowId } from '../shared/row-id.schema.js'
import { schemaOf } from '../shared/schema-of.js'
import { parseInput } from '../shared/stored.schema.js'

/** Which of one's messages are asked for. */
export type MyMessagesInput = {
  readonly limit: number
  /** The end of the page before. */
  readonly after?: TimedPageEnd
  /** In whose hours moments are written; those of UTC when absent. */
  readonly utcOffsetMinutes?: number
}

export const parseMyMessages = parseInput<MyMessagesInput>(
  schemaOf<MyMessagesInput>()(
    z.strictObject({
      limit: z.int().min(1).max(100),
      after: z.exactOptional(z.strictObject({ value: z.int(), id: rowId })),
      utcOffsetMinutes: z.exactOptional(z.int().min(-840).max(840)),
    }),
  ),
)
