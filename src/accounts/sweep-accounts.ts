import { errAsync, ok, okAsync, type ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { type Change, removeRow } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { erasedSubjects, noteErased } from '../shared/erased-subject.schema.js'
import type { Instant } from '../shared/instant.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { type ReadPlan, row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { accounts, challenges, credentials, sessions, signInGuards } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { writeFormer } from './anomaly/keep-former.js'
import { longestChallengeMs } from './challenge.js'
import type { AccountsPorts } from './ports.js'
import { heldKeys } from './privacy/held-key.schema.js'
import { guardsKeptMs } from './privacy/passing-records.js'
import { isOpen } from './session.js'
import { changeAccount } from './write-account.js'

/** What one turn of the sweep came to. */
export type AccountsSweepReport = {
  /** Registrations that were not activated in time; their personal data is gone. */
  readonly lapsed: number
  /** Sessions removed that had ended. */
  readonly sessions: number
  /** Challenges removed that were a month old. */
  readonly challenges: number
  /** Guards removed that had rested for a month, but of those that count failures at the proof of an account. */
  readonly guards: number
  /** Keys of people who are gone, destroyed because no law needs them any more. */
  readonly heldKeys: number
  /** Keys of people who are gone, destroyed where they are kept apart from the storage. */
  readonly destroyedKeys: number
  /** Accounts of which a former contact was forgotten, for the time to disown its change is over. */
  readonly formerContacts: number
  readonly failures: readonly { readonly id: string; readonly reason: string }[]
}

/**
 * Clears away what time has ended, at most `limit` rows of each kind: registrations, sessions, codes, remembered
 * failures. One bad row stops no other.
 *
 * @errors StorageError when what is due cannot be found
 */
export const sweepAccounts = (
  ports: AccountsPorts,
  { limit }: { readonly limit: number },
): ResultAsync<AccountsSweepReport, StorageError> => {
  const until = ports.clock.now()
  const rested = until - guardsKeptMs
  const outlived = until - longestChallengeMs
  const sweeps: Readonly<Record<Kind, () => ResultAsync<SweepReport, StorageError>>> = {
    lapsed: () =>
      sweepEach(
        ports,
        {
          collection: accounts,
          field: 'activateBy',
          until,
          where: [{ field: 'status', is: 'eq', value: 'pending' }],
          limit,
        },
        (id) => lapse(ports, id),
      ),
    sessions: () =>
      sweepSessions(ports, 'idleUntil', until, limit).andThen((idle) =>
        sweepSessions(ports, 'endsAt', until, limit).map((ended) => ({
          done: idle.done + ended.done,
          failed: [...idle.failed, ...ended.failed.filter(({ id }) => !idle.failed.some((each) => each.id === id))],
        })),
      ),
    challenges: () =>
      sweepEach(ports, { collection: challenges, field: 'issuedAt', until: outlived, limit }, (id) =>
        write(ports, { found: row(challenges, id) }, ({ found }) =>
          found === undefined ? [] : [removeRow(challenges, found)],
        ),
      ),
    guards: () =>
      sweepEach(ports, { collection: signInGuards, field: 'restsSince', until: rested, limit }, (id) =>
        write(ports, { found: row(signInGuards, id) }, ({ found }, now) =>
          found?.state.restsSince === undefined || now - found.state.restsSince < guardsKeptMs
            ? []
            : [removeRow(signInGuards, found)],
        ),
      ),
    heldKeys: () =>
      sweepEach(ports, { collection: heldKeys, field: 'until', until, limit }, (id) =>
        write(ports, { found: row(heldKeys, id) }, ({ found }, now) =>
          found === undefined || now < found.state.until ? [] : [removeRow(heldKeys, found)],
        ),
      ),
    destroyedKeys: () =>
      sweepEach(ports, { collection: erasedSubjects, field: 'destroyFrom', until, limit }, (id) =>
        destroyKept(ports, id),
      ),
    formerContacts: () =>
      sweepEach(ports, { collection: formerContacts, field: 'until', until, limit }, (id) =>
        write(ports, { found: row(formerContacts, id) }, ({ found }, now) =>
          found === undefined || now < found.state.until
            ? []
            : writeFormer(
                found,
                id,
                found.state.contacts.filter((each) => now < each.until),
              ),
        ),
      ),
  }
  const nothing: AccountsSweepReport = {
    lapsed: 0,
    sessions: 0,
    challenges: 0,
    guards: 0,
    heldKeys: 0,
    destroyedKeys: 0,
    formerContacts: 0,
    failures: [],
  }
  return kinds.reduce<ResultAsync<AccountsSweepReport, StorageError>>(
    (before, kind) =>
      before.andThen((report) =>
        sweeps[kind]().map(({ done, failed }) => ({
          ...report,
          [kind]: done,
          failures: report.failures.concat(failed),
        })),
      ),
    okAsync(nothing),
  )
}

const kinds = ['lapsed', 'sessions', 'challenges', 'guards', 'heldKeys', 'destroyedKeys', 'formerContacts'] as const

type Kind = (typeof kinds)[number]

// After the commit that no more needs it, and again until it is done: what a commit that failed still needs must not be gone.
const destroyKept = (ports: AccountsPorts, id: string): ResultAsync<boolean, { readonly type: string }> => {
  const { destroyKey } = ports.sealer
  if (destroyKey === undefined) return errAsync({ type: 'KeyStoreMissing' })
  return destroyKey(id)
    .mapErr((error): { readonly type: string } => error)
    .andThen(() =>
      write(ports, { found: row(erasedSubjects, id) }, ({ found }) =>
        found === undefined || found.state.destroyFrom === null
          ? []
          : [noteErased({ ...found.state, destroyFrom: null }, found.version)],
      ),
    )
}

const sweepSessions = (
  ports: AccountsPorts,
  field: 'idleUntil' | 'endsAt',
  until: Instant,
  limit: number,
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: sessions, field, until, limit }, (id) =>
    write(ports, { found: row(sessions, id) }, ({ found }, now) =>
      found === undefined || isOpen(found.state, now) ? [] : [removeRow(sessions, found)],
    ),
  )

