import {
  type Anomaly,
  type AnomalyPolicy,
  type AnomalyResponse,
  type AnomalyRule,
  anomalyResponses,
  type SignInTrace,
} from './anomaly.js'

/**
 * Says what is unusual about a sign-in.
 *
 * @param before - the trail of the account before it, the last first
 */
export const judgeTrail = (
  policy: AnomalyPolicy,
  entered: SignInTrace,
  before: readonly SignInTrace[],
): readonly Anomaly[] => {
  const found = (rule: AnomalyRule, response: AnomalyResponse | undefined, applies: boolean): readonly Anomaly[] =>
    response !== undefined && applies ? [{ rule, response }] : []
  const { newDevice, impossibleTravel, failureBurst } = policy
  const last = before.find(({ outcome }) => outcome === 'entered')
  return [
    ...found('newDevice', newDevice?.response, isNewDevice(entered, before)),
    ...found(
      'impossibleTravel',
      impossibleTravel?.response,
      last?.country !== undefined &&
        entered.country !== undefined &&
        last.country !== entered.country &&
        entered.at - last.at < (impossibleTravel?.withinMs ?? 0),
    ),
    ...found(
      'failureBurst',
      failureBurst?.response,
      failuresSince(entered, before, failureBurst?.withinMs ?? 0) >=
        (failureBurst?.failures ?? Number.POSITIVE_INFINITY),
    ),
  ]
}

// Who signs in for the first time has no device that is not new, and a host that begins to name devices says nothing of
// those before. One that was only ever doubted at is known by none of it.
const isNewDevice = ({ device }: SignInTrace, before: readonly SignInTrace[]): boolean => {
  const named = before.filter((trace) => trace.outcome !== 'failed' && trace.device !== undefined)
  return (
    device !== undefined &&
    named.length > 0 &&
    !named.some((each) => each.outcome === 'entered' && each.device === device)
  )
}

// At a device of the owner only what failed there counts: strangers who fail elsewhere throw nobody out at home.
const failuresSince = ({ at, device }: SignInTrace, before: readonly SignInTrace[], withinMs: number): number => {
  const end = before.findIndex(({ outcome }) => outcome === 'entered')
  const isKnown = device !== undefined && before.some((trace) => trace.outcome === 'entered' && trace.device === device)
  return (end < 0 ? before : before.slice(0, end)).filter(
    (trace) => trace.outcome === 'failed' && at - trace.at < withinMs && (!isKnown || trace.device === device),
  ).length
}

/** The hardest response to several anomalies; undefined where there is none. */
export const hardestResponse = (anomalies: readonly Anomaly[]): AnomalyResponse | undefined =>
  [...anomalyResponses].reverse().find((response) => anomalies.some((anomaly) => anomaly.response === response))
