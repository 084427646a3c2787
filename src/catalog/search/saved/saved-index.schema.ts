import * as z from 'zod'
import { schemaOf } from '../../../shared/schema-of.js'
import type { NumbersIn } from './saved-file.js'

/** What a file says of the numbers in it. */
export type SavedIndex = {
  readonly terms: readonly string[]
  readonly facets: readonly {
    readonly name: string
    readonly values: readonly string[]
    readonly labels: readonly string[]
  }[]
  /** The words of titles as they are written, and how often. */
  readonly heard: readonly string[]
  readonly heardCounts: NumbersIn
  readonly segments: readonly SavedSegment[]
}

/** A segment, each list of numbers as where it stands. */
export type SavedSegment = {
  readonly ids: readonly string[]
  readonly dead: number
  readonly alive: NumbersIn
  readonly terms: NumbersIn
  readonly offsets: NumbersIn
  readonly documents: NumbersIn
  readonly impacts: NumbersIn
  readonly titleOffsets: NumbersIn
  readonly titleTerms: NumbersIn
  readonly codes: NumbersIn
  readonly codeDocuments: NumbersIn
  readonly prices: NumbersIn
  readonly createdAt: NumbersIn
  readonly sold: NumbersIn
  readonly recommendation: NumbersIn
  readonly trend: NumbersIn
  readonly launchedAt: NumbersIn
  readonly facets: readonly {
    readonly facet: number
    readonly documents: NumbersIn | null
    readonly sets: NumbersIn
    readonly offsets: NumbersIn
    readonly values: NumbersIn
    readonly totals: NumbersIn
  }[]
}

/** Where numbers stand in a file. */
export const numbersInFile = z.strictObject({
  kind: z.enum(['u8', 'u16', 'u32', 'i32', 'f64']),
  at: z.int().min(0),
  length: z.int().min(0),
})
const texts = z.array(z.string())

/** The shape of the description. */
export const savedIndexSchema = schemaOf<SavedIndex>()(
  z.strictObject({
    terms: texts,
    facets: z.array(z.strictObject({ name: z.string(), values: texts, labels: texts })),
    heard: texts,
    heardCounts: numbersInFile,
    segments: z.array(
      z.strictObject({
        ids: texts,
        dead: z.int().min(0),
        alive: numbersInFile,
        terms: numbersInFile,
        offsets: numbersInFile,
        documents: numbersInFile,
        impacts: numbersInFile,
        titleOffsets: numbersInFile,
        titleTerms: numbersInFile,
        codes: numbersInFile,
        codeDocuments: numbersInFile,
        prices: numbersInFile,
        createdAt: numbersInFile,
        sold: numbersInFile,
        recommendation: numbersInFile,
        trend: numbersInFile,
        launchedAt: numbersInFile,
        facets: z.array(
          z.strictObject({
            facet: z.int().min(0),
            documents: z.nullable(numbersInFile),
            sets: numbersInFile,
            offsets: numbersInFile,
            values: numbersInFile,
            totals: numbersInFile,
          }),
        ),
      }),
    ),
  }),
)
