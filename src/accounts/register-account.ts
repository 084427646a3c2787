import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { queueMessage } from '../notify/queue-message.js'
import { append, type Change, put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { daysMs, hoursMs, type Instant } from '../shared/instant.js'
import type { SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { claims } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { consentLog, credentials } from './accounts.schema.js'
import type { AccountsPolicy } from './accounts-policy.js'
import { type CodeLine, linesFor, linesLeft, ownLines, pausesUntil, spendCode, type TooManyCodes } from './budgets.js'
import { codeContact } from './calling-code.js'
import type { GuardianRequired } from './consent.js'
import { asContactError, contactsMeant } from './contact-meant.js'
import type { EmailMalformed } from './email-address.js'
import { countStep, monthOf } from './feedback/feedback-tally.js'
import type { ContactKind } from './identifier.js'
import { type Identity, identifierSpace, identify, keysOf, type Visit } from './identify.js'
import type { RegisterInput } from './inputs.js'
import { parseRegister } from './inputs.schema.js'
import { createNewPassword, type HashedPassword, nextCredential } from './new-password.js'
import { type CodeReceiver, type CodeSent, openChallenge, type PushReceiver } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { PasswordRefused } from './password-policy.js'
import type { PhoneMalformed } from './phone-number.js'
import type { AccountsPorts, BreachListUnavailable, HasherUnavailable } from './ports.js'
import { channelOf, sealIdentifier, sealTold } from './profile.js'
import {
  checkDetails,
  type DetailReason,
  type DetailsRefused,
  judgeIdentifier,
  type PersonDetails,
} from './registration-fields.js'
import { openAccount } from './write-account.js'

/** A registration that waits for its code. */
export type Registered = CodeSent & {
  /** The registration is void from then on, and the address as free as before. */
  readonly activateBy: Instant
  /** The other contact, where both were told; it belongs to nobody yet. */
  readonly second?: SecondContact
}

/**
 * A contact that waits to be bound, for a day. Once the account is active, `resendCode` sends its code and `confirmBinding` takes
 * it; afterwards `requestBinding` asks for another.
 */
export type SecondContact = Pick<CodeSent, 'challengeId' | 'resendAt'> & { readonly kind: ContactKind }

/** Why a registration may be refused. */
export type RegisterError =
  | EmailMalformed
  | PhoneMalformed
  | DetailsRefused
  | PasswordRefused
  | BreachListUnavailable
  | GuardianRequired
  | TooManyCodes
  | HasherUnavailable
  | CommandError

/**
 * Registers a person by e-mail address or mobile number, as the shop asks; a code goes there. Nothing is claimed until it
 * comes back. Another contact that is told with it is claimed by nobody either, and waits for a code of its own.
 *
 * Whoever registers what has an account gets the same answer, and its owner a message.
 *
 * @errors GuardianRequired, DetailsRefused with a reason by field, EmailMalformed, PhoneMalformed, PasswordRefused, BreachListUnavailable, TooManyCodes, HasherUnavailable,
 * CommandError
 */
export const registerAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RegisterInput,
): ResultAsync<Registered, RegisterError> => {
  const typed = parseRegister(input)
  const asked = ports.accountsPolicy.registration
  const { password, meant } = typed.match(
    (given) => ({
      password: createNewPassword(ports, context.origin, given.password),
      meant: contactsMeant(given, asked.identifier),
    }),
    () => ({ password: createNewPassword(ports, context.origin, ''), meant: contactsMeant({}) }),
  )
  const visits = identify(ports, context, meant.first).andThen((visit) =>
    meant.second === undefined
      ? okAsync({ visit, other: undefined })
      : identify(ports, context, meant.second).map((other) => ({ visit, other })),
  )
  const { code: codePolicy } = ports.accountsPolicy
  // Whoever has the other contact is told no more often than codes may go there, by whatever is told beside it.
  const linesOfOther = (other: Visit | undefined, now: Instant): readonly CodeLine[] =>
    other?.identity.isOk() ? ownLines(codePolicy, other.identity.value, now) : []
  return visits.andThen(({ visit, other }) =>
    runCommand(ports, context, input, {
      action: 'accounts.register',
      // The password stays out of what is remembered of the command.
      parse: () => typed.map(({ password: _, ...rest }) => rest),
      plan: ({ now }) => ({
        owner: claims(identifierSpace, keysOfBoth(visit, other)),
        left: linesLeft([...linesFor(codePolicy, visit, now), ...linesOfOther(other, now)]),
        pauses: pausesUntil(keysOfBoth(visit, other)),
      }),
      decide: (facts, { input, actor, now }) => {
        if (visit.identity.isErr()) return err<never, RegisterError>(asContactError(visit.identity.error))
        if (other?.identity.isErr()) return err<never, RegisterError>(asContactError(other.identity.error))
        const identity = visit.identity.value
        const second = other?.identity.isOk() ? other.identity.value : undefined
        const details = checkPerson(ports.accountsPolicy, input, now, judgeIdentifier(asked, meant.first.kind))
        if (details.isErr()) return err<never, RegisterError>(details.error)
        const contacts = {
          [identity.kind]: identity.value,
          ...(second === undefined ? {} : { [second.kind]: second.value }),
        }
        const judged = password.judge({ ...input, ...contacts })
        if (judged.isErr()) return err<never, RegisterError>(judged.error)
        const left = new Map([...facts.left, ...facts.pauses])
        const spent = spendCode(linesFor(codePolicy, visit, now), left)
        if (spent.isErr()) return err<never, RegisterError>(spent.error)
        const alsoSpent = spendCode(linesOfOther(other, now), left)
        const kind = meant.first.kind
        const owner = facts.owner.get(identity.key)
        const hashed = password.hash()
        return hashed.andThen((hash) =>
          newcomer(ports, {
            input,
            details: details.value,
            identity,
            target: { sentTo: codeContact(kind, identity), address: identity.value },
            password: hash,
            now,
            taken: owner === undefined ? undefined : { owner, kind },
            ...(second === undefined || meant.second === undefined
              ? {}
              : {
                  second: {
                    identity: second,
                    kind: meant.second.kind,
                    owner: facts.owner.get(second.key),
                    mayTell: alsoSpent.isOk(),
                  },
                }),
          }).map(
            ({ changes, answer }): Decision<Registered> => ({
              answer,
              changes: [
                ...changes,
                ...spent.value,
                ...alsoSpent.unwrapOr([]),
                // Counted alike where the identifier is taken.
                ...countRegistered(input.openedAt, now),
                ownAuditEntry(ports.ids, { actor, action: 'accounts.register', id: answer.challengeId, at: now }),
              ],
            }),
          ),
        )
      },
    }),
  )
}

const keysOfBoth = (visit: Visit, other: Visit | undefined): readonly string[] => [
  ...keysOf(visit),
  ...(other === undefined ? [] : keysOf(other)),
]

/**
 * Whether a person may register, and what they told of what the shop asks.
 *
 * @param lacking - what else is not as the shop asks for it
 */
export const checkPerson = (
  { privacy, registration }: Pick<AccountsPolicy, 'privacy' | 'registration'>,
  input: Pick<RegisterInput, 'birthDate' | 'details' | 'guardian'>,
  now: Instant,
  lacking: readonly DetailReason[] = [],
): Result<PersonDetails, GuardianRequired | DetailsRefused> => {
  const belowYears = privacy.guardianBelowYears
  return checkDetails(registration, input.details ?? {}, now, lacking).andThen((details) => {
    // As it is kept, not as it was typed; and of two dates the one by which a guardian is needed.
    const isYoung = [input.birthDate, details.birthDate].some((date) => isChild(date, belowYears, now))
    const required: GuardianRequired = { type: 'GuardianRequired', belowYears }
    return isYoung && input.guardian === undefined ? err(required) : ok(details)
  })
}

/** Counts a registration, and how long its form was open. */
export const countRegistered = (openedAt: Instant | undefined, now: Instant): readonly Change[] => {
  const began = formOpened(openedAt, now)
  return countStep('registered', { began, at: now, month: monthOf(began ?? now) })
}

// What a browser says is believed within a day: no other month is counted in by it.
const formOpened = (openedAt: Instant | undefined, now: Instant): Instant | undefined =>
  openedAt !== undefined && openedAt <= now && now - openedAt <= daysMs ? openedAt : undefined

type Newcomer = {
  readonly input: Pick<RegisterInput, 'name' | 'locale' | 'guardian'>
  readonly details: PersonDetails
  readonly identity: Identity
  readonly password: HashedPassword
  readonly now: Instant
  /** Where the code goes. */
  readonly target: Pick<CodeReceiver, 'sentTo' | 'address'> | Pick<PushReceiver, 'pushedTo' | 'address'>
  /** The account that has the contact already. */
  readonly taken: { readonly owner: string; readonly kind: ContactKind } | undefined
  /** The other contact that was told, the account that has it already, and whether its budgets let that one be told. */
  readonly second?: {
    readonly identity: Identity
    readonly kind: ContactKind
    readonly owner: string | undefined
    readonly mayTell: boolean
  }
}

// Who registers what is taken waits for a code as everybody does, which nobody is sent: a registration claims nothing, and its
// contact may be corrected.
/** Opens an account that waits, with its code on the way. */
export const newcomer = (
  ports: AccountsPorts,
  { input, details, identity, target, password, now, taken, second }: Newcomer,
): ResultAsync<Decision<Registered>, CryptoUnavailable> => {
  const accountId = ports.ids.next('account')
  const activateBy = now + ports.accountsPolicy.activationMs
  return ports.sealer.createKey(accountId).andThen((key) =>
    sealPerson(ports, key, accountId, { identity, name: input.name, details }).andThen((person) =>
      openChallenge(ports, {
        purpose: 'activate',
        identifierKey: identity.key,
        receiver: { accountId, epoch: 0, key, ...target },
        activateBy,
        at: now,
      }).andThen(({ answer: sent, changes, unsent }) =>
        openSecond(ports, accountId, key, second, now).map((waiting): Decision<Registered> => {
          const answer: Registered = {
            ...sent,
            activateBy,
            ...(waiting === undefined ? {} : { second: waiting.answer }),
          }
          return {
            answer,
            changes: [
              openAccount({
                type: 'AccountRegistered',
                accountId,
                ...person,
                ...('pushedTo' in target ? { installationKey: target.pushedTo } : {}),
                activateBy,
                at: now,
              }),
              put(subjectKeys, { id: accountId, version: 0, state: key }),
              put(credentials, {
                id: accountId,
                version: 0,
                state: nextCredential(ports, accountId, { password, at: now }),
              }),
              put(messagePreferences, {
                id: accountId,
                version: 0,
                state: { accountId, locale: input.locale, marketing: [], changedAt: now },
              }),
              ...guardianConsents(ports, accountId, input.guardian, now),
              ...(taken === undefined
                ? changes
                : [...unsent, tellOwner(sent.challengeId, taken.owner, taken.kind, now)]),
              ...(waiting?.changes ?? []),
            ],
          }
        }),
      ),
    ),
  )
}

// It waits without a code: a registration that nobody activates sends one to no second address. Whoever has it already is told
// now, within its budgets, which are spent either way; nobody else can tell.
const openSecond = (
  ports: AccountsPorts,
  accountId: string,
  key: SubjectKey,
  second: Newcomer['second'],
  at: Instant,
): ResultAsync<Decision<SecondContact> | undefined, CryptoUnavailable> => {
  if (second === undefined) return okAsync(undefined)
  const { identity, kind, owner, mayTell } = second
  const sentTo = codeContact(kind, identity)
  const receiver = { accountId, epoch: 0, key, sentTo, address: identity.value }
  return openChallenge(ports, { purpose: 'bind', identifierKey: identity.key, receiver, at }).map(
    ({ answer: { challengeId, resendAt }, unsent, decoy }) => ({
      answer: { challengeId, resendAt, kind },
      changes: owner === undefined ? unsent : [...decoy, ...(mayTell ? [tellOwner(challengeId, owner, kind, at)] : [])],
    }),
  )
}

/** Whether a person of a birth date is younger; by the day as it is where it comes last, so that nobody is taken for older. */
export const isChild = (birthDate: string | undefined, belowYears: number, now: Instant): boolean => {
  if (birthDate === undefined) return false
  const today = new Date(now - latestZoneMs).toISOString().slice(0, 10)
  const comesOfAge = `${String(Number(birthDate.slice(0, 4)) + belowYears).padStart(4, '0')}${birthDate.slice(4)}`
  return today < comesOfAge
}

// Twelve hours behind UTC is where a day begins last.
const latestZoneMs = 12 * hoursMs

/** The entry of the ledger by which a guardian agrees for a child. */
export const guardianConsent = (ports: AccountsPorts, accountId: string, noticeVersion: string, at: Instant): Change =>
  append(consentLog, {
    id: ports.ids.next('consent'),
    body: { accountId, purpose: 'guardian', decision: 'given', channels: [], noticeVersion, by: 'guardian', at },
  })

/** The same where a guardian's word was given; nothing where it was not. */
export const guardianConsents = (
  ports: AccountsPorts,
  accountId: string,
  guardian: RegisterInput['guardian'],
  at: Instant,
): readonly Change[] => (guardian === undefined ? [] : [guardianConsent(ports, accountId, guardian.noticeVersion, at)])

/** Tells the owner of an address or number that somebody else asked for a code with it, there. */
export const tellOwner = (challengeId: string, owner: string, kind: ContactKind, at: Instant): Change =>
  queueMessage({ cause: challengeId, accountId: owner, channel: channelOf(kind), template: 'alreadyRegistered', at })

const sealPerson = (
  ports: AccountsPorts,
  key: SubjectKey,
  accountId: string,
  {
    identity,
    ...told
  }: { readonly identity: Identity; readonly name: string | undefined; readonly details: PersonDetails },
) =>
  sealIdentifier(ports.sealer, key, accountId, identity).andThen((bound) =>
    sealTold(ports.sealer, key, accountId, told).map((sealed) => ({
      identifiers: { [identity.kind]: bound },
      ...sealed,
    })),
  )
