import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import { once } from '../once.js'
import type { AccountsPorts, HasherUnavailable } from '../ports.js'
import { openProfile } from '../profile.js'
import type { ChangePaymentPasswordInput } from './inputs.js'
import { parseChangePaymentPassword } from './inputs.schema.js'
import { judgePaymentPassword } from './judge-payment-password.js'
import type { PaymentPasswordNotProven, PaymentPasswordRefused } from './payment-password.js'
import type { PaymentPasswordSet } from './set-payment-password.js'
import { tellOfPaymentPassword } from './tell-of-payment-password.js'
import {
  askPaymentPassword,
  canonicalDigits,
  clearPaymentGuard,
  createPaymentPasswordTry,
  hashPaymentPassword,
  putPaymentPassword,
} from './try-payment-password.js'

/** Why a payment password is not changed. */
export type ChangePaymentPasswordError =
  | PaymentPasswordNotProven
  | PaymentPasswordRefused
  | NotFound
  | Unreadable
  | HasherUnavailable
  | CommandError

type Outcome = { readonly kind: 'changed'; readonly answer: PaymentPasswordSet } | { readonly kind: 'refused' }

/**
 * Puts another payment password in the place of the one that is given with it. A wrong one counts as a failure, as one
 * does before a payment.
 *
 * @errors PaymentPasswordNotProven, PaymentPasswordRefused with reasons, NotFound, Unreadable, HasherUnavailable,
 * CommandError
 */
export const changePaymentPassword = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ChangePaymentPasswordInput,
): ResultAsync<PaymentPasswordSet, ChangePaymentPasswordError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseChangePaymentPassword(input)
  const { before, chosen } = typed.match(
    ({ paymentPassword, newPaymentPassword }) => ({
      before: paymentPassword,
      chosen: canonicalDigits(newPaymentPassword),
    }),
    () => ({ before: '', chosen: '' }),
  )
  const { digits } = ports.accountsPolicy.paymentPassword
  const tryPassword = createPaymentPasswordTry(ports, context.origin, accountId, before)
  const hash = once(() => hashPaymentPassword(ports, context.origin, accountId, chosen))
  return runCommand(ports, context, input, {
    action: 'accounts.changePaymentPassword',
    parse: () => typed.map(() => ({})),
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      ...askPaymentPassword(accountId),
    }),
    decide: ({ account, key, held, guard }, { actor, now: at }) => {
      const refuse = (error: ChangePaymentPasswordError) => err<never, ChangePaymentPasswordError>(error)
      if (account?.state.status !== 'active') return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      const owner = account.state
      return openProfile(ports.sealer, key?.state, owner).andThen(({ phone }) => {
        // Before the try, so that a refusal of the new one tells nothing of the one that stands.
        const reasons = judgePaymentPassword(chosen, { digits, phone })
        if (reasons.length > 0) return refuse({ type: 'PaymentPasswordRefused', reasons })
        return hash()
          .andThen((phc) => tryPassword({ account: owner, held, guard, at }).map((verdict) => ({ phc, verdict })))
          .andThen(({ phc, verdict }): ResultAsync<Decision<Outcome>, ChangePaymentPasswordError> => {
            const note = { actor, action: 'accounts.changePaymentPassword', subject: accountId, at }
            return okAsync(
              verdict.kind === 'right'
                ? {
                    answer: { kind: 'changed', answer: { accountId, setAt: at } },
                    changes: [
                      expectRow(accounts, account),
                      putPaymentPassword(accountId, held, { phc, setAt: at }, 'PaymentPasswordChanged'),
                      ...clearPaymentGuard(guard),
                      tellOfPaymentPassword(owner, `${held?.version}:${at}`, at),
                      auditEntry(ports.ids, { ...note, outcome: 'done' }),
                    ],
                  }
                : {
                    answer: { kind: 'refused' },
                    changes: [
                      ...verdict.changes,
                      auditEntry(ports.ids, { ...note, outcome: 'refused', detail: verdict.kind }),
                    ],
                  },
            )
          })
      })
    },
  }).andThen((outcome) =>
    outcome.kind === 'changed' ? ok(outcome.answer) : err({ type: 'PaymentPasswordNotProven' as const }),
  )
}
