import { err, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { row } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { refuseErased } from '../shared/subject-key.js'
import type { Birthday } from './birthday.js'
import { isBirthday } from './birthday.js'
import { parseTellBirthday } from './inputs.schema.js'
import { sealFor } from './join-membership.js'
import type { MemberError } from './member.js'
import { askMember, closeMember, draftMember, openMember } from './member-draft.js'
import type { BirthdayInvalid } from './membership-errors.js'
import type { MembershipPorts } from './ports.js'

/** A member whose day of birth is known. */
export type ToldBirthday = { readonly accountId: string }

/**
 * Tells the day of birth, for a birthday gift; once, so that nobody has two in a year.
 *
 * @errors BirthdayInvalid, NotAMember, BirthdayAlreadyTold, NotFound for an account that is erased, CommandError
 */
export const tellBirthday = (
  ports: MembershipPorts,
  context: CommandContext,
  input: Birthday,
): ResultAsync<ToldBirthday, BirthdayInvalid | MemberError | NotFound | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.tellBirthday',
    parse: parseTellBirthday,
    plan: ({ actor, now }) => ({
      ...askMember(ports, customerIdOf(actor), now),
      key: row(subjectKeys, customerIdOf(actor)),
    }),
    decide: ({ key, ...read }, { actor, input: birthday, now }) => {
      const accountId = customerIdOf(actor)
      if (!isBirthday(birthday)) {
        return err<never, BirthdayInvalid | MemberError | NotFound>({ type: 'BirthdayInvalid', ...birthday })
      }
      return sealFor(ports, key, { accountId, birthday, now })
        .mapErr((error): BirthdayInvalid | MemberError | NotFound | CommandError => error)
        .andThen((sealed) => {
          const draft = openMember(read, accountId, now)
          draft.further.push(...sealed.changes)
          if (sealed.birthday === null) return err({ type: 'BirthdayInvalid' as const, ...birthday })
          return draftMember(draft, { type: 'TellBirthday', birthday: sealed.birthday, now })
            .andThen(() => closeMember(draft))
            .map((changes): Decision<ToldBirthday> => ({ changes, answer: { accountId } }))
        })
    },
    claimed: refuseErased,
  })
