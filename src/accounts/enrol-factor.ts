import { err, type ResultAsync } from 'neverthrow'
import { queueMessage } from '../notify/queue-message.js'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { decideNext } from '../shared/decider.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { sealValue, type Unreadable } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { Identifiers } from './account.js'
import { accounts } from './accounts.schema.js'
import { parseFactorCode } from './inputs.schema.js'
import { otpauthUri, secretDigits, secretFromDigits } from './one-time-code.js'
import type { AccountsPorts } from './ports.js'
import { noticeChannel, openProfile } from './profile.js'
import type { CodeRefused } from './redeem-code.js'
import type { SecondFactorError } from './second-factor.js'
import { secondFactors } from './second-factor.schema.js'
import { secondFactorMachine } from './second-factor-machine.js'
import { drawRecoveryCodes, factorSecretPlace, putFactor, stepOfCode } from './try-factor.js'

/** A secret for an authenticator app; shown once. */
export type FactorEnrolment = {
  /** Base 32, to be typed. */
  readonly secret: string
  /** The same for a QR image, `otpauth://`. */
  readonly uri: string
}

/** Recovery codes, to be kept where the authenticator app is not; shown once, and each of one use. */
export type RecoveryCodes = { readonly recoveryCodes: readonly string[] }

/** Why a second factor may not be changed. */
export type FactorError = SecondFactorError | NotFound | Unreadable | CommandError

const factorPlan = (accountId: string) => ({
  account: row(accounts, accountId),
  factor: row(secondFactors, accountId),
  key: row(subjectKeys, accountId),
})

/**
 * Draws a secret for an authenticator app (RFC 6238: six digits, 30 seconds). It asks for nothing until a code of it has
 * come back by `confirmTotp`.
 *
 * @errors FactorStateForbids when there is a second factor, NotFound, Unreadable, StepUpRequired, CommandError;
 * AlreadyDone when the key was used, for the secret is shown once
 */
export const enrolTotp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<FactorEnrolment, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.enrolTotp',
    secret: true,
    parse: parseNothing,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor, key }, { actor, now: at }) => {
      const refuse = (error: FactorError) => err<never, FactorError>(error)
      if (account?.state.status !== 'active' || key === undefined) {
        return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const secret = secretFromDigits(ports.ids.digits(secretDigits))
      const before = factor?.state ?? secondFactorMachine.initial
      return openProfile(ports.sealer, key.state, account.state)
        .andThen((profile) =>
          sealValue(ports.sealer, key.state, factorSecretPlace(accountId), secret).map((sealed) => ({
            sealed,
            label: profile.email ?? profile.phone ?? '',
          })),
        )
        .mapErr((error): FactorError => error)
        .andThen(({ sealed, label }) =>
          decideNext(secondFactorMachine, before, { type: 'Enrol', accountId, secret: sealed, at }).map(
            (decided): Decision<FactorEnrolment> => ({
              answer: { secret, uri: otpauthUri(secret, ports.accountsPolicy.issuer, label) },
              changes: [
                putFactor(accountId, factor?.version ?? 0, decided),
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.enrolTotp',
                  subject: accountId,
                  at,
                  outcome: 'done',
                }),
              ],
            }),
          ),
        )
    },
  })
}

/**
 * Turns the second factor on by a first code of it; from then on every sign-in asks for one. The code itself counts as
 * used.
 *
 * @errors CodeRefused when it is not a code of the secret, FactorStateForbids, NotFound, Unreadable, CommandError;
 * AlreadyDone when the key was used
 */
