import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { AccountCommand, AccountError, AccountEvent } from '../../src/accounts/account.js'
import { type AccountState, accountMachine, accountTable } from '../../src/accounts/account-machine.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const value = { sealed: { scheme: 1, nonce: 'n', data: 'd' } }
const email = { key: 'k', value }
const phone = { key: 'p', value }
const register: Extract<AccountCommand, { type: 'Register' }> = {
  type: 'Register',
  accountId: 'a',
  identifiers: { email },
  activateBy: 10,
  at: 1,
}
const at = fc.integer({ min: 0, max: 20 })

machineLaws<AccountState, AccountCommand, AccountEvent, AccountError>({
  name: 'account',
  decider: accountMachine,
  table: accountTable,
  statuses: { absent: 'open', pending: 'open', active: 'open', banned: 'open', lapsed: 'final', erased: 'final' },
  arbitraries: {
    Register: fc.record({
      type: fc.constant('Register'),
      accountId: fc.constant('a'),
      identifiers: fc.constant({ email }),
      activateBy: fc.constant(10),
      at: fc.constant(1),
    }),
    Activate: fc.record({ type: fc.constant('Activate'), at }),
    Lapse: fc.record({ type: fc.constant('Lapse'), at }),
    EndSessions: fc.constant({ type: 'EndSessions' }),
    DisownSignIn: fc.constant({ type: 'DisownSignIn' }),
    Bind: fc.record({
      type: fc.constant('Bind'),
      kind: fc.constantFrom('email', 'phone', 'userName'),
      identifier: fc.constantFrom('k', 'p', 'q').map((key) => ({ key, value })),
    }),
    CorrectDetails: fc.constant({ type: 'CorrectDetails', details: phone.value }),
    CorrectContact: fc.constant({ type: 'CorrectContact', kind: 'phone', identifier: phone }),
    Unbind: fc.record({ type: fc.constant('Unbind'), kind: fc.constantFrom('email', 'phone', 'userName') }),
    CorrectName: fc.constantFrom({ type: 'CorrectName' as const }, { type: 'CorrectName' as const, name: value }),
    Ban: fc.record({
      type: fc.constant('Ban'),
      reason: fc.constantFrom('fraud', 'abuse'),
      until: fc.option(at, { nil: null }),
      at,
    }),
    LiftBan: fc.constantFrom(
      { type: 'LiftBan' as const, reason: 'appeal' as const },
      { type: 'LiftBan' as const, reason: 'expired' as const },
    ),
    Erase: fc.record({ type: fc.constant('Erase'), at }),
  },
  model: {
    Register: [register],
    Activate: [
      { type: 'Activate', at: 9 },
      { type: 'Activate', at: 10 },
    ],
    Lapse: [
      { type: 'Lapse', at: 9 },
      { type: 'Lapse', at: 10 },
    ],
    EndSessions: [{ type: 'EndSessions' }],
    DisownSignIn: [{ type: 'DisownSignIn' }],
    Bind: [{ type: 'Bind', kind: 'phone', identifier: phone }],
    CorrectDetails: [{ type: 'CorrectDetails' }, { type: 'CorrectDetails', details: phone.value }],
    CorrectContact: [{ type: 'CorrectContact', kind: 'phone', identifier: phone }],
    Unbind: [
      { type: 'Unbind', kind: 'email' },
      { type: 'Unbind', kind: 'phone' },
    ],
    CorrectName: [{ type: 'CorrectName', name: value }, { type: 'CorrectName' }],
    Ban: [
      { type: 'Ban', reason: 'fraud', until: null, at: 4 },
      { type: 'Ban', reason: 'abuse', until: 5, at: 4 },
      { type: 'Ban', reason: 'abuse', until: 5, at: 5 },
    ],
    LiftBan: [{ type: 'LiftBan', reason: 'mistake' }],
    Erase: [{ type: 'Erase', at: 12 }],
  },
  invariants: {
    'an account that is gone keeps nothing sealed': (state) =>
      (state.status !== 'lapsed' && state.status !== 'erased') || !JSON.stringify(state).includes('sealed'),
    'a person that stands can be reached': (state) =>
      !('identifiers' in state) || 'email' in state.identifiers || 'phone' in state.identifiers,
  },
  // Epochs rise for ever.
  limits: { maxDepth: 6 },
})

