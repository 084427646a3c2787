import { okAsync, type ResultAsync } from 'neverthrow'
import type { AuditEntry } from '../../shared/audit.js'
import { auditLog } from '../../shared/audit.schema.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Entry, entries, type PageEnd } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { ReportPeriodInput } from '../inputs.js'
import { parseReportPeriod } from '../inputs.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { AnomalyResponse, AnomalyRule } from './anomaly.js'
import { isSignIn, traceOf } from './read-trail.js'

/** What the audit log of a shop says of a period, with nobody named. */
export type SecurityReport = {
  readonly from: Instant
  readonly to: Instant
  /** Security events in all. */
  readonly events: number
  /** How many of each action were done, and how many refused (`accounts.signIn`). */
  readonly byAction: Readonly<Record<string, { readonly done: number; readonly refused: number }>>
  /** Sign-ins that began a session, and those that failed for a wrong proof or for those before. */
  readonly signIns: { readonly entered: number; readonly failed: number }
  /** Unusual sign-ins, by what was unusual and by what was done about it. */
  readonly anomalies: {
    readonly byRule: Readonly<Record<AnomalyRule, number>>
    readonly byResponse: Readonly<Record<AnomalyResponse, number>>
  }
  /** Owners who said that a sign-in was not theirs. */
  readonly disowned: number
}

const pageSize = 500

/**
 * Reports what the audit log says of a period. That staff asked stands in the log.
 *
 * @errors QueryError
 */
export const reportSecurity = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ReportPeriodInput,
): ResultAsync<SecurityReport, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.securityReport',
    parse: parseReportPeriod,
    about: ({ input: { from, to } }) => `period:${from}:${to}`,
    plan: ({ input }) => askPage(input, undefined),
    answer: ({ page }, { now, scope, input }) => {
      const tally = createTally()
      const addPages = (
        rows: readonly Entry<AuditEntry>[],
      ): ResultAsync<void, StorageUnavailable | StoredDataInvalid> => {
        for (const { body } of rows) tally.add(body)
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageSize) return okAsync(undefined)
        const plan = askPage(input, { value: last.body.at, id: last.id })
        return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).andThen((next) =>
          addPages(next.page),
        )
      }
      return addPages(page).map((): SecurityReport => ({ ...input, ...tally.read() }))
    },
  })

const askPage = ({ from, to }: { readonly from: Instant; readonly to: Instant }, after: PageEnd | undefined) => ({
  page: entries(auditLog, {
    where: [
      { field: 'at', is: 'gte', value: from },
      { field: 'at', is: 'lt', value: to },
    ],
    orderBy: { field: 'at', direction: 'ascending' },
    limit: pageSize,
    ...(after === undefined ? {} : { after }),
  }),
})

const createTally = () => {
  const byAction: Record<string, { done: number; refused: number }> = {}
  const signIns = { entered: 0, failed: 0 }
  const byRule: Record<AnomalyRule, number> = { newDevice: 0, impossibleTravel: 0, failureBurst: 0 }
  const byResponse: Record<AnomalyResponse, number> = { allow: 0, challenge: 0, lock: 0, endSessions: 0 }
  let events = 0
  let disowned = 0
  const add = (entry: AuditEntry): void => {
    const { action, outcome, detail = '' } = entry
    events += 1
    const counted = byAction[action] ?? { done: 0, refused: 0 }
    counted[outcome] += 1
    byAction[action] = counted
    const trace = isSignIn(action) ? traceOf(entry) : undefined
    if (trace !== undefined) signIns[trace.outcome] += 1
    if (action === 'accounts.disownSignIn' && outcome === 'done') disowned += 1
    if (action !== 'accounts.anomaly') return
    const [rules = '', response = ''] = detail.split(':')
    for (const rule of rules.split('+')) if (isKeyOf(byRule, rule)) byRule[rule] += 1
    if (isKeyOf(byResponse, response)) byResponse[response] += 1
  }
  return { add, read: () => ({ events, byAction, signIns, anomalies: { byRule, byResponse }, disowned }) }
}

const isKeyOf = <Key extends string>(counts: Record<Key, number>, text: string): text is Key =>
  Object.hasOwn(counts, text)