export const confirmTotp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<RecoveryCodes, FactorError | CodeRefused> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseFactorCode(input)
  const code = typed.match(
    (given) => given.code,
    () => '',
  )
  return runCommand(ports, context, input, {
    action: 'accounts.confirmTotp',
    secret: true,
    parse: () => typed.map(() => ({})),
    plan: () => factorPlan(accountId),
    decide: ({ account, factor, key }, { actor, now: at }) => {
      const refuse = (error: FactorError | CodeRefused) => err<never, FactorError | CodeRefused>(error)
      if (account?.state.status !== 'active') return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      const status = factor?.state.status ?? 'absent'
      if (factor?.state.status !== 'enrolling')
        return refuse({ type: 'FactorStateForbids', status, command: 'Confirm' })
      const { state, version } = factor
      const { identifiers } = account.state
      return stepOfCode(ports, state, key?.state, code, at)
        .mapErr((error): FactorError | CodeRefused => error)
        .andThen((step) => {
          if (step === undefined) return refuse({ type: 'CodeRefused' })
          return drawRecoveryCodes(ports, accountId)
            .mapErr((error): FactorError | CodeRefused => error)
            .andThen(({ codes, recoveryDigests }) =>
              decideNext(secondFactorMachine, state, { type: 'Confirm', step, recoveryDigests, at }).map(
                (decided): Decision<RecoveryCodes> => ({
                  answer: { recoveryCodes: codes },
                  changes: [
                    putFactor(accountId, version, decided),
                    tellOwner(accountId, identifiers, `factor:${version}`, at),
                    auditEntry(ports.ids, {
                      actor,
                      action: 'accounts.confirmTotp',
                      subject: accountId,
                      at,
                      outcome: 'done',
                    }),
                  ],
                }),
              ),
            )
        })
    },
  })
}

/**
 * Draws new recovery codes; those before open nothing any more.
 *
 * @errors FactorStateForbids where there is no second factor, NotFound, StepUpRequired, CommandError; AlreadyDone when the
 * key was used
 */
export const renewRecoveryCodes = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<RecoveryCodes, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.renewRecoveryCodes',
    secret: true,
    parse: parseNothing,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor }, { actor, now: at }) => {
      if (account?.state.status !== 'active') {
        return err<never, FactorError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = factor?.state ?? secondFactorMachine.initial
      const { identifiers } = account.state
      return drawRecoveryCodes(ports, accountId)
        .mapErr((error): FactorError => error)
        .andThen(({ codes, recoveryDigests }) =>
          decideNext(secondFactorMachine, before, { type: 'RenewRecoveryCodes', recoveryDigests }).map(
            (decided): Decision<RecoveryCodes> => ({
              answer: { recoveryCodes: codes },
              changes: [
                putFactor(accountId, factor?.version ?? 0, decided),
                tellOwner(accountId, identifiers, `factor:${factor?.version ?? 0}`, at),
                auditEntry(ports.ids, {
                  actor,
                  action: 'accounts.renewRecoveryCodes',
                  subject: accountId,
                  at,
                  outcome: 'done',
                }),
              ],
            }),
          ),
        )
    },
  })
}

/**
 * Takes the second factor off one's account, with its recovery codes; sign-ins ask for one proof again.
 *
 * @errors FactorStateForbids where there is none, NotFound, StepUpRequired, CommandError
 */
export const removeFactor = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<{ readonly accountId: string }, FactorError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.removeFactor',
    parse: parseNothing,
    plan: () => factorPlan(accountId),
    decide: ({ account, factor }, { actor, now: at }) => {
      if (account?.state.status !== 'active') {
        return err<never, FactorError>({ type: 'NotFound', entity: 'account', id: accountId })
      }
      const before = factor?.state ?? secondFactorMachine.initial
      const { identifiers } = account.state
      return decideNext(secondFactorMachine, before, { type: 'Remove', at }).map((decided) => ({
        answer: { accountId },
        changes: [
          putFactor(accountId, factor?.version ?? 0, decided),
          tellOwner(accountId, identifiers, `factor:${factor?.version ?? 0}`, at),
          auditEntry(ports.ids, { actor, action: 'accounts.removeFactor', subject: accountId, at, outcome: 'done' }),
        ],
      }))
    },
  })
}

const tellOwner = (accountId: string, identifiers: Identifiers, cause: string, at: Instant) =>
  queueMessage({
    cause: `${accountId}:${cause}`,
    accountId,
    channel: noticeChannel(identifiers),
    template: 'secondFactorChanged',
    facts: { at: { at } },
    at,
  })
