import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import { expectRow } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Unreadable } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { counters, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { accounts, challenges } from '../accounts.schema.js'
import { challengeAttempts } from '../budgets.js'
import { once } from '../once.js'
import type { AccountsPorts, HasherUnavailable } from '../ports.js'
import { openProfile } from '../profile.js'
import { type CodeRefused, redeemCode } from '../redeem-code.js'
import { accountOf } from '../write-account.js'
import type { ResetPaymentPasswordInput } from './inputs.js'
import { parseResetPaymentPassword } from './inputs.schema.js'
import { judgePaymentPassword } from './judge-payment-password.js'
import type { PaymentPasswordRefused } from './payment-password.js'
import type { PaymentPasswordSet } from './set-payment-password.js'
import { tellOfPaymentPassword } from './tell-of-payment-password.js'
import {
  askPaymentPassword,
  canonicalDigits,
  clearPaymentGuard,
  hashPaymentPassword,
  putPaymentPassword,
} from './try-payment-password.js'

/** Why a payment password is not set anew. */
export type ResetPaymentPasswordError =
  | CodeRefused
  | PaymentPasswordRefused
  | NotFound
  | Unreadable
  | HasherUnavailable
  | CommandError

type Outcome = { readonly kind: 'reset'; readonly answer: PaymentPasswordSet } | { readonly kind: 'refused' }

/**
 * Sets one's payment password anew by a code; ends its locks, and tells the owner. Nothing is proved for a payment by it.
 *
 * @errors CodeRefused, PaymentPasswordRefused with reasons, NotFound, Unreadable, HasherUnavailable, CommandError
 */
export const resetPaymentPassword = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ResetPaymentPasswordInput,
): ResultAsync<PaymentPasswordSet, ResetPaymentPasswordError> => {
  const accountId = customerIdOf(context.actor)
  const typed = parseResetPaymentPassword(input)
  const { code, chosen } = typed.match(
    (given) => ({ code: given.code, chosen: canonicalDigits(given.newPaymentPassword) }),
    () => ({ code: '', chosen: '' }),
  )
  const { digits } = ports.accountsPolicy.paymentPassword
  const hash = once(() => hashPaymentPassword(ports, context.origin, accountId, chosen))
  const action = 'accounts.resetPaymentPassword'
  return runCommand(ports, context, input, {
    action,
    parse: () => typed.map(({ challengeId }) => ({ challengeId })),
    plan: ({ input: { challengeId } }) => ({
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      ...askPaymentPassword(accountId),
    }),
    decide: ({ challenge, left, account, key, held, guard }, { actor, now: at }) => {
      const refuse = (error: ResetPaymentPasswordError) => err<never, ResetPaymentPasswordError>(error)
      if (account?.state.status !== 'active') return refuse({ type: 'NotFound', entity: 'account', id: accountId })
      const owner = account.state
      // A code of another account is as if absent.
      const own = challenge !== undefined && accountOf(challenge.state, account) !== undefined ? challenge : undefined
      return openProfile(ports.sealer, key?.state, owner).andThen(({ phone }) => {
        const reasons = judgePaymentPassword(chosen, { digits, phone })
        if (reasons.length > 0) return refuse({ type: 'PaymentPasswordRefused', reasons })
        return hash()
          .andThen((phc) =>
            redeemCode(ports, { challenge: own, left, purpose: 'resetPayment', code, action, actor, at }).map(
              (verdict) => ({ phc, verdict }),
            ),
          )
          .andThen(
            ({ phc, verdict }): ResultAsync<Decision<Outcome>, ResetPaymentPasswordError> =>
              okAsync(
                verdict.kind === 'refused'
                  ? { answer: { kind: 'refused' }, changes: verdict.changes }
                  : {
                      answer: { kind: 'reset', answer: { accountId, setAt: at } },
                      changes: [
                        ...verdict.changes,
                        expectRow(accounts, account),
                        putPaymentPassword(accountId, held, { phc, setAt: at }, 'PaymentPasswordReset'),
                        ...clearPaymentGuard(guard),
                        tellOfPaymentPassword(owner, `${own?.id}`, at),
                      ],
                    },
              ),
          )
      })
    },
  }).andThen((outcome) => (outcome.kind === 'reset' ? ok(outcome.answer) : err({ type: 'CodeRefused' as const })))
}
