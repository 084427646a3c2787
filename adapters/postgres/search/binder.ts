import { textArray, toStorable } from '../sql.js'

/** Takes values and answers how the text names them. Everything goes out as text, which every driver can send. */
export type Binder = {
  readonly text: (value: string) => string
  readonly number: (value: number) => string
  readonly int: (value: number) => string
  readonly bigint: (value: number) => string
  readonly ints: (values: readonly number[]) => string
  readonly bigints: (values: readonly number[]) => string
  readonly numbers: (values: readonly (number | null)[]) => string
  /** Bytes, as hexadecimal digits. */
  readonly hex: (digits: string) => string
  readonly texts: (values: readonly string[]) => string
  readonly values: readonly string[]
}

const listOf = (values: readonly (number | null)[]): string => `{${values.map((value) => value ?? 'null').join(',')}}`

// Behind a subquery the plan is the same for all values, so that the server keeps one for a statement with a name.
// The second type tells that it is one value, where a list of rows may stand too.
const asParameter = (place: number, type: string): string => `(select $${place}::text::${type})::${type}`

/**
 * Starts to collect the values of a statement.
 *
 * @param nameOf - how the text names a value by its place, from 1 on; as a parameter when absent
 */
export const createBinder = (nameOf: (place: number, type: string) => string = asParameter): Binder => {
  const values: string[] = []
  const bind = (value: string, type: string): string => {
    values.push(value)
    return nameOf(values.length, type)
  }
  return {
    text: (value) => bind(toStorable(value), 'text'),
    number: (value) => bind(String(value), 'float8'),
    int: (value) => bind(String(value), 'int'),
    bigint: (value) => bind(String(value), 'bigint'),
    ints: (all) => bind(listOf(all), 'int[]'),
    bigints: (all) => bind(listOf(all), 'bigint[]'),
    numbers: (all) => bind(listOf(all), 'float8[]'),
    hex: (digits) => bind(`\\x${digits}`, 'bytea'),
    texts: (all) => bind(textArray(all.map(toStorable)), 'text[]'),
    values,
  }
}
