import { okAsync, type ResultAsync } from 'neverthrow'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { adjust, type DecidedChange, expectRow, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import type { Stored } from '../../shared/read-plan.js'
import { challenges } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { Challenge, ChallengePurpose } from '../challenge.js'
import { challengeMachine } from '../challenge-machine.js'
import type { AccountsPorts } from '../ports.js'
import { putChallenge } from '../write-account.js'
import { type Passkey, type PasskeyEvent, type Passkeys, usePasskey } from './passkey.js'
import { passkeys } from './passkey.schema.js'
import { signedText, userHandleOf } from './passkey-challenge.js'
import type { PasskeyAssertion, PasskeyInvalid } from './passkey-verifier.js'

/** Nobody is proved by a passkey: it is none of the account, did not sign this challenge, or verified nobody; which, nobody is told. */
export type PasskeyRefused = { readonly type: 'PasskeyRefused' }

/** The shop takes no passkeys: it was created without a port for them. */
export type PasskeysNotOffered = { readonly type: 'PasskeysNotOffered' }

/** What a try of a passkey comes to, and what is written of it either way. */
export type PasskeyVerdict = { readonly kind: 'right' | 'refused'; readonly changes: readonly DecidedChange[] }

/** A passkey as it was used, or why it is not believed. */
type Use = { readonly used: Passkey } | { readonly doubt: string }

/**
 * Tries a passkey on a challenge: one attempt is spent in the commit that says whether it was right, and the challenge and
 * the key's counter are written by it, so that of any number of tries with one signature one at most is right.
 *
 * @errors CryptoUnavailable
 */
export const provePasskey = (
  ports: AccountsPorts,
  attempt: {
    readonly challenge: Stored<Challenge> | undefined
    readonly left: ReadonlyMap<string, number>
    readonly purpose: ChallengePurpose
    /** The passkeys of the account that the key is said to lead to. */
    readonly kept: Stored<Passkeys> | undefined
    readonly made: PasskeyAssertion
    readonly action: string
    /** Why even the right key lets nobody in; the challenge is used up all the same. */
    readonly barred?: string | undefined
    readonly actor: Actor
    readonly at: Instant
  },
): ResultAsync<PasskeyVerdict, CryptoUnavailable> => {
  const { challenge, purpose, kept, made, action, actor, at } = attempt
  if (challenge === undefined) return okAsync({ kind: 'refused', changes: [] })
  const { id: challengeId, state, version } = challenge
  const attempts = ports.accountsPolicy.code.attempts
  const attemptsLeft = attempt.left.get(challengeId) ?? attempts
  const spend = adjust(challengeAttempts, { id: challengeId, by: -1, initial: attempts })
  return judge(ports, challengeId, kept, made).map((use): PasskeyVerdict => {
    const note = (outcome: 'done' | 'refused', detail?: string): DecidedChange =>
      auditEntry(ports.ids, {
        actor,
        action,
        subject: kept?.id ?? challengeId,
        at,
        outcome,
        ...(detail === undefined ? {} : { detail }),
      })
    const right = 'used' in use
    return decideNext(challengeMachine, state, { type: 'Prove', purpose, right, attemptsLeft, at }).match(
      (decided): PasskeyVerdict => ({
        kind: attempt.barred === undefined ? 'right' : 'refused',
        changes: [
          putChallenge(challengeId, version, decided),
          spend,
          ...(right && kept !== undefined ? [putUse(kept, use.used)] : []),
          attempt.barred === undefined ? note('done', 'passkey') : note('refused', attempt.barred),
        ],
      }),
      (error): PasskeyVerdict => ({
        kind: 'refused',
        changes:
          error.type === 'CodeWrong'
            ? [expectRow(challenges, challenge), spend, note('refused', 'doubt' in use ? use.doubt : error.type)]
            : [note('refused', error.type)],
      }),
    )
  })
}

const judge = (
  ports: AccountsPorts,
  challengeId: string,
  kept: Stored<Passkeys> | undefined,
  made: PasskeyAssertion,
): ResultAsync<Use, CryptoUnavailable> => {
  const verifier = ports.passkeys
  const passkey = kept?.state.keys.find(({ credentialId }) => credentialId === made.credentialId)
  if (verifier === undefined || kept === undefined || passkey === undefined) return okAsync({ doubt: 'unknownKey' })
  return userHandleOf(ports.digests, kept.id).andThen((handle): ResultAsync<Use, CryptoUnavailable> => {
    if (made.userHandle !== undefined && made.userHandle !== handle) return okAsync({ doubt: 'anotherUser' })
    return signedText(ports.digests, challengeId).andThen((text) =>
      verifier
        .verifyAssertion(text, passkey, made)
        .map(
          (facts): Use =>
            usePasskey(passkey, facts).match(
              (used) => ({ used }),
              (doubt) => ({ doubt }),
            ),
        )
        .orElse((invalid: PasskeyInvalid) => okAsync<Use, CryptoUnavailable>({ doubt: invalid.detail })),
    )
  })
}

const putUse = (kept: Stored<Passkeys>, used: Passkey): DecidedChange => {
  const { accountId, keys } = kept.state
  const event: PasskeyEvent = { type: 'PasskeyUsed', accountId, passkeyId: used.passkeyId }
  return put(passkeys, {
    id: kept.id,
    version: kept.version,
    state: { accountId, keys: keys.map((each) => (each.passkeyId === used.passkeyId ? used : each)) },
    events: [event],
  })
}
