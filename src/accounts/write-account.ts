import { ok, type Result } from 'neverthrow'
import { type Change, expectRow, put } from '../shared/commit.js'
import { type Decided, decideNext, foldEvents } from '../shared/decider.js'
import type { Stored } from '../shared/read-plan.js'
import type { Account, AccountCommand, AccountError, AccountEvent, AccountTold } from './account.js'
import { type AccountState, accountMachine, isOfPerson, type StandingAccount } from './account-machine.js'
import { accounts, challenges } from './accounts.schema.js'
import type { SignInAnomalous } from './anomaly/anomaly.js'
import type { Challenge, ChallengeEvent, ChallengeTold } from './challenge.js'
import { type ChallengeState, challengeMachine } from './challenge-machine.js'

/**
 * Decides a command on an account and writes what comes of it.
 *
 * @errors AccountError
 */
export const changeAccount = (stored: Stored<Account>, command: AccountCommand): Result<Change, AccountError> =>
  decideNext(accountMachine, stored.state, command).map((decided) => putAccount(stored.id, stored.version, decided))

/**
 * Decides several commands on an account, one after another, and writes what comes of them at once; relies on it as it is
 * where there are none.
 *
 * @errors AccountError
 */
export const changeAccountBy = (
  stored: Stored<Account>,
  commands: readonly AccountCommand[],
): Result<Change, AccountError> =>
  commands
    .reduce<Result<Decided<AccountState, AccountEvent>, AccountError>>(
      (before, command) =>
        before.andThen(({ state, events }) =>
          decideNext(accountMachine, state, command).map((next) => ({ ...next, events: [...events, ...next.events] })),
        ),
      ok({ state: stored.state, events: [] }),
    )
    .map((decided) =>
      decided.events.length === 0 ? expectRow(accounts, stored) : putAccount(stored.id, stored.version, decided),
    )

/** Writes a new account, with what else happened to it at once. */
export const openAccount = (
  event: Extract<AccountEvent, { readonly type: 'AccountRegistered' }>,
  more: readonly AccountEvent[] = [],
): Change =>
  putAccount(event.accountId, 0, { state: foldEvents(accountMachine, [event, ...more]), events: [event, ...more] })

/** Writes an account; its events in the outbox name only the account. */
export const putAccount = (
  accountId: string,
  version: number,
  { state, events }: Decided<AccountState, AccountEvent>,
): Change =>
  put<AccountState>(accounts, {
    id: accountId,
    version,
    state,
    events: events.map((event) => toldOf(accountId, event)),
  })

/**
 * Writes an account as it stands, where something new begins to count beside it, a second factor, a passkey or a linked
 * identity: whoever takes a contact off it, resets its password or disowns a sign-in at the same moment, and saw none of
 * it, decides anew.
 */
export const touchAccount = (stored: Stored<Account>): Change =>
  putAccount(stored.id, stored.version, { state: stored.state, events: [] })

const toldOf = (accountId: string, event: AccountEvent): AccountTold => {
  switch (event.type) {
    case 'AccountRegistered':
      return { type: event.type, activateBy: event.activateBy, at: event.at, accountId }
    case 'NameCorrected':
    case 'DetailsCorrected':
      return { type: event.type, accountId }
    case 'IdentifierBound':
      return { type: event.type, kind: event.kind, accountId }
    case 'ContactCorrected':
      return { type: event.type, kind: event.kind, accountId }
  }
  return { ...event, accountId }
}

/**
 * Writes a new challenge.
 *
 * @param why - what else happened with it, told beside it
 */
export const issueChallenge = (
  event: Extract<ChallengeEvent, { readonly type: 'ChallengeIssued' }>,
  why: readonly SignInAnomalous[] = [],
): Change => {
  const { type, challengeId } = event
  const told: readonly ChallengeTold[] = [{ type, challengeId }, ...why]
  return put<ChallengeState>(challenges, {
    id: challengeId,
    version: 0,
    state: foldEvents(challengeMachine, [event]),
    events: told,
  })
}

/** Writes a challenge; its events in the outbox hold no digest of a code. */
export const putChallenge = (
  challengeId: string,
  version: number,
  { state, events }: Decided<ChallengeState, ChallengeEvent>,
): Change =>
  put<ChallengeState>(challenges, {
    id: challengeId,
    version,
    state,
    events: events.map(({ type }): ChallengeTold => ({ type, challengeId })),
  })

/**
 * The account that a challenge speaks for, if the account is as it was when the code was asked for: no reset or ban since
 * then, and the contact that the code went to still its own. What says that a sign-in was not the owner's outlives both.
 */
export const accountOf = (challenge: Challenge, account: Stored<Account> | undefined): Stored<Account> | undefined =>
  account !== undefined &&
  challenge.accountId === account.id &&
  isOfPerson(account.state) &&
  isOfEpoch(challenge, account.state) &&
  isOwnContact(challenge, account.state)
    ? account
    : undefined

// A thief who is in may set the password anew, by a contact of theirs, and must not make void by it what puts them out.
const isOfEpoch = ({ purpose, epoch }: Challenge, { sessionEpoch, disownedEpoch = 0 }: StandingAccount): boolean =>
  purpose === 'notMe' ? epoch !== undefined && disownedEpoch <= epoch && epoch <= sessionEpoch : epoch === sessionEpoch

const isOwnContact = ({ purpose, sentTo }: Challenge, { identifiers }: StandingAccount): boolean =>
  purpose === 'bind' || sentTo === undefined || identifiers[sentTo.kind]?.key === sentTo.key
