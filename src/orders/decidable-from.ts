import { err, ok, type Result } from 'neverthrow'
import { isCallOver, longestCallMs } from '../payments/query-schedule.js'
import type { Instant } from '../shared/instant.js'
import { isOverdue, overdueAfterMs } from './name-overdue.js'

/** How long nobody has said what came of something, and whether anybody can. */
export type Silence = {
  /** Since when an answer is owed; null while none is. */
  readonly since: Instant | null
  /** When it was last sent or asked about: such a request may be on its way; none can be when absent. */
  readonly sent?: readonly Instant[]
  /** Whether nobody can be asked, or whoever was says no more; they can when absent. */
  readonly isBeyondAsking?: boolean
}

/**
 * From when a person may say what came of something, where nothing is heard until then: it was kept silent about for as long
 * as it takes to be named for it, and no request is on its way any more; at once where nobody can be asked.
 *
 * @returns null where no answer is owed
 */
export const decidableFrom = ({ since, sent = [], isBeyondAsking = false }: Silence): Instant | null => {
  if (isBeyondAsking) return 0
  return since === null ? null : Math.max(since + overdueAfterMs, ...sent.map((each) => each + longestCallMs))
}

/**
 * Whether a person may say what came of something.
 *
 * @param refuse - why not, by when they may; null where there is nothing to say
 * @errors what `refuse` says
 */
export const checkDecidable = <Refusal>(
  silence: Silence,
  at: Instant,
  refuse: (decidableAt: Instant | null) => Refusal,
): Result<void, Refusal> => {
  const { since, sent = [], isBeyondAsking = false } = silence
  const isSilent = since !== null && isOverdue(since, at) && sent.every((each) => isCallOver(each, at))
  return isBeyondAsking || isSilent ? ok(undefined) : err(refuse(decidableFrom(silence)))
}
