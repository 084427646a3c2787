import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext } from '../../shared/run-command.js'
import type { ContactCodeInput } from '../inputs.js'
import { parseContactCode } from '../inputs.schema.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { type SendOwnCodeError, sendOwnCode } from '../send-own-code.js'
import type { SecondFactorError } from './second-factor.js'

/** Why no code is sent to make a contact a way of the second factor. */
export type RequestContactFactorError =
  | SendOwnCodeError
  | Extract<SecondFactorError, { readonly type: 'FactorWayStands' }>

/**
 * Sends a code to the account's own address or number, to have codes go there as a second factor; `confirmContactFactor`
 * takes it, and nothing is asked for before.
 *
 * @errors NotBound when the account has no such contact, FactorWayStands, TooManyCodes, NotFound, StepUpRequired,
 * CommandError
 */
export const requestContactFactor = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ContactCodeInput,
): ResultAsync<CodeSent, RequestContactFactorError> =>
  sendOwnCode<RequestContactFactorError>(ports, context, input, {
    action: 'accounts.requestContactFactor',
    purpose: 'enrolFactor',
    parse: parseContactCode,
    allow: (way, ways) => (ways.includes(way) ? err({ type: 'FactorWayStands', way }) : ok(undefined)),
  })
