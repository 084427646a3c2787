import { err, okAsync, type ResultAsync } from 'neverthrow'
import { customerIdOf } from '../shared/actor.js'
import type { Change } from '../shared/commit.js'
import type { Decision } from '../shared/decide-and-commit.js'
import type { NotFound } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import type { SubjectKey } from '../shared/personal-data.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import type { CryptoUnavailable } from '../shared/ports.js'
import { row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { keyInUse, refuseErased, stillHere } from '../shared/subject-key.js'
import { type Birthday, isBirthday, sealBirthday } from './birthday.js'
import type { JoinMembershipInput } from './inputs.schema.js'
import { parseJoinMembership } from './inputs.schema.js'
import type { KeptBirthday, MemberError } from './member.js'
import { askMember, closeMember, draftMember, type MemberRead, openMember, stepsOf } from './member-draft.js'
import type { BirthdayInvalid, MembershipTermsChanged } from './membership-errors.js'
import type { MembershipPorts } from './ports.js'

/** A customer who has joined. */
export type JoinedMembership = {
  readonly accountId: string
  readonly joinedAt: Instant
  readonly levelId: string | null
  readonly termsRevision: number
}

/** Why a customer does not join. */
export type JoinMembershipError = MembershipTermsChanged | BirthdayInvalid | MemberError | NotFound

/**
 * Joins the programme, by the customer's own choice and on the terms that were shown; what is done from now on counts.
 *
 * @errors MembershipTermsChanged when others were shown than hold; AlreadyMember, BirthdayInvalid, NotFound for an
 * account that is erased, CommandError
 */
export const joinMembership = (
  ports: MembershipPorts,
  context: CommandContext,
  input: JoinMembershipInput,
): ResultAsync<JoinedMembership, JoinMembershipError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'membership.join',
    parse: parseJoinMembership,
    plan: ({ actor, now }) => ({
      ...askMember(ports, customerIdOf(actor), now),
      key: row(subjectKeys, customerIdOf(actor)),
    }),
    decide: ({ key, ...read }, { actor, input: { termsRevision, birthday }, now }) => {
      const accountId = customerIdOf(actor)
      const revision = read.membership?.version ?? 0
      if (revision !== termsRevision) {
        return err<never, JoinMembershipError>({
          type: 'MembershipTermsChanged',
          shownRevision: termsRevision,
          revision,
        })
      }
      if (birthday !== undefined && !isBirthday(birthday)) {
        return err<never, JoinMembershipError>({ type: 'BirthdayInvalid', ...birthday })
      }
      return sealFor(ports, key, { accountId, birthday, now })
        .mapErr((error): JoinMembershipError | CommandError => error)
        .andThen((sealed) => join(read, { accountId, termsRevision, sealed, now }))
    },
    claimed: refuseErased,
  })

const join = (
  read: MemberRead,
  given: {
    readonly accountId: string
    readonly termsRevision: number
    readonly sealed: SealedBirthday
    readonly now: Instant
  },
) => {
  const { accountId, termsRevision, sealed, now } = given
  const draft = openMember(read, accountId, now)
  draft.further.push(...sealed.changes)
  const { birthday } = sealed
  const steps = stepsOf([], draft.terms)
  return draftMember(draft, { type: 'JoinMembership', accountId, termsRevision, birthday, steps, now })
    .andThen(() => closeMember(draft))
    .map((changes): Decision<JoinedMembership> => {
      const levelId = draft.member.state.status === 'member' ? draft.member.state.levelId : null
      return { changes, answer: { accountId, joinedAt: now, levelId, termsRevision } }
    })
}

/** A day of birth as it is kept, and what else has to be written for it. */
export type SealedBirthday = { readonly birthday: KeptBirthday | null; readonly changes: readonly Change[] }

/**
 * Seals a day of birth under its person's key; who has none gets one.
 *
 * @errors CryptoUnavailable
 */
export const sealFor = (
  ports: MembershipPorts,
  stored: Stored<SubjectKey> | undefined,
  {
    accountId,
    birthday,
    now,
  }: { readonly accountId: string; readonly birthday: Birthday | undefined; readonly now: Instant },
): ResultAsync<SealedBirthday, CryptoUnavailable> => {
  if (birthday === undefined) return okAsync({ birthday: null, changes: [stillHere(stored, accountId, now)] })
  return keyInUse(ports.sealer, stored, accountId, now).andThen(({ key, changes }) =>
    sealBirthday(ports, key, accountId, birthday).map((sealed) => ({ birthday: sealed, changes })),
  )
}
