import { okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { adjust, type DecidedChange, expectRow, removeRow } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { SubjectKey, Unreadable } from '../../shared/personal-data.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import type { StandingAccount } from '../account-machine.js'
import { challenges, signInGuards } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { Challenge } from '../challenge.js'
import { challengeMachine } from '../challenge-machine.js'
import type { ConfirmSignInInput } from '../inputs.js'
import type { Passkeys } from '../passkey/passkey.js'
import { provePasskey } from '../passkey/prove-passkey.js'
import type { AccountsPorts } from '../ports.js'
import { redeemCode } from '../redeem-code.js'
import { rememberFailure, type WrongProof } from '../remember-failure.js'
import { putChallenge } from '../write-account.js'
import { type FactorLane, mayTryFactor } from './factor-guard.js'
import type { SecondFactor } from './second-factor.js'
import { takesContact } from './second-proofs.js'
import { type OwnCodeKind, tryFactor } from './try-factor.js'

/** A second proof that somebody gave, with what it is held against. */
export type SecondAttempt = {
  readonly challenge: Stored<Challenge>
  readonly left: ReadonlyMap<string, number>
  readonly account: StandingAccount
  readonly factor: Stored<SecondFactor> | undefined
  readonly kept: Stored<Passkeys> | undefined
  readonly key: SubjectKey | undefined
  readonly lane: FactorLane
  readonly action: string
  readonly actor: Actor
  readonly at: Instant
}

/** What a second proof comes to, and what is written of it either way. */
export type SecondVerdict = { readonly kind: 'right' | 'refused'; readonly changes: readonly DecidedChange[] }

const purpose = 'secondFactor'

/**
 * Tries a second proof on the challenge that asks for it. A wrong code is remembered and slows the next, whichever way it
 * is of; a passkey cannot be guessed, and failures keep nobody from using one.
 *
 * @errors Unreadable, CryptoUnavailable
 */
export const proveSecondFactor = (
  ports: AccountsPorts,
  attempt: SecondAttempt,
  given: ConfirmSignInInput,
): ResultAsync<SecondVerdict, Unreadable | CryptoUnavailable> => {
  const { challenge, left, account, factor, kept, lane, action, actor, at } = attempt
  const { guard } = lane
  const { accountId } = account
  const cleared = guard === undefined ? [] : [removeRow(signInGuards, guard)]
  if (given.kind === 'passkey') {
    const { kind: _, challengeId: __, ...made } = given
    // Without a second factor there is nothing to prove, and the factor was taken off meanwhile.
    if (factor?.state.status !== 'enabled') return okAsync({ kind: 'refused', changes: [] })
    return provePasskey(ports, { challenge, left, purpose, kept, made, action, actor, at }).map(
      ({ kind, changes }) => ({
        kind,
        changes: kind === 'right' ? [...changes, ...cleared] : changes,
      }),
    )
  }
  const { kind, code } = given
  if (!mayTryFactor(guard?.state, kind, at, ports.accountsPolicy.guard)) {
    const note = { actor, action, subject: accountId, at, outcome: 'refused' as const, detail: 'notLookedAt' }
    return okAsync({ kind: 'refused', changes: [auditEntry(ports.ids, note)] })
  }
  if (kind === 'totp' || kind === 'recoveryCode') return proveOwnCode(ports, attempt, { kind, code }, cleared)
  // A code that was sent elsewhere, or came the way of the first proof, is as if it had not been sent.
  if (challenge.state.sentTo?.kind !== kind || !takesContact(factor?.state, challenge.state, kind)) {
    return okAsync({ kind: 'refused', changes: [] })
  }
  const tried = { challenge, left, purpose, code, action, subject: accountId, actor, at } as const
  return redeemCode(ports, tried).map(({ kind, guessed, changes }) => ({
    kind,
    changes: [
      ...changes,
      ...(kind === 'right' ? cleared : []),
      ...(guessed ? rememberFailure(wrongFactor(ports, attempt)) : []),
    ],
  }))
}

const proveOwnCode = (
  ports: AccountsPorts,
  attempt: SecondAttempt,
  { kind, code }: { readonly kind: OwnCodeKind; readonly code: string },
  cleared: readonly DecidedChange[],
): ResultAsync<SecondVerdict, Unreadable | CryptoUnavailable> => {
  const { challenge, left, account, factor, key, action, actor, at } = attempt
  const { id: challengeId, state, version } = challenge
  const codePolicy = ports.accountsPolicy.code
  const attemptsLeft = left.get(challengeId) ?? codePolicy.attempts
  const spend = adjust(challengeAttempts, { id: challengeId, by: -1, initial: codePolicy.attempts })
  const note = (outcome: 'done' | 'refused', detail: string): DecidedChange =>
    auditEntry(ports.ids, { actor, action, subject: account.accountId, at, outcome, detail })
  return tryFactor(ports, { factor, key, kind, code, at }).map((used) =>
    decideNext(challengeMachine, state, { type: 'Prove', purpose, right: used !== undefined, attemptsLeft, at }).match(
      (decided): SecondVerdict => ({
        kind: 'right',
        changes: [
          putChallenge(challengeId, version, decided),
          spend,
          ...(used === undefined ? [] : [used]),
          ...cleared,
          note('done', kind),
        ],
      }),
      (error): SecondVerdict => ({
        kind: 'refused',
        changes:
          error.type === 'CodeWrong'
            ? [
                expectRow(challenges, challenge),
                spend,
                ...rememberFailure(wrongFactor(ports, attempt)),
                note('refused', error.type),
              ]
            : [note('refused', error.type)],
      }),
    ),
  )
}

const wrongFactor = (ports: AccountsPorts, { account, lane, at }: SecondAttempt): WrongProof => ({
  proof: 'secondFactor',
  guardId: lane.id,
  guard: lane.guard,
  account,
  policy: ports.accountsPolicy.guard,
  at,
})
