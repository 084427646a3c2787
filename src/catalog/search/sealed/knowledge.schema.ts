import * as z from 'zod'
import { schemaOf } from '../../../shared/schema-of.js'
import type { NumbersIn } from '../saved/saved-file.js'
import { numbersInFile } from '../saved/saved-index.schema.js'

/** What a file says of the numbers in it. */
export type SavedKnowledge = {
  readonly terms: readonly string[]
  readonly facets: readonly {
    readonly name: string
    readonly values: readonly string[]
    readonly labels: readonly string[]
  }[]
  readonly heard: readonly string[]
  readonly counted: number
  readonly heardCounts: NumbersIn
  readonly frequencies: NumbersIn
  readonly pairs: NumbersIn
  readonly pairCounts: NumbersIn
  readonly valueFacets: NumbersIn
  readonly valueLocals: NumbersIn
  readonly totals: NumbersIn
  readonly stating: NumbersIn
}

const texts = z.array(z.string())

/** The shape of the description. */
export const savedKnowledgeSchema = /* @__PURE__ */ schemaOf<SavedKnowledge>()(
  /* @__PURE__ */ z.strictObject({
    terms: texts,
    facets: z.array(z.strictObject({ name: z.string(), values: texts, labels: texts })),
    heard: texts,
    counted: z.int().min(0),
    heardCounts: numbersInFile,
    frequencies: numbersInFile,
    pairs: numbersInFile,
    pairCounts: numbersInFile,
    valueFacets: numbersInFile,
    valueLocals: numbersInFile,
    totals: numbersInFile,
    stating: numbersInFile,
  }),
)
