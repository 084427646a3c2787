import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../shared/audit-entry.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { digestOrigin } from '../shared/origin.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isSteppedUp } from '../shared/step-up.js'
import { isStanding } from './account-machine.js'
import { accounts, signInGuards } from './accounts.schema.js'
import type { EraseAccountInput } from './inputs.js'
import { parseEraseAccount } from './inputs.schema.js'
import { ownDeviceGuard, ownLane } from './known-device.js'
import { canonicalPassword } from './password-policy.js'
import type { AccountsPorts, HasherError, HasherUnavailable } from './ports.js'
import { askErasedRows, eraseRows } from './privacy/erase-rows.js'
import { askRequest, checkRequest, type PurposeMissing, subjectOf } from './privacy/on-request.js'
import { askErasure, type BusinessOpen, confirmationOf, planErasure } from './privacy/plan-erasure.js'
import type { RecordVerdict } from './privacy/record-verdict.js'
import type { PasswordChangeRequired } from './refresh-credential.js'
import { createPasswordTry, type PasswordVerdict } from './try-password.js'
import { changeAccount } from './write-account.js'

/** The account is no more. */
export type Erased = {
  readonly accountId: string
  readonly erasedAt: Instant
  /** The number of the request that it is kept under. */
  readonly number: string
  /** What became of every record. */
  readonly verdicts: readonly RecordVerdict[]
}

/** The password given once more is not the account's, or is not looked at for a while. */
export type PasswordNotProven = { readonly type: 'PasswordNotProven' }

/** What would become of the person's records is no more what staff were shown: `erasurePlan` once more. */
export type PlanChanged = { readonly type: 'PlanChanged' }

/** Why an account is not erased, beside a password that is not proven. */
export type EraseError =
  | PasswordChangeRequired
  | BusinessOpen
  | PurposeMissing
  | PlanChanged
  | NotFound
  | HasherUnavailable
  | CommandError

const action = 'accounts.erase'

type Outcome =
  | { readonly kind: 'erased'; readonly erased: Erased }
  | { readonly kind: 'refused' }
  | { readonly kind: 'mustChange'; readonly because: PasswordChangeRequired['because'] }

/**
 * Erases one's own account: its key is destroyed, so that everything sealed with it, here and in every other module, can
 * never be read again; its address is free; its sessions are over. What the law makes a shop keep stays, unreadable but for
 * a legal claim. Business that is open comes first. What is open of requests about one's data is answered by it. Where a
 * second factor is on, a fresh proof by it is asked for beside the password, whatever the policy names.
 *
 * Staff erase on an open request for it, of whoever cannot sign in, once they were shown the plan (`erasurePlan`).
 *
 * @errors StepUpRequired, BusinessOpen, PasswordNotProven, PasswordChangeRequired, PurposeMissing and PlanChanged for staff, NotFound, HasherUnavailable, CommandError
 */
export const eraseAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: EraseAccountInput,
): ResultAsync<Erased, PasswordNotProven | EraseError> => {
  const typed = parseEraseAccount(input)
  const tryPassword = createPasswordTry(
    ports,
    context.origin,
    canonicalPassword(
      typed.match(
        ({ password = '' }) => password,
        () => '',
      ),
    ),
  )
  return digestOrigin(ports.digests, context.origin)
    .andThen(({ device }) =>
      runCommand(ports, context, input, {
        action,
        parse: () => typed.map(({ password: _, ...rest }) => rest),
        plan: ({ actor, input: { onRequest } }) => {
          const accountId = subjectOf(actor, onRequest)
          return {
            ...askErasure(ports.personalRecords, accountId),
            ...askErasedRows(accountId),
            account: row(accounts, accountId),
            guard: row(signInGuards, accountId),
            deviceGuard: ownDeviceGuard(accountId, device),
            request: askRequest(onRequest),
          }
        },
        decide: (facts, { actor, input: { onRequest }, now: at }) => {
          const { account, credential, guard, deviceGuard, factor, request } = facts
          const allowed = checkRequest(actor, { action, onRequest, request, kinds: ['erasure'] })
          if (allowed.isErr()) return err<never, EraseError>(allowed.error)
          if (account === undefined || !isStanding(account.state)) {
            return err<never, EraseError>({ type: 'NotFound', entity: 'account', id: subjectOf(actor, onRequest) })
          }
          const accountId = account.id
          const lane = ownLane({ accountId, deviceGuard, ownGuard: guard }, at, ports.accountsPolicy.guard)
          const { freshMs } = ports.accountsPolicy.stepUp
          const isFresh = isSteppedUp(actor, at, freshMs)
          // Who has no password and comes by somebody else proves who they are by signing in just now; there is no guess to count.
          if (actor.kind !== 'staff' && (factor?.state.status === 'enabled' || credential === undefined) && !isFresh) {
            return err<never, EraseError>({ type: 'StepUpRequired', action, freshMs })
          }
          const isProven = actor.kind === 'staff' || credential === undefined
          const proof: ResultAsync<PasswordVerdict, HasherError> = isProven
            ? okAsync({ kind: 'right', changes: [] })
            : tryPassword({
                guardId: lane.id,
                isKnownDevice: lane.kind === 'knownDevice',
                account,
                credential,
                guard: lane.guard,
                at,
              })
          return proof.andThen((verdict): ResultAsync<Decision<Outcome>, EraseError> => {
            const note = { actor, action, subject: accountId, at }
            const erased = changeAccount(account, { type: 'Erase', at })
            const { mustChange } = verdict
            if (verdict.kind !== 'right' || mustChange !== undefined || erased.isErr()) {
              return okAsync({
                answer: mustChange === undefined ? { kind: 'refused' } : { kind: 'mustChange', because: mustChange },
                changes: [
                  ...(verdict.kind === 'right' && mustChange === undefined ? [] : verdict.changes),
                  auditEntry(ports.ids, { ...note, outcome: 'refused', detail: mustChange ?? verdict.kind }),
                ],
              })
            }
            const planned = planErasure(ports.personalRecords, facts, at, ports.accountsPolicy)
            if (planned.isErr()) return errAsync(planned.error)
            const plan = planned.value
            return confirmationOf(ports.digests, accountId, plan).andThen(
              (confirmation): Result<Decision<Outcome>, EraseError> => {
                if (onRequest !== undefined && onRequest.confirmation !== confirmation) {
                  return err({ type: 'PlanChanged' })
                }
                const { number, changes } = eraseRows(ports, account, facts, plan, { at })
                const { verdicts } = plan
                const detail = onRequest === undefined ? {} : { detail: onRequest.requestId }
                return ok({
                  answer: { kind: 'erased', erased: { accountId, erasedAt: at, number, verdicts } },
                  changes: [erased.value, ...changes, auditEntry(ports.ids, { ...note, outcome: 'done', ...detail })],
                })
              },
            )
          })
        },
      }),
    )
    .andThen((outcome): Result<Erased, PasswordNotProven | EraseError> => {
      switch (outcome.kind) {
        case 'erased':
          return ok(outcome.erased)
        case 'mustChange':
          return err({ type: 'PasswordChangeRequired', because: outcome.because })
        case 'refused':
          return err({ type: 'PasswordNotProven' })
      }
    })
}
