import fc from 'fast-check'
import { secondFactors } from 'shopwright'
import { describe, expect, it } from 'vitest'
import type {
  SecondFactorCommand,
  SecondFactorError,
  SecondFactorEvent,
} from '../../src/accounts/second-factor/second-factor.js'
import {
  type SecondFactorState,
  secondFactorMachine,
  secondFactorTable,
  waysOf,
} from '../../src/accounts/second-factor/second-factor-machine.js'
import { foldEvents } from '../../src/shared/decider.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const secret = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
const enrol: SecondFactorCommand = { type: 'Enrol', accountId: 'a', secret, at: 1 }
const addEmail: Extract<SecondFactorCommand, { readonly type: 'AddContact' }> = {
  type: 'AddContact',
  accountId: 'a',
  contact: 'email',
  recoveryDigests: ['x'],
  at: 3,
}
const confirm: SecondFactorCommand = { type: 'Confirm', step: 5, recoveryDigests: ['x', 'y'], at: 2 }

machineLaws<SecondFactorState, SecondFactorCommand, SecondFactorEvent, SecondFactorError>({
  name: 'second-factor',
  decider: secondFactorMachine,
  table: secondFactorTable,
  statuses: { absent: 'open', enrolling: 'open', enabled: 'open', removed: 'open' },
  arbitraries: {
    Enrol: fc.constant(enrol),
    Confirm: fc.integer({ min: 0, max: 9 }).map((step) => ({ ...confirm, step })),
    AddContact: fc.constantFrom('email', 'phone').map((contact) => ({ ...addEmail, contact })),
    RemoveWay: fc.constantFrom('totp', 'email', 'phone').map((way) => ({ type: 'RemoveWay', way, at: 9 })),
    UseStep: fc.integer({ min: 0, max: 12 }).map((step) => ({ type: 'UseStep', step })),
    UseRecoveryCode: fc.constantFrom('x', 'y', 'z').map((digest) => ({ type: 'UseRecoveryCode', digest })),
    RenewRecoveryCodes: fc.constant({ type: 'RenewRecoveryCodes', recoveryDigests: ['z'], at: 4 }),
    Remove: fc.constant({ type: 'Remove', at: 9 }),
  },
  model: {
    Enrol: [enrol],
    Confirm: [confirm],
    AddContact: [addEmail, { ...addEmail, contact: 'phone' }],
    RemoveWay: [
      { type: 'RemoveWay', way: 'totp', at: 9 },
      { type: 'RemoveWay', way: 'email', at: 9 },
    ],
    UseStep: [
      { type: 'UseStep', step: 5 },
      { type: 'UseStep', step: 6 },
    ],
    UseRecoveryCode: [
      { type: 'UseRecoveryCode', digest: 'x' },
      { type: 'UseRecoveryCode', digest: 'z' },
    ],
    RenewRecoveryCodes: [{ type: 'RenewRecoveryCodes', recoveryDigests: ['z'], at: 4 }],
    Remove: [{ type: 'Remove', at: 9 }],
  },
  invariants: {
    'one that is on has a way, and each way once': (state) =>
      state.status !== 'enabled' || (waysOf(state).length > 0 && new Set(waysOf(state)).size === waysOf(state).length),
    'one that is removed keeps nothing that opens': (state) =>
      state.status !== 'removed' || !JSON.stringify(state).includes('sealed'),
  },
})

describe('a second factor', () => {
  const given = specify(secondFactorMachine)
  const confirmed: SecondFactorEvent = { type: 'FactorEnabled', step: 5, recoveryDigests: ['x', 'y'], at: 2 }
  const enabled: readonly SecondFactorEvent[] = [{ type: 'FactorEnrolled', accountId: 'a', secret, at: 1 }, confirmed]

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
      .thenRefused({ type: 'FactorWayStands', way: 'totp' })
    given(enabled)
      .when({ type: 'Confirm', step: 9, recoveryDigests: [], at: 3 })
      .thenRefused({ type: 'FactorStateForbids', status: 'enabled', command: 'Confirm' })
  })

  it('has several ways, each taken off by itself, and ends with the last', () => {
    const both: readonly SecondFactorEvent[] = [...enabled, { ...addEmail, type: 'FactorContactAdded' }]
    given(both).when(addEmail).thenRefused({ type: 'FactorWayStands', way: 'email' })
    given(both).when({ type: 'RemoveWay', way: 'phone', at: 4 }).thenRefused({ type: 'FactorWayAbsent', way: 'phone' })
    const contactOnly: readonly SecondFactorEvent[] = [...both, { type: 'FactorWayRemoved', way: 'totp' }]
    given(contactOnly).when({ type: 'UseStep', step: 9 }).thenRefused({ type: 'FactorWayAbsent', way: 'totp' })
    given(contactOnly)
      .when({ type: 'RemoveWay', way: 'email', at: 5 })
      .then([{ type: 'FactorRemoved', at: 5 }])
  })

  it('was an authenticator app and nothing else in rows of shape 1', () => {
    const stored = { accountId: 'a', status: 'enabled', secret, enabledAt: 2, lastStep: 5, recoveryDigests: ['x'] }
    const upcast = secondFactors.upcasts?.[1]?.(stored) ?? null
    const now = foldEvents(secondFactorMachine, enabled.slice(0, 1).concat({ ...confirmed, recoveryDigests: ['x'] }))
    // When its app was added is not known.
    expect({ ...secondFactors.parse(upcast, 'a')._unsafeUnwrap(), addedAt: { totp: 2, recoveryCode: 2 } }).toEqual(now)
  })
})
