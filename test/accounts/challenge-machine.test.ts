import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChallengeCommand,
  type ChallengeError,
  type ChallengeEvent,
  clockToleranceMs,
  longestChallengeMs,
} from '../../src/accounts/challenge.js'
import {
  type ChallengeState,
  challengeMachine,
  challengeTable,
  isSameDigest,
} from '../../src/accounts/challenge-machine.js'
import { specify } from '../kit/given-when-then.js'
import { machineLaws } from '../kit/machine-laws.js'

const issue: Extract<ChallengeCommand, { type: 'Issue' }> = {
  type: 'Issue',
  challengeId: 'c',
  purpose: 'reset',
  accountId: 'a',
  epoch: 0,
  identifierKey: 'k',
  codeDigest: 'one',
  expiresAt: 10,
  resendAt: 3,
  at: 0,
}
const redeem = { type: 'Redeem', purpose: 'reset', codeDigest: 'one', attemptsLeft: 5, at: 9 } as const
const prove = { type: 'Prove', purpose: 'reset', right: true, attemptsLeft: 5, at: 9 } as const
const resend = { type: 'Resend', codeDigest: 'two', expiresAt: 20, resendAt: 6, at: 3 } as const
const at = fc.integer({ min: 0, max: 25 })

machineLaws<ChallengeState, ChallengeCommand, ChallengeEvent, ChallengeError>({
  name: 'challenge',
  decider: challengeMachine,
  table: challengeTable,
  statuses: { absent: 'open', open: 'open', redeemed: 'final', revoked: 'final' },
  arbitraries: {
    Issue: fc.constant(issue),
    Resend: at.map((moment) => ({ ...resend, at: moment, resendAt: moment + 3, expiresAt: moment + 10 })),
    Redeem: fc.record({
      type: fc.constant('Redeem'),
      purpose: fc.constantFrom('reset', 'activate'),
      codeDigest: fc.constantFrom('one', 'two'),
      attemptsLeft: fc.integer({ min: 0, max: 2 }),
      at,
    }),
    Prove: fc.record({
      type: fc.constant('Prove'),
      purpose: fc.constantFrom('reset', 'secondFactor'),
      right: fc.boolean(),
      attemptsLeft: fc.integer({ min: 0, max: 2 }),
      at,
    }),
    Revoke: fc.record({ type: fc.constant('Revoke'), at }),
  },
  model: {
    Issue: [issue],
    Resend: [resend, { ...resend, at: 2 }],
    Redeem: [
      redeem,
      { ...redeem, codeDigest: 'two' },
      { ...redeem, at: 10 },
      { ...redeem, attemptsLeft: 0 },
      { ...redeem, purpose: 'activate' },
    ],
    Prove: [prove, { ...prove, right: false }, { ...prove, purpose: 'secondFactor' }, { ...prove, at: 10 }],
    Revoke: [{ type: 'Revoke', at: 5 }],
  },
  invariants: {
    'a challenge that is over keeps no digest': (state) => state.status === 'open' || !('codeDigest' in state),
  },
  limits: { maxDepth: 5 },
})

describe('a challenge', () => {
  const given = specify(challengeMachine)
  const { type: _, ...facts } = issue
  const issued: ChallengeEvent = { type: 'ChallengeIssued', ...facts }
  const { type: __, at: sentAt, ...code } = resend
  const resent: ChallengeEvent = { type: 'CodeResent', ...code, sentAt }

  it('takes its code once, in time', () => {
    given([issued])
      .when(redeem)
      .then([{ type: 'ChallengeRedeemed', at: 9 }])
    given([issued, { type: 'ChallengeRedeemed', at: 9 }])
      .when(redeem)
      .thenRefused({ type: 'ChallengeStateForbids', status: 'redeemed', command: 'Redeem' })
    given([issued])
      .when({ ...redeem, at: 10 })
      .thenRefused({ type: 'CodeExpired', expiresAt: 10 })
  })

  it('takes no code of another purpose, and none when every attempt is spent', () => {
    given([issued])
      .when({ ...redeem, purpose: 'activate' })
      .thenRefused({ type: 'PurposeDiffers' })
    given([issued])
      .when({ ...redeem, attemptsLeft: 0 })
      .thenRefused({ type: 'AttemptsUsedUp' })
  })

  it('takes no code past the longest life of any, whatever was said of it: its tries are forgotten soon after', () => {
    const endless: ChallengeEvent = { ...issued, expiresAt: 10 * longestChallengeMs }
    given([endless])
      .when({ ...redeem, at: longestChallengeMs - 1 })
      .then([{ type: 'ChallengeRedeemed', at: longestChallengeMs - 1 }])
    given([endless])
      .when({ ...redeem, at: longestChallengeMs })
      .thenRefused({ type: 'CodeExpired', expiresAt: longestChallengeMs })
  })

  it('takes no code that was sent in a time to come, but for what the clocks of two servers may be apart', () => {
    const late = 10 * clockToleranceMs
    const ahead: ChallengeEvent = { ...issued, at: late, expiresAt: late + 10 }
    const sentAhead: ChallengeEvent = { ...resent, sentAt: late, expiresAt: late + 10 }
    for (const [events, codeDigest] of [[[ahead], 'one'] as const, [[issued, sentAhead], 'two'] as const]) {
      given(events)
        .when({ ...redeem, codeDigest, at: late - clockToleranceMs - 1 })
        .thenRefused({ type: 'CodeExpired', expiresAt: late + 10 })
      given(events)
        .when({ ...redeem, codeDigest, at: late - clockToleranceMs })
        .then([{ type: 'ChallengeRedeemed', at: late - clockToleranceMs }])
    }
  })

  it('lets the code before die when another is sent, and sends none too soon', () => {
    given([issued, resent]).when(redeem).thenRefused({ type: 'CodeWrong' })
    given([issued, resent])
      .when({ ...redeem, codeDigest: 'two', at: 19 })
      .then([{ type: 'ChallengeRedeemed', at: 19 }])
    given([issued])
      .when({ ...resend, at: 2 })
      .thenRefused({ type: 'CodeTooSoon', resendAt: 3 })
  })

  it('compares digests as equality does', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(isSameDigest(left, right)).toBe(left === right)
        expect(isSameDigest(left, left)).toBe(true)
      }),
    )
  })
})
