import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import { daysMs, type Instant } from '../shared/instant.js'
import { digestOrigin } from '../shared/origin.js'
import { openValue, type SubjectKey, sealValue, type Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { claims, counters, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Account } from './account.js'
import { accounts, challenges } from './accounts.schema.js'
import { activateByOf } from './activate-by.js'
import {
  challengeAttempts,
  contactLines,
  identifierPrefixes,
  keyLines,
  knownDeviceLines,
  linesLeft,
  pausesUntil,
  rateBudgets,
  sharedLines,
  spendCode,
  type TooManyCodes,
} from './budgets.js'
import type { Challenge, ChallengeError } from './challenge.js'
import { challengeMachine } from './challenge-machine.js'
import { identifierSpace } from './identify.js'
import type { ResendInput } from './inputs.js'
import { parseResend } from './inputs.schema.js'
import { digestCode, isSentPurpose, queueCode } from './issue-code.js'
import { deviceGuardOf, isKnownDevice } from './known-device.js'
import { knownDeviceBudgetPlan, knownDeviceLeft } from './known-device-budget.js'
import { type CodeSent, challengeAddressPlace } from './open-challenge.js'
import { ownAuditEntry } from './own-audit-entry.js'
import type { AccountsPorts } from './ports.js'
import { channelOf, parseText } from './profile.js'
import type { CodeRefused } from './redeem-code.js'
import { accountOf, putChallenge } from './write-account.js'

/** Another code may not be sent yet. */
export type CodeTooSoon = Extract<ChallengeError, { readonly type: 'CodeTooSoon' }>

/** Why a code may not be sent anew. */
export type ResendError = CodeRefused | CodeTooSoon | TooManyCodes | Unreadable | CommandError

/**
 * Sends another code for a challenge; the one before is dead, and its spent tries stay spent.
 *
 * @errors CodeRefused, CodeTooSoon, TooManyCodes, Unreadable, CommandError
 */
export const resendCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ResendInput,
): ResultAsync<CodeSent, ResendError> => {
  const policy = ports.accountsPolicy
  return digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action: 'accounts.resendCode',
      parse: parseResend,
      plan: ({ input: { challengeId }, now }) => {
        const { hour, day, knownHour, knownDay, ...prefixes } = identifierPrefixes(now, origin)
        const ofCallingCode = (prefix: string) =>
          counters(rateBudgets, { from: 'challenge', path: 'sentTo.callingCode', prefix })
        const ofContact = (prefix: string) => counters(rateBudgets, { from: 'challenge', path: 'sentTo.key', prefix })
        return {
          challenge: row(challenges, challengeId),
          tries: counters(challengeAttempts, [challengeId]),
          account: row(accounts, { from: 'challenge', path: 'accountId' }),
          key: row(subjectKeys, { from: 'challenge', path: 'accountId' }),
          holder: claims(identifierSpace, { from: 'challenge', path: 'identifierKey' }),
          hour: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: hour }),
          day: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: day }),
          knownHour: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: knownHour }),
          knownDay: counters(rateBudgets, { from: 'challenge', path: 'identifierKey', prefix: knownDay }),
          contactPause: pausesUntil({ from: 'challenge', path: 'sentTo.key' }),
          contactHour: ofContact(hour),
          contactDay: ofContact(day),
          callingCodeHour: ofCallingCode(prefixes.callingCodeHour),
          callingCodeDay: ofCallingCode(prefixes.callingCodeDay),
          deviceGuard: deviceGuardOf({ from: 'challenge', path: 'accountId' }, origin.device),
          left: linesLeft(sharedLines(policy.code, origin, now)),
          ...knownDeviceBudgetPlan(policy, now, { from: 'challenge', path: 'sentTo' }),
        }
      },
      decide: (facts, { actor, now }) => {
        const { challenge, tries, account, key, holder, deviceGuard, hour, day, knownHour, knownDay, left } = facts
        const refused = err<never, ResendError>({ type: 'CodeRefused' })
        if (challenge === undefined || challenge.state.status !== 'open') return refused
        const { state, id: challengeId } = challenge
        const { purpose, identifierKey, sentTo } = state
        // A second proof's is sent by `requestFactorCode`, within the time of the first.
        if (!isSentPurpose(purpose) || purpose === 'secondFactor') return refused
        // A challenge lives as long as the registration it belongs to, or a day.
        const endsAt = purpose === 'activate' ? activateByOf(state, policy) : state.issuedAt + daysMs
        if (now >= endsAt || (tries.get(challengeId) ?? policy.code.attempts) < 1) return refused
        const code = ports.ids.digits(policy.code.digits)
        const round = state.round + 1
        return digestCode(ports.digests, { challengeId, purpose, round, code }).andThen((codeDigest) => {
          const expiresAt = Math.min(now + policy.code.ttlMs, endsAt)
          const resendAt = now + policy.code.resendPauseMs
          const decided = decideNext(challengeMachine, state, {
            type: 'Resend',
            codeDigest,
            expiresAt,
            resendAt,
            at: now,
          })
          if (decided.isErr()) return err<never, ResendError>(shownError(decided.error))
          // What is to be bound belongs to nobody yet, or to somebody else: which of them, no counter may tell.
          const isKnown = purpose !== 'bind' && isKnownDevice(deviceGuard, now, policy.guard)
          const lines =
            account !== undefined && isKnown
              ? knownDeviceLines(policy.code, { accountId: account.id, identifierKey, contact: sentTo, origin }, now)
              : [
                  ...(sentTo?.key === identifierKey
                    ? contactLines(policy.code, sentTo, now)
                    : keyLines(policy.code, identifierKey, now)),
                  ...sharedLines(policy.code, origin, now),
                ]
          const { contactPause, contactHour, contactDay, callingCodeHour, callingCodeDay } = facts
          const ofContact = [...[contactPause, contactHour, contactDay], ...[callingCodeHour, callingCodeDay]]
          const counted = [hour, day, knownHour, knownDay, left, knownDeviceLeft(facts), ...ofContact]
          const spent = spendCode(lines, new Map(counted.flatMap((each) => [...each])))
          if (spent.isErr()) return err<never, ResendError>(spent.error)
          // A second contact waits for its registration: before that is activated, no code goes out for it.
          const isEarly = purpose === 'bind' && account?.state.status !== 'active'
          const owner = isEarly ? undefined : accountOf(state, account)
          // Who registered what has an account is sent nothing, with the same work.
          const isTaken = purpose === 'activate' && holder.has(identifierKey)
          // Nor is a contact sent more than it may be, whichever user name its codes are asked for with.
          const alsoSpent =
            sentTo === undefined || sentTo.key === identifierKey || isKnown
              ? ok<readonly Change[], TooManyCodes>([])
              : spendCode(contactLines(policy.code, sentTo, now), new Map(ofContact.flatMap((each) => [...each])))
          return messageAgain(ports, state, owner, key?.state, {
            round,
            code,
            expiresAt,
            activateBy: endsAt,
            at: now,
          }).map(
            (queued): Decision<CodeSent> => ({
              answer: { challengeId, expiresAt, resendAt },
              changes: [
                putChallenge(challengeId, challenge.version, decided.value),
                ...spent.value,
                ...alsoSpent.unwrapOr([]),
                ...(isTaken || alsoSpent.isErr() ? [] : queued),
                ownAuditEntry(ports.ids, { actor, action: 'accounts.resendCode', id: challengeId, at: now }),
              ],
            }),
          )
        })
      },
    }),
  )
}

