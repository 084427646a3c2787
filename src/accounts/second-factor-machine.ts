import { err, ok, type Result } from 'neverthrow'
import { match } from 'ts-pattern'
import { allowsCommand, type Decider, type TransitionTable } from '../shared/decider.js'
import { isSameDigest } from './challenge-machine.js'
import type { SecondFactor, SecondFactorCommand, SecondFactorError, SecondFactorEvent } from './second-factor.js'

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
  { from: 'enrolling', command: 'Confirm', events: 'FactorEnabled', to: 'enabled' },
  { from: 'enabled', command: 'UseStep', events: 'StepUsed', to: 'enabled', guard: 'later than the last' },
  { from: 'enabled', command: 'UseRecoveryCode', events: 'RecoveryCodeUsed', to: 'enabled', guard: 'one that is left' },
  { from: 'enabled', command: 'RenewRecoveryCodes', events: 'RecoveryCodesRenewed', to: 'enabled' },
  { from: 'enabled', command: 'Remove', events: 'FactorRemoved', to: 'removed' },
]

const decide = (
  state: SecondFactorState,
  command: SecondFactorCommand,
): Result<readonly SecondFactorEvent[], SecondFactorError> => {
  if (!allowsCommand(secondFactorTable, { status: state.status, command: command.type })) {
    return err({ type: 'FactorStateForbids', status: state.status, command: command.type })
  }
  return match(command)
    .returnType<Result<readonly SecondFactorEvent[], SecondFactorError>>()
    .with({ type: 'Enrol' }, ({ type: _, ...facts }) => ok([{ type: 'FactorEnrolled', ...facts }]))
    .with({ type: 'Confirm' }, ({ type: _, ...facts }) => ok([{ type: 'FactorEnabled', ...facts }]))
    .with({ type: 'UseStep' }, ({ step }) =>
      state.status === 'enabled' && step <= state.lastStep
        ? err({ type: 'StepUsedBefore' })
        : ok([{ type: 'StepUsed', step }]),
    )
    .with({ type: 'UseRecoveryCode' }, ({ digest }) =>
      state.status === 'enabled' && !state.recoveryDigests.some((each) => isSameDigest(each, digest))
        ? err({ type: 'RecoveryCodeUnknown' })
        : ok([{ type: 'RecoveryCodeUsed', digest }]),
    )
    .with({ type: 'RenewRecoveryCodes' }, ({ recoveryDigests }) =>
      ok([{ type: 'RecoveryCodesRenewed', recoveryDigests }]),
    )
    .with({ type: 'Remove' }, ({ at }) => ok([{ type: 'FactorRemoved', at }]))
    .exhaustive()
}

const evolve = (state: SecondFactorState, event: SecondFactorEvent): SecondFactorState => {
  if (event.type === 'FactorEnrolled') {
    const { accountId, secret, at } = event
    return { status: 'enrolling', accountId, secret, startedAt: at }
  }
  if (state.status === 'enrolling' && event.type === 'FactorEnabled') {
    const { accountId, secret } = state
    const { step: lastStep, recoveryDigests, at: enabledAt } = event
    return { status: 'enabled', accountId, secret, enabledAt, lastStep, recoveryDigests }
  }
  if (state.status !== 'enabled') return state
  switch (event.type) {
    case 'FactorEnabled':
      return state
    case 'StepUsed':
      return { ...state, lastStep: event.step }
    case 'RecoveryCodeUsed':
      return { ...state, recoveryDigests: state.recoveryDigests.filter((digest) => digest !== event.digest) }
    case 'RecoveryCodesRenewed':
      return { ...state, recoveryDigests: event.recoveryDigests }
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
