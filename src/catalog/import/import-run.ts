import type { Instant } from '../../shared/instant.js'

/** What became of the rows of an import so far. */
export type ImportCounts = {
  readonly created: number
  readonly updated: number
  /** Rows that say what stands already; nothing was written. */
  readonly unchanged: number
  readonly failed: number
}

/** An import of a catalog file, and how far it has come. */
export type ImportRun = {
  readonly status: 'running' | 'done'
  readonly importId: string
  readonly merchantId: string
  /** Rows that begin up to this line are done. */
  readonly lineDone: number
  readonly counts: ImportCounts
  readonly startedAt: Instant
  readonly updatedAt: Instant
}
