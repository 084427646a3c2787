import { err, ok, type Result } from 'neverthrow'
import * as z from 'zod'
import type { StoredDataInvalid } from './collection.js'
import type { InvalidInput } from './errors.js'
import { holdsIllFormedText, isWellFormed, type Json, type JsonObject } from './json.js'
import type { NoInput } from './no-input.js'
import type { Agreement } from './schema-of.js'

/** Any JSON value. */
export const jsonSchema: z.ZodType<Json> = z.json()

/** Any JSON object. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), z.json())

/**
 * Makes the check of a collection's stored states, by a schema of exactly that state: one that lacks a member of a union
 * would let a row be written that cannot be read again, and does not compile. What is stored is answered as it stands, so that members written by
 * a newer release survive being read and written by this one.
 */
export const parseStored =
  <State>(collection: string) =>
  <Schema extends z.ZodType>(schema: Schema & Agreement<State, z.output<Schema>>) =>
  (stored: Json, id: string): Result<State, StoredDataInvalid> => {
    const parsed = schema.safeParse(stored)
    if (!parsed.success) {
      return err({
        type: 'StoredDataInvalid',
        collection,
        id,
        paths: parsed.error.issues.map((issue) => issue.path.join('.')),
      })
    }
    // The schema has just said that the value is a State; it is not replaced by the parsed copy, which drops unknown members.
    return ok(stored as State)
  }

/**
 * Makes the check at a command's door: the shape exactly, no unknown members, well-formed text. A member that is
 * `undefined` is as if it were not there.
 *
 * @errors InvalidInput
 */
export const parseInput =
  <Input>(schema: z.ZodType<Input>) =>
  (input: unknown): Result<Input, InvalidInput> => {
    const asGiven = schema.safeParse(input)
    const parsed = asGiven.success ? asGiven : schema.safeParse(withoutUndefined(input, 0))
    if (!parsed.success)
      return err({
        type: 'InvalidInput',
        issues: parsed.error.issues.flatMap(innermost).slice(0, 50).map(describeIssue),
      })
    const text = JSON.stringify(parsed.data) ?? ''
    if (holdsIllFormedText(text)) {
      const issues = illFormedPaths(parsed.data, [])
        .slice(0, 50)
        .map((path) => ({
          path: path.join('.').slice(0, 200),
          code: 'ill_formed_text',
          message: 'Text must be well-formed Unicode without U+0000',
        }))
      return err({ type: 'InvalidInput', issues })
    }
    return ok(parsed.data)
  }

// As JSON has it. What is nested deeper than any input is left for the schema to refuse.
const withoutUndefined = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null || depth > 20) return value
  if (Array.isArray(value)) return value.map((each) => withoutUndefined(each, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === undefined ? [] : [[name, withoutUndefined(each, depth + 1)]],
    ),
  )
}

// The fields that hold such text; of a name that does, the field that it is a name in.
const illFormedPaths = (value: unknown, path: readonly string[]): readonly (readonly string[])[] => {
  if (typeof value === 'string') return isWellFormed(value) ? [] : [path]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    isWellFormed(name) ? illFormedPaths(inner, [...path, name]) : [path],
  )
}

// Of what may be one thing or another, the thing that the input comes nearest to is meant: what is wrong with it is said
// of its fields, as if it had been the only choice.
const innermost = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const [first = [], ...others] = issue.errors.map((choice) => choice.flatMap(innermost))
  const nearest = others.reduce((best, each) => (each.length < best.length ? each : best), first)
  return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

const describeIssue = (issue: z.core.$ZodIssue): InvalidInput['issues'][number] => ({
  path: issue.path.map(String).join('.').slice(0, 200),
  code: issue.code,
  message: issue.message.slice(0, 200),
})

/** The input of what takes none: an empty object. */
export const parseNothing = parseInput<NoInput>(z.strictObject({}))