const lapse = (ports: AccountsPorts, id: string): ResultAsync<boolean, StorageError> =>
  write(
    ports,
    {
      account: row(accounts, id),
      key: row(subjectKeys, id),
      credential: row(credentials, id),
      preference: row(messagePreferences, id),
    },
    ({ account, key, credential, preference }, at) => {
      if (account === undefined) return []
      return changeAccount(account, { type: 'Lapse', at }).match(
        (change) => [
          change,
          ...(key === undefined ? [] : [removeRow(subjectKeys, key)]),
          ...(key === undefined || ports.sealer.destroyKey === undefined
            ? []
            : [noteErased({ subjectId: id, erasedAt: at, destroyFrom: at })]),
          ...(credential === undefined ? [] : [removeRow(credentials, credential)]),
          ...(preference === undefined ? [] : [removeRow(messagePreferences, preference)]),
        ],
        // Somebody activated it meanwhile.
        () => [],
      )
    },
  )

const write = <Plan extends ReadPlan>(
  ports: AccountsPorts,
  plan: Plan,
  changesOf: (facts: Parameters<DecideOf<Plan>>[0], now: number) => readonly Change[],
): ResultAsync<boolean, StorageError> =>
  decideAndCommit<Plan, boolean, never>(ports, {
    scope: { kind: 'all' },
    plan: () => plan,
    decide: (facts, { now }) => {
      const changes = changesOf(facts, now)
      return ok({ changes, answer: changes.length > 0 })
    },
  })

type DecideOf<Plan extends ReadPlan> = Parameters<typeof decideAndCommit<Plan, boolean, never>>[1]['decide']
