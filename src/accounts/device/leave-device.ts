import { ok, type ResultAsync } from 'neverthrow'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { sessionIdOf } from '../session-token.js'
import type { LeaveDeviceInput } from './device-inputs.js'
import { parseLeaveDevice } from './device-inputs.schema.js'
import { formatWallet, keepSessions, parseWallet } from './device-wallet.js'
import { endSession } from './end-session.js'
import { askDevice, digestWallet, standingOnDevice } from './read-device.js'

/** What a device keeps from now on, and how many sessions were ended. */
export type DeviceLeft = { readonly wallet: string; readonly ended: number }

/**
 * Signs one account of a device out, or all of them; the others stay as they are. Where the one in use is signed out, nobody
 * acts on the device until another is switched to. What has ended already is left out, and is no failure. A session ends by
 * a token that was replaced, too: none that the device had a token of stays open.
 *
 * @errors CommandError; AlreadyDone when the key was used, for tokens are kept nowhere
 */
export const leaveDevice = (
  ports: AccountsPorts,
  context: CommandContext,
  input: LeaveDeviceInput,
): ResultAsync<DeviceLeft, CommandError> => {
  const given: LeaveDeviceInput = parseLeaveDevice(input).unwrapOr({ wallet: '' })
  const kept = parseWallet(given.wallet)
  const isLeaving = (id: string): boolean => given.sessionId === undefined || id === given.sessionId
  const leaving = { tokens: kept.tokens.filter((token) => isLeaving(sessionIdOf(token) ?? '')) }
  return digestWallet(ports.digests, leaving).andThen((digests) =>
    runCommand(ports, context, input, {
      action: 'accounts.leaveDevice',
      secret: true,
      parse: parseLeaveDevice,
      plan: () => askDevice(digests),
      decide: (facts, { now }) => {
        // A token that was replaced opens nothing, and its session may be open elsewhere: whoever signs out ends it.
        const standing = standingOnDevice(digests, facts, now, ['current', 'replaced', 'reused'])
        return ok({
          changes: standing.flatMap(({ session }) => endSession(ports, session, 'leftDevice', now)),
          answer: { wallet: formatWallet(keepSessions(kept, (id) => !isLeaving(id))), ended: standing.length },
        })
      },
    }),
  )
}
