import { ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { rows, type Stored } from '../../shared/read-plan.js'
import type { Account } from '../account.js'
import { accounts, sessions } from '../accounts.schema.js'
import { standingSession } from '../actor-of.js'
import type { Session, TokenStanding } from '../session.js'
import { digestToken, sessionIdOf } from '../session-token.js'
import type { DeviceWallet } from './device-wallet.js'

/** The digests of a device's tokens, by the id of the session that each is of; in the order of the tokens. */
export const digestWallet = (
  digests: KeyedDigest,
  { tokens }: Pick<DeviceWallet, 'tokens'>,
): ResultAsync<ReadonlyMap<string, string>, CryptoUnavailable> =>
  ResultAsync.combine(
    tokens.map((token) =>
      digestToken(digests, token).map((digest): readonly [string, string] => [sessionIdOf(token) ?? '', digest]),
    ),
  ).map((entries) => new Map(entries))

/** Asks for the sessions that a device holds tokens of, and whose they are. */
export const askDevice = (digests: ReadonlyMap<string, string>) => ({
  held: rows(sessions, [...digests.keys()]),
  owners: rows(accounts, { from: 'held', path: 'accountId' }),
})

/** A session that stands, and the account it is of. */
export type SessionOnDevice = { readonly session: Stored<Session>; readonly account: Stored<Account> }

/**
 * The sessions that a device's tokens open, in the order of the tokens.
 *
 * @param taken - which tokens of a session count; those that open it when absent
 */
export const standingOnDevice = (
  digests: ReadonlyMap<string, string>,
  { held, owners }: { readonly held: readonly Stored<Session>[]; readonly owners: readonly Stored<Account>[] },
  now: Instant,
  taken?: readonly TokenStanding[],
): readonly SessionOnDevice[] =>
  [...digests].flatMap(([sessionId, digest]) => {
    const found = held.find(({ id }) => id === sessionId)
    const account = owners.find(({ id }) => id === found?.state.accountId)
    const session = standingSession(found, account, digest, now, taken)
    return session === undefined || account === undefined ? [] : [{ session, account }]
  })
