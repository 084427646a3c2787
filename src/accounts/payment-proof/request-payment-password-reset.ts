import { ok, type ResultAsync } from 'neverthrow'
import type { CommandContext } from '../../shared/run-command.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { sendOwnCode } from '../send-own-code.js'
import type { RequestPaymentCodeInput } from './inputs.js'
import { parseRequestPaymentCode } from './inputs.schema.js'
import type { RequestPaymentCodeError } from './request-payment-code.js'

/**
 * Sends the buyer a code by which a forgotten payment password is set anew, `accounts.resetPaymentPassword`.
 *
 * @errors NotBound when the account has no such contact, TooManyCodes, NotFound, StepUpRequired, CommandError
 */
export const requestPaymentPasswordReset = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestPaymentCodeInput = {},
): ResultAsync<CodeSent, RequestPaymentCodeError> =>
  sendOwnCode(ports, context, input, {
    action: 'accounts.requestPaymentPasswordReset',
    purpose: 'resetPayment',
    parse: parseRequestPaymentCode,
    allow: () => ok(undefined),
  })
