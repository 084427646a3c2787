import { errAsync, type ResultAsync } from 'neverthrow'
import type { Origin } from '../../shared/origin.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type ActorOfError, actorOf, type SessionActor } from '../actor-of.js'
import type { AccountsPorts } from '../ports.js'
import { sessionIdOf } from '../session-token.js'
import type { SwitchAccountInput } from './device-inputs.js'
import { parseSwitchAccount } from './device-inputs.schema.js'
import { formatWallet, parseWallet } from './device-wallet.js'

/** Who acts on a device from now on, by which token, and what it keeps. */
export type AccountSwitched = SessionActor & { readonly wallet: string; readonly token: string }

/** Why an account may not be switched to. */
export type SwitchAccountError = QueryError | ActorOfError

/**
 * Puts another of a device's sessions in use, without a new sign-in. What was proved in one session counts in no other, and
 * nothing is read of the account that was in use before.
 *
 * @errors SessionRefused when the device holds no such session or it has ended, CryptoUnavailable, StorageError, QueryError
 */
export const switchAccount = (
  ports: AccountsPorts,
  context: QueryContext & { readonly origin?: Origin },
  input: SwitchAccountInput,
): ResultAsync<AccountSwitched, SwitchAccountError> =>
  runQuery(ports, context, input, {
    action: 'accounts.switchAccount',
    parse: parseSwitchAccount,
    // The session is read by its token, as before every other call.
    plan: () => ({}),
    answer: (_, { input: { wallet, sessionId } }): ResultAsync<AccountSwitched, ActorOfError> => {
      const { tokens } = parseWallet(wallet)
      const token = tokens.find((each) => sessionIdOf(each) === sessionId)
      if (token === undefined) return errAsync({ type: 'SessionRefused' })
      return actorOf(ports, token, context.origin).map((found) => ({
        ...found,
        token,
        wallet: formatWallet({ tokens, currentId: sessionId }),
      }))
    },
  })
