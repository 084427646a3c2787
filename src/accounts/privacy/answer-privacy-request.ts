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
import type { PrivacyRequestAnsweredBefore } from './privacy-request.js'
import { privacyRequests } from './privacy-request.schema.js'

/**
 * Answers a request about personal data: it was met, or it is refused for a reason. The person is told, with the number.
 *
 * @errors NotFound, PrivacyRequestAnsweredBefore, CommandError
 */
export const answerPrivacyRequest = (
  ports: AccountsPorts,
  context: CommandContext,
  input: AnswerPrivacyRequestInput,
): ResultAsync<
  { readonly requestId: string; readonly status: 'done' | 'refused' },
  NotFound | PrivacyRequestAnsweredBefore | CommandError
> =>
  runCommand(ports, context, input, {
    action: 'accounts.answerPrivacyRequest',
    parse: parseAnswerPrivacyRequest,
    plan: ({ input: { requestId } }) => ({
      request: row(privacyRequests, requestId),
      account: row(accounts, { from: 'request', path: 'accountId' }),
    }),
    decide: ({ request, account }, { input: { requestId, outcome }, actor, now: at }) => {
      const refuse = (error: NotFound | PrivacyRequestAnsweredBefore) =>
        err<never, NotFound | PrivacyRequestAnsweredBefore>(error)
      if (request === undefined) return refuse({ type: 'NotFound', entity: 'privacyRequest', id: requestId })
      if (request.state.status !== 'open') {
        return refuse({ type: 'PrivacyRequestAnsweredBefore', status: request.state.status })
      }
      const status = outcome.kind
      const { accountId, number } = request.state
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
            subject: requestId,
            at,
            outcome: 'done',
            detail: status,
          }),
        ],
      })
    },
  })
