import { err, okAsync, type ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { maySignIn } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import { linesFor, linesLeft, spendCode } from './budgets.js'
import { identifierSpace, identify, keysOf } from './identify.js'
import type { RequestResetOnDeviceInput } from './inputs.js'
import { parseRequestResetOnDevice } from './inputs.schema.js'
import {
  findInstallation,
  type InstallationError,
  type KnownInstallation,
  refusedInstallation,
} from './installation.js'
import { type CodeSent, openChallenge, type PushReceiver } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { AccountsPorts } from './ports.js'
import { contactOf } from './profile.js'
import type { RequestCodeError } from './request-code.js'

/**
 * Sends a code by which the password can be set anew, by push, to the installation that an account without address and
 * number was registered from: that one alone vouches for its owner. The answer is the same whether there is such an account or
 * not, has a contact, or is of another installation; the code is then sent to nobody.
 *
 * @errors ActivationByPushNotOffered without the port `installations`, InstallationRefused, InstallationsUnavailable,
 * UserNameMalformed, TooManyCodes, CommandError
 */
export const requestResetOnDevice = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestResetOnDeviceInput,
): ResultAsync<CodeSent, InstallationError | RequestCodeError> => {
  const policy = ports.accountsPolicy
  const action = 'accounts.requestResetOnDevice'
  const typed = parseRequestResetOnDevice(input)
  const given = typed.unwrapOr({ userName: '', evidence: '' })
  const found = identify(ports, context, { kind: 'userName', typed: given.userName }).andThen((visit) =>
    // Nobody is asked for what is refused whatever the answer is.
    (visit.identity.isErr() ? okAsync(refusedInstallation) : findInstallation(ports, given.evidence)).map(
      (installation) => ({ visit, installation }),
    ),
  )
  return found.andThen(({ visit, installation }) =>
    runCommand(ports, context, input, {
      action,
      // Evidence is another one on every try.
      parse: () => typed.map(({ userName }) => ({ userName })),
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOf(visit)),
        account: row(accounts, { from: 'owner', path: '' }),
        key: row(subjectKeys, { from: 'owner', path: '' }),
        left: linesLeft(linesFor(policy.code, visit, now)),
      }),
      decide: ({ account, key, left }, { actor, now: at }) => {
        const refuse = (error: InstallationError | RequestCodeError) =>
          err<never, InstallationError | RequestCodeError>(error)
        if (visit.identity.isErr()) return refuse(visit.identity.error)
        if (installation.isErr()) return refuse(installation.error)
        const spent = spendCode(linesFor(policy.code, visit, at), left)
        if (spent.isErr()) return refuse(spent.error)
        const identifierKey = visit.identity.value.key
        const receiver = receiverOf(installation.value, account, key?.state, at)
        return openChallenge(ports, { purpose: 'reset', identifierKey, receiver, at }).map(
          ({ answer, changes }): Decision<CodeSent> => ({
            answer,
            changes: [
              ...changes,
              ...spent.value,
              ownAuditEntry(ports.ids, { actor, action, id: answer.challengeId, at }),
            ],
          }),
        )
      },
    }),
  )
}

// Who has a contact is reached there, and a device that was lost is none of theirs.
const receiverOf = (
  { key: pushedTo, pushAddress: address }: KnownInstallation,
  account: Stored<Account> | undefined,
  key: SubjectKey | undefined,
  at: Instant,
): PushReceiver | undefined => {
  if (account === undefined || key === undefined || !maySignIn(account.state, at)) return undefined
  const { accountId, identifiers, sessionEpoch: epoch, installationKey } = account.state
  return contactOf(identifiers) === undefined && installationKey === pushedTo
    ? { accountId, epoch, key, pushedTo, address }
    : undefined
}
