import { err, ok, type ResultAsync } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import type { SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { maySignIn } from './account-machine.js'
import { accounts } from './accounts.schema.js'
import {
  contactLines,
  knownDeviceLines,
  linesFor,
  linesLeft,
  ownDeviceLines,
  pausesUntil,
  spendCode,
  type TooManyCodes,
} from './budgets.js'
import { codeContact } from './calling-code.js'
import { contactLeft, contactLeftPlan } from './contact-budget.js'
import { type IdentifierMalformed, kindOfIdentifier } from './identifier.js'
import { type Identity, identifierSpace, identify, keysOf, type Visit } from './identify.js'
import type { RequestCodeInput } from './inputs.js'
import { parseRequestCode } from './inputs.schema.js'
import { deviceGuardOf, isKnownDevice } from './known-device.js'
import { knownDeviceBudgetPlan, knownDeviceLeft } from './known-device-budget.js'
import { type CodeReceiver, type CodeSent, openChallenge } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { AccountsPorts } from './ports.js'
import { contactOf } from './profile.js'

/** Why a code may not be asked for. */
export type RequestCodeError = IdentifierMalformed | TooManyCodes | CommandError

/**
 * Sends a code by which a forgotten password can be set anew, to the address or number that was named, or to that of the
 * user name. The answer is the same whether there is an account or not, and so is the challenge, but for a code that
 * nobody is ever sent. At a device that the account knows, the codes are counted apart from those of everybody else.
 *
 * @errors EmailMalformed, PhoneMalformed, UserNameMalformed, TooManyCodes, CommandError
 */
export const requestReset = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestCodeInput,
): ResultAsync<CodeSent, RequestCodeError> =>
  requestCode(ports, context, input, { action: 'accounts.requestReset', purpose: 'reset' })

/**
 * Sends a code to sign in by, as `requestReset` sends one, with the same answer whether there is an account or not.
 *
 * @errors EmailMalformed, PhoneMalformed, UserNameMalformed, TooManyCodes, CommandError
 */
export const requestSignInCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestCodeInput,
): ResultAsync<CodeSent, RequestCodeError> =>
  requestCode(ports, context, input, { action: 'accounts.requestSignInCode', purpose: 'signIn' })

/** A code that a stranger asks for, with an identifier. */
const requestCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
  { action, purpose }: { readonly action: string; readonly purpose: 'reset' | 'signIn' },
): ResultAsync<CodeSent, RequestCodeError> => {
  const policy = ports.accountsPolicy
  const strangersLines = (visit: Visit, now: Instant) => linesFor(policy.code, visit, now)
  // Input of a wrong shape is refused at the command's door and never comes as far as its identifier.
  const typed = parseRequestCode(input).match(
    ({ identifier }) => identifier,
    () => '',
  )
  return identify(ports, context, { kind: kindOfIdentifier(typed), typed }).andThen((visit) =>
    runCommand(ports, context, input, {
      action,
      parse: parseRequestCode,
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOf(visit)),
        account: row(accounts, { from: 'owner', path: '' }),
        key: row(subjectKeys, { from: 'owner', path: '' }),
        deviceGuard: deviceGuardOf({ from: 'owner', path: '' }, visit.origin.device),
        left: linesLeft([
          ...strangersLines(visit, now),
          ...keysOf(visit).flatMap((key) => ownDeviceLines(policy.code, key, visit.origin, now)),
        ]),
        pauses: pausesUntil(keysOf(visit)),
        ...knownDeviceBudgetPlan(policy, now),
        ...contactLeftPlan(now),
      }),
      decide: ({ left, pauses, account, key, deviceGuard, ...others }, { actor, now: at }) => {
        if (visit.identity.isErr()) return err<never, RequestCodeError>(visit.identity.error)
        const identity = visit.identity.value
        const found = receiverOf(identity, account, key?.state, at)
        const isKnown = isKnownDevice(deviceGuard, at, policy.guard)
        const lines =
          account !== undefined && isKnown
            ? knownDeviceLines(
                policy.code,
                { accountId: account.id, identifierKey: identity.key, contact: found?.sentTo, origin: visit.origin },
                at,
              )
            : strangersLines(visit, at)
        const spent = spendCode(lines, new Map([...left, ...pauses, ...knownDeviceLeft(others)]))
        if (spent.isErr()) return err<never, RequestCodeError>(spent.error)
        // Whoever names but a user name is sent no more than the contact may be; and not told, for it would tell whose name it is.
        const alsoSpent =
          found === undefined || isKnown || found.sentTo.key === identity.key
            ? ok<readonly Change[], TooManyCodes>([])
            : spendCode(contactLines(policy.code, found.sentTo, at), contactLeft(others))
        const receiver = alsoSpent.isOk() ? found : undefined
        const { kind, key: identifierKey } = identity
        const contact = kind === 'userName' ? undefined : codeContact(kind, identity)
        return openChallenge(ports, { purpose, identifierKey, receiver, contact, at }).map(
          ({ answer, changes }): Decision<CodeSent> => ({
            answer,
            changes: [
              ...changes,
              ...spent.value,
              ...alsoSpent.unwrapOr([]),
              ownAuditEntry(ports.ids, { actor, action, id: answer.challengeId, at }),
            ],
          }),
        )
      },
    }),
  )
}

// A code goes where it was asked for; who names but a user name is reached at the account's own contact.
const receiverOf = (
  { kind }: Identity,
  account: Stored<Account> | undefined,
  key: SubjectKey | undefined,
  at: Instant,
): CodeReceiver | undefined => {
  if (account === undefined || key === undefined || !maySignIn(account.state, at)) return undefined
  const { accountId, identifiers, sessionEpoch: epoch } = account.state
  const contact = kind === 'userName' ? contactOf(identifiers) : kind
  const bound = contact === undefined ? undefined : identifiers[contact]
  return contact === undefined || bound === undefined
    ? undefined
    : { accountId, epoch, key, sentTo: codeContact(contact, bound) }
}