describe('an account', () => {
  const given = specify(accountMachine)
  const { type: _, ...facts } = register
  const registered: AccountEvent = { type: 'AccountRegistered', ...facts }
  const activated: AccountEvent = { type: 'AccountActivated', at: 9 }

  it('is activated until the very last moment, and not at it', () => {
    given([registered]).when({ type: 'Activate', at: 9 }).then([activated])
    given([registered]).when({ type: 'Activate', at: 10 }).thenRefused({ type: 'ActivationOver', activateBy: 10 })
  })

  it('lapses only when its time is over', () => {
    given([registered]).when({ type: 'Lapse', at: 9 }).thenRefused({ type: 'ActivationStillOpen', activateBy: 10 })
    given([registered])
      .when({ type: 'Lapse', at: 10 })
      .thenState({ status: 'lapsed', accountId: 'a', registeredAt: 1, lapsedAt: 10 })
  })

  it('is banned until a moment to come, or for good', () => {
    const ban = { type: 'Ban', reason: 'fraud', until: 30 } as const
    given([registered, activated])
      .when({ ...ban, at: 30 })
      .thenRefused({ type: 'BanOver', until: 30 })
    given([registered, activated])
      .when({ ...ban, at: 29 })
      .then([{ type: 'AccountBanned', reason: 'fraud', until: 30 }])
    given([registered, activated])
      .when({ ...ban, until: null, at: 30 })
      .then([{ type: 'AccountBanned', reason: 'fraud', until: null }])
  })

  it('ends its sessions by a new epoch, at a reset and at a ban', () => {
    given([registered, activated]).when({ type: 'EndSessions' }).thenState({
      status: 'active',
      accountId: 'a',
      identifiers: { email },
      registeredAt: 1,
      activatedAt: 9,
      sessionEpoch: 1,
    })
    given([registered, activated, { type: 'SessionsEnded' }])
      .when({ type: 'Ban', reason: 'fraud', until: 30, at: 29 })
      .thenState({
        status: 'banned',
        accountId: 'a',
        identifiers: { email },
        registeredAt: 1,
        activatedAt: 9,
        sessionEpoch: 2,
        reason: 'fraud',
        until: 30,
      })
  })

  it('has one identifier of a kind, and never loses the last by which its person is reached', () => {
    const bound: AccountEvent = { type: 'IdentifierBound', kind: 'phone', identifier: phone }
    const other = { key: 'q', value }
    given([registered, activated])
      .when({ type: 'Unbind', kind: 'email' })
      .thenRefused({ type: 'LastContact', kind: 'email' })
    given([registered, activated])
      .when({ type: 'Unbind', kind: 'phone' })
      .thenRefused({ type: 'NotBound', kind: 'phone' })
    given([registered, activated, bound])
      .when({ type: 'Bind', kind: 'phone', identifier: other })
      .thenState({
        status: 'active',
        accountId: 'a',
        identifiers: { email, phone: other },
        registeredAt: 1,
        activatedAt: 9,
        sessionEpoch: 0,
      })
    given([registered, activated, bound]).when({ type: 'Unbind', kind: 'email' }).thenState({
      status: 'active',
      accountId: 'a',
      identifiers: { phone },
      registeredAt: 1,
      activatedAt: 9,
      sessionEpoch: 0,
    })
  })

  it('keeps only its id and its dates when it is erased', () => {
    given([registered, activated])
      .when({ type: 'Erase', at: 20 })
      .thenState({ status: 'erased', accountId: 'a', registeredAt: 1, erasedAt: 20 })
  })
})
