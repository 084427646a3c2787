import { err, ok, okAsync, ResultAsync } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { Json } from '../../shared/json.js'
import { type Place, type Sealed, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountCommand, AccountError } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { GuardianRequired } from '../consent.js'
import type { AccountsPorts } from '../ports.js'
import { detailsPlace, profilePlace } from '../profile.js'
import { guardianWordOf, isGuarded } from '../real-name/real-name-claim.js'
import { guardianConsent, isChild } from '../register-account.js'
import { checkDetails, type DetailsRefused, type PersonDetails } from '../registration-fields.js'
import { changeAccountBy } from '../write-account.js'
import { askRequest, checkRequest, type PurposeMissing, subjectOf } from './on-request.js'
import type { CorrectProfileInput } from './privacy-inputs.js'
import { parseCorrectProfile } from './privacy-inputs.schema.js'

/** Why what is kept of a person may not be corrected. */
export type CorrectProfileError =
  | PurposeMissing
  | DetailsRefused
  | GuardianRequired
  | NotFound
  | AccountError
  | CommandError

/**
 * Corrects what is kept of a person: the name, the language, and the details that the shop asks. Identifiers are corrected by proof (`requestBinding`), the
 * birthday in the programme. Staff correct on an open request for it, of whoever cannot sign in.
 *
 * @errors PurposeMissing for staff, DetailsRefused, GuardianRequired where the details tell of a child whose guardian has not agreed, NotFound, AccountStateForbids, CommandError
 */
export const correctProfile = (
  ports: AccountsPorts,
  context: CommandContext,
  input: CorrectProfileInput,
): ResultAsync<{ readonly accountId: string }, CorrectProfileError> => {
  return runCommand(ports, context, input, {
    action: 'accounts.correctProfile',
    parse: parseCorrectProfile,
    plan: ({ actor, input: { onRequest } }) => {
      const accountId = subjectOf(actor, onRequest)
      return {
        request: askRequest(onRequest),
        account: row(accounts, accountId),
        key: row(subjectKeys, accountId),
        preference: row(messagePreferences, accountId),
        guardian: guardianWordOf(accountId),
      }
    },
    decide: ({ request, account, key, preference, guardian: agreed }, { input, actor, now: at }) => {
      const { name, locale, details, guardian, onRequest } = input
      const accountId = subjectOf(actor, onRequest)
      const kinds = ['correction'] as const
      const allowed = checkRequest(actor, { action: 'accounts.correctProfile', onRequest, request, kinds })
      if (allowed.isErr()) return err<never, CorrectProfileError>(allowed.error)
      if (account === undefined || !isStanding(account.state) || key === undefined) {
        return err<never, CorrectProfileError>({
          type: 'NotFound',
          entity: 'account',
          id: accountId,
        })
      }
      const checked =
        details === undefined ? ok<PersonDetails>({}) : checkDetails(ports.accountsPolicy.registration, details, at)
      if (checked.isErr()) return err<never, CorrectProfileError>(checked.error)
      const belowYears = ports.accountsPolicy.privacy.guardianBelowYears
      const isYoung = isChild(checked.value.birthDate, belowYears, at) && !isGuarded(agreed)
      if (isYoung && guardian === undefined) {
        return err<never, CorrectProfileError>({ type: 'GuardianRequired', belowYears })
      }
      const sealed = <Value extends Json>(place: Place, value: Value | undefined) =>
        value === undefined
          ? okAsync<Sealed | undefined, CorrectProfileError>(undefined)
          : sealValue(ports.sealer, key.state, place, value).map((text): Sealed | undefined => text)
      const told = Object.keys(checked.value).length === 0 ? undefined : checked.value
      return ResultAsync.combine([
        sealed(profilePlace(accountId, 'name'), name ?? undefined),
        sealed(detailsPlace(accountId), told),
      ]).andThen(([sealedName, sealedDetails]) => {
        const commands: readonly AccountCommand[] = [
          ...(name === undefined
            ? []
            : [{ type: 'CorrectName' as const, ...(sealedName === undefined ? {} : { name: sealedName }) }]),
          ...(details === undefined
            ? []
            : [
                { type: 'CorrectDetails' as const, ...(sealedDetails === undefined ? {} : { details: sealedDetails }) },
              ]),
        ]
        const write = (change: Change): Decision<{ readonly accountId: string }> => ({
          answer: { accountId },
          changes: [
            change,
            expectRow(subjectKeys, key),
            ...(locale === undefined || preference === undefined
              ? []
              : [
                  put(messagePreferences, {
                    id: accountId,
                    version: preference.version,
                    state: { ...preference.state, locale, changedAt: at },
                  }),
                ]),
            ...(isYoung && guardian !== undefined
              ? [guardianConsent(ports, accountId, guardian.noticeVersion, at)]
              : []),
            auditEntry(ports.ids, {
              actor,
              action: 'accounts.correctProfile',
              subject: accountId,
              at,
              outcome: 'done',
            }),
          ],
        })
        return changeAccountBy(account, commands).map(write)
      })
    },
  })
}
