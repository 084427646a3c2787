import { okAsync, type ResultAsync } from 'neverthrow'
import type { AuditOrigin } from './audit.js'
import type { AuditNote, DecidedChange } from './commit.js'
import { type Decision, type DecisionSpec, decideAndCommit, type StorageError } from './decide-and-commit.js'
import { digestOrigin, type Origin, originParts } from './origin.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import type { ReadPlan } from './read-plan.js'

/**
 * Adds to the security events among changes from where their command came: digests of device and network, and the country
 * where the shop can tell it.
 *
 * @errors CryptoUnavailable
 */
export const noteOrigin = (
  ports: Pick<CorePorts, 'digests' | 'countries'>,
  origin: Origin | null | undefined,
  changes: readonly DecidedChange[],
): ResultAsync<readonly DecidedChange[], CryptoUnavailable> => {
  if (origin === undefined || origin === null || !changes.some(isSecurityEvent)) return okAsync(changes)
  return digestOrigin(ports.digests, origin).andThen((keys) =>
    countryOf(ports, originParts(origin).address).map((country) => {
      const noted: AuditOrigin = { ...keys, ...(country === undefined ? {} : { country }) }
      return changes.map((change) =>
        isSecurityEvent(change) ? { ...change, body: { ...change.body, origin: noted } } : change,
      )
    }),
  )
}

/**
 * Makes a decision as `decideAndCommit` does, with the origin of its command on each security event.
 *
 * @errors StorageError, CryptoUnavailable, and whatever the decision refuses
 */
export const decideFrom = <Plan extends ReadPlan, Answer, Failure>(
  ports: CorePorts,
  origin: Origin | undefined,
  spec: DecisionSpec<Plan, Answer, Failure>,
): ResultAsync<Answer, Failure | CryptoUnavailable | StorageError> =>
  decideAndCommit<Plan, Answer, Failure | CryptoUnavailable>(ports, {
    ...spec,
    decide: (facts, moment) =>
      okAsync<void, Failure | CryptoUnavailable>(undefined)
        .andThen(() => spec.decide(facts, moment))
        .andThen((decision) =>
          noteOrigin(ports, origin, decision.changes).map((changes): Decision<Answer> => ({ ...decision, changes })),
        ),
  })

const isSecurityEvent = (change: DecidedChange): change is AuditNote => change.kind === 'note'

// A country that cannot be told keeps nobody from anything.
const countryOf = (
  { countries }: Pick<CorePorts, 'countries'>,
  address: string | undefined,
): ResultAsync<string | undefined, never> =>
  countries === undefined || address === undefined
    ? okAsync(undefined)
    : countries
        .countryOf(address)
        .map((country) => (country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined))
        .orElse(() => okAsync(undefined))
