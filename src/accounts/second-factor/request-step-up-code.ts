import { err, ok, type ResultAsync } from 'neverthrow'
import type { CommandContext } from '../../shared/run-command.js'
import { contactKinds } from '../identifier.js'
import type { ContactCodeInput } from '../inputs.js'
import { parseContactCode } from '../inputs.schema.js'
import type { CodeSent } from '../open-challenge.js'
import type { AccountsPorts } from '../ports.js'
import { type SendOwnCodeError, sendOwnCode } from '../send-own-code.js'
import type { SecondFactorError } from './second-factor.js'

/** Why no code is sent to prove once more who one is. */
export type RequestStepUpCodeError = SendOwnCodeError | Extract<SecondFactorError, { readonly type: 'FactorWayAbsent' }>

/**
 * Sends a code to a contact that is a way of the account's second factor, to prove once more who one is: `stepUp` takes
 * it. In a session that has to be proved, or that a code to a contact began, or that rests on one, to any contact of the account
 * but that one.
 *
 * @errors NotBound when the account has no such contact, FactorWayAbsent when it is no way of the second factor,
 * TooManyCodes, NotFound, CommandError
 */
export const requestStepUpCode = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ContactCodeInput,
): ResultAsync<CodeSent, RequestStepUpCodeError> =>
  sendOwnCode<RequestStepUpCodeError>(ports, context, input, {
    action: 'accounts.requestStepUpCode',
    purpose: 'stepUp',
    parse: parseContactCode,
    allow: (way, ways, { identifiers }) => {
      const session = context.actor.kind === 'customer' ? context.actor.session : undefined
      const { mustProve, begunBy, restsOn } = session ?? {}
      const isFactorOn = ways.length > 0
      const isRooted = way === restsOn || ((mustProve === true || !isFactorOn) && way === begunBy)
      // Where there is nothing else, a code to it lets its person in, and proves nothing more.
      const isAlone =
        mustProve === true && contactKinds.every((kind) => kind === way || identifiers[kind] === undefined)
      const anyContact = mustProve === true || ((restsOn !== undefined || begunBy !== undefined) && !isFactorOn)
      const counts = isRooted ? way === restsOn && isAlone : anyContact || ways.includes(way)
      return counts ? ok(undefined) : err({ type: 'FactorWayAbsent', way })
    },
  })
