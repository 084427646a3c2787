import type { Collection, CounterFamily, Log } from 'shopwright'
import {
  branchesOfTable,
  type CollectionTable,
  createCollectionTables,
  partsOfTable,
  type RowWrites,
  writesOfTable,
} from './collection-table.js'
import { builtinCollections, builtinCounters, builtinLogs } from './collections/builtin.js'
import {
  type CounterTable,
  type CounterWrites,
  createCounterTable,
  partsOfCounters,
  writesOfCounters,
} from './counter-table.js'
import { compress, type Step } from './ddl.js'
import { branchesOfLog, createLogTable, insertEntries, type LogParts, type LogTable, partsOfLog } from './log-table.js'
import type { CollectionParts, CounterParts } from './parts.js'
import type { RowSource } from './row-source.js'
import { createSearchTables } from './search/tables.js'
import { createSharedTables, type SharedParts, sharedParts } from './shared-tables.js'
import { quoteName } from './sql.js'

/** Which tables a shop has, and which of them are the host's own. */
export type TableOptions = {
  /** The schema the library's tables stand in; `shopwright` when absent. */
  readonly schema?: string
  /** Every collection's table; those of the library when absent. */
  readonly collections?: readonly CollectionTable[]
  /** Every family's table; those of the library when absent. */
  readonly counters?: readonly CounterTable[]
  /** Every log's table; those of the library when absent. */
  readonly logs?: readonly LogTable[]
  /** Collections and families, by name, that the host keeps in tables of its own; none is made for them. */
  readonly replace?: {
    readonly collections?: Readonly<Record<string, CollectionParts>>
    readonly counters?: Readonly<Record<string, CounterParts>>
  }
}

// Rows that have later columns and rows that lack them, where the table has any; see `branchesOver`.
type Branches = readonly [string, string] | undefined

/** A collection; `writes` is absent where the host keeps it in tables of its own. */
export type RegisteredCollection = {
  readonly collection: Collection<unknown>
  readonly parts: CollectionParts
  readonly writes: RowWrites | undefined
  readonly branches: Branches
}
/** A family; `writes` is absent where the host keeps it in tables of its own. */
export type RegisteredCounters = {
  readonly family: CounterFamily
  readonly parts: CounterParts
  readonly writes: CounterWrites | undefined
}
export type RegisteredLog = {
  readonly log: Log<unknown>
  readonly parts: LogParts
  readonly insert: (source: RowSource) => string
  readonly branches: Branches
}

/** Everything that is stored, in lock order, and the SQL of each. */
export type Registry = {
  readonly schema: string
  readonly collections: ReadonlyMap<string, RegisteredCollection>
  readonly counters: ReadonlyMap<string, RegisteredCounters>
  readonly logs: ReadonlyMap<string, RegisteredLog>
  readonly shared: SharedParts
  /** The statements that make every table the library owns, each under its migration. */
  readonly steps: readonly Step[]
}

type Ranked = { readonly name: string; readonly rank: number }

const byRank = (a: Ranked, b: Ranked): number => a.rank - b.rank || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const memberOf = <Value>(members: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined =>
  members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined

/** A field without a column would be a list that is empty for ever, and nobody told why. */
const columnsLacking = (collection: Collection<unknown>, parts: CollectionParts | undefined): readonly string[] =>
  parts === undefined ? [] : Object.keys(collection.fields).filter((field) => !Object.hasOwn(parts.columns, field))

/**
 * Compiles the tables of a shop to SQL.
 *
 * @throws where a collection that the host keeps has no column for a declared field: a shop cannot be kept so
 */
export const createRegistry = (options: TableOptions = {}): Registry => {
  const schema = options.schema ?? 'shopwright'
  const collections = [...(options.collections ?? builtinCollections)].sort((a, b) =>
    byRank(a.collection, b.collection),
  )
  const counters = [...(options.counters ?? builtinCounters)].sort((a, b) => byRank(a.family, b.family))
  const logs = [...(options.logs ?? builtinLogs)].sort((a, b) => byRank({ ...a.log, rank: 0 }, { ...b.log, rank: 0 }))
  const hostCollection = (name: string) => memberOf(options.replace?.collections, name)
  for (const { collection } of collections) {
    const lacking = columnsLacking(collection, hostCollection(collection.name))
    if (lacking.length > 0)
      throw new Error(`replace.collections.${collection.name} has no column for ${lacking.join(', ')}`)
  }
  const hostCounters = (name: string) => memberOf(options.replace?.counters, name)
  return {
    schema,
    collections: new Map(
      collections.map((table) => {
        const { collection } = table
        const parts = hostCollection(collection.name)
        const registered =
          parts === undefined
            ? {
                collection,
                parts: partsOfTable(schema, table),
                writes: writesOfTable(schema, table),
                branches: branchesOfTable(schema, table),
              }
            : { collection, parts, writes: undefined, branches: undefined }
        return [collection.name, registered] as const
      }),
    ),
    counters: new Map(
      counters.map((table) => {
        const { family } = table
        const parts = hostCounters(family.name)
        const registered =
          parts === undefined
            ? { family, parts: partsOfCounters(schema, table), writes: writesOfCounters(schema, table) }
            : { family, parts, writes: undefined }
        return [family.name, registered] as const
      }),
    ),
    logs: new Map(
      logs.map((table) => {
        const registered = {
          log: table.log,
          parts: partsOfLog(schema, table),
          insert: insertEntries(schema, table),
          branches: branchesOfLog(schema, table),
        }
        return [table.log.name, registered] as const
      }),
    ),
    shared: sharedParts(schema),
    steps: [
      ...[...createSharedTables(schema), ...createSearchTables(schema)].map(
        (text): Step => ({ number: 1, kind: 'change', text }),
      ),
      compress(1, `${quoteName(schema)}."outbox"`, 'body'),
      ...collections
        .filter(({ collection }) => hostCollection(collection.name) === undefined)
        .flatMap((table) => createCollectionTables(schema, table)),
      ...counters
        .filter(({ family }) => hostCounters(family.name) === undefined)
        .flatMap((table) => createCounterTable(schema, table)),
      ...logs.flatMap((table) => createLogTable(schema, table)),
    ],
  }
}
