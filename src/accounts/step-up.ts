import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { put } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isStanding } from './account-machine.js'
import { accounts, credentials, sessions, signInGuards } from './accounts.schema.js'
import type { PasswordNotProven } from './erase-account.js'
import { parseStepUp } from './inputs.schema.js'
import { canonicalPassword } from './password-policy.js'
import type { AccountsPorts, HasherUnavailable } from './ports.js'
import { isOpen, rotate, type SessionEvent } from './session.js'
import { digestToken } from './session-token.js'
import { createPasswordTry } from './try-password.js'

/** The session goes on, under another token. */
export type SteppedUp = {
  /** Shows who one is from now on; the one before counts a little longer, for requests that are under way. */
  readonly token: string
  readonly sessionId: string
  /** Until then nothing asks for another proof. */
  readonly freshUntil: Instant
}

/** Why a step-up may fail. */
export type StepUpError = PasswordNotProven | NotFound | HasherUnavailable | CommandError

type Outcome = { readonly kind: 'steppedUp'; readonly answer: SteppedUp } | { readonly kind: 'refused' }

/**
 * Proves once more, within a session, that one is who one is; what the shop's policy names asks for it. A wrong password
 * counts as a failed sign-in. The session's token is another from then on.
 *
 * @errors PasswordNotProven, NotFound when the actor names no session that stands, HasherUnavailable, CommandError;
 * AlreadyDone when the key was used, for the token is kept nowhere
 */
export const stepUp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<SteppedUp, StepUpError> => {
  const typed = parseStepUp(input)
  const accountId = customerIdOf(context.actor)
  const sessionId = context.actor.kind === 'customer' ? (context.actor.session?.sessionId ?? '') : ''
  const tryPassword = createPasswordTry(
    ports,
    canonicalPassword(
      typed.match(
        ({ password }) => password,
        () => '',
      ),
    ),
  )
  return runCommand(ports, context, input, {
    action: 'accounts.stepUp',
    secret: true,
    parse: () => typed.map(({ kind }) => ({ kind })),
    plan: () => ({
      account: row(accounts, accountId),
      credential: row(credentials, accountId),
      guard: row(signInGuards, accountId),
      session: sessionId === '' ? known(undefined) : row(sessions, sessionId),
    }),
    decide: ({ account, credential, guard, session }, { actor, now: at }) => {
      const policy = ports.accountsPolicy
      if (
        account === undefined ||
        !isStanding(account.state) ||
        session === undefined ||
        !isOpen(session.state, at) ||
        session.state.epoch !== account.state.sessionEpoch
      ) {
        return err<never, StepUpError>({ type: 'NotFound', entity: 'session', id: sessionId })
      }
      const note = { actor, action: 'accounts.stepUp', subject: accountId, at }
      return tryPassword({ guardId: accountId, account, credential, guard, at })
        .mapErr((error): StepUpError => error)
        .andThen((verdict): ResultAsync<Decision<Outcome>, StepUpError> => {
          if (verdict.kind !== 'right') {
            const refusal = auditEntry(ports.ids, { ...note, outcome: 'refused', detail: verdict.kind })
            return okAsync({ answer: { kind: 'refused' }, changes: [...verdict.changes, refusal] })
          }
          const token = `${sessionId}.${ports.ids.secret()}`
          const rotated: SessionEvent = { type: 'SessionRotated', accountId, sessionId }
          return digestToken(ports.digests, token).map((tokenDigest) => ({
            answer: {
              kind: 'steppedUp',
              answer: { token, sessionId, freshUntil: at + policy.stepUp.freshMs },
            },
            changes: [
              ...verdict.changes,
              put(sessions, {
                id: sessionId,
                version: session.version,
                state: rotate(session.state, { tokenDigest, now: at, policy: policy.session }),
                events: [rotated],
              }),
              auditEntry(ports.ids, { ...note, outcome: 'done' }),
            ],
          }))
        })
    },
  }).andThen((outcome) =>
    outcome.kind === 'steppedUp' ? ok(outcome.answer) : err({ type: 'PasswordNotProven' as const }),
  )
}
