import { err, type Result, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { expectRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { InvalidInput, NotFound } from '../shared/errors.js'
import { digestOrigin } from '../shared/origin.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { AccountError } from './account.js'
import type { StandingAccount } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import type { TooManyCodes } from './budgets.js'
import { codeContact } from './calling-code.js'
import { contactBudgetPlan, spendContactCode } from './contact-budget.js'
import type { ContactKind } from './identifier.js'
import type { SentPurpose } from './issue-code.js'
import { type CodeSent, openChallenge } from './open-challenge.js'
import type { AccountsPorts } from './ports.js'
import type { FactorWay } from './second-factor/second-factor.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { waysOf } from './second-factor/second-factor-machine.js'

/** Why no code is sent to a contact of one's own. */
export type SendOwnCodeError =
  | Extract<AccountError, { readonly type: 'NotBound' }>
  | TooManyCodes
  | NotFound
  | CommandError

/** What a code is for, and whether it may be. */
type OwnCode<Failure> = {
  readonly action: string
  readonly purpose: SentPurpose
  readonly parse: (input: unknown) => Result<{ readonly to?: ContactKind }, InvalidInput>
  /** Whether a code for this may go to the contact, by the ways that the second factor has. */
  readonly allow: (to: ContactKind, ways: readonly FactorWay[], account: StandingAccount) => Result<void, Failure>
}

/**
 * Sends a code to an address or number of the buyer's own account: the one that was named, or else the number, or the address
 * where there is no number that it may go to.
 *
 * @errors NotBound when the account has no such contact, TooManyCodes, NotFound, CommandError, and what the code's purpose
 * refuses
 */
export const sendOwnCode = <Failure>(
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
  { action, purpose, parse, allow }: OwnCode<Failure>,
): ResultAsync<CodeSent, SendOwnCodeError | Failure> => {
  const policy = ports.accountsPolicy
  const accountId = customerIdOf(context.actor)
  return digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action,
      parse,
      plan: ({ now }) => ({
        account: row(accounts, accountId),
        key: row(subjectKeys, accountId),
        factor: row(secondFactors, accountId),
        ...contactBudgetPlan(policy, origin, now),
      }),
      decide: (facts, { actor, now: at, input: { to } }) => {
        const refuse = (error: SendOwnCodeError | Failure) => err<never, SendOwnCodeError | Failure>(error)
        const { account, key, factor } = facts
        if (account?.state.status !== 'active' || key === undefined) {
          return refuse({ type: 'NotFound', entity: 'account', id: accountId })
        }
        const { identifiers, sessionEpoch: epoch } = account.state
        const standing = account.state
        const mayGoTo = (contact: ContactKind) => allow(contact, waysOf(factor?.state), standing)
        const inTurn = (['phone', 'email'] as const).filter((contact) => identifiers[contact] !== undefined)
        const kind = to ?? inTurn.find((contact) => mayGoTo(contact).isOk()) ?? inTurn[0] ?? 'email'
        const bound = identifiers[kind]
        if (bound === undefined) return refuse({ type: 'NotBound', kind })
        const allowed = mayGoTo(kind)
        if (allowed.isErr()) return refuse(allowed.error)
        const sentTo = codeContact(kind, bound)
        const spent = spendContactCode(policy, facts, { contact: sentTo, accountId, origin }, at)
        if (spent.isErr()) return refuse(spent.error)
        const receiver = { accountId, epoch, key: key.state, sentTo }
        return openChallenge(ports, { purpose, identifierKey: bound.key, receiver, at }).map(
          ({ answer, changes }): Decision<CodeSent> => ({
            answer,
            changes: [
              expectRow(accounts, account),
              ...changes,
              ...spent.value,
              auditEntry(ports.ids, { actor, action, subject: accountId, at, outcome: 'done' }),
            ],
          }),
        )
      },
    }),
  )
}
