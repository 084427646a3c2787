import type { ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import type { NoInput } from '../shared/no-input.js'
import type { CorePorts } from '../shared/ports.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { MemberError } from './member.js'
import { askMember, closeMember, draftMember, leaving, openMember } from './member-draft.js'

/** A customer who is no member any more. */
export type LeftMembership = { readonly accountId: string; readonly leftAt: Instant }

/**
 * Leaves the programme, at any time; level, benefits and day of birth are gone, points and coupons stay. Who joins
 * anew has no birthday in the year they left in, if they had told one.
 *
 * @errors NotAMember, CommandError
 */
export const leaveMembership = (
  ports: CorePorts,
  context: CommandContext,
  input: NoInput = {},
): ResultAsync<LeftMembership, MemberError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.leave',
    parse: parseNothing,
    plan: ({ actor, now }) => askMember(ports, customerIdOf(actor), now),
    decide: (read, { actor, now }) => {
      const accountId = customerIdOf(actor)
      const draft = openMember(read, accountId, now)
      return draftMember(draft, leaving(draft))
        .andThen(() => closeMember(draft))
        .map((changes) => ({
          changes,
          answer: { accountId, leftAt: draft.member.state.status === 'left' ? draft.member.state.leftAt : now },
        }))
    },
  })
