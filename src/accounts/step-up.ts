import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { type DecidedChange, put, removeRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { digestOrigin } from '../shared/origin.js'
import type { Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { counters, known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isStanding } from './account-machine.js'
import { accounts, challenges, credentials, sessions, signInGuards } from './accounts.schema.js'
import { challengeAttempts } from './budgets.js'
import type { PasswordNotProven } from './erase-account.js'
import type { StepUpInput } from './inputs.js'
import { parseStepUp } from './inputs.schema.js'
import { noteDevice, ownDeviceGuard, ownLane } from './known-device.js'
import { passkeys } from './passkey/passkey.schema.js'
import { type PasskeyRefused, provePasskey } from './passkey/prove-passkey.js'
import { canonicalPassword } from './password-policy.js'
import type { AccountsPorts, HasherUnavailable } from './ports.js'
import { type CodeRefused, redeemCode } from './redeem-code.js'
import type { PasswordChangeRequired } from './refresh-credential.js'
import { rememberFailure } from './remember-failure.js'
import { askFactorGuards, factorLane, mayTryFactor } from './second-factor/factor-guard.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
import type { SecondProof } from './second-factor/second-proofs.js'
import { stepUpWays } from './second-factor/step-up-ways.js'
import { tryFactor } from './second-factor/try-factor.js'
import { isOpen, letIn, rotate, type SessionEvent } from './session.js'
import { digestToken } from './session-token.js'
import { clearGuard, createPasswordTry } from './try-password.js'
import { accountOf } from './write-account.js'

/** The session goes on, under another token. */
export type SteppedUp = {
  /** Shows who one is from now on; the one before counts a little longer, for requests that are under way. */
  readonly token: string
  readonly sessionId: string
  /** Until then nothing asks for another proof; no later than now where the session is only let in. */
  readonly freshUntil: Instant
}

/**
 * The password is not enough, or there is none: by what else the proof can be given. By nothing where none is named, and a new
 * sign-in, by whom the account was opened by, is the proof.
 */
export type FactorProofRequired = { readonly type: 'FactorProofRequired'; readonly factors: readonly SecondProof[] }

/** The password was reset by the only contact there is, which alone began the session: it proves more from then on. */
export type StepUpWaits = { readonly type: 'StepUpWaits'; readonly retryAt: Instant }

/** Why a step-up may fail. */
export type StepUpError =
  | StepUpWaits
  | PasswordNotProven
  | PasswordChangeRequired
  | PasskeyRefused
  | CodeRefused
  | FactorProofRequired
  | NotFound
  | Unreadable
  | HasherUnavailable
  | CommandError

/** How each proof is refused. */
const refusals = {
  password: 'PasswordNotProven',
  passkey: 'PasskeyRefused',
  totp: 'CodeRefused',
  recoveryCode: 'CodeRefused',
  email: 'CodeRefused',
  phone: 'CodeRefused',
} as const satisfies Record<StepUpInput['kind'], string>

type MustChange = PasswordChangeRequired['because']

type Outcome =
  | { readonly kind: 'steppedUp'; readonly answer: SteppedUp }
  | { readonly kind: 'refused' }
  | { readonly kind: 'mustChange'; readonly because: MustChange }

/** What a proof comes to, and what is written of it either way. */
type Proof = {
  readonly right: boolean
  readonly detail: string
  readonly changes: readonly DecidedChange[]
  /** The password is right and proves nothing any more. */
  readonly mustChange?: MustChange | undefined
}

/**
 * Proves once more, within a session, that one is who one is; what the shop's policy names asks for it. By the password,
 * or, where there is one, by the second factor (`requestStepUpCode` sends the codes of its contacts); by a passkey in any
 * case. A password that was reset a while ago, and a code to the contact that it was reset by, prove nothing in a session that
 * rests on that contact: another way does, and where there is none, the password after a while. A wrong password counts as a failed sign-in, a wrong code as a failure of
 * the second factor. The session's token is another from then on.
 *
 * @errors PasswordNotProven, PasswordChangeRequired, PasskeyRefused, CodeRefused, FactorProofRequired, StepUpWaits, NotFound when the actor names no session that stands,
 * Unreadable, HasherUnavailable, CommandError; AlreadyDone when the key was used, for the token is kept nowhere
 */
export const stepUp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: StepUpInput,
): ResultAsync<SteppedUp, StepUpError> => {
  const typed = parseStepUp(input)
  const accountId = customerIdOf(context.actor)
  const sessionId = context.actor.kind === 'customer' ? (context.actor.session?.sessionId ?? '') : ''
  const given = typed.match(
    (proof) => proof,
    (): StepUpInput => ({ kind: 'password', password: '' }),
  )
  const asked = 'challengeId' in given ? given.challengeId : ''
  const tryPassword = createPasswordTry(
    ports,
    context.origin,
    given.kind === 'password' ? canonicalPassword(given.password) : '',
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action: 'accounts.stepUp',
        secret: true,
        parse: () => typed.map(({ kind }) => ({ kind })),
        plan: () => ({
          account: row(accounts, accountId),
          credential: row(credentials, accountId),
          guard: row(signInGuards, accountId),
          deviceGuard: ownDeviceGuard(accountId, device),
          factor: row(secondFactors, accountId),
          ...askFactorGuards(accountId, device),
          key: row(subjectKeys, accountId),
          session: sessionId === '' ? known(undefined) : row(sessions, sessionId),
          kept: row(passkeys, accountId),
          challenge: asked === '' ? known(undefined) : row(challenges, asked),
          left: counters(challengeAttempts, asked === '' ? [] : [asked]),
        }),
        decide: (facts, { actor, now: at }) => {
          const { account, credential, guard, deviceGuard, factor, key, session, kept, challenge, left } = facts
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
          const standing = account.state
          const hasPasskeys = ports.passkeys !== undefined && (kept?.state.keys.length ?? 0) > 0
          const { mustProve } = session.state
          const hasPassword = credential !== undefined
          const own = { account: standing, factor: factor?.state, hasPassword, hasPasskeys }
          const ways = stepUpWays(session.state, { ...own, at })
          // What was asked of another account is as if it had not been asked.
          const answered =
            challenge === undefined || accountOf(challenge.state, account) === undefined ? undefined : challenge
          const lane = ownLane({ accountId, deviceGuard, ownGuard: guard }, at, policy.guard)
          const isKnownDevice = lane.kind === 'knownDevice'
          const passed = isKnownDevice ? [] : clearGuard(guard)
          const prove = (): ResultAsync<Proof, StepUpError> => {
            if (given.kind === 'password') {
              if (ways.kind === 'waits') return errAsync({ type: 'StepUpWaits', retryAt: ways.until })
              return ways.kind === 'entryOnly' || !ways.password
                ? errAsync({ type: 'FactorProofRequired', factors: ways.proofs })
                : tryPassword({ guardId: lane.id, isKnownDevice, account, credential, guard: lane.guard, at }).map(
                    ({ kind, changes, mustChange }) => ({
                      right: kind === 'right' && mustChange === undefined,
                      detail: mustChange ?? kind,
                      changes: kind === 'right' ? [...changes, ...passed] : changes,
                      mustChange,
                    }),
                  )
            }
            if (given.kind === 'passkey') {
              const { kind: _, challengeId: __, ...made } = given
              const attempt = { challenge: answered, left, purpose: 'passkeyStepUp' as const, kept, made, actor, at }
              return provePasskey(ports, { ...attempt, action: 'accounts.stepUp' }).map(({ kind, changes }) => ({
                right: kind === 'right',
                detail: 'passkey',
                changes,
              }))
            }
            const { kind, code } = given
            const { id: guardId, guard: tried } = factorLane({ ...facts, accountId, device }, at, policy.guard)
            if (!mayTryFactor(tried?.state, kind, at, policy.guard)) {
              return okAsync({ right: false, detail: 'notLookedAt', changes: [] })
            }
            const cleared = tried === undefined ? [] : [removeRow(signInGuards, tried)]
            const remembered = () =>
              rememberFailure({
                proof: 'secondFactor',
                guardId,
                guard: tried,
                account: standing,
                policy: policy.guard,
                at,
              })
            if (kind === 'email' || kind === 'phone') {
              const isAsked =
                ways.kind !== 'waits' &&
                ways.proofs.some((way) => way === kind) &&
                answered?.state.sentTo?.kind === kind
              const attempt = {
                challenge: isAsked ? answered : undefined,
                left,
                purpose: 'stepUp',
                code,
                actor,
                at,
              } as const
              return redeemCode(ports, { ...attempt, action: 'accounts.stepUp', subject: accountId }).map(
                ({ kind: verdict, guessed, changes }) => ({
                  right: verdict === 'right',
                  detail: kind,
                  changes: [...changes, ...(verdict === 'right' ? cleared : []), ...(guessed ? remembered() : [])],
                }),
              )
            }
            return tryFactor(ports, { factor, key: key?.state, kind, code, at }).map((used) =>
              used === undefined
                ? { right: false, detail: 'wrong', changes: remembered() }
                : {
                    right: true,
                    detail: kind,
                    changes: [used, ...cleared],
                  },
            )
          }
          const note = { actor, action: 'accounts.stepUp', subject: accountId, at }
          return prove().andThen(
            ({ right, detail, changes, mustChange: because }): ResultAsync<Decision<Outcome>, StepUpError> => {
              if (!right) {
                const refusal = auditEntry(ports.ids, { ...note, outcome: 'refused', detail })
                const answer: Outcome = because === undefined ? { kind: 'refused' } : { kind: 'mustChange', because }
                return okAsync({ answer, changes: [...changes, refusal] })
              }
              const token = `${sessionId}.${ports.ids.secret()}`
              const rotated: SessionEvent = { type: 'SessionRotated', accountId, sessionId }
              const isEntry = ways.kind === 'entryOnly' && (given.kind === 'email' || given.kind === 'phone')
              const renewSession = isEntry ? letIn : rotate
              const freshUntil = isEntry ? at : at + policy.stepUp.freshMs
              return digestToken(ports.digests, token).map((tokenDigest) => ({
                answer: { kind: 'steppedUp', answer: { token, sessionId, freshUntil } },
                changes: [
                  ...changes,
                  ...(isKnownDevice || (mustProve === true && !isEntry)
                    ? noteDevice(accountId, device, deviceGuard, at)
                    : []),
                  put(sessions, {
                    id: sessionId,
                    version: session.version,
                    state: renewSession(session.state, { tokenDigest, now: at, policy: policy.session }),
                    events: [rotated],
                  }),
                  auditEntry(ports.ids, { ...note, outcome: 'done', detail }),
                ],
              }))
            },
          )
        },
      }),
    )
    .andThen((outcome): Result<SteppedUp, StepUpError> => {
      switch (outcome.kind) {
        case 'steppedUp':
          return ok(outcome.answer)
        case 'mustChange':
          return err({ type: 'PasswordChangeRequired', because: outcome.because })
        case 'refused':
          return err({ type: refusals[given.kind] })
      }
    })
}
