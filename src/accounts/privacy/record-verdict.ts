import type { Instant } from '../../shared/instant.js'
import type { ErasureRule, RetentionLaw } from '../../shared/personal-record.js'

/** What becomes of a record of the person. */
export type RecordVerdict = {
  /** The collection or the log. */
  readonly record: string
  /** By the rule of the record; `none` where a law would keep it and nothing of the person stands in it. */
  readonly verdict: ErasureRule['verdict'] | 'none'
  /** Restricted: by which law. */
  readonly law?: RetentionLaw
  /** Restricted, and something is sealed in it: it can be opened for a legal claim until then. */
  readonly until?: Instant
}
