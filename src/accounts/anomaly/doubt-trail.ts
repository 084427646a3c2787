import { daysMs, type Instant } from '../../shared/instant.js'
import type { AnomalyPolicy, AnomalyResponse, SignInTrace } from './anomaly.js'
import { hardestResponse, judgeTrail } from './judge-trail.js'

/** What the audit log tells of sign-ins after they were begun. */
export type TrailDoubts = {
  /** Those that were found unusual. */
  readonly judged: readonly { readonly at: Instant; readonly device?: string; readonly response: AnomalyResponse }[]
  /** When somebody proved, by more than the password, who they are, and where. */
  readonly proven: readonly { readonly at: Instant; readonly device?: string }[]
}

// Sign-ins are judged in no order. One of so long ago that has no judgement yet is judged here, so that who signs in twice at
// once is not known by the first of them.
const yetToJudgeMs = daysMs

/**
 * Doubts the sign-ins of a trail that were answered harder than by `allow`, until somebody proved at the same device who they
 * are: nobody is known by them.
 *
 * @param before - the trail, the last first
 * @param at - when the sign-in began that is to be judged
 */
export const doubtTrail = (
  policy: AnomalyPolicy,
  before: readonly SignInTrace[],
  { judged, proven }: TrailDoubts,
  at: Instant,
): readonly SignInTrace[] => {
  const isSame = (one: SignInTrace, other: { readonly at: Instant; readonly device?: string }): boolean =>
    one.at === other.at && one.device === other.device
  const isDoubted = (trace: SignInTrace, earlier: readonly SignInTrace[]): boolean =>
    trace.outcome === 'entered' &&
    !proven.some((proof) => proof.at >= trace.at && proof.device === trace.device) &&
    (judged.some((each) => isSame(trace, each) && isHard(each.response)) ||
      (at - trace.at < yetToJudgeMs && isHard(hardestResponse(judgeTrail(policy, trace, earlier)))))
  const earlier: SignInTrace[] = []
  for (const trace of [...before].reverse()) {
    earlier.unshift(isDoubted(trace, earlier) ? { ...trace, outcome: 'doubted' } : trace)
  }
  return earlier
}

const isHard = (response: AnomalyResponse | undefined): boolean => response !== undefined && response !== 'allow'
