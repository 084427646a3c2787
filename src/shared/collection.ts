import type { Result } from 'neverthrow'
import type { Instant } from './instant.js'
import type { Json } from './json.js'

/** What a declared field holds; storages index by it and compare it so. */
export type FieldType = 'text' | 'integer' | 'instant' | 'boolean' | 'textList'

/** A declared field: a value inside the state that can be asked for, ordered by and seen by an analyst as a column. */
export type Field = {
  /** What the value is; a `textList` is asked for by the texts it must contain. */
  readonly type: FieldType
  /** Where it stands in the state, dotted (`price.totalMinor`). */
  readonly path: string
  /** What an integer counts as in a row that lacks it; where there is none, nothing that asks for the field finds the row. */
  readonly absent?: number
}

/**
 * Who a row belongs to: the declared fields that name its owner, or each of several, and its merchant. A `textList` names
 * several, and each of them sees the row. Where no field is named it is the shop's alone; `public` is for what anybody may
 * see, whoever they are bound to.
 */
export type Ownership = 'public' | { readonly own?: string | readonly string[]; readonly merchant?: string }

/** The declared fields that name the owners of a row. */
export const ownerFields = (ownership: Ownership): readonly string[] => {
  if (ownership === 'public' || ownership.own === undefined) return []
  return typeof ownership.own === 'string' ? [ownership.own] : ownership.own
}

/** A stored row that is not of the shape its collection promises. */
export type StoredDataInvalid = {
  readonly type: 'StoredDataInvalid'
  /** The collection or log the row stands in. */
  readonly collection: string
  readonly id: string
  /** Dotted paths of the fields that do not fit. */
  readonly paths: readonly string[]
}

/** A list inside a state that is stored as rows of its own, one for each item, in order. */
export type Part = {
  /** The member of the state that holds the list. */
  readonly field: string
  /** The member of each item that is unique within the list. */
  readonly key: string
  /** Declared fields of an item, paths relative to the item. */
  readonly fields: Readonly<Record<string, Field>>
}

/** A kind of aggregate: how its states are named, checked, asked for and owned. */
export type Collection<State> = {
  /** Unique in the shop, camelCase, singular (`order`). */
  readonly name: string
  /** Place in the one lock order of all collections; lower is locked first. */
  readonly rank: number
  /** Shape version written with each row. */
  readonly schemaVersion: number
  /** Fields that can be asked for and ordered by. */
  readonly fields: Readonly<Record<string, Field>>
  /** Lists kept as rows of their own. */
  readonly parts?: readonly Part[]
  /** Who may see a row. */
  readonly ownership: Ownership
  /** Checks a stored state of the current shape; keeps members it does not know. */
  readonly parse: (stored: Json, id: string) => Result<State, StoredDataInvalid>
  /** Turns the shape of version n into that of version n + 1, by n. */
  readonly upcasts?: Readonly<Record<number, (stored: Json) => Json>>
}

/** A family of counters: whole numbers that many writers move at once, each a row of its own. */
export type CounterFamily = {
  /** Unique in the shop, camelCase (`stock`). */
  readonly name: string
  /** Place in the lock order among counters, after every collection. */
  readonly rank: number
  /** The value no counter of the family may ever fall below; the storage repeats it as a constraint. */
  readonly minimum: number
  /**
   * Of counters that end: the id below which, by code point, every one of them has ended at a moment. Whatever has ended a
   * day ago is pruned. A host that keeps the family in tables of its own removes them itself.
   */
  readonly endedBelow?: (moment: Instant) => string
}

/** A log: bodies that are appended once and never change. */
export type Log<Body> = {
  /** Unique in the shop, camelCase (`ledgerEntry`). */
  readonly name: string
  /** Fields that can be asked for and ordered by. */
  readonly fields: Readonly<Record<string, Field>>
  /** Who may see an entry. */
  readonly ownership: Ownership
  /** Checks a stored body. */
  readonly parse: (stored: Json, id: string) => Result<Body, StoredDataInvalid>
}
