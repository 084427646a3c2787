import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import type { Change } from '../../shared/commit.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { OutboxEvent } from '../../shared/events.js'
import type { PersonalRecord } from '../../shared/personal-record.js'
import type { Reaction } from '../../shared/reaction.js'
import type { Asked } from '../../shared/read-plan.js'
import { challenges } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'

// As many rows as one commit removes at once.
const batch = 100

/**
 * Removes every row that has nothing to stay for, of every module, after an account was erased, or its registration lapsed.
 * Unreadable they have been since the key went; whatever the key that is set aside could still open is gone with them.
 */
export const eraseRecords: Reaction<AccountsPorts> = {
  name: 'accounts.eraseRecords',
  listensTo: ['account/AccountErased', 'account/AccountLapsed'],
  react: (ports, event) =>
    ports.personalRecords
      .filter(({ name, onErasure }) => onErasure.verdict === 'erase' && !outlives(name, event))
      .reduce<ResultAsync<StorageError | undefined, StorageError>>(
        (before, record) =>
          before.andThen((failed) =>
            eraseAll(ports, record, event.rowId)
              .map(() => failed)
              .orElse((error) => (error.type === 'StoredDataInvalid' ? ok(failed ?? error) : err(error))),
          ),
        okAsync(undefined),
      )
      // What could not be read keeps no other record; the relay comes again for it, and names it in the end.
      .andThen((failed) => (failed === undefined ? ok(undefined) : err(failed))),
}

// A challenge of what somebody else has is of no account: one that goes with its registration would tell the two apart. Each is
// swept within a month.
const outlives = (record: string, { type }: OutboxEvent): boolean =>
  type === 'AccountLapsed' && record === challenges.name

const eraseAll = (ports: AccountsPorts, record: PersonalRecord, accountId: string): ResultAsync<void, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ changes: askChanges(record, accountId) }),
    // What a page removes nothing of comes up again for ever.
    decide: ({ changes }) => ok({ changes, answer: { isLast: changes.length < batch } }),
  }).andThen(({ isLast }) => (isLast ? okAsync(undefined) : eraseAll(ports, record, accountId)))

// Of a record that a host has written by hand only what it can read is removed.
const askChanges = (record: PersonalRecord, accountId: string): Asked<readonly Change[]> => {
  if (record.askToRemove !== undefined) return record.askToRemove(accountId, { limit: batch })
  const asked = record.ask(accountId, { limit: batch })
  return {
    query: asked.query,
    answer: (raw) =>
      asked.answer(raw).map((rows) => rows.flatMap(({ remove }) => (remove === undefined ? [] : [remove]))),
  }
}
