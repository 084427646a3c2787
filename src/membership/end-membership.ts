import { ok, safeTry } from 'neverthrow'
import { type Reaction, reactOnce } from '../shared/reaction.js'
import { askMember, closeMember, draftMember, draftMemberPoints, leaving, openMember } from './member-draft.js'

/** Ends membership and points with the account; points that an open order holds make it wait. */
export const endMembership: Reaction = {
  name: 'membership.end',
  listensTo: ['account/AccountErased'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'membership.end', event },
      {
        plan: ({ now }) => askMember(ports, event.rowId, now),
        decide: (read, { now }) =>
          safeTry(function* () {
            const draft = openMember(read, event.rowId, now)
            if (draft.member.state.status === 'member') yield* draftMember(draft, leaving(draft))
            if (draft.points.state.status === 'open') yield* draftMemberPoints(draft, { type: 'ClosePoints', now })
            const changes = yield* closeMember(draft)
            return ok({ changes, answer: undefined })
          }),
      },
    ),
}
