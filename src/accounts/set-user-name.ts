import { err, ok, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { claim, release } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { AccountError } from './account.js'
import { accounts } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { keepFormer } from './anomaly/keep-former.js'
import { linesLeft, nameLines, spendCode, type TooManyNames } from './budgets.js'
import type { IdentifierMalformed } from './identifier.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { SetUserNameInput } from './inputs.js'
import { parseSetUserName } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'
import { openProfile, sealIdentifier } from './profile.js'
import type { AlreadyBound } from './request-binding.js'
import { tellOfIdentifier } from './tell-of-identifier.js'
import { changeAccount } from './write-account.js'

/** Another account has the name; whoever looks for a free one cannot but be told. */
export type UserNameTaken = { readonly type: 'UserNameTaken' }

/** Why a user name may not be had. */
export type SetUserNameError =
  | IdentifierMalformed
  | UserNameTaken
  | TooManyNames
  | AlreadyBound
  | AccountError
  | NotFound
  | Unreadable
  | CommandError

/** What became of the name; a name that another has is counted, and so it is an answer of the command. */
type Outcome = { readonly kind: 'set' | 'taken' }

/**
 * Gives one's account a user name, or another one; the one before is free again, and the account's contacts are told.
 *
 * @errors UserNameMalformed, UserNameTaken, TooManyNames once it was too often, AlreadyBound, NotFound, Unreadable,
 * StepUpRequired, CommandError
 */
export const setUserName = (
  ports: AccountsPorts,
  context: CommandContext,
  input: SetUserNameInput,
): ResultAsync<{ readonly accountId: string }, SetUserNameError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseSetUserName(input).match(
    ({ userName }) => userName,
    () => '',
  )
  return identify(ports, context, { kind: 'userName', typed }).andThen((visit) =>
    runCommand(ports, context, input, {
      action: 'accounts.setUserName',
      parse: parseSetUserName,
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOf(visit)),
        left: linesLeft(nameLines(ports.accountsPolicy.code, visit.origin, accountId, now)),
        account: row(accounts, accountId),
        key: row(subjectKeys, accountId),
        former: row(formerContacts, accountId),
      }),
      decide: ({ owner, left, account, key, former }, { actor, now: at }) => {
        const refuse = (error: SetUserNameError) => err<never, SetUserNameError>(error)
        if (account?.state.status !== 'active' || key === undefined) {
          return refuse({ type: 'NotFound', entity: 'account', id: accountId })
        }
        if (visit.identity.isErr()) return refuse(visit.identity.error)
        const identity = visit.identity.value
        const holder = owner.get(identity.key)
        if (holder === accountId) return refuse({ type: 'AlreadyBound' })
        // Also of a free one: that it is free would tell as much.
        const spent = spendCode(nameLines(ports.accountsPolicy.code, visit.origin, accountId, at), left)
        if (spent.isErr()) return refuse({ type: 'TooManyNames', retryAt: spent.error.retryAt })
        if (holder !== undefined)
          return ok<Decision<Outcome>, SetUserNameError>({ answer: { kind: 'taken' }, changes: spent.value })
        const standing = account.state
        const before = standing.identifiers.userName
        return sealIdentifier(ports.sealer, key.state, accountId, identity)
          .andThen((identifier) =>
            changeAccount(account, { type: 'Bind', kind: 'userName', identifier: { ...identifier, boundAt: at } }),
          )
          .andThen((change) =>
            openProfile(ports.sealer, key.state, standing)
              .andThen((profile) =>
                tellOfIdentifier(ports, {
                  cause: `${accountId}:${account.version}`,
                  account: standing,
                  key: key.state,
                  profile,
                  kind: 'userName',
                  change: before === undefined ? 'added' : 'changed',
                  at,
                }).andThen((notices) =>
                  keepFormer(ports, {
                    accountId,
                    key: key.state,
                    former,
                    kind: 'userName',
                    bound: before,
                    text: profile.userName,
                    at,
                  }).map((kept) => [...notices, ...kept]),
                ),
              )
              .map(
                (notices): Decision<Outcome> => ({
                  answer: { kind: 'set' },
                  changes: [
                    change,
                    claim({ space: identifierSpace, key: identity.key, owner: accountId }),
                    ...(before === undefined
                      ? []
                      : [release({ space: identifierSpace, key: before.key, owner: accountId })]),
                    ...notices,
                    auditEntry(ports.ids, {
                      actor,
                      action: 'accounts.setUserName',
                      subject: accountId,
                      at,
                      outcome: 'done',
                    }),
                  ],
                }),
              ),
          )
      },
      claimed: (taken) =>
        taken.space === identifierSpace ? err<never, SetUserNameError>({ type: 'UserNameTaken' }) : undefined,
    }).andThen((outcome) =>
      outcome.kind === 'set' ? ok({ accountId }) : err<never, SetUserNameError>({ type: 'UserNameTaken' }),
    ),
  )
}
