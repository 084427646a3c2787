import type { AuditEntry } from '../../shared/audit.js'
import { auditLog } from '../../shared/audit.schema.js'
import type { Instant } from '../../shared/instant.js'
import { type Condition, type Entry, entries, known } from '../../shared/read-plan.js'
import {
  type Anomaly,
  type AnomalyPolicy,
  type AnomalyResponse,
  anomalyResponses,
  type SignInTrace,
} from './anomaly.js'
import type { TrailDoubts } from './doubt-trail.js'

const signInActions = [
  'accounts.signIn',
  'accounts.signInByCode',
  'accounts.confirmSignIn',
  'accounts.finishProviderSignIn',
  'accounts.registerByProvider',
  'accounts.finishPasskeySignIn',
] as const

/** Whether an action signs somebody in. */
export const isSignIn = (action: string): boolean => signInActions.some((each) => each === action)

/** How far back the rules look, in events of an outcome. */
const longestTrail = 200

/**
 * Asks for what the audit log tells of sign-ins to an account up to a moment, the last first. Those that were done are
 * asked for apart: however often strangers are refused, what the account is known by stays in sight.
 */
export const askTrail = (accountId: string, at: Instant, { failureBurst }: AnomalyPolicy) => {
  const askFor = (actions: readonly string[], more: readonly Condition[], limit: number) =>
    entries(auditLog, {
      where: [
        { field: 'subject', is: 'eq', value: accountId },
        { field: 'action', is: 'in', values: actions },
        ...more,
      ],
      orderBy: { field: 'at', direction: 'descending' },
      limit,
    })
  const ask = (outcome: AuditEntry['outcome'], since: readonly Condition[], limit: number) =>
    askFor(
      signInActions,
      [{ field: 'outcome', is: 'eq', value: outcome }, { field: 'at', is: 'lte', value: at }, ...since],
      limit,
    )
  return {
    done: ask('done', [], longestTrail),
    // What became of them may be of any moment up to now.
    after: askFor(
      ['accounts.anomaly', 'accounts.stepUp'],
      [{ field: 'outcome', is: 'eq', value: 'done' }],
      longestTrail,
    ),
    refused:
      failureBurst === null
        ? known<readonly Entry<AuditEntry>[]>([])
        : ask(
            'refused',
            [{ field: 'at', is: 'gt', value: at - failureBurst.withinMs }],
            Math.max(longestTrail, failureBurst.failures),
          ),
  }
}

// Refusals for which somebody gave a wrong proof, or one that was not looked at because of those before.
const failures: readonly (string | undefined)[] = ['wrong', 'notLookedAt', 'tooManyFailures', 'CodeWrong']

/** A sign-in as the audit log tells of it by itself. */
type LoggedTrace = SignInTrace & { readonly outcome: 'entered' | 'failed' }

/** What an audit entry tells of a sign-in; undefined for a first proof that waits for a second, and for what is neither. */
export const traceOf = ({ at, outcome, detail, origin }: AuditEntry): LoggedTrace | undefined => {
  const from = {
    ...deviceOf(origin),
    ...(origin?.country === undefined ? {} : { country: origin.country }),
  }
  if (outcome === 'done') return detail === 'SecondFactorRequired' ? undefined : { at, outcome: 'entered', ...from }
  return failures.includes(detail) ? { at, outcome: 'failed', ...from } : undefined
}

/** What the audit log says of a sign-in that was found unusual. */
export const anomalyDetail = (anomalies: readonly Anomaly[], response: AnomalyResponse, startedAt: Instant): string =>
  `${anomalies.map(({ rule }) => rule).join('+')}:${response}:${startedAt}`

/** What audit entries tell of sign-ins after they were begun. */
export const doubtsOf = (after: readonly AuditEntry[]): TrailDoubts => ({
  judged: after.flatMap(({ action, detail = '', origin }) => {
    const [, its, moment] = detail.split(':')
    const response = anomalyResponses.find((each) => each === its)
    const at = Number(moment)
    return action === 'accounts.anomaly' && response !== undefined && Number.isSafeInteger(at)
      ? [{ at, response, ...deviceOf(origin) }]
      : []
  }),
  // By the password nothing is proved that was not known when the sign-in began.
  proven: after.flatMap(({ action, detail, at, origin }) =>
    action === 'accounts.stepUp' && detail !== 'right' ? [{ at, ...deviceOf(origin) }] : [],
  ),
})

const deviceOf = (origin: AuditEntry['origin']) => (origin?.device === undefined ? {} : { device: origin.device })
