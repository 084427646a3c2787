import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { SecondFactorCommand, SecondFactorError, SecondFactorEvent } from '../../src/accounts/second-factor.js'
import {
  type SecondFactorState,
  secondFactorMachine,
  secondFactorTable,
} from '../../src/accounts/second-factor-machine.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const secret = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
const enrol: SecondFactorCommand = { type: 'Enrol', accountId: 'a', secret, at: 1 }
const confirm: SecondFactorCommand = { type: 'Confirm', step: 5, recoveryDigests: ['x', 'y'], at: 2 }

machineLaws<SecondFactorState, SecondFactorCommand, SecondFactorEvent, SecondFactorError>({
  name: 'second-factor',
  decider: secondFactorMachine,
  table: secondFactorTable,
  statuses: { absent: 'open', enrolling: 'open', enabled: 'open', removed: 'open' },
  arbitraries: {
    Enrol: fc.constant(enrol),
    Confirm: fc.integer({ min: 0, max: 9 }).map((step) => ({ ...confirm, step })),
    UseStep: fc.integer({ min: 0, max: 12 }).map((step) => ({ type: 'UseStep', step })),
    UseRecoveryCode: fc.constantFrom('x', 'y', 'z').map((digest) => ({ type: 'UseRecoveryCode', digest })),
    RenewRecoveryCodes: fc.constant({ type: 'RenewRecoveryCodes', recoveryDigests: ['z'] }),
    Remove: fc.constant({ type: 'Remove', at: 9 }),
  },
  model: {
    Enrol: [enrol],
    Confirm: [confirm],
    UseStep: [
      { type: 'UseStep', step: 5 },
      { type: 'UseStep', step: 6 },
    ],
    UseRecoveryCode: [
      { type: 'UseRecoveryCode', digest: 'x' },
      { type: 'UseRecoveryCode', digest: 'z' },
    ],
    RenewRecoveryCodes: [{ type: 'RenewRecoveryCodes', recoveryDigests: ['z'] }],
    Remove: [{ type: 'Remove', at: 9 }],
  },
  invariants: {
    'one that is removed keeps nothing that opens': (state) =>
      state.status !== 'removed' || !JSON.stringify(state).includes('sealed'),
  },
})

describe('a second factor', () => {
  const given = specify(secondFactorMachine)
  const enabled: readonly SecondFactorEvent[] = [
    { type: 'FactorEnrolled', accountId: 'a', secret, at: 1 },
    { type: 'FactorEnabled', step: 5, recoveryDigests: ['x', 'y'], at: 2 },
  ]

  it('takes a code once, and none of an earlier step after it', () => {
    given(enabled).when({ type: 'UseStep', step: 5 }).thenRefused({ type: 'StepUsedBefore' })
    given(enabled)
      .when({ type: 'UseStep', step: 6 })
      .then([{ type: 'StepUsed', step: 6 }])
    given([...enabled, { type: 'StepUsed', step: 7 }])
      .when({ type: 'UseStep', step: 6 })
      .thenRefused({ type: 'StepUsedBefore' })
  })

  it('takes a recovery code once', () => {
    given(enabled)
      .when({ type: 'UseRecoveryCode', digest: 'x' })
      .then([{ type: 'RecoveryCodeUsed', digest: 'x' }])
    given([...enabled, { type: 'RecoveryCodeUsed', digest: 'x' }])
      .when({ type: 'UseRecoveryCode', digest: 'x' })
      .thenRefused({ type: 'RecoveryCodeUnknown' })
  })

  it('is not replaced while it is on', () => {
    given(enabled)
      .when({ type: 'Enrol', accountId: 'a', secret, at: 3 })
      .thenRefused({ type: 'FactorStateForbids', status: 'enabled', command: 'Enrol' })
  })
})
