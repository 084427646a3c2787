import { ok, type ResultAsync } from 'neverthrow'
import type { CommandContext } from '../../shared/run-command.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { type SendOwnCodeError, sendOwnCode } from '../send-own-code.js'
import type { RequestPaymentCodeInput } from './inputs.js'
import { parseRequestPaymentCode } from './inputs.schema.js'

/** Why no code is sent before a payment. */
export type RequestPaymentCodeError = SendOwnCodeError

/**
 * Sends the buyer a code by which a payment is shown to be theirs; `accounts.provePayment` takes it.
 *
 * @errors NotBound when the account has no such contact, TooManyCodes, NotFound, CommandError
 */
export const requestPaymentCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestPaymentCodeInput = {},
): ResultAsync<CodeSent, RequestPaymentCodeError> =>
  sendOwnCode(ports, context, input, {
    action: 'accounts.requestPaymentCode',
    purpose: 'pay',
    parse: parseRequestPaymentCode,
    allow: () => ok(undefined),
  })
