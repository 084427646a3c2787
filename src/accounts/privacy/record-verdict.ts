import type { Instant } from '../../shared/instant.js'
import type { ErasureRule, RetentionLaw } from '../../shared/personal-record.js'

/** What becomes of a record of the person. */
export type RecordVerdict = {
  /** The collection or the log. */
  readonly record: string
  readonly verdict: ErasureRule['verdict']
  /** Restricted: by which law. */
  readonly law?: RetentionLaw
  /** Restricted: what is sealed in it can be opened for a legal claim until then. */
  readonly until?: Instant
}
