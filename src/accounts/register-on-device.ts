import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import type { Decision } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { claims } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import {
  type CodeLine,
  installationLine,
  linesFor,
  linesLeft,
  nameLines,
  spendCode,
  type TooManyCodes,
  type TooManyNames,
} from './budgets.js'
import type { GuardianRequired } from './consent.js'
import type { IdentifierMalformed } from './identifier.js'
import { identifierSpace, identify, keysOf, type Visit } from './identify.js'
import type { RegisterOnDeviceInput } from './inputs.js'
import { parseRegisterOnDevice } from './inputs.schema.js'
import {
  findInstallation,
  type InstallationError,
  type KnownInstallation,
  notOffered,
  refusedInstallation,
} from './installation.js'
import { createNewPassword } from './new-password.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { PasswordRefused } from './password-policy.js'
import type { AccountsPorts, BreachListUnavailable, HasherUnavailable } from './ports.js'
import { checkPerson, countRegistered, newcomer, type Registered } from './register-account.js'
import type { DetailsRefused } from './registration-fields.js'
import type { UserNameTaken } from './set-user-name.js'

/** Why a registration from a device may be refused. */
export type RegisterOnDeviceError =
  | InstallationError
  | IdentifierMalformed
  | UserNameTaken
  | TooManyNames
  | DetailsRefused
  | PasswordRefused
  | BreachListUnavailable
  | GuardianRequired
  | TooManyCodes
  | HasherUnavailable
  | CommandError

/** What came of it; a name that another has is counted, and so it is an answer of the command. */
type Outcome = { readonly kind: 'registered'; readonly registered: Registered } | { readonly kind: 'taken' }

/**
 * Registers a person by a user name, from a device that the port `installations` vouches for; a code goes there by push.
 * Nothing is claimed until it comes back: of several who wait for one name, whoever is first to activate has it.
 *
 * Off unless the policy says `activationByPush`. The account has no contact until one is bound.
 *
 * @errors ActivationByPushNotOffered, InstallationRefused, InstallationsUnavailable, UserNameMalformed, UserNameTaken,
 * TooManyNames once that was too often, GuardianRequired, DetailsRefused, PasswordRefused, BreachListUnavailable, TooManyCodes where the installation has
 * registered as many as it may or too many codes were asked for, HasherUnavailable, CommandError
 */
export const registerOnDevice = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RegisterOnDeviceInput,
): ResultAsync<Registered, RegisterOnDeviceError> => {
  const policy = ports.accountsPolicy
  const typed = parseRegisterOnDevice(input)
  const given = typed.unwrapOr({ userName: '', evidence: '', password: '' })
  const password = createNewPassword(ports, context.origin, given.password)
  const isRefusedAnyway = (input: Omit<RegisterOnDeviceInput, 'locale'>): boolean =>
    checkPerson(policy, input, ports.clock.now()).isErr() || password.judge(input).isErr()
  const found = identify(ports, context, { kind: 'userName', typed: given.userName }).andThen((visit) =>
    // Somebody may pay for each question: none is asked for what is refused by itself, whatever the answer is.
    (policy.activationByPush === null
      ? okAsync(notOffered)
      : visit.identity.isErr() || isRefusedAnyway(given)
        ? okAsync(refusedInstallation)
        : findInstallation(ports, given.evidence)
    ).map((installation) => ({
      visit,
      installation,
    })),
  )
  return found
    .andThen(({ visit, installation }) =>
      runCommand(ports, context, input, {
        action: 'accounts.registerOnDevice',
        // The password stays out of what is remembered of the command, and evidence is another one on every try.
        parse: () => typed.map(({ password: _, evidence: __, ...rest }) => rest),
        plan: ({ now }) => ({
          owner: claims(identifierSpace, keysOf(visit)),
          left: linesLeft(linesOf(ports, visit, installation, now)),
          namesLeft: linesLeft(namesOf(ports, visit, installation, now)),
        }),
        decide: (facts, { input, actor, now }) => {
          const refuse = (error: RegisterOnDeviceError) => err<never, RegisterOnDeviceError>(error)
          if (visit.identity.isErr()) return refuse(visit.identity.error)
          if (installation.isErr() && installation.error.type === 'ActivationByPushNotOffered') {
            return refuse(installation.error)
          }
          const identity = visit.identity.value
          const details = checkPerson(policy, input, now)
          if (details.isErr()) return refuse(details.error)
          const judged = password.judge(input)
          if (judged.isErr()) return refuse(judged.error)
          if (installation.isErr()) return refuse(installation.error)
          const asked = spendCode(namesOf(ports, visit, installation, now), facts.namesLeft)
          if (asked.isErr()) return refuse({ type: 'TooManyNames', retryAt: asked.error.retryAt })
          if (facts.owner.has(identity.key)) {
            return okAsync<Decision<Outcome>, RegisterOnDeviceError>({
              answer: { kind: 'taken' },
              changes: asked.value,
            })
          }
          const spent = spendCode(linesOf(ports, visit, installation, now), facts.left)
          if (spent.isErr()) return refuse(spent.error)
          const { key: pushedTo, pushAddress: address } = installation.value
          return password
            .hash()
            .andThen((hash) =>
              newcomer(ports, {
                input,
                details: details.value,
                identity,
                target: { pushedTo, address },
                password: hash,
                now,
                taken: undefined,
              }),
            )
            .map(
              ({ changes, answer }): Decision<Outcome> => ({
                answer: { kind: 'registered', registered: answer },
                changes: [
                  ...changes,
                  ...spent.value,
                  ...countRegistered(input.openedAt, now),
                  ownAuditEntry(ports.ids, {
                    actor,
                    action: 'accounts.registerOnDevice',
                    id: answer.challengeId,
                    at: now,
                  }),
                ],
              }),
            )
        },
      }),
    )
    .andThen((outcome) =>
      outcome.kind === 'taken' ? err<never, RegisterOnDeviceError>({ type: 'UserNameTaken' }) : ok(outcome.registered),
    )
}

// A name that another has is counted by the installation, beside the device and the network.
const namesOf = (
  { accountsPolicy: { code } }: AccountsPorts,
  { origin }: Visit,
  installation: Result<KnownInstallation, InstallationError>,
  now: Instant,
): readonly CodeLine[] =>
  installation.match(
    ({ key }) => nameLines(code, origin, key, now),
    () => [],
  )

// Whoever activates none of them has spent them all the same: a device would wait for names without end.
const linesOf = (
  { accountsPolicy: { code, activationByPush } }: AccountsPorts,
  visit: Visit,
  installation: Result<KnownInstallation, InstallationError>,
  now: Instant,
): readonly CodeLine[] => [
  ...linesFor(code, visit, now),
  ...installation.match(
    ({ key }) =>
      activationByPush === null ? [] : [installationLine(key, activationByPush.accountsPerInstallation, now)],
    () => [],
  ),
]
