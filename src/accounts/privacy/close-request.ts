import { type Change, claim, put, release } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { find, type Stored } from '../../shared/read-plan.js'
import type { PrivacyRefusal, PrivacyRequest, PrivacyRequestEvent } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'
import type { RecordVerdict } from './record-verdict.js'

/** How a request ends. */
export type RequestOutcome =
  | { readonly kind: 'done'; readonly verdicts?: readonly RecordVerdict[] }
  | { readonly kind: 'refused'; readonly reason: PrivacyRefusal }

const openSpace = 'openPrivacyRequest'

const openKey = ({ accountId, kind }: Pick<PrivacyRequest, 'accountId' | 'kind'>): string => `${accountId}:${kind}`

/** Asks for the requests of a person that are open: one of a kind at most. */
export const openRequestsOf = (accountId: string) =>
  find(privacyRequests, {
    where: [
      { field: 'accountId', is: 'eq', value: accountId },
      { field: 'status', is: 'eq', value: 'open' },
    ],
    limit: 20,
  })

/** Writes a new request. One of a kind is open at a time, also of two that are asked at once: it is a unique fact. */
export const putRequest = (state: PrivacyRequest): readonly Change[] => {
  const { requestId, accountId, kind, dueAt, status } = state
  const events: readonly PrivacyRequestEvent[] = [
    { type: 'PrivacyRequested', requestId, accountId, kind, dueAt },
    ...(status === 'open' ? [] : [{ type: 'PrivacyRequestAnswered' as const, requestId, accountId, status }]),
  ]
  return [
    put(privacyRequests, { id: requestId, version: 0, state, events }),
    ...(status === 'open' ? [claim({ space: openSpace, key: openKey(state), owner: requestId })] : []),
  ]
}

/** Answers a request that is open; another of its kind may be asked from then on. */
export const closeRequest = (
  { id, version, state }: Stored<PrivacyRequest>,
  outcome: RequestOutcome,
  at: Instant,
): readonly Change[] => {
  const { status: _, ...facts } = state
  const { requestId, accountId, kind, number, askedAt, dueAt, askedBy } = facts
  const kept = {
    requestId,
    number,
    accountId,
    kind,
    askedAt,
    dueAt,
    answeredAt: at,
    ...(askedBy === undefined ? {} : { askedBy }),
  }
  const answered: PrivacyRequest =
    outcome.kind === 'done'
      ? { ...kept, status: 'done', ...(outcome.verdicts === undefined ? {} : { verdicts: outcome.verdicts }) }
      : { ...kept, status: 'refused', reason: outcome.reason }
  const told: PrivacyRequestEvent = { type: 'PrivacyRequestAnswered', requestId, accountId, status: answered.status }
  return [
    put(privacyRequests, { id, version, state: answered, events: [told] }),
    release({ space: openSpace, key: openKey(state), owner: requestId }),
  ]
}
