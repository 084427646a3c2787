import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext } from '../../shared/run-command.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { type SendOwnCodeError, sendOwnCode } from '../send-own-code.js'
import type { RequestPaymentCodeInput } from './inputs.js'
import { parseRequestPaymentCode } from './inputs.schema.js'
import type { ProofNotTaken } from './payment-password.js'

/** Why no code is sent before a payment. */
export type RequestPaymentCodeError = SendOwnCodeError | ProofNotTaken

/**
 * Sends the buyer a code by which a payment is shown to be theirs; `accounts.provePayment` takes it. Not to the contact that
 * alone has shown whose the session is.
 *
 * @errors NotBound when the account has no such contact, ProofNotTaken when it goes to that contact, TooManyCodes, NotFound, CommandError
 */
export const requestPaymentCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: RequestPaymentCodeInput = {},
): ResultAsync<CodeSent, RequestPaymentCodeError> => {
  const { actor } = context
  return sendOwnCode<ProofNotTaken>(ports, context, input, {
    action: 'accounts.requestPaymentCode',
    purpose: 'pay',
    parse: parseRequestPaymentCode,
    allow: (to) => {
      const { restsOn, begunBy, provenAt } = (actor.kind === 'customer' ? actor.session : undefined) ?? {}
      // Whoever began the session by the messages of a contact reads this one as well.
      const alone = restsOn ?? (provenAt === 0 ? begunBy : undefined)
      return to === alone ? err({ type: 'ProofNotTaken', proof: 'code' }) : ok(undefined)
    },
  })
}
