import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import type { Instant } from '../shared/instant.js'
import type { Account, AccountCommand, AccountError, AccountEvent, Identifiers } from './account.js'
import type { IdentifierKind } from './identifier.js'

/** An account, or the moment before there is one. */
export type AccountState = Account | { readonly status: 'absent' }

export type AccountStatus = AccountState['status']

/** Which command leads an account where. */
export const accountTable: TransitionTable<AccountStatus, AccountCommand['type'], AccountEvent['type']> = [
  { from: 'absent', command: 'Register', events: 'AccountRegistered', to: 'pending' },
  { from: 'pending', command: 'Activate', events: 'AccountActivated', to: 'active', guard: 'in time' },
  { from: 'pending', command: 'CorrectContact', events: 'ContactCorrected', to: 'pending' },
  { from: 'pending', command: 'Lapse', events: 'AccountLapsed', to: 'lapsed', guard: 'time is over' },
  { from: 'active', command: 'EndSessions', events: 'SessionsEnded', to: 'active' },
  { from: 'banned', command: 'EndSessions', events: 'SessionsEnded', to: 'banned' },
  { from: 'active', command: 'DisownSignIn', events: 'SignInDisowned', to: 'active' },
  { from: 'banned', command: 'DisownSignIn', events: 'SignInDisowned', to: 'banned' },
  { from: 'active', command: 'Bind', events: 'IdentifierBound', to: 'active' },
  { from: 'active', command: 'Unbind', events: 'IdentifierUnbound', to: 'active', guard: 'a contact stays' },
  // Whoever is banned binds nothing themselves; a sign-in that is disowned meanwhile gives back what was theirs.
  { from: 'banned', command: 'Bind', events: 'IdentifierBound', to: 'banned' },
  { from: 'banned', command: 'Unbind', events: 'IdentifierUnbound', to: 'banned', guard: 'a contact stays' },
  { from: 'active', command: 'CorrectName', events: 'NameCorrected', to: 'active' },
  { from: 'banned', command: 'CorrectName', events: 'NameCorrected', to: 'banned' },
  { from: 'active', command: 'CorrectDetails', events: 'DetailsCorrected', to: 'active' },
  { from: 'banned', command: 'CorrectDetails', events: 'DetailsCorrected', to: 'banned' },
  { from: 'active', command: 'Ban', events: 'AccountBanned', to: 'banned', guard: 'it ends in time to come' },
  { from: 'banned', command: 'Ban', events: 'AccountBanned', to: 'banned', guard: 'it ends in time to come' },
  { from: 'banned', command: 'LiftBan', events: 'BanLifted', to: 'active' },
  { from: ['active', 'banned'], command: 'Erase', events: 'AccountErased', to: 'erased' },
]

