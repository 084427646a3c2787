import { ok, type ResultAsync } from 'neverthrow'
import type { CorePorts } from '../shared/ports.js'
import type { CommandContext, CommandError } from '../shared/run-command.js'
import { type ChangeReturnError, changeReturn, type ReturnStanding, standingOf } from './change-return.js'
import { parseRefuseReturn, parseReturnId } from './return-inputs.schema.js'
import { refundDeadline, sendDeadline } from './return-policy.js'
import type { RefusalGround } from './return-request.js'

/**
 * Approves a return; where no goods are to come back the money is owed from now on.
 *
 * @errors ChangeReturnError, CommandError
 */
export const approveReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly returnId: string },
): ResultAsync<ReturnStanding, ChangeReturnError | CommandError> =>
  changeReturn(ports, context, input, {
    action: 'aftersales.approveReturn',
    parse: parseReturnId,
    commands: ({ now }, order) => [
      {
        type: 'Approve',
        by: 'staff',
        refundBy: refundDeadline(now, order.details.policy),
        sendBy: sendDeadline(now, order.details.policy),
        at: now,
      },
    ],
    follow: (moving) => ok(standingOf(moving)),
  })

/**
 * Refuses a return, with a ground that the buyer is told; only a person does.
 *
 * @errors ChangeReturnError, CommandError
 */
export const refuseReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly returnId: string; readonly ground: RefusalGround },
): ResultAsync<ReturnStanding, ChangeReturnError | CommandError> =>
  changeReturn(ports, context, input, {
    action: 'aftersales.refuseReturn',
    parse: parseRefuseReturn,
    commands: ({ input: { ground }, now }) => [{ type: 'Refuse', ground, at: now }],
    follow: (moving) => ok(standingOf(moving)),
  })

/**
 * Gives a return up before the goods are in: its buyer, or the shop in their stead.
 *
 * @errors ChangeReturnError, CommandError
 */
export const cancelReturn = (
  ports: CorePorts,
  context: CommandContext,
  input: { readonly returnId: string },
): ResultAsync<ReturnStanding, ChangeReturnError | CommandError> =>
  changeReturn(ports, context, input, {
    action: 'aftersales.cancelReturn',
    parse: parseReturnId,
    commands: ({ actor, now }) => [{ type: 'Cancel', by: actor.kind === 'staff' ? 'staff' : 'buyer', at: now }],
    follow: (moving) => ok(standingOf(moving)),
  })
