import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf, type PaymentProof } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type DecidedChange, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { counters, known, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts, challenges, sessions } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import type { AccountsPorts, HasherUnavailable } from '../ports.js'
import { type CodeRefused, redeemCode } from '../redeem-code.js'
import { isOpen, rotateForPayment, type SessionEvent, shownByAlone } from '../session.js'
import { digestToken } from '../session-token.js'
import { accountOf } from '../write-account.js'
import type { ProvePaymentInput } from './inputs.js'
import { parseProvePayment } from './inputs.schema.js'
import type { PaymentPasswordNotProven, ProofNotTaken } from './payment-password.js'
import { askPaymentPassword, createPaymentPasswordTry } from './try-payment-password.js'

/** The session goes on under another token, and its payments ask for no further proof for a while. */
export type ProvenForPayment = {
  /** Shows who one is from now on; the one before counts a little longer, for requests that are under way. */
  readonly token: string
  readonly sessionId: string
  readonly proof: PaymentProof
  /** Until then no payment of this session asks for another proof. */
  readonly freshUntil: Instant
}

/** Why nothing was proved. */
export type ProvePaymentError =
  | PaymentPasswordNotProven
  | CodeRefused
  | ProofNotTaken
  | NotFound
  | HasherUnavailable
  | CommandError

type Outcome = { readonly kind: 'proven'; readonly answer: ProvenForPayment } | { readonly kind: 'refused' }

/** What a proof comes to, and what is written of it either way. */
type Proof = { readonly right: boolean; readonly detail: string; readonly changes: readonly DecidedChange[] }

/**
 * Shows, before a payment, that it is its owner who pays: by the payment password, or by a code of
 * `accounts.requestPaymentCode`. It opens nothing but payments, for a password of six digits is not what an account is
 * kept by; `accounts.stepUp` counts for payments too. The session's token is another from then on.
 *
 * @errors PaymentPasswordNotProven, CodeRefused, ProofNotTaken, NotFound when the actor names no session that stands,
 * HasherUnavailable, CommandError; AlreadyDone when the key was used, for the token is kept nowhere
 */
export const provePayment = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ProvePaymentInput,
): ResultAsync<ProvenForPayment, ProvePaymentError> => {
  const typed = parseProvePayment(input)
  const accountId = customerIdOf(context.actor)
  const sessionId = context.actor.kind === 'customer' ? (context.actor.session?.sessionId ?? '') : ''
  const given = typed.match(
    (proof) => proof,
    (): ProvePaymentInput => ({ kind: 'paymentPassword', paymentPassword: '' }),
  )
  const { kind } = given
  const challengeId = kind === 'code' ? given.challengeId : undefined
  const tryPassword = createPaymentPasswordTry(
    ports,
    context.origin,
    accountId,
    kind === 'paymentPassword' ? given.paymentPassword : '',
  )
  const action = 'accounts.provePayment'
  const { stepUp, session: sessionPolicy } = ports.accountsPolicy
  const { payment } = stepUp
  return runCommand(ports, context, input, {
    action,
    secret: true,
    parse: () => typed.map(() => ({ kind, challengeId: challengeId ?? null })),
    plan: () => ({
      account: row(accounts, accountId),
      session: sessionId === '' ? known(undefined) : row(sessions, sessionId),
      challenge: challengeId === undefined ? known(undefined) : row(challenges, challengeId),
      left: counters(challengeAttempts, challengeId === undefined ? [] : [challengeId]),
      ...askPaymentPassword(accountId),
    }),
    decide: ({ account, session, challenge, left, held, guard }, { actor, now: at }) => {
      if (!payment.proofs.includes(kind)) return err<never, ProvePaymentError>({ type: 'ProofNotTaken', proof: kind })
      if (
        account?.state.status !== 'active' ||
        session === undefined ||
        session.state.accountId !== accountId ||
        !isOpen(session.state, at) ||
        session.state.epoch !== account.state.sessionEpoch
      ) {
        return err<never, ProvePaymentError>({ type: 'NotFound', entity: 'session', id: sessionId })
      }
      const owner = account.state
      const prove = (): ResultAsync<Proof, ProvePaymentError> => {
        if (given.kind === 'paymentPassword') {
          return tryPassword({ account: owner, held, guard, at }).map((verdict) => ({
            right: verdict.kind === 'right',
            detail: verdict.kind,
            changes: verdict.changes,
          }))
        }
        // A code of another account is as if absent, and so is one to the contact that alone has shown whose the session is.
        const own =
          challenge !== undefined &&
          accountOf(challenge.state, account) !== undefined &&
          challenge.state.sentTo?.kind !== (shownByAlone(session.state, at) ?? 'nowhere')
            ? challenge
            : undefined
        return redeemCode(ports, { challenge: own, left, purpose: 'pay', code: given.code, action, actor, at }).map(
          (verdict) => ({ right: verdict.kind === 'right', detail: verdict.kind, changes: verdict.changes }),
        )
      }
      const note = { actor, action, subject: accountId, at }
      return prove().andThen(({ right, detail, changes }): ResultAsync<Decision<Outcome>, ProvePaymentError> => {
        if (!right) {
          const refusal = auditEntry(ports.ids, { ...note, outcome: 'refused', detail })
          return okAsync({ answer: { kind: 'refused' }, changes: [...changes, refusal] })
        }
        const token = `${sessionId}.${ports.ids.secret()}`
        const rotated: SessionEvent = { type: 'SessionRotated', accountId, sessionId }
        return digestToken(ports.digests, token).map((tokenDigest) => ({
          answer: {
            kind: 'proven',
            answer: { token, sessionId, proof: kind, freshUntil: at + payment.freshMs },
          },
          changes: [
            ...changes,
            put(sessions, {
              id: sessionId,
              version: session.version,
              state: rotateForPayment(session.state, kind, { tokenDigest, now: at, policy: sessionPolicy }),
              events: [rotated],
            }),
            auditEntry(ports.ids, { ...note, outcome: 'done', detail: kind }),
          ],
        }))
      })
    },
  }).andThen((outcome) => {
    if (outcome.kind === 'proven') return ok(outcome.answer)
    return errAsync<ProvenForPayment, ProvePaymentError>({
      type: kind === 'code' ? 'CodeRefused' : 'PaymentPasswordNotProven',
    })
  })
}
