import { err, ok, type ResultAsync } from 'neverthrow'
import type { Decision } from '../../shared/decide-and-commit.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { SessionRefused } from '../actor-of.js'
import type { AccountsPorts } from '../ports.js'
import { sessionIdOf } from '../session-token.js'
import type { JoinDeviceInput } from './device-inputs.js'
import { parseJoinDevice } from './device-inputs.schema.js'
import { formatWallet, keepSessions, parseWallet } from './device-wallet.js'
import { endSession } from './end-session.js'
import { askDevice, digestWallet, standingOnDevice } from './read-device.js'

/** A device holds as many accounts as the shop allows: sign one of them out first. */
export type DeviceFull = { readonly type: 'DeviceFull'; readonly most: number }

/** Why a session may not join those of a device. */
export type JoinDeviceError = DeviceFull | SessionRefused | CommandError

/** What a device keeps from now on. */
export type DeviceJoined = { readonly wallet: string; readonly sessionId: string; readonly accountId: string }

type Outcome = { readonly kind: 'joined'; readonly joined: DeviceJoined } | { readonly kind: 'full' | 'refused' }

/**
 * Puts the token of a sign-in, or of a step-up, to those that a device holds, and in use. Every other account stays signed in
 * as it was, and nothing is carried over; an earlier session of the same account on the device ends, and so does one of which
 * the device holds but a token that was replaced. Where the device is full, the session that was to join ends, so that none stands that nobody holds a token of.
 *
 * @errors SessionRefused when the token opens nothing, DeviceFull, CommandError; AlreadyDone when the key was used, for tokens are
 * kept nowhere
 */
export const joinDevice = (
  ports: AccountsPorts,
  context: CommandContext,
  input: JoinDeviceInput,
): ResultAsync<DeviceJoined, JoinDeviceError> => {
  const given = parseJoinDevice(input).unwrapOr({ wallet: '', token: '' })
  const joining = sessionIdOf(given.token) ?? ''
  // The token of a session that went on under another one takes its place.
  const before = keepSessions(parseWallet(given.wallet), (id) => id !== joining)
  const tokens = joining === '' ? before.tokens : [given.token, ...before.tokens]
  const most = ports.accountsPolicy.session.accountsOnDevice
  return digestWallet(ports.digests, { tokens })
    .andThen((digests) =>
      runCommand(ports, context, input, {
        action: 'accounts.joinDevice',
        secret: true,
        parse: parseJoinDevice,
        plan: () => askDevice(digests),
        decide: (facts, { now }) => {
          const standing = standingOnDevice(digests, facts, now).map(({ session }) => session)
          const joined = standing.find(({ id }) => id === joining)
          if (joined === undefined) return ok<Decision<Outcome>, never>({ changes: [], answer: { kind: 'refused' } })
          const { accountId } = joined.state
          const earlier = standing.filter(({ id, state }) => id !== joining && state.accountId === accountId)
          // A token that was replaced a while ago opens nothing, and leaves the device here: nobody could end its session
          // from there, and whoever has the token in its place would go on.
          const stale = standingOnDevice(digests, facts, now, ['reused'])
            .map(({ session }) => session)
            .filter(({ id }) => id !== joining)
          const others = standing.filter(({ state }) => state.accountId !== accountId)
          if (others.length >= most) {
            const changes = endSession(ports, joined, 'deviceFull', now)
            return ok<Decision<Outcome>, never>({ changes, answer: { kind: 'full' } })
          }
          const stays = new Set([joining, ...others.map(({ id }) => id)])
          const wallet = formatWallet(keepSessions({ tokens, currentId: joining }, (id) => stays.has(id)))
          return ok<Decision<Outcome>, never>({
            changes: [
              ...earlier.flatMap((session) => endSession(ports, session, 'sameAccount', now)),
              ...stale.flatMap((session) => endSession(ports, session, 'tokenReplaced', now)),
            ],
            answer: { kind: 'joined', joined: { wallet, sessionId: joining, accountId } },
          })
        },
      }),
    )
    .andThen((outcome) => {
      switch (outcome.kind) {
        case 'joined':
          return ok<DeviceJoined, JoinDeviceError>(outcome.joined)
        case 'full':
          return err<DeviceJoined, JoinDeviceError>({ type: 'DeviceFull', most })
        case 'refused':
          return err<DeviceJoined, JoinDeviceError>({ type: 'SessionRefused' })
      }
    })
}
