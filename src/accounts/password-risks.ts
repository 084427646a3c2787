import { okAsync, type ResultAsync } from 'neverthrow'
import type { StoredDataInvalid } from '../shared/collection.js'
import type { StorageUnavailable } from '../shared/errors.js'
import { daysMs, type Instant } from '../shared/instant.js'
import { readFacts } from '../shared/read-facts.js'
import { find, type PageEnd, type Stored } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { credentials } from './accounts.schema.js'
import type { Credential } from './credential.js'
import type { ReportPeriodInput } from './inputs.js'
import { parseReportPeriod } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'

/** How a shop's passwords stand, with nobody named. */
export type PasswordRiskReport = {
  readonly from: Instant
  readonly to: Instant
  readonly passwords: number
  /** How many were set in the period. */
  readonly setInPeriod: number
  /** By function and parameters of the hash, as PHC strings begin (`$argon2id$v=19$m=19456,t=2,p=1`). */
  readonly byParameters: Readonly<Record<string, number>>
  /** Hashed with other parameters than those of today; the next sign-in of each brings it up to date. */
  readonly outdatedParameters: number
  /** By age in days, at the moment of the report. */
  readonly byAge: { readonly to90: number; readonly to180: number; readonly to365: number; readonly older: number }
  /** Last held against the list of leaked ones in the period, before it, after it, or never. */
  readonly lastChecked: {
    readonly inPeriod: number
    readonly before: number
    readonly after: number
    readonly never: number
  }
  /** Sign nobody in until they are reset. */
  readonly mustChange: { readonly breached: number; readonly compromised: number }
}

const pageSize = 500

/**
 * Reports how a shop's passwords stand: parameters of their hashes, age, when they were last held against leaks.
 *
 * @errors QueryError
 */
export const reportPasswordRisks = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ReportPeriodInput,
): ResultAsync<PasswordRiskReport, QueryError> =>
  runQuery(ports, context, input, {
    action: 'accounts.passwordRisks',
    parse: parseReportPeriod,
    plan: () => askPage(undefined),
    answer: ({ page }, { now, scope, input: { from, to } }) => {
      const count = { passwords: 0, setInPeriod: 0, outdatedParameters: 0 }
      const byParameters: Record<string, number> = {}
      const byAge = { to90: 0, to180: 0, to365: 0, older: 0 }
      const lastChecked = { inPeriod: 0, before: 0, after: 0, never: 0 }
      const mustChange = { breached: 0, compromised: 0 }
      const add = ({ phc, setAt, checkedAt, mustChange: risk }: Credential): void => {
        count.passwords += 1
        if (setAt >= from && setAt < to) count.setInPeriod += 1
        const parameters = parametersOf(phc)
        byParameters[parameters] = (byParameters[parameters] ?? 0) + 1
        if (ports.hasher.needsRehash(phc)) count.outdatedParameters += 1
        byAge[ageBand(now - setAt)] += 1
        lastChecked[checkBand(checkedAt, from, to)] += 1
        if (risk !== undefined) mustChange[risk] += 1
      }
      const addPages = (
        rows: readonly Stored<Credential>[],
      ): ResultAsync<void, StorageUnavailable | StoredDataInvalid> => {
        for (const { state } of rows) add(state)
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageSize) return okAsync(undefined)
        const plan = askPage({ value: last.state.setAt, id: last.id })
        return readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan }).andThen((next) =>
          addPages(next.page),
        )
      }
      return addPages(page).map(() => ({ from, to, ...count, byParameters, byAge, lastChecked, mustChange }))
    },
  })

const askPage = (after: PageEnd | undefined) => ({
  page: find(credentials, {
    where: [],
    orderBy: { field: 'setAt', direction: 'ascending' },
    limit: pageSize,
    ...(after === undefined ? {} : { after }),
  }),
})

// The function and what is set of it; the salt and the hash, which come after, hold no `name=value`.
const parametersOf = (phc: string): string =>
  phc
    .split('$')
    .filter((part, index) => index < 2 || /^[a-z]{1,2}=\d/.test(part))
    .join('$')

const checkBand = (
  checkedAt: Instant | undefined,
  from: Instant,
  to: Instant,
): keyof PasswordRiskReport['lastChecked'] => {
  if (checkedAt === undefined) return 'never'
  if (checkedAt < from) return 'before'
  return checkedAt < to ? 'inPeriod' : 'after'
}

const ageBand = (ageMs: number): 'to90' | 'to180' | 'to365' | 'older' => {
  if (ageMs <= 90 * daysMs) return 'to90'
  if (ageMs <= 180 * daysMs) return 'to180'
  return ageMs <= 365 * daysMs ? 'to365' : 'older'
}