type OpenChallenge = Extract<Challenge, { readonly status: 'open' }>

// The code goes where the one before went; challenges of the first release say nothing of it and went by e-mail.
const messageAgain = (
  ports: AccountsPorts,
  challenge: OpenChallenge,
  owner: Stored<Account> | undefined,
  key: SubjectKey | undefined,
  {
    round,
    code,
    expiresAt,
    activateBy,
    at,
  }: {
    readonly round: number
    readonly code: string
    readonly expiresAt: Instant
    readonly activateBy: Instant
    readonly at: Instant
  },
): ResultAsync<readonly Change[], ResendError> => {
  const { challengeId, purpose, sentTo, pushedTo, address } = challenge
  if (!isSentPurpose(purpose)) return okAsync([])
  // A key of nobody is made each time, and what is sealed for it where there is nobody: with keys kept far away, that is what
  // takes time.
  const nobody = ports.sealer.createKey(challengeId, 'passing')
  if (owner === undefined || key === undefined) {
    return nobody.andThen((none) => sealForNobody(ports, challenge, none, code))
  }
  const opened: ResultAsync<{ readonly address?: string }, ResendError> =
    address === undefined
      ? okAsync({})
      : openValue(ports.sealer, key, challengeAddressPlace(challengeId), address, parseText).map((text) => ({
          address: text,
        }))
  return nobody
    .andThen(() => opened)
    .andThen((shown) =>
      queueCode(ports, {
        challengeId,
        purpose,
        round,
        code,
        accountId: owner.id,
        channel: pushedTo === undefined ? channelOf(sentTo?.kind ?? 'email') : 'push',
        ...shown,
        key,
        facts: { expiresAt: { at: expiresAt }, activateBy: { at: activateBy } },
        at,
      }).map((change) => [change]),
    )
}

// The code of a challenge of nobody is sealed as that of everybody else is; that of a binding goes to an address, which is opened
// and sealed beside it.
const sealForNobody = (
  { sealer }: AccountsPorts,
  { challengeId, purpose }: OpenChallenge,
  key: SubjectKey,
  code: string,
): ResultAsync<readonly Change[], ResendError> => {
  const place = challengeAddressPlace(challengeId)
  return sealValue(sealer, key, place, code)
    .andThen((sealed) =>
      purpose === 'bind'
        ? openValue(sealer, key, place, sealed, parseText).andThen((text) => sealValue(sealer, key, place, text))
        : okAsync(sealed),
    )
    .map(() => [])
}

/** What is told of why a challenge refuses to have its code sent anew. */
export const shownError = (error: ChallengeError): CodeTooSoon | CodeRefused =>
  error.type === 'CodeTooSoon' ? error : { type: 'CodeRefused' }
