import { err, ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import { daysMs, type Instant } from '../../shared/instant.js'
import { find, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { RequestPrivacyInput } from './privacy-inputs.js'
import { parseRequestPrivacy } from './privacy-inputs.schema.js'
import type { PrivacyRequest, PrivacyRequestEvent, PrivacyRequestKind, PrivacyRequestOpen } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'

/** A request as it was taken in. */
export type PrivacyRequestTaken = { readonly requestId: string; readonly number: string; readonly dueAt: Instant }

/**
 * Takes in a request of a person about their data: it gets a number and a day by which it is answered. What a person can do
 * at once by themselves (`exportData`, `correctProfile`, `erase`) needs none.
 *
 * @errors PrivacyRequestOpen when one of the kind is open, NotFound, CommandError
 */
export const requestPrivacy = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestPrivacyInput,
): ResultAsync<PrivacyRequestTaken, PrivacyRequestOpen | NotFound | CommandError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.requestPrivacy',
    parse: parseRequestPrivacy,
    plan: ({ input: { kind } }) => ({
      account: row(accounts, accountId),
      open: find(privacyRequests, {
        where: [
          { field: 'accountId', is: 'eq', value: accountId },
          { field: 'kind', is: 'eq', value: kind },
          { field: 'status', is: 'eq', value: 'open' },
        ],
        limit: 1,
      }),
    }),
    decide: ({ account, open }, { input: { kind }, actor, now: at }) => {
      const refuse = (error: PrivacyRequestOpen | NotFound) => err<never, PrivacyRequestOpen | NotFound>(error)
      if (account === undefined || !isStanding(account.state)) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = open[0]?.state
      if (before !== undefined) {
        return refuse({ type: 'PrivacyRequestOpen', number: before.number, dueAt: before.dueAt })
      }
      const request = newRequest(ports, accountId, kind, at)
      const { requestId, number, dueAt } = request
      return ok({
        answer: { requestId, number, dueAt },
        changes: [
          expectRow(accounts, account),
          putRequest(request),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.requestPrivacy',
            subject: requestId,
            at,
            outcome: 'done',
            detail: kind,
          }),
        ],
      })
    },
  })
}

/** A request that begins at a moment. */
export const newRequest = (
  ports: AccountsPorts,
  accountId: string,
  kind: PrivacyRequestKind,
  at: Instant,
): Extract<PrivacyRequest, { readonly status: 'open' }> => ({
  status: 'open',
  requestId: ports.ids.next('privacy'),
  number: `P${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}-${ports.ids.digits(8)}`,
  accountId,
  kind,
  askedAt: at,
  dueAt: at + ports.accountsPolicy.privacy.answerWithinDays * daysMs,
})

/** Writes a new request. */
export const putRequest = (state: PrivacyRequest): Change => {
  const { requestId, accountId, kind, dueAt, status } = state
  const events: readonly PrivacyRequestEvent[] = [
    { type: 'PrivacyRequested', requestId, accountId, kind, dueAt },
    ...(status === 'open' ? [] : [{ type: 'PrivacyRequestAnswered' as const, requestId, accountId, status }]),
  ]
  return put(privacyRequests, { id: requestId, version: 0, state, events })
}
