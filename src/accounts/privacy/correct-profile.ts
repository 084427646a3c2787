import { err, okAsync, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../../notify/preference.schema.js'
import { customerIdOf } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { type Change, expectRow, put } from '../../shared/commit.js'
import type { Decision } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import { type Sealed, sealValue } from '../../shared/personal-data.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountError } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { profilePlace } from '../profile.js'
import { changeAccount } from '../write-account.js'
import { parseCorrectProfile } from './privacy-inputs.schema.js'

/**
 * Corrects what is kept of a person: the name and the language. Identifiers are corrected by proof (`requestBinding`), the
 * birthday in the programme.
 *
 * @errors NotFound, AccountStateForbids, CommandError
 */
export const correctProfile = (
  ports: AccountsPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<{ readonly accountId: string }, NotFound | AccountError | CommandError> => {
  const accountId = customerIdOf(context.actor)
  return runCommand(ports, context, input, {
    action: 'accounts.correctProfile',
    parse: parseCorrectProfile,
    plan: () => ({
      account: row(accounts, accountId),
      key: row(subjectKeys, accountId),
      preference: row(messagePreferences, accountId),
    }),
    decide: ({ account, key, preference }, { input: { name, locale }, actor, now: at }) => {
      if (account === undefined || !isStanding(account.state) || key === undefined) {
        return err<never, NotFound | AccountError | CommandError>({
          type: 'NotFound',
          entity: 'account',
          id: accountId,
        })
      }
      const sealed: ResultAsync<Sealed | undefined, CommandError> =
        typeof name === 'string'
          ? sealValue(ports.sealer, key.state, profilePlace(accountId, 'name'), name).map((value) => value)
          : okAsync(undefined)
      return sealed.andThen((value) => {
        const corrected =
          name === undefined
            ? undefined
            : changeAccount(account, { type: 'CorrectName', ...(value === undefined ? {} : { name: value }) })
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
            auditEntry(ports.ids, {
              actor,
              action: 'accounts.correctProfile',
              subject: accountId,
              at,
              outcome: 'done',
            }),
          ],
        })
        return corrected === undefined ? okAsync(write(expectRow(accounts, account))) : corrected.map(write)
      })
    },
  })
}
