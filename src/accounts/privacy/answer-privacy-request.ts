import { err, ok, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../../notify/queue-message.js'
import { auditEntry } from '../../shared/audit-entry.js'
import type { NotFound } from '../../shared/errors.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { noticeChannel } from '../profile.js'
import { closeRequest } from './close-request.js'
import type { AnswerPrivacyRequestInput } from './privacy-inputs.js'
import { parseAnswerPrivacyRequest } from './privacy-inputs.schema.js'
import type { PrivacyRequestAnsweredBefore, RequestNotCarriedOut } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'

/** Why a request is not answered. */
export type AnswerPrivacyRequestError = NotFound | PrivacyRequestAnsweredBefore | RequestNotCarriedOut | CommandError

/**
 * Answers a request about personal data: it was met, or it is refused for a reason. The person is told, with the number. That
 * somebody was erased is told by the erasure itself, which answers its request, so that none is called done of whom
 * everything is still there. Of the other kinds the shop alone knows: a copy may have gone by letter, a correction may be of
 * what a host keeps.
 *
 * @errors NotFound, PrivacyRequestAnsweredBefore, RequestNotCarriedOut, CommandError
 */
export const answerPrivacyRequest = (
  ports: AccountsPorts,
  context: CommandContext,
  input: AnswerPrivacyRequestInput,
): ResultAsync<{ readonly requestId: string; readonly status: 'done' | 'refused' }, AnswerPrivacyRequestError> =>
  runCommand(ports, context, input, {
    action: 'accounts.answerPrivacyRequest',
    parse: parseAnswerPrivacyRequest,
    plan: ({ input: { requestId } }) => ({
      request: row(privacyRequests, requestId),
      account: row(accounts, { from: 'request', path: 'accountId' }),
    }),
    decide: ({ request, account }, { input: { requestId, outcome }, actor, now: at }) => {
      const refuse = (error: AnswerPrivacyRequestError) => err<never, AnswerPrivacyRequestError>(error)
      if (request === undefined) return refuse({ type: 'NotFound', entity: 'privacyRequest', id: requestId })
      if (request.state.status !== 'open') {
        return refuse({ type: 'PrivacyRequestAnsweredBefore', status: request.state.status })
      }
      const status = outcome.kind
      const { accountId, number, kind } = request.state
      if (kind === 'erasure' && status === 'done' && account !== undefined && account.state.status !== 'erased') {
        return refuse({ type: 'RequestNotCarriedOut', kind })
      }
      return ok({
        answer: { requestId, status },
        changes: [
          ...closeRequest(request, outcome, at),
          ...(isStanding(account?.state)
            ? [
                queueMessage({
                  cause: `${requestId}:answered`,
                  accountId,
                  channel: noticeChannel(account.state.identifiers),
                  template: status === 'done' ? 'privacyRequestDone' : 'privacyRequestRefused',
                  facts: { number },
                  at,
                }),
              ]
            : []),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.answerPrivacyRequest',
            subject: accountId,
            at,
            outcome: 'done',
            detail: `${status}:${requestId}`,
          }),
        ],
      })
    },
  })
