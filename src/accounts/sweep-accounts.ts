import { ok, type Result, ResultAsync } from 'neverthrow'
import { messagePreferences } from '../notify/preference.schema.js'
import { type Change, removeRow } from '../shared/commit.js'
import { type Decision, decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { daysMs } from '../shared/instant.js'
import { subjectKeys } from '../shared/personal-data.schema.js'
import { find, type ReadPlan, row } from '../shared/read-plan.js'
import { accounts, challenges, credentials, sessions, signInGuards } from './accounts.schema.js'
import { formerContacts } from './anomaly/former-contact.schema.js'
import { writeFormer } from './anomaly/keep-former.js'
import type { AccountsPorts } from './ports.js'
import { heldKeys } from './privacy/held-key.schema.js'
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
  /** Guards removed that had rested for a month. */
  readonly guards: number
  /** Keys of people who are gone, destroyed because no law needs them any more. */
  readonly heldKeys: number
  /** Accounts of which a former contact was forgotten, for the time to disown its change is over. */
  readonly formerContacts: number
  readonly failures: readonly { readonly id: string; readonly reason: string }[]
}

const forgetAfterMs = 30 * daysMs

/**
 * Clears away what time has ended: registrations, sessions, codes, remembered failures. One bad row stops no other.
 *
 * @param options.limit - the most rows of each kind
 * @errors StorageError when what is due cannot be read
 */
export const sweepAccounts = (
  ports: AccountsPorts,
  options: { readonly limit: number },
): ResultAsync<AccountsSweepReport, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: ({ now }) => duePlan(now, options.limit),
    decide: ({ late, idle, ended, codes, rested, held, former }): Result<Decision<Due>, never> =>
      ok({
        changes: [],
        answer: {
          lapsed: late.map(({ id }) => id),
          sessions: [...new Set([...idle, ...ended].map(({ id }) => id))],
          challenges: codes.map(({ id }) => id),
          guards: rested.map(({ id }) => id),
          heldKeys: held.map(({ id }) => id),
          formerContacts: former.map(({ id }) => id),
        },
      }),
  }).andThen((due) => ResultAsync.fromSafePromise(clear(ports, due)))

const kinds = ['lapsed', 'sessions', 'challenges', 'guards', 'heldKeys', 'formerContacts'] as const

type Kind = (typeof kinds)[number]
type Due = Readonly<Record<Kind, readonly string[]>>

const duePlan = (now: number, limit: number) => ({
  late: find(accounts, {
    where: [
      { field: 'status', is: 'eq', value: 'pending' },
      { field: 'activateBy', is: 'lte', value: now },
    ],
    orderBy: { field: 'activateBy', direction: 'ascending' },
    limit,
  }),
  idle: find(sessions, { where: [{ field: 'idleUntil', is: 'lte', value: now }], limit }),
  ended: find(sessions, { where: [{ field: 'endsAt', is: 'lte', value: now }], limit }),
  codes: find(challenges, { where: [{ field: 'issuedAt', is: 'lte', value: now - forgetAfterMs }], limit }),
  former: find(formerContacts, { where: [{ field: 'until', is: 'lte', value: now }], limit }),
  held: find(heldKeys, { where: [{ field: 'until', is: 'lte', value: now }], limit }),
  rested: find(signInGuards, { where: [{ field: 'lastFailureAt', is: 'lte', value: now - forgetAfterMs }], limit }),
})

const clear = async (ports: AccountsPorts, due: Due): Promise<AccountsSweepReport> => {
  const counts: Record<Kind, number> = {
    lapsed: 0,
    sessions: 0,
    challenges: 0,
    guards: 0,
    heldKeys: 0,
    formerContacts: 0,
  }
  const failures: { id: string; reason: string }[] = []
  const steps: Readonly<Record<Kind, (id: string) => ResultAsync<boolean, StorageError>>> = {
    lapsed: (id) => lapse(ports, id),
    sessions: (id) =>
      write(ports, { found: row(sessions, id) }, ({ found }, now) =>
        found === undefined || isOpen(found.state, now) ? [] : [removeRow(sessions, found)],
      ),
    challenges: (id) =>
      write(ports, { found: row(challenges, id) }, ({ found }) =>
        found === undefined ? [] : [removeRow(challenges, found)],
      ),
    heldKeys: (id) =>
      write(ports, { found: row(heldKeys, id) }, ({ found }, now) =>
        found === undefined || now < found.state.until ? [] : [removeRow(heldKeys, found)],
      ),
    formerContacts: (id) =>
      write(ports, { found: row(formerContacts, id) }, ({ found }, now) =>
        found === undefined || now < found.state.until
          ? []
          : writeFormer(
              found,
              id,
              found.state.contacts.filter(({ until }) => now < until),
            ),
      ),
    guards: (id) =>
      write(ports, { found: row(signInGuards, id) }, ({ found }, now) =>
        found === undefined || now - found.state.lastFailureAt < forgetAfterMs ? [] : [removeRow(signInGuards, found)],
      ),
  }
  for (const kind of kinds) {
    for (const id of due[kind]) {
      const done = await steps[kind](id)
      done.match(
        (changed) => {
          counts[kind] += changed ? 1 : 0
        },
        (error) => {
          failures.push({ id, reason: error.type })
        },
      )
    }
  }
  return { ...counts, failures }
}

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
