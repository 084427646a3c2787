import { ok, type Result } from 'neverthrow'
import type { Collection, StoredDataInvalid } from './collection.js'
import type { Json } from './json.js'
import type { Stored } from './read-plan.js'

/** A row that was read by itself: what it is, or why that cannot be read; and the state as it is stored. */
export type ReadAlone<State> = { readonly read: Result<State, StoredDataInvalid>; readonly stored: Json }

/** A collection as one reads it whom a row that cannot be read must not keep from the others. */
export const eachAlone = <State>({ parse, ...collection }: Collection<State>): Collection<ReadAlone<State>> => ({
  ...collection,
  parse: (stored, id) => ok({ read: parse(stored, id), stored }),
})

/** Those of some rows that can be read. */
export const readable = <State>(rows: readonly Stored<ReadAlone<State>>[]): readonly Stored<State>[] =>
  rows.flatMap(({ state: { read }, ...row }) => (read.isOk() ? [{ ...row, state: read.value }] : []))
