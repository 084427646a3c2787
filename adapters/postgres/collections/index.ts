import type { CollectionTable } from '../collection-table.js'
import type { CounterTable } from '../counter-table.js'
import type { LogTable } from '../log-table.js'

/** The table of every collection of the library. */
export const builtinCollections: readonly CollectionTable[] = []

/** The table of every family of counters of the library. */
export const builtinCounters: readonly CounterTable[] = []

/** The table of every log of the library. */
export const builtinLogs: readonly LogTable[] = []
