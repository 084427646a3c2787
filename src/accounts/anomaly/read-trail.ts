import type { AuditEntry } from '../../shared/audit.js'
import { auditLog } from '../../shared/audit.schema.js'
import type { Instant } from '../../shared/instant.js'
import { type Condition, type Entry, entries, known } from '../../shared/read-plan.js'
import type { AnomalyPolicy, SignInTrace } from './anomaly.js'

const signInActions = [
  'accounts.signIn',
  'accounts.signInByCode',
  'accounts.confirmSignIn',
  'accounts.finishProviderSignIn',
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
  const ask = (outcome: AuditEntry['outcome'], since: readonly Condition[], limit: number) =>
    entries(auditLog, {
      where: [
        { field: 'subject', is: 'eq', value: accountId },
        { field: 'action', is: 'in', values: signInActions },
        { field: 'outcome', is: 'eq', value: outcome },
        { field: 'at', is: 'lte', value: at },
        ...since,
      ],
      orderBy: { field: 'at', direction: 'descending' },
      limit,
    })
  return {
    done: ask('done', [], longestTrail),
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

/** What an audit entry tells of a sign-in; undefined for a first proof that waits for a second, and for what is neither. */
export const traceOf = ({ at, outcome, detail, origin }: AuditEntry): SignInTrace | undefined => {
  const from = {
    ...(origin?.device === undefined ? {} : { device: origin.device }),
    ...(origin?.country === undefined ? {} : { country: origin.country }),
  }
  if (outcome === 'done') return detail === 'SecondFactorRequired' ? undefined : { at, outcome: 'entered', ...from }
  return failures.includes(detail) ? { at, outcome: 'failed', ...from } : undefined
}
