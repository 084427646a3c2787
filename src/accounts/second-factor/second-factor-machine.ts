import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../../shared/decider.js'
import { isSameDigest } from '../challenge-machine.js'
import type {
  FactorWay,
  SecondFactor,
  SecondFactorCommand,
  SecondFactorError,
  SecondFactorEvent,
} from './second-factor.js'

/** A second factor, or the moment before there is one. */
export type SecondFactorState = SecondFactor | { readonly status: 'absent' }

export type SecondFactorStatus = SecondFactorState['status']

/** Which command leads a second factor where. */
export const secondFactorTable: TransitionTable<
  SecondFactorStatus,
  SecondFactorCommand['type'],
  SecondFactorEvent['type']
> = [
  { from: ['absent', 'removed', 'enrolling'], command: 'Enrol', events: 'FactorEnrolled', to: 'enrolling' },
  { from: 'enabled', command: 'Enrol', events: 'FactorEnrolled', to: 'enabled', guard: 'no app yet' },
  { from: 'enrolling', command: 'Confirm', events: 'FactorEnabled', to: 'enabled' },
  { from: 'enabled', command: 'Confirm', events: 'FactorEnabled', to: 'enabled', guard: 'a secret was shown' },
  {
    from: ['absent', 'removed', 'enrolling', 'enabled'],
    command: 'AddContact',
    events: 'FactorContactAdded',
    to: 'enabled',
    guard: 'not one of its contacts yet',
  },
  { from: 'enabled', command: 'UseStep', events: 'StepUsed', to: 'enabled', guard: 'of its app, later than the last' },
  { from: 'enabled', command: 'UseRecoveryCode', events: 'RecoveryCodeUsed', to: 'enabled', guard: 'one that is left' },
  { from: 'enabled', command: 'RenewRecoveryCodes', events: 'RecoveryCodesRenewed', to: 'enabled' },
  { from: 'enabled', command: 'RemoveWay', events: 'FactorWayRemoved', to: 'enabled', guard: 'another way is left' },
  { from: 'enabled', command: 'RemoveWay', events: 'FactorRemoved', to: 'removed', guard: 'the last way' },
  { from: 'enabled', command: 'Remove', events: 'FactorRemoved', to: 'removed' },
]

const decide = (
  state: SecondFactorState,
  command: SecondFactorCommand,
): Result<readonly SecondFactorEvent[], SecondFactorError> => {
  const { type } = command
  const forbidden: SecondFactorError = { type: 'FactorStateForbids', status: state.status, command: type }
  if (!allowsCommand(secondFactorTable, { status: state.status, command: type })) return err(forbidden)
  const ways = waysOf(state)
  return match(command)
    .returnType<Result<readonly SecondFactorEvent[], SecondFactorError>>()
    .with({ type: 'Enrol' }, ({ type: _, ...facts }) =>
      ways.includes('totp')
        ? err({ type: 'FactorWayStands', way: 'totp' })
        : ok([{ type: 'FactorEnrolled', ...facts }]),
    )
    .with({ type: 'Confirm' }, ({ type: _, ...facts }) =>
      secretShown(state) === undefined ? err(forbidden) : ok([{ type: 'FactorEnabled', ...facts }]),
    )
    .with({ type: 'AddContact' }, ({ type: _, ...facts }) =>
      ways.includes(facts.contact)
        ? err({ type: 'FactorWayStands', way: facts.contact })
        : ok([{ type: 'FactorContactAdded', ...facts }]),
    )
    .with({ type: 'UseStep' }, ({ step }) => {
      if (state.status !== 'enabled' || state.app === undefined) return err({ type: 'FactorWayAbsent', way: 'totp' })
      return step <= state.app.lastStep ? err({ type: 'StepUsedBefore' }) : ok([{ type: 'StepUsed', step }])
    })
    .with({ type: 'UseRecoveryCode' }, ({ digest }) =>
      state.status === 'enabled' && !state.recoveryDigests.some((each) => isSameDigest(each, digest))
        ? err({ type: 'RecoveryCodeUnknown' })
        : ok([{ type: 'RecoveryCodeUsed', digest }]),
    )
    .with({ type: 'RenewRecoveryCodes' }, ({ type: _, ...facts }) => ok([{ type: 'RecoveryCodesRenewed', ...facts }]))
    .with({ type: 'RemoveWay' }, ({ way, at }) => {
      if (!ways.includes(way)) return err({ type: 'FactorWayAbsent', way })
      return ok(ways.length === 1 ? [{ type: 'FactorRemoved', at }] : [{ type: 'FactorWayRemoved', way }])
    })
    .with({ type: 'Remove' }, ({ at }) => ok([{ type: 'FactorRemoved', at }]))
    .exhaustive()
}

