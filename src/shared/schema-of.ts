import type * as z from 'zod'

/**
 * Checks at compile time that a schema accepts exactly the values of a type written by hand: a missing field, a field
 * too many, an optional one that should not be, and a missing or extra member of a union all fail. An optional field is
 * written `z.exactOptional(…)`.
 *
 * @example const couponSchema = schemaOf<Coupon>()(z.strictObject({ code: z.string() }))
 * @returns the schema itself
 */
export const schemaOf =
  <Type>() =>
  <Schema extends z.ZodType>(schema: Schema & Agreement<Type, z.output<Schema>>): Schema =>
    schema

/** Nothing to add when the two types are the same; else a demand that no schema meets and that shows both. */
export type Agreement<Type, Output> =
  Same<Plain<Type>, Plain<Output>> extends true
    ? unknown
    : { readonly 'schema differs': { readonly type: Type; readonly output: Output } }

/** Identity, not assignability: the compiler relates the two functions only when the types they test are the same. */
type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false

/** A type without `readonly` and with its intersections merged, which a schema cannot tell and need not. */
type Plain<T> = unknown extends T
  ? T
  : T extends string | number | bigint | boolean | symbol | null | undefined
    ? T
    : T extends (...args: never) => unknown
      ? T
      : { -readonly [Key in keyof T]: Plain<T[Key]> }
