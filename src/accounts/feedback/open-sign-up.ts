import { ok, type ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import { parseNothing } from '../../shared/stored.schema.js'
import type { AccountsPorts } from '../ports.js'
import { countStep } from './feedback-tally.js'

/** A form of registration that a visitor has before them. */
export type SignUpOpened = {
  /** To be given to `register`, so that how long the form took can be counted. */
  readonly openedAt: Instant
}

/**
 * Counts that a visitor has opened the form of registration; of the visitor nothing is kept.
 *
 * @errors CommandError
 */
export const openSignUp = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown = {},
): ResultAsync<SignUpOpened, CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.openSignUp',
    parse: parseNothing,
    plan: () => ({}),
    decide: (_, { now: at }) => ok({ answer: { openedAt: at }, changes: countStep('opened', { at }) }),
  })