/** The ways of a factor that is on; none of any other. */
export const waysOf = (state: SecondFactorState | undefined): readonly FactorWay[] =>
  state?.status !== 'enabled' ? [] : [...(state.app === undefined ? [] : (['totp'] as const)), ...state.contacts]

/** The secret that was shown and of which no code has come back yet. */
export const secretShown = (state: SecondFactorState | undefined) =>
  state?.status === 'enrolling' || state?.status === 'enabled' ? state.secret : undefined

const evolve = (state: SecondFactorState, event: SecondFactorEvent): SecondFactorState => {
  switch (event.type) {
    case 'FactorEnrolled': {
      const { accountId, secret, at: startedAt } = event
      return state.status === 'enabled' ? { ...state, secret } : { status: 'enrolling', accountId, secret, startedAt }
    }
    case 'FactorEnabled': {
      const secret = secretShown(state)
      if (secret === undefined || state.status === 'absent') return state
      const app = { secret, lastStep: event.step }
      return { ...enabledOf(state, state.accountId, event, 'totp'), app }
    }
    case 'FactorContactAdded': {
      const enabled = enabledOf(state, event.accountId, event, event.contact)
      const secret = secretShown(state)
      const contacts = [...enabled.contacts, event.contact]
      return { ...enabled, ...(secret === undefined ? {} : { secret }), contacts }
    }
    case 'StepUsed':
    case 'RecoveryCodeUsed':
    case 'RecoveryCodesRenewed':
    case 'FactorWayRemoved':
    case 'FactorRemoved':
      return state.status === 'enabled' ? evolveEnabled(state, event) : state
  }
}

type Enabled = Extract<SecondFactor, { readonly status: 'enabled' }>

/** A factor that is on with fresh recovery codes, and without a secret that waits. */
const enabledOf = (
  state: SecondFactorState,
  accountId: string,
  {
    at,
    recoveryDigests,
  }: Pick<Extract<SecondFactorEvent, { readonly type: 'FactorEnabled' }>, 'at' | 'recoveryDigests'>,
  way: FactorWay,
): Enabled => {
  const moments = { [way]: at, recoveryCode: at }
  if (state.status !== 'enabled')
    return { status: 'enabled', accountId, enabledAt: at, contacts: [], recoveryDigests, addedAt: moments }
  const { secret: _, ...rest } = state
  return { ...rest, recoveryDigests, addedAt: { ...state.addedAt, ...moments } }
}

const evolveEnabled = (
  state: Enabled,
  event: Exclude<SecondFactorEvent, { readonly type: 'FactorEnrolled' | 'FactorEnabled' | 'FactorContactAdded' }>,
): SecondFactor => {
  switch (event.type) {
    case 'StepUsed':
      return state.app === undefined ? state : { ...state, app: { ...state.app, lastStep: event.step } }
    case 'RecoveryCodeUsed':
      return { ...state, recoveryDigests: state.recoveryDigests.filter((digest) => digest !== event.digest) }
    case 'RecoveryCodesRenewed':
      return {
        ...state,
        recoveryDigests: event.recoveryDigests,
        addedAt: { ...state.addedAt, recoveryCode: event.at },
      }
    case 'FactorWayRemoved': {
      const { [event.way]: _, ...addedAt } = state.addedAt ?? {}
      const { app: __, ...withoutApp } = { ...state, addedAt }
      return event.way === 'totp'
        ? withoutApp
        : { ...state, addedAt, contacts: state.contacts.filter((contact) => contact !== event.way) }
    }
    case 'FactorRemoved':
      return { status: 'removed', accountId: state.accountId, removedAt: event.at }
  }
}

/** The life of a second factor. */
export const secondFactorMachine: Decider<
  SecondFactorState,
  SecondFactorCommand,
  SecondFactorEvent,
  SecondFactorError
> = { initial: { status: 'absent' }, decide, evolve }