const decide = (state: AccountState, command: AccountCommand): Result<readonly AccountEvent[], AccountError> => {
  if (!allowsCommand(accountTable, { status: state.status, command: command.type })) {
    return err({ type: 'AccountStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly AccountEvent[], AccountError>>()
    .with({ type: 'Register' }, ({ type: _, ...facts }) => ok([{ type: 'AccountRegistered', ...facts }]))
    .with({ type: 'Activate' }, ({ at }) =>
      state.status === 'pending' && at >= state.activateBy
        ? err({ type: 'ActivationOver', activateBy: state.activateBy })
        : ok([{ type: 'AccountActivated', at }]),
    )
    .with({ type: 'Lapse' }, ({ at }) =>
      state.status === 'pending' && at < state.activateBy
        ? err({ type: 'ActivationStillOpen', activateBy: state.activateBy })
        : ok([{ type: 'AccountLapsed', at }]),
    )
    .with({ type: 'EndSessions' }, () => ok([{ type: 'SessionsEnded' }]))
    .with({ type: 'DisownSignIn' }, () => ok([{ type: 'SignInDisowned' }]))
    .with({ type: 'Bind' }, ({ kind, identifier }) => ok([{ type: 'IdentifierBound', kind, identifier }]))
    .with({ type: 'CorrectContact' }, ({ type: _, ...contact }) => ok([{ type: 'ContactCorrected', ...contact }]))
    .with({ type: 'Unbind' }, ({ kind, hadNoContact }) => unbind(state, kind, hadNoContact === true))
    .with({ type: 'CorrectName' }, ({ type: _, ...name }) => ok([{ type: 'NameCorrected', ...name }]))
    .with({ type: 'CorrectDetails' }, ({ type: _, ...details }) => ok([{ type: 'DetailsCorrected', ...details }]))
    .with({ type: 'Ban' }, ({ reason, until, at }) =>
      until !== null && until <= at ? err({ type: 'BanOver', until }) : ok([{ type: 'AccountBanned', reason, until }]),
    )
    .with({ type: 'LiftBan' }, ({ reason }) => ok([{ type: 'BanLifted', reason }]))
    .with({ type: 'Erase' }, ({ at }) => ok([{ type: 'AccountErased', at }]))
    .exhaustive()
}

const unbind = (
  state: AccountState,
  kind: IdentifierKind,
  hadNoContact: boolean,
): Result<readonly AccountEvent[], AccountError> => {
  const identifiers: Identifiers = isPerson(state) ? state.identifiers : {}
  const { [kind]: bound, ...others } = identifiers
  if (bound === undefined) return err({ type: 'NotBound', kind })
  return !hadNoContact && !('email' in others) && !('phone' in others)
    ? err({ type: 'LastContact', kind })
    : ok([{ type: 'IdentifierUnbound', kind }])
}

const evolve = (state: AccountState, event: AccountEvent): AccountState => {
  if (event.type === 'AccountRegistered') {
    const { type: _, at, ...facts } = event
    return { ...facts, status: 'pending', registeredAt: at, sessionEpoch: 0 }
  }
  if (!isPerson(state)) return state
  switch (event.type) {
    case 'AccountActivated':
      return { ...personOf(state), status: 'active', activatedAt: event.at }
    case 'SessionsEnded':
      return { ...state, sessionEpoch: state.sessionEpoch + 1 }
    case 'SignInDisowned': {
      const sessionEpoch = state.sessionEpoch + 1
      return { ...state, sessionEpoch, disownedEpoch: sessionEpoch }
    }
    case 'IdentifierBound':
      return { ...state, identifiers: { ...state.identifiers, [event.kind]: event.identifier } }
    case 'ContactCorrected':
      return { ...state, identifiers: { [event.kind]: event.identifier } }
    case 'IdentifierUnbound': {
      const { [event.kind]: _, ...identifiers } = state.identifiers
      return { ...state, identifiers }
    }
    case 'NameCorrected': {
      const { name: _, ...rest } = state
      return event.name === undefined ? rest : { ...rest, name: event.name }
    }
    case 'DetailsCorrected': {
      const { details: _, ...rest } = state
      return event.details === undefined ? rest : { ...rest, details: event.details }
    }
    case 'AccountBanned':
      if (state.status === 'pending') return state
      return {
        ...personOf(state),
        sessionEpoch: state.sessionEpoch + 1,
        status: 'banned',
        activatedAt: state.activatedAt,
        reason: event.reason,
        until: event.until,
      }
    case 'BanLifted':
      if (state.status === 'pending') return state
      return { ...personOf(state), status: 'active', activatedAt: state.activatedAt }
    case 'AccountLapsed':
      return { ...ghostOf(state), status: 'lapsed', lapsedAt: event.at }
    case 'AccountErased':
      return { ...ghostOf(state), status: 'erased', erasedAt: event.at }
  }
}

export type StandingAccount = Extract<Account, { readonly status: 'pending' | 'active' | 'banned' }>

const isPerson = (state: AccountState): state is StandingAccount =>
  state.status === 'pending' || state.status === 'active' || state.status === 'banned'

const personOf = ({
  accountId,
  registeredAt,
  identifiers,
  name,
  details,
  sessionEpoch,
  disownedEpoch,
  installationKey,
}: StandingAccount) => ({
  accountId,
  registeredAt,
  identifiers,
  ...(name === undefined ? {} : { name }),
  ...(details === undefined ? {} : { details }),
  sessionEpoch,
  ...(disownedEpoch === undefined ? {} : { disownedEpoch }),
  ...(installationKey === undefined ? {} : { installationKey }),
})

const ghostOf = ({ accountId, registeredAt }: StandingAccount) => ({ accountId, registeredAt })

/** The life of an account. */
export const accountMachine: Decider<AccountState, AccountCommand, AccountEvent, AccountError> = {
  initial: { status: 'absent' },
  decide,
  evolve,
}

/** Whether the state still stands for a person, or may yet. */
export const isOfPerson = (account: AccountState | undefined): account is StandingAccount =>
  account !== undefined && isPerson(account)

/** An account that may sign in: active, or banned until a moment that has passed. */
export const maySignIn = (account: AccountState | undefined, now: Instant): account is StandingAccount =>
  account !== undefined &&
  (account.status === 'active' || (account.status === 'banned' && account.until !== null && account.until <= now))

/** An account that still stands for a person: active or banned. */
export const isStanding = (
  account: AccountState | undefined,
): account is Extract<Account, { readonly status: 'active' | 'banned' }> =>
  account !== undefined && (account.status === 'active' || account.status === 'banned')
