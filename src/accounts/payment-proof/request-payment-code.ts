import { err, ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountError } from '../account.js'
import { accounts } from '../accounts.schema.js'
import {
  identifierPrefixes,
  linesFor,
  linesLeft,
  rateBudgets,
  sharedLines,
  spendCode,
  type TooManyCodes,
} from '../budgets.js'
import type { ContactKind } from '../identifier.js'
import { digestOrigin } from '../identify.js'
import { type CodeSent, openChallenge } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { parseRequestPaymentCode } from './inputs.schema.js'

/** Why no code is sent before a payment. */
export type RequestPaymentCodeError =
  | Extract<AccountError, { readonly type: 'NotBound' }>
  | TooManyCodes
  | NotFound
  | CommandError

/**
 * Sends the buyer a code by which a payment is shown to be theirs; `accounts.provePayment` takes it.
 *
 * @errors NotBound when the account has no such contact, TooManyCodes, NotFound, CommandError
 */
export const requestPaymentCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<CodeSent, RequestPaymentCodeError> =>
  sendOwnCode(ports, context, input, { action: 'accounts.requestPaymentCode', purpose: 'pay' })

/**
 * Sends the buyer a code by which a forgotten payment password is set anew, `accounts.resetPaymentPassword`.
 *
 * @errors NotBound when the account has no such contact, TooManyCodes, NotFound, StepUpRequired, CommandError
 */
export const requestPaymentPasswordReset = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<CodeSent, RequestPaymentCodeError> =>
  sendOwnCode(ports, context, input, { action: 'accounts.requestPaymentPasswordReset', purpose: 'resetPayment' })

const sendOwnCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
  { action, purpose }: { readonly action: string; readonly purpose: 'pay' | 'resetPayment' },
): ResultAsync<CodeSent, RequestPaymentCodeError> => {
  const policy = ports.accountsPolicy.code
  const accountId = customerIdOf(context.actor)
  return digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action,
      parse: parseRequestPaymentCode,
      plan: ({ now }) => {
        const { minute, hour, day } = identifierPrefixes(now)
        return {
          account: row(accounts, accountId),
          key: row(subjectKeys, accountId),
          left: linesLeft(sharedLines(policy, origin, now, accountId)),
          // Which of its contacts a code goes to is known once the account is read.
          emailHour: spentBy('email', hour),
          emailDay: spentBy('email', day),
          phoneMinute: spentBy('phone', minute),
          phoneHour: spentBy('phone', hour),
          phoneDay: spentBy('phone', day),
        }
      },
      decide: (
        { account, key, left, emailHour, emailDay, phoneMinute, phoneHour, phoneDay },
        { actor, now: at, input: { to } },
      ) => {
        const refuse = (error: RequestPaymentCodeError) => err<never, RequestPaymentCodeError>(error)
        if (account?.state.status !== 'active' || key === undefined) {
          return refuse({ type: 'NotFound', entity: 'account', id: accountId })
        }
        const { identifiers, sessionEpoch: epoch } = account.state
        const kind = to ?? (identifiers.phone === undefined ? 'email' : 'phone')
        const bound = identifiers[kind]
        if (bound === undefined) return refuse({ type: 'NotBound', kind })
        const lines = linesFor(policy, { identity: ok({ kind, key: bound.key, value: '' }), origin }, at, accountId)
        const counted = [left, emailHour, emailDay, phoneMinute, phoneHour, phoneDay].flatMap((each) => [...each])
        const spent = spendCode(lines, new Map(counted))
        if (spent.isErr()) return refuse(spent.error)
        const receiver = { accountId, epoch, key: key.state, sentTo: { kind, key: bound.key } }
        return openChallenge(ports, { purpose, identifierKey: bound.key, receiver, at }).map(
          ({ answer, changes }): Decision<CodeSent> => ({
            answer,
            changes: [
              expectRow(accounts, account),
              ...changes,
              ...spent.value,
              auditEntry(ports.ids, { actor, action, subject: answer.challengeId, at, outcome: 'done' }),
            ],
          }),
        )
      },
    }),
  )
}

const spentBy = (kind: ContactKind, prefix: string) =>
  counters(rateBudgets, { from: 'account', path: `identifiers.${kind}.key`, prefix })
