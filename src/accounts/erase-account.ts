import { err, errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { customerIdOf } from '../shared/actor.js'
import { auditEntry } from '../shared/audit-entry.js'
import { release, removeRow } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { digestOrigin } from '../shared/origin.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { known, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { isSteppedUp } from '../shared/step-up.js'
import { neverAgain } from '../shared/subject-key.js'
import { isStanding } from './account-machine.js'
import { accounts, credentials, sessions, signInGuards } from './accounts.schema.js'
import { identifierKinds } from './identifier.js'
import { identifierSpace } from './identify.js'
import { linkedIdentities } from './identity/linked-identity.schema.js'
import { forgetLinks } from './identity/write-links.js'
import type { EraseAccountInput } from './inputs.js'
import { parseEraseAccount } from './inputs.schema.js'
import { ownDeviceGuard, ownLane } from './known-device.js'
import { sessionsOf } from './my-sessions.js'
import { forgetPasskeys } from './passkey/forget-passkeys.js'
import { passkeys } from './passkey/passkey.schema.js'
import { canonicalPassword } from './password-policy.js'
import { paymentPasswords } from './payment-proof/payment-password.schema.js'
import { paymentGuardPrefix } from './payment-proof/try-payment-password.js'
import type { AccountsPorts, HasherError, HasherUnavailable } from './ports.js'
import { holdKey } from './privacy/held-key.schema.js'
import { askErasure, type BusinessOpen, planErasure } from './privacy/plan-erasure.js'
import type { PrivacyRequest } from './privacy/privacy-request.js'
import type { RecordVerdict } from './privacy/record-verdict.js'
import { newRequest, putRequest } from './privacy/request-privacy.js'
import { factorGuardPrefix } from './second-factor/factor-guard.js'
import { secondFactors } from './second-factor/second-factor.schema.js'
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

/** Why an account is not erased, beside a password that is not proven. */
export type EraseError = BusinessOpen | NotFound | HasherUnavailable | CommandError

type Outcome = { readonly kind: 'erased'; readonly erased: Erased } | { readonly kind: 'refused' }

/**
 * Erases one's own account: its key is destroyed, so that everything sealed with it, here and in every other module, can
 * never be read again; its address is free; its sessions are over. What the law makes a shop keep stays, unreadable but for
 * a legal claim. Business that is open comes first.
 *
 * @errors BusinessOpen, PasswordNotProven, NotFound, HasherUnavailable, CommandError
 */
export const eraseAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: EraseAccountInput,
): ResultAsync<Erased, PasswordNotProven | EraseError> => {
  const typed = parseEraseAccount(input)
  const tryPassword = createPasswordTry(
    ports,
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
        action: 'accounts.erase',
        parse: () => typed.map(() => ({})),
        plan: ({ actor }) => {
          const accountId = actor.kind === 'customer' ? actor.accountId : undefined
          return {
            ...askErasure(ports.personalRecords, customerIdOf(actor)),
            account: accountId === undefined ? known(undefined) : row(accounts, accountId),
            key: accountId === undefined ? known(undefined) : row(subjectKeys, accountId),
            credential: accountId === undefined ? known(undefined) : row(credentials, accountId),
            preference: accountId === undefined ? known(undefined) : row(messagePreferences, accountId),
            open: accountId === undefined ? known([]) : sessionsOf(accountId),
            guard: accountId === undefined ? known(undefined) : row(signInGuards, accountId),
            deviceGuard: accountId === undefined ? known(undefined) : ownDeviceGuard(accountId, device),
            factor: accountId === undefined ? known(undefined) : row(secondFactors, accountId),
            links: accountId === undefined ? known(undefined) : row(linkedIdentities, accountId),
            kept: accountId === undefined ? known(undefined) : row(passkeys, accountId),
            factorGuard:
              accountId === undefined ? known(undefined) : row(signInGuards, `${factorGuardPrefix}${accountId}`),
            payment: accountId === undefined ? known(undefined) : row(paymentPasswords, accountId),
            paymentGuard:
              accountId === undefined ? known(undefined) : row(signInGuards, `${paymentGuardPrefix}${accountId}`),
          }
        },
        decide: (facts, { actor, now: at }) => {
          const {
            account,
            key,
            credential,
            preference,
            open,
            guard,
            deviceGuard,
            factor,
            links,
            kept,
            factorGuard,
            payment,
            paymentGuard,
          } = facts
          if (account === undefined || !isStanding(account.state)) {
            const id = customerIdOf(actor)
            return err<never, EraseError>({ type: 'NotFound', entity: 'account', id })
          }
          const { identifiers } = account.state
          const accountId = account.id
          // Who has no password and comes by somebody else has proved who they are by signing in just now.
          const lane = ownLane({ accountId, deviceGuard, ownGuard: guard }, at, ports.accountsPolicy.guard)
          const freshMs = ports.accountsPolicy.stepUp.freshMs
          const proof: ResultAsync<PasswordVerdict, HasherError> =
            credential === undefined && isSteppedUp(actor, at, freshMs)
              ? okAsync({ kind: 'right', changes: [] })
              : tryPassword({ guardId: lane.id, account, credential, guard: lane.guard, at })
          return proof
            .mapErr((error): EraseError => error)
            .andThen((verdict): ResultAsync<Decision<Outcome>, EraseError> => {
              const note = { actor, action: 'accounts.erase', subject: accountId, at }
              const erased = changeAccount(account, { type: 'Erase', at })
              if (verdict.kind !== 'right' || erased.isErr()) {
                return okAsync({
                  answer: { kind: 'refused' },
                  changes: [
                    ...(verdict.kind === 'right' ? [] : verdict.changes),
                    auditEntry(ports.ids, { ...note, outcome: 'refused', detail: verdict.kind }),
                  ],
                })
              }
              const planned = planErasure(ports.personalRecords, facts, at, ports.accountsPolicy)
              if (planned.isErr()) return errAsync(planned.error)
              const { verdicts, held } = planned.value
              const request = newRequest(ports, accountId, 'erasure', at)
              const done: PrivacyRequest = { ...request, status: 'done', answeredAt: at, verdicts }
              return okAsync({
                answer: { kind: 'erased', erased: { accountId, erasedAt: at, number: request.number, verdicts } },
                changes: [
                  erased.value,
                  putRequest(done),
                  ...(key === undefined || held === undefined ? [] : [holdKey(key.state, held, at)]),
                  ...(key === undefined ? [] : [removeRow(subjectKeys, key)]),
                  neverAgain(accountId),
                  ...(credential === undefined ? [] : [removeRow(credentials, credential)]),
                  ...(preference === undefined ? [] : [removeRow(messagePreferences, preference)]),
                  ...(guard === undefined ? [] : [removeRow(signInGuards, guard)]),
                  ...(deviceGuard === undefined ? [] : [removeRow(signInGuards, deviceGuard)]),
                  ...(factor === undefined ? [] : [removeRow(secondFactors, factor)]),
                  ...forgetLinks(links),
                  ...forgetPasskeys(kept),
                  ...(factorGuard === undefined ? [] : [removeRow(signInGuards, factorGuard)]),
                  ...(payment === undefined ? [] : [removeRow(paymentPasswords, payment)]),
                  ...(paymentGuard === undefined ? [] : [removeRow(signInGuards, paymentGuard)]),
                  ...open.map((session) => removeRow(sessions, session)),
                  ...identifierKinds.flatMap((kind) => {
                    const bound = identifiers[kind]
                    return bound === undefined
                      ? []
                      : [release({ space: identifierSpace, key: bound.key, owner: accountId })]
                  }),
                  auditEntry(ports.ids, { ...note, outcome: 'done' }),
                ],
              })
            })
        },
      }),
    )
    .andThen((outcome) =>
      outcome.kind === 'erased' ? ok(outcome.erased) : err({ type: 'PasswordNotProven' as const }),
    )
}
