import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import type { Instant } from '../../shared/instant.js'
import { maskEmail, maskName, maskPhone } from '../../shared/mask.js'
import type { SubjectKey } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { rows } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { isOfPerson } from '../account-machine.js'
import type { AccountsPorts } from '../ports.js'
import { openProfile, type Profile } from '../profile.js'
import type { ShowDeviceInput } from './device-inputs.js'
import { parseShowDevice } from './device-inputs.schema.js'
import { formatWallet, keepSessions, parseWallet } from './device-wallet.js'
import { askDevice, digestWallet, type SessionOnDevice, standingOnDevice } from './read-device.js'

/** An account that is signed in to on a device, as a list to choose from shows it. */
export type DeviceAccount = {
  readonly accountId: string
  readonly sessionId: string
  /** What the person wants to be called; absent where they said nothing. */
  readonly name?: string
  /** How the account is told from the others: address, number or user name, masked, for others may look on. */
  readonly shownAs?: string
  /** Whoever uses the device acts as this account. */
  readonly isCurrent: boolean
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  readonly endsAt: Instant
  /** Nothing is done in the session before its person has proved anew who they are. */
  readonly mustProve: boolean
}

/** Who is signed in on a device. */
export type DeviceAccounts = {
  /** To be kept on the device in the place of the one that was given: without what has ended. */
  readonly wallet: string
  readonly accounts: readonly DeviceAccount[]
}

/**
 * Lists who is signed in on a device, in one read: the accounts whose sessions its wallet opens. Nothing of an account but
 * a name and a masked contact is shown, and nothing is written.
 *
 * @errors CryptoUnavailable, QueryError
 */
export const showDevice = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ShowDeviceInput,
): ResultAsync<DeviceAccounts, CryptoUnavailable | QueryError> => {
  const kept = parseWallet(
    parseShowDevice(input).match(
      ({ wallet }) => wallet,
      () => '',
    ),
  )
  return digestWallet(ports.digests, kept).andThen((digests) =>
    runQuery(ports, context, input, {
      action: 'accounts.showDevice',
      parse: parseShowDevice,
      plan: () => ({ ...askDevice(digests), keys: rows(subjectKeys, { from: 'held', path: 'accountId' }) }),
      answer: ({ keys, ...facts }, { now }) =>
        ResultAsync.combine(
          standingOnDevice(digests, facts, now).map((each) => {
            const key = keys.find(({ id }) => id === each.account.id)?.state
            return showAccount(ports, { ...each, key }, kept.currentId)
          }),
        ).map((accounts) => ({
          wallet: formatWallet(keepSessions(kept, (id) => accounts.some(({ sessionId }) => sessionId === id))),
          accounts,
        })),
    }),
  )
}

const showAccount = (
  ports: AccountsPorts,
  { session, account, key }: SessionOnDevice & { readonly key: SubjectKey | undefined },
  currentId: string | null,
): ResultAsync<DeviceAccount, CryptoUnavailable> => {
  const { sessionId, accountId, startedAt, lastSeenAt, endsAt, mustProve = false } = session.state
  // Whose data cannot be opened is listed without it.
  const profile: ResultAsync<Profile, CryptoUnavailable> = isOfPerson(account.state)
    ? openProfile(ports.sealer, key, account.state).orElse((error) =>
        error.type === 'Unreadable' ? ok<Profile, CryptoUnavailable>({}) : err<Profile, CryptoUnavailable>(error),
      )
    : okAsync({})
  return profile.map(({ name, ...contacts }) => {
    const shownAs = maskedContact(contacts)
    return {
      accountId,
      sessionId,
      ...(name === undefined ? {} : { name }),
      ...(shownAs === undefined ? {} : { shownAs }),
      isCurrent: sessionId === currentId,
      startedAt,
      lastSeenAt,
      endsAt,
      mustProve,
    }
  })
}

const maskedContact = ({ email, phone, userName }: Profile): string | undefined => {
  if (email !== undefined) return maskEmail(email)
  if (phone !== undefined) return maskPhone(phone)
  return userName === undefined ? undefined : maskName(userName)
}
