import { errAsync, ok, type ResultAsync } from 'neverthrow'
import { auditEntry } from '../../shared/audit-entry.js'
import { type Decision, decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { known, row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { AccountsPorts } from '../ports.js'
import { heldKeys } from './held-key.schema.js'
import { checkPurpose, type PurposeMissing } from './on-request.js'
import { type OpenedRow, openRow } from './open-record.js'
import type { ReadHeldInput } from './privacy-inputs.js'
import { parseReadHeld } from './privacy-inputs.schema.js'

/**
 * Opens what is kept of a person who has erased their account, for a legal claim: one row of a record that a law makes the
 * shop keep, until its time is over. It takes the role `legalHold` and a purpose, and stands in the audit log; so does that
 * it was refused for want of a purpose or of the row.
 *
 * @errors PurposeMissing, NotFound, CryptoUnavailable, CommandError; AlreadyDone when the key was used
 */
export const readHeld = (
  ports: AccountsPorts,
  context: CommandContext,
  input: ReadHeldInput,
): ResultAsync<OpenedRow, PurposeMissing | NotFound | CryptoUnavailable | CommandError> =>
  runCommand(ports, context, input, {
    action: 'accounts.readHeld',
    secret: true,
    parse: parseReadHeld,
    plan: ({ input: { accountId, record, id } }) => ({
      held: row(heldKeys, accountId),
      found: recordOf(ports, record)?.askOne?.(accountId, id) ?? known([]),
    }),
    decide: (
      { held, found },
      { input: { accountId, record: name, id }, actor, now: at },
    ): ResultAsync<Decision<OpenedRow>, PurposeMissing | NotFound | CryptoUnavailable> => {
      const [kept] = found
      const record = recordOf(ports, name)
      const stated = checkPurpose(actor, 'accounts.readHeld')
      if (stated.isErr()) return errAsync(stated.error)
      if (held === undefined || held.state.until <= at || kept === undefined || record === undefined) {
        return errAsync({ type: 'NotFound', entity: name, id })
      }
      return openRow(ports.sealer, held.state, record, kept).map((answer) => ({
        answer,
        changes: [
          auditEntry(ports.ids, {
            actor,
            action: 'accounts.readHeld',
            subject: accountId,
            at,
            outcome: 'done',
            detail: id,
          }),
        ],
      }))
    },
  }).orElse((error) =>
    error.type === 'PurposeMissing' || error.type === 'NotFound'
      ? noteRefusal(ports, context, input, error.type).andThen(() => errAsync(error))
      : errAsync(error),
  )

// What was asked for may be anything that a person wrote: it stands there as a digest.
const noteRefusal = (
  ports: AccountsPorts,
  { actor }: CommandContext,
  { accountId }: ReadHeldInput,
  detail: 'PurposeMissing' | 'NotFound',
): ResultAsync<null, CryptoUnavailable | StorageError> =>
  ports.digests.digest('held-asked', accountId).andThen((subject) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({}),
      decide: (_, { now: at }) =>
        ok({
          answer: null,
          changes: [
            auditEntry(ports.ids, { actor, action: 'accounts.readHeld', subject, at, outcome: 'refused', detail }),
          ],
        }),
    }),
  )

const recordOf = (ports: AccountsPorts, name: string) =>
  ports.personalRecords.find((each) => each.name === name && each.onErasure.verdict === 'restrict')
