import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { adjust, claim, type DecidedChange, expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import { decideNext } from '../../shared/decider.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts, challenges } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import { challengeMachine } from '../challenge-machine.js'
import type { FinishPasskeyRegistrationInput } from '../inputs.js'
import { parseFinishPasskeyRegistration } from '../inputs.schema.js'
import { once } from '../once.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile } from '../profile.js'
import { tellOfIdentifier } from '../tell-of-identifier.js'
import { accountOf, putChallenge, touchAccount } from '../write-account.js'
import { mostPasskeys, type Passkey, type PasskeyEvent } from './passkey.js'
import { passkeys } from './passkey.schema.js'
import { passkeyKey, passkeySpace, signedText } from './passkey-challenge.js'
import type { PasskeyRefused, PasskeysNotOffered } from './prove-passkey.js'

/** A passkey leads into the account. */
export type PasskeyAdded = { readonly accountId: string; readonly passkeyId: string }

/** The account has as many passkeys as an account may have. */
export type TooManyPasskeys = { readonly type: 'TooManyPasskeys'; readonly most: number }

/** Why a passkey may not be added. */
export type AddPasskeyError =
  | PasskeysNotOffered
  | PasskeyRefused
  | TooManyPasskeys
  | NotFound
  | Unreadable
  | CommandError

type Outcome = { readonly kind: 'added'; readonly added: PasskeyAdded } | { readonly kind: 'refused' }

const refusal: Outcome = { kind: 'refused' }

/**
 * Adds to one's account the passkey that an authenticator made for the invitation. Every contact of the account is told.
 *
 * @errors PasskeysNotOffered, PasskeyRefused, TooManyPasskeys, NotFound, Unreadable, CommandError
 */
export const finishPasskeyRegistration = (
  ports: AccountsPorts,
  context: CommandContext,
  input: FinishPasskeyRegistrationInput,
): ResultAsync<PasskeyAdded, AddPasskeyError> => {
  const action = 'accounts.finishPasskeyRegistration'
  const accountId = customerIdOf(context.actor)
  const typed = parseFinishPasskeyRegistration(input)
  const given = typed.match(
    (value) => value,
    (): FinishPasskeyRegistrationInput => ({
      challengeId: '',
      credentialId: '',
      clientDataJson: '',
      attestationObject: '',
    }),
  )
  const judged = once(() =>
    signedText(ports.digests, given.challengeId).andThen((text) =>
      ports.passkeys === undefined
        ? okAsync(undefined)
        : ports.passkeys
            .verifyAttestation(text, given)
            .andThen((made) => passkeyKey(ports.digests, made.credentialId).map((key) => ({ made, key })))
            .orElse((error) => (error.type === 'PasskeyInvalid' ? okAsync(undefined) : err(error))),
    ),
  )
  return runCommand(ports, context, input, {
    action,
    parse: () => typed.map(({ challengeId }) => ({ challengeId })),
    plan: ({ input: { challengeId } }) => ({
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      kept: row(passkeys, accountId),
    }),
    decide: ({ challenge, left, account, key, kept }, { actor, now: at }) => {
      const refuse = (error: AddPasskeyError) => err<never, AddPasskeyError>(error)
      if (ports.passkeys === undefined) return refuse({ type: 'PasskeysNotOffered' })
      const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
      if (challenge === undefined || owner?.state.status !== 'active' || key === undefined) {
        return ok<Decision<Outcome>, AddPasskeyError>({ answer: refusal, changes: [] })
      }
      if ((kept?.state.keys.length ?? 0) >= mostPasskeys) {
        return refuse({ type: 'TooManyPasskeys', most: mostPasskeys })
      }
      const standing = owner.state
      const attempts = ports.accountsPolicy.code.attempts
      const attemptsLeft = left.get(challenge.id) ?? attempts
      const spend = adjust(challengeAttempts, { id: challenge.id, by: -1, initial: attempts })
      const note = (outcome: 'done' | 'refused', detail?: string): DecidedChange =>
        auditEntry(ports.ids, {
          actor,
          action,
          subject: accountId,
          at,
          outcome,
          ...(detail === undefined ? {} : { detail }),
        })
      return judged().andThen((made): ResultAsync<Decision<Outcome>, AddPasskeyError> => {
        const right = made !== undefined
        const purpose = 'passkeyRegister'
        const decided = decideNext(challengeMachine, challenge.state, {
          type: 'Prove',
          purpose,
          right,
          attemptsLeft,
          at,
        })
        if (decided.isErr() || made === undefined) {
          const detail = decided.isErr() ? decided.error.type : 'CodeWrong'
          const changes = detail === 'CodeWrong' ? [expectRow(challenges, challenge), spend] : []
          return okAsync({ answer: refusal, changes: [...changes, note('refused', detail)] })
        }
        const passkeyId = ports.ids.next('passkey')
        const added: Passkey = {
          passkeyId,
          key: made.key,
          credentialId: made.made.credentialId,
          publicKey: made.made.publicKey,
          counter: made.made.counter,
          backupEligible: made.made.backupEligible,
          backedUp: made.made.backedUp,
          transports: given.transports ?? [],
          addedAt: at,
        }
        const event: PasskeyEvent = { type: 'PasskeyAdded', accountId, passkeyId }
        return openProfile(ports.sealer, key.state, standing)
          .andThen((profile) =>
            tellOfIdentifier(ports, {
              cause: passkeyId,
              account: standing,
              key: key.state,
              profile,
              kind: 'passkey',
              change: 'added',
              at,
            }),
          )
          .map(
            (notices): Decision<Outcome> => ({
              answer: { kind: 'added', added: { accountId, passkeyId } },
              changes: [
                touchAccount(owner),
                putChallenge(challenge.id, challenge.version, decided.value),
                spend,
                put(passkeys, {
                  id: accountId,
                  version: kept?.version ?? 0,
                  state: { accountId, keys: [...(kept?.state.keys ?? []), added] },
                  events: [event],
                }),
                claim({ space: passkeySpace, key: made.key, owner: accountId }),
                ...notices,
                note('done'),
              ],
            }),
          )
      })
    },
    claimed: (taken) => (taken.space === passkeySpace ? ok(refusal) : undefined),
  }).andThen((outcome) =>
    outcome.kind === 'added' ? ok(outcome.added) : err<never, AddPasskeyError>({ type: 'PasskeyRefused' }),
  )
}
