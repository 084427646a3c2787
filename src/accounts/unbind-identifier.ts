import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { expectRow, release } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { AccountError } from './account.js'
import { accounts } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { keepFormer } from './anomaly/keep-former.js'
import type { ContactKind, IdentifierKind } from './identifier.js'
import { identifierSpace } from './identify.js'
import type { UnbindInput } from './inputs.js'
import { parseUnbind } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'
import { openProfile } from './profile.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import { waysOf } from './second-factor/second-factor-machine.js'
import { tellOfIdentifier } from './tell-of-identifier.js'
import { changeAccount } from './write-account.js'

/** Codes of the second factor go there: take that way off it first. */
export type ContactInUse = { readonly type: 'ContactInUse'; readonly kind: ContactKind }

/** Why an identifier may not be taken off. */
export type UnbindError = AccountError | ContactInUse | NotFound | Unreadable | CommandError

/**
 * Takes an identifier off one's account; it is free again, and every contact the account had is told. One address or
 * number has to stay, and that which the shop asks of who registers.
 *
 * @errors NotBound, LastContact, ContactInUse, NotFound, Unreadable, StepUpRequired, CommandError
 */
export const unbindIdentifier = (
  ports: AccountsPorts,
  context: CommandContext,
  input: UnbindInput,
): ResultAsync<{ readonly accountId: string; readonly kind: IdentifierKind }, UnbindError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.unbind',
    parse: parseUnbind,
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      factor: row(secondFactors, accountId),
      former: row(formerContacts, accountId),
    }),
    decide: ({ account, key, factor, former }, { input: { kind }, actor, now: at }) => {
      const refuse = (error: UnbindError) => err<never, UnbindError>(error)
      if (account?.state.status !== 'active' || key === undefined) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const standing = account.state
      const before = standing.identifiers[kind]
      const unbound = changeAccount(account, { type: 'Unbind', kind })
      if (unbound.isErr() || before === undefined) {
        return refuse(unbound.isErr() ? unbound.error : { type: 'NotBound', kind })
      }
      if (kind === ports.accountsPolicy.registration.identifier) return refuse({ type: 'LastContact', kind })
      if (kind !== 'userName' && waysOf(factor?.state).includes(kind)) return refuse({ type: 'ContactInUse', kind })
      return openProfile(ports.sealer, key.state, standing)
        .andThen((profile) =>
          tellOfIdentifier(ports, {
            cause: `${accountId}:${account.version}`,
            account: standing,
            key: key.state,
            profile,
            kind,
            change: 'removed',
            at,
          }).andThen((notices) =>
            keepFormer(ports, { accountId, key: key.state, former, kind, bound: before, text: profile[kind], at }).map(
              (kept) => [...notices, ...kept],
            ),
          ),
        )
        .map(
          (notices): Decision<{ readonly accountId: string; readonly kind: IdentifierKind }> => ({
            answer: { accountId, kind },
            changes: [
              unbound.value,
              ...(factor === undefined ? [] : [expectRow(secondFactors, factor)]),
              release({ space: identifierSpace, key: before.key, owner: accountId }),
              ...notices,
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.unbind',
                subject: accountId,
                at,
                outcome: 'done',
                detail: kind,
              }),
            ],
          }),
        )
    },
  })
}
