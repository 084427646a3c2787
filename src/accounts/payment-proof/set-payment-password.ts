import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts } from '../accounts.schema.js'
import { once } from '../once.js'
import type { AccountsPorts, HasherUnavailable } from '../ports.js'
import { openProfile } from '../profile.js'
import type { SetPaymentPasswordInput } from './inputs.js'
import { parseSetPaymentPassword } from './inputs.schema.js'
import { judgePaymentPassword } from './judge-payment-password.js'
import type { PaymentPasswordRefused, PaymentPasswordStands } from './payment-password.js'
import { tellOfPaymentPassword } from './tell-of-payment-password.js'
import { askPaymentPassword, canonicalDigits, hashPaymentPassword, putPaymentPassword } from './try-payment-password.js'

/** There is a payment password. */
export type PaymentPasswordSet = { readonly accountId: string; readonly setAt: Instant }

/** Why a payment password is not set. */
export type SetPaymentPasswordError =
  | PaymentPasswordRefused
  | PaymentPasswordStands
  | NotFound
  | Unreadable
  | HasherUnavailable
  | CommandError

/**
 * Gives one's account a payment password, apart from the one it signs in by. Where there is one it is changed by it, or
 * set anew by a code.
 *
 * @errors PaymentPasswordRefused with reasons, PaymentPasswordStands, NotFound, Unreadable, HasherUnavailable,
 * StepUpRequired, CommandError
 */
export const setPaymentPassword = (
  ports: AccountsPorts,
  context: CommandContext,
  input: SetPaymentPasswordInput,
): ResultAsync<PaymentPasswordSet, SetPaymentPasswordError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseSetPaymentPassword(input)
  const chosen = typed.match(
    ({ paymentPassword }) => canonicalDigits(paymentPassword),
    () => '',
  )
  const { digits } = ports.accountsPolicy.paymentPassword
  const hash = once(() => hashPaymentPassword(ports, context.origin, accountId, chosen))
  return runCommand(ports, context, input, {
    action: 'accounts.setPaymentPassword',
    parse: () => typed.map(() => ({})),
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      ...askPaymentPassword(accountId),
    }),
    decide: ({ account, key, held }, { actor, now: at }) => {
      const refuse = (error: SetPaymentPasswordError) => err<never, SetPaymentPasswordError>(error)
      if (account?.state.status !== 'active') return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      if (held !== undefined) return refuse({ type: 'PaymentPasswordStands' })
      const owner = account.state
      return openProfile(ports.sealer, key?.state, owner).andThen(({ phone }) => {
        const reasons = judgePaymentPassword(chosen, { digits, phone })
        if (reasons.length > 0) return refuse({ type: 'PaymentPasswordRefused', reasons })
        return hash().map(
          (phc): Decision<PaymentPasswordSet> => ({
            answer: { accountId, setAt: at },
            changes: [
              expectRow(accounts, account),
              putPaymentPassword(accountId, held, { phc, setAt: at }, 'PaymentPasswordSet'),
              tellOfPaymentPassword(owner, `set:${at}`, at),
              auditEntry(ports.ids, {
                actor,
                action: 'accounts.setPaymentPassword',
                subject: accountId,
                at,
                outcome: 'done',
              }),
            ],
          }),
        )
      })
    },
  })
}
