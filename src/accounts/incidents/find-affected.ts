import { ok, okAsync, type ResultAsync } from 'neverthrow'
import { auditLog } from '../../shared/audit.schema.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { type Asked, entries, find, type ReadPlan, readable, rows, type Stored } from '../../shared/read-plan.js'
import type { Account } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { Incident } from './incident.js'

/** Accounts whose data it is, as far as a page goes. */
export type AffectedPage = {
  readonly found: readonly Extract<Account, { readonly status: 'active' | 'banned' }>[]
  /** How many accounts, or entries of the log, it looked at. */
  readonly looked: number
  /** Entries of the log that lead to no account, and accounts and entries that cannot be read. */
  readonly untraced: number
  /** Where the page ended; null where there is no more. */
  readonly after: string | null
}

/** Where a page begins, and how many accounts or entries of the log it looks at. */
export type PageAsked = { readonly after: string | null; readonly size: number }

type ReadError = StorageUnavailable | StoredDataInvalid

/**
 * Finds the next accounts whose data an incident is about: those that stand. Whoever was erased cannot be told.
 *
 * Whom a member of staff looked at, the log says by the account, or by an order, a return or another record of theirs: whose
 * that is, the records that the shop keeps of people know. A row that cannot be read keeps nobody else from being found.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const findAffected = (
  ports: AccountsPorts,
  incident: Incident,
  { after, size }: PageAsked,
  at: Instant,
): ResultAsync<AffectedPage, ReadError> => {
  const { affected, since, until } = incident
  const end = until ?? at
  const page = { limit: size, ...(after === null ? {} : { after: { value: after, id: after } }) }
  switch (affected.kind) {
    case 'named': {
      const ids = [...new Set(affected.accountIds)].sort().filter((id) => after === null || id > after)
      const plan = { owners: readable(rows(accounts, ids.slice(0, size))) }
      const last = ids[size - 1]
      return ask(ports, at, plan).map(({ owners }) => ({
        found: standing(owners.found),
        looked: Math.min(ids.length, size),
        untraced: owners.unreadable,
        after: ids.length > size && last !== undefined ? last : null,
      }))
    }
    case 'everybody': {
      const plan = {
        owners: readable(find(accounts, { where: [{ field: 'registeredAt', is: 'lte', value: end }], ...page })),
      }
      return ask(ports, at, plan).andThen(({ owners }) =>
        ofRecords(ports, incident, standing(owners.found), at).map((found) => ({
          found,
          looked: owners.ids.length,
          untraced: owners.unreadable,
          after: endOf(owners.ids, size),
        })),
      )
    }
    case 'seenBy': {
      const where = [
        { field: 'actor', is: 'eq', value: `staff:${affected.staffId}` },
        { field: 'at', is: 'gte', value: since },
        { field: 'at', is: 'lte', value: end },
      ] as const
      const plan = {
        seen: readable(entries(auditLog, { where, ...page })),
        owners: readable(rows(accounts, { from: 'seen', path: 'subject' })),
      }
      return ask(ports, at, plan).andThen(({ seen, owners }) => {
        const known = new Set(owners.ids)
        const others = seen.found.flatMap(({ body: { action, subject, outcome } }) =>
          // Who was refused has seen nobody.
          known.has(subject) || aboutNobody.has(action) || outcome === 'refused' ? [] : [subject],
        )
        return ownersOf(ports, others, at).map(({ accounts: found, untraced }) => ({
          found: uniqueAccounts([...standing(owners.found), ...standing(found)]),
          looked: seen.ids.length,
          untraced: untraced + seen.unreadable + owners.unreadable,
          after: endOf(seen.ids, size),
        }))
      })
    }
  }
}

const ask = <Plan extends ReadPlan>({ storage, shop }: AccountsPorts, at: Instant, plan: Plan) =>
  readFacts(storage, { shop, scope: { kind: 'all' }, at, plan })

const standing = (owners: readonly Stored<Account>[]): AffectedPage['found'] =>
  owners.flatMap(({ state }) => (isStanding(state) ? [state] : []))

const endOf = (page: readonly string[], size: number): string | null =>
  page.length < size ? null : (page.at(-1) ?? null)

const uniqueAccounts = (found: AffectedPage['found']): AffectedPage['found'] => [
  ...new Map(found.map((account) => [account.accountId, account])).values(),
]

// What staff did that shows nobody's data.
const aboutNobody: ReadonlySet<string> = new Set([
  'accounts.securityReport',
  'accounts.surveyResults',
  'accounts.incidents',
  'accounts.incidentReport',
  'accounts.recordIncident',
  'accounts.amendIncident',
  'accounts.tellAffected',
  'accounts.noteIncidentReport',
  'accounts.closeIncident',
])

type Traced = { readonly accounts: readonly Stored<Account>[]; readonly untraced: number }

// Whose the records are that entries of the log name.
const ownersOf = (ports: AccountsPorts, subjects: readonly string[], at: Instant): ResultAsync<Traced, ReadError> => {
  if (subjects.length === 0) return okAsync({ accounts: [], untraced: 0 })
  const ids = [...new Set(subjects)]
  const plan = Object.fromEntries(
    ports.personalRecords.flatMap(({ name, askOwners }) =>
      askOwners === undefined ? [] : [[name, eachOwner(askOwners(ids))]],
    ),
  )
  return ask(ports, at, plan).andThen((facts) => {
    const owned = Object.values(facts)
    const accountsOf = (id: string): readonly string[] => owned.flatMap((record) => record.get(id) ?? [])
    const accountIds = [...new Set(ids.flatMap(accountsOf))]
    return ask(ports, at, { owners: readable(rows(accounts, accountIds)) }).map(({ owners }) => ({
      accounts: owners.found,
      untraced: subjects.filter((id) => accountsOf(id).length === 0).length + owners.unreadable,
    }))
  })
}

type Owners = ReadonlyMap<string, readonly string[]>

// A record that cannot be read leads to nobody, and keeps no other from leading to somebody.
const eachOwner = ({ query, answer }: Asked<Owners>): Asked<Owners> => ({
  query,
  answer: (raw) => ok(new Map(raw.flatMap((one) => [...answer([one]).unwrapOr(new Map<string, readonly string[]>())]))),
})

// Each account and record is a part of one statement, which costs more than in proportion: on Postgres 108 parts took 0.1 to
// 0.4 s, 252 took 1.2 s, 1,800 minutes.
const mostParts = 100

// Of whom the shop keeps none of the records, none leaked; one that cannot be read is kept all the same. Everybody has an
// account.
const ofRecords = (
  ports: AccountsPorts,
  { records }: Pick<Incident, 'records'>,
  owners: AffectedPage['found'],
  at: Instant,
): ResultAsync<AffectedPage['found'], ReadError> => {
  if (records.includes(accounts.name) || owners.length === 0) return okAsync(owners)
  // A row that leaked has leaked whoever it is about.
  const kept = ports.personalRecords.filter(({ name, secondOf = name }) =>
    [name, secondOf].some((each) => records.includes(each)),
  )
  const most = Math.max(1, Math.floor(mostParts / Math.max(1, kept.length)))
  const asked = owners.slice(0, most)
  const plan = Object.fromEntries(
    asked.flatMap(({ accountId }) =>
      kept.map(({ name, ask: askOf }) => [`${accountId} ${name}`, readable(askOf(accountId, { limit: 1 }))]),
    ),
  )
  return ask(ports, at, plan).andThen((facts) => {
    const found = asked.filter(({ accountId }) =>
      kept.some(({ name }) => (facts[`${accountId} ${name}`]?.ids.length ?? 0) > 0),
    )
    return ofRecords(ports, { records }, owners.slice(most), at).map((rest) => [...found, ...rest])
  })
}
