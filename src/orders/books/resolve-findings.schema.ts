import * as z from 'zod'
import { rowId } from '../../shared/row-id.schema.js'
import { schemaOf } from '../../shared/schema-of.js'
import { parseInput } from '../../shared/stored.schema.js'
import { resolutionNote } from '../resolution.schema.js'

/** Which findings of a bill a person has looked at, and what came of them. */
export type ResolveFindingsInput = {
  readonly reconciliationId: string
  /** 1 to 100 of them. */
  readonly findingIds: readonly string[]
  /** What came of them, 1 to 500 characters. It is kept as it is, with the books: nobody's name belongs in it. */
  readonly note: string
}

/** Which resolved findings of a bill are to be looked at again, and why. */
export type ReopenFindingsInput = {
  readonly reconciliationId: string
  /** 1 to 100 of them. */
  readonly findingIds: readonly string[]
  /** Why, 1 to 500 characters. It is kept as it is, with the books: nobody's name belongs in it. */
  readonly note: string
}

const shape = /* @__PURE__ */ z.strictObject({
  reconciliationId: rowId,
  findingIds: z.array(z.string().min(1).max(600)).min(1).max(100),
  note: resolutionNote,
})

export const parseResolveFindings = /* @__PURE__ */ parseInput<ResolveFindingsInput>(
  /* @__PURE__ */ schemaOf<ResolveFindingsInput>()(shape),
)

export const parseReopenFindings = /* @__PURE__ */ parseInput<ReopenFindingsInput>(
  /* @__PURE__ */ schemaOf<ReopenFindingsInput>()(shape),
)
