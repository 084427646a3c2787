import { err, ok, type ResultAsync } from 'neverthrow'
import { claim } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import { counters, row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { accounts, challenges } from './accounts.schema.js'
import { challengeAttempts } from './budgets.js'
import { countStep, monthOf } from './feedback/feedback-tally.js'
import { identifierSpace } from './identify.js'
import type { CodeInput } from './inputs.js'
import { parseCode } from './inputs.schema.js'
import type { AccountsPorts } from './ports.js'
import { type CodeRefused, redeemCode } from './redeem-code.js'
import { accountOf, changeAccount } from './write-account.js'

/** An account that may sign in. */
export type Activated = { readonly accountId: string }

type Outcome = { readonly kind: 'activated'; readonly accountId: string } | { readonly kind: 'refused' }

const refused: Outcome = { kind: 'refused' }

/**
 * Activates a registration by its code; only now the address is claimed, by whoever proved it first.
 *
 * @errors CodeRefused, CommandError
 */
export const activateAccount = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CodeInput,
): ResultAsync<Activated, CodeRefused | CommandError> => {
  const typed = parseCode(input)
  return runCommand(ports, context, input, {
    action: 'accounts.activate',
    parse: () => typed.map(({ challengeId }) => ({ challengeId })),
    plan: ({ input: { challengeId } }) => ({
      challenge: row(challenges, challengeId),
      left: counters(challengeAttempts, [challengeId]),
      account: row(accounts, { from: 'challenge', path: 'accountId' }),
    }),
    decide: ({ challenge, left, account }, { actor, now: at }) =>
      redeemCode(ports, {
        challenge,
        left,
        purpose: 'activate',
        code: typed.match(
          ({ code }) => code,
          () => '',
        ),
        action: 'accounts.activate',
        actor,
        at,
      }).map((verdict): Decision<Outcome> => {
        const owner = challenge === undefined ? undefined : accountOf(challenge.state, account)
        if (verdict.kind === 'refused') return { changes: verdict.changes, answer: refused }
        const key = challenge?.state.identifierKey
        if (owner === undefined || key === undefined) return { changes: [], answer: refused }
        const began = owner.state.registeredAt
        return changeAccount(owner, { type: 'Activate', at }).match(
          (change): Decision<Outcome> => ({
            changes: [
              ...verdict.changes,
              change,
              claim({ space: identifierSpace, key, owner: owner.id }),
              ...countStep('activated', { began, at, month: monthOf(began) }),
            ],
            answer: { kind: 'activated', accountId: owner.id },
          }),
          (): Decision<Outcome> => ({ changes: [], answer: refused }),
        )
      }),
    claimed: (taken) => (taken.space === identifierSpace ? ok(refused) : undefined),
  }).andThen((outcome) =>
    outcome.kind === 'activated' ? ok({ accountId: outcome.accountId }) : err({ type: 'CodeRefused' as const }),
  )
}
