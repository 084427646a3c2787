import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { expectRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { accounts } from './accounts.schema.js'
import { linesFor, linesLeft, pausesUntil, spendCode, type TooManyCodes } from './budgets.js'
import { codeContact } from './calling-code.js'
import { asContactError, contactMeant, noContact } from './contact-meant.js'
import type { EmailMalformed } from './email-address.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { RequestBindingInput } from './inputs.js'
import { parseRequestBinding } from './inputs.schema.js'
import { type CodeSent, openChallenge } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AccountsPorts } from './ports.js'
import { tellOwner } from './register-account.js'

/** The address or number is the account's already. */
export type AlreadyBound = { readonly type: 'AlreadyBound' }

/** Why an address or number may not be asked to be bound. */
export type RequestBindingError =
  | EmailMalformed
  | PhoneMalformed
  | AlreadyBound
  | TooManyCodes
  | NotFound
  | CommandError

/**
 * Asks to add an e-mail address or a mobile number to one's account, or to put it in the place of the one there is; a
 * code goes to the new one. Whoever names what is another's gets the same answer, and its owner a message.
 *
 * @errors EmailMalformed, PhoneMalformed, AlreadyBound, TooManyCodes, NotFound, StepUpRequired, CommandError
 */
export const requestBinding = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestBindingInput,
): ResultAsync<CodeSent, RequestBindingError> => {
  const policy = ports.accountsPolicy.code
  const accountId = customerIdOf(context.actor)
  const meant = parseRequestBinding(input).match(contactMeant, () => noContact)
  return identify(ports, context, meant).andThen((visit) =>
    runCommand(ports, context, input, {
      action: 'accounts.requestBinding',
      parse: parseRequestBinding,
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOf(visit)),
        account: row(accounts, accountId),
        key: row(subjectKeys, accountId),
        left: linesLeft(linesFor(policy, visit, now, accountId)),
        pauses: pausesUntil(keysOf(visit)),
      }),
      decide: ({ owner, account, key, left, pauses }, { actor, now: at }) => {
        const refuse = (error: RequestBindingError) => err<never, RequestBindingError>(error)
        if (account?.state.status !== 'active' || key === undefined) {
          return refuse({ type: 'NotFound', entity: 'account', id: accountId })
        }
        if (visit.identity.isErr()) return refuse(asContactError(visit.identity.error))
        const { key: identifierKey, value: address } = visit.identity.value
        const holder = owner.get(identifierKey)
        if (holder === accountId) return refuse({ type: 'AlreadyBound' })
        const spent = spendCode(linesFor(policy, visit, at, accountId), new Map([...left, ...pauses]))
        if (spent.isErr()) return refuse(spent.error)
        const { sessionEpoch: epoch } = account.state
        const sentTo = codeContact(meant.kind, visit.identity.value)
        const receiver = { accountId, epoch, key: key.state, sentTo, address }
        return openChallenge(ports, { purpose: 'bind', identifierKey, receiver, at }).map(
          ({ answer, changes, decoy }): Decision<CodeSent> => ({
            answer,
            changes: [
              expectRow(accounts, account),
              ...(holder === undefined ? changes : [...decoy, tellOwner(answer.challengeId, holder, meant.kind, at)]),
              ...spent.value,
              ownAuditEntry(ports.ids, { actor, action: 'accounts.requestBinding', id: answer.challengeId, at }),
            ],
          }),
        )
      },
    }),
  )
}
