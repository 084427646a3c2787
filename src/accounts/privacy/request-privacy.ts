import { err, ok, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../../notify/queue-message.js'
import { type Actor, customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { InvalidInput, NotFound } from '../../shared/errors.js'
import { daysMs, type Instant } from '../../shared/instant.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { noticeChannel } from '../profile.js'
import { openRequestsOf, putRequest } from './close-request.js'
import { checkPurpose, type PurposeMissing } from './on-request.js'
import type { RequestPrivacyInput } from './privacy-inputs.js'
import { parseRequestPrivacy } from './privacy-inputs.schema.js'
import type { PrivacyAsker, PrivacyRequest, PrivacyRequestKind, PrivacyRequestOpen } from './privacy-request.js'

/** A request as it was taken in. */
export type PrivacyRequestTaken = { readonly requestId: string; readonly number: string; readonly dueAt: Instant }

type Refused = PrivacyRequestOpen | PurposeMissing | InvalidInput | NotFound

/**
 * Takes in a request of a person about their data: it gets a number and a day by which it is answered. What a person can do
 * at once by themselves (`exportData`, `correctProfile`, `erase`) needs none.
 *
 * Whoever cannot sign in (banned, without their contact, a child's guardian, next of kin) turns to the shop: staff with the
 * role `privacy` and a purpose take it in on their behalf, once they have found out who it is, and carry it out by the same
 * verbs with `onRequest`. The account is told.
 *
 * @errors PrivacyRequestOpen when one of the kind is open, PurposeMissing, NotFound, CommandError
 */
export const requestPrivacy = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestPrivacyInput,
): ResultAsync<PrivacyRequestTaken, PrivacyRequestOpen | PurposeMissing | NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.requestPrivacy',
    parse: parseRequestPrivacy,
    plan: ({ actor, input }) => ({
      account: row(accounts, aboutWhom(actor, input)),
      open: openRequestsOf(aboutWhom(actor, input)),
    }),
    decide: ({ account, open }, { input, actor, now: at }) => {
      const refuse = (error: Refused) => err<never, Refused>(error)
      const { kind, onBehalf } = input
      const stated = checkPurpose(actor, 'accounts.requestPrivacy')
      if (stated.isErr()) return refuse(stated.error)
      if (actor.kind === 'staff' && onBehalf === undefined) return refuse(onBehalfOfWhom)
      const accountId = aboutWhom(actor, input)
      if (account === undefined || !isStanding(account.state)) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = open.find(({ state }) => state.kind === kind)?.state
      if (before !== undefined) {
        return refuse({ type: 'PrivacyRequestOpen', number: before.number, dueAt: before.dueAt })
      }
      const request = newRequest(ports, { accountId, kind, at, ...(onBehalf === undefined ? {} : onBehalf) })
      const { requestId, number, dueAt } = request
      return ok({
        answer: { requestId, number, dueAt },
        changes: [
          expectRow(accounts, account),
          ...putRequest(request),
          ...(onBehalf === undefined
            ? []
            : [
                queueMessage({
                  cause: `${requestId}:taken`,
                  accountId,
                  channel: noticeChannel(account.state.identifiers),
                  template: 'privacyRequestTaken',
                  facts: { number },
                  at,
                }),
              ]),
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.requestPrivacy',
            subject: accountId,
            at,
            outcome: 'done',
            detail: onBehalf === undefined ? `${kind}:${requestId}` : `${kind}:${onBehalf.askedBy}:${requestId}`,
          }),
        ],
      })
    },
  })

const onBehalfOfWhom: InvalidInput = {
  type: 'InvalidInput',
  issues: [{ path: 'onBehalf', code: 'required', message: 'Staff say whose data it is about, and who turned to them' }],
}

// A customer asks about themselves, and names nobody else.
const aboutWhom = (actor: Actor, { onBehalf }: RequestPrivacyInput): string =>
  actor.kind === 'staff' ? (onBehalf?.accountId ?? '') : onBehalf === undefined ? customerIdOf(actor) : ''

/** A request that begins at a moment. */
export const newRequest = (
  ports: AccountsPorts,
  asked: {
    readonly accountId: string
    readonly kind: PrivacyRequestKind
    readonly at: Instant
    readonly askedBy?: PrivacyAsker
  },
): Extract<PrivacyRequest, { readonly status: 'open' }> => {
  const { accountId, kind, at, askedBy } = asked
  return {
    status: 'open',
    requestId: ports.ids.next('privacy'),
    number: `P${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}-${ports.ids.digits(8)}`,
    accountId,
    kind,
    askedAt: at,
    dueAt: at + ports.accountsPolicy.privacy.answerWithinDays * daysMs,
    ...(askedBy === undefined ? {} : { askedBy }),
  }
}
