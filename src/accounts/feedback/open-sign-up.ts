import { ok, type ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { Instant } from '../../shared/instant.js'
import type { NoInput } from '../../shared/no-input.js'
import { digestOrigin } from '../../shared/origin.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import { linesLeft, signUpLines, spendCode } from '../budgets.js'
import type { AccountsPorts } from '../ports.js'
import { countStep } from './feedback-tally.js'

/** A form of registration that a visitor has before them. */
export type SignUpOpened = {
  /** To be given to `register`, so that how long the form took can be counted. */
  readonly openedAt: Instant
}

/**
 * Counts that a visitor has opened the form of registration; of the visitor nothing is kept. Whoever opens it more often than
 * codes may be asked for, from a device, a network or in the whole shop, is answered alike and counted no more: a flood turns
 * nobody away, and moves the report little.
 *
 * @errors CommandError
 */
export const openSignUp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<SignUpOpened, CommandError> =>
  digestOrigin(ports.digests, context.origin).andThen((origin) =>
    runCommand(ports, context, input, {
      action: 'accounts.openSignUp',
      parse: parseNothing,
      plan: ({ now }) => ({ left: linesLeft(signUpLines(ports.accountsPolicy.code, origin, now)) }),
      decide: ({ left }, { now: at }) =>
        ok<Decision<SignUpOpened>, never>({
          answer: { openedAt: at },
          changes: spendCode(signUpLines(ports.accountsPolicy.code, origin, at), left)
            .map((spent) => [...spent, ...countStep('opened', { at })])
            .unwrapOr([]),
        }),
    }),
  )
