import { ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { auditLog } from '../../shared/audit.schema.js'
import type { StoredDataInvalid } from '../../shared/collection.js'
import type { StorageUnavailable } from '../../shared/errors.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { entries, find, type ReadPlan, rows, type Stored } from '../../shared/read-plan.js'
import type { Account } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import type { Incident } from './incident.js'

/** Accounts whose data it is, as far as a page goes. */
export type AffectedPage = {
  readonly found: readonly Extract<Account, { readonly status: 'active' | 'banned' }>[]
  /** Where the page ended; null where there is no more. */
  readonly after: string | null
}

/** How many accounts, or entries of the log, a page looks at. */
export const affectedPageSize = 50

type ReadError = StorageUnavailable | StoredDataInvalid

/**
 * Finds the next accounts whose data an incident is about: those that stand. Whoever was erased cannot be told.
 *
 * @param after - where the page before ended; null for the first
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const findAffected = (
  ports: AccountsPorts,
  incident: Incident,
  after: string | null,
  at: Instant,
): ResultAsync<AffectedPage, ReadError> => {
  const { affected, since, until } = incident
  const end = until ?? at
  const page = { limit: affectedPageSize, ...(after === null ? {} : { after: { value: after, id: after } }) }
  switch (affected.kind) {
    case 'named': {
      const ids = [...new Set(affected.accountIds)].sort().filter((id) => after === null || id > after)
      const plan = { owners: rows(accounts, ids.slice(0, affectedPageSize)) }
      const last = ids[affectedPageSize - 1]
      return ask(ports, at, plan).map(({ owners }) => ({
        found: standing(owners),
        after: ids.length > affectedPageSize && last !== undefined ? last : null,
      }))
    }
    case 'everybody': {
      const plan = {
        owners: find(accounts, { where: [{ field: 'registeredAt', is: 'lte', value: end }], ...page }),
      }
      return ask(ports, at, plan).andThen(({ owners }) =>
        ofRecords(ports, incident, standing(owners), at).map((found) => ({ found, after: endOf(owners) })),
      )
    }
    case 'seenBy': {
      const where = [
        { field: 'actor', is: 'eq', value: `staff:${affected.staffId}` },
        { field: 'at', is: 'gte', value: since },
        { field: 'at', is: 'lte', value: end },
      ] as const
      const plan = {
        seen: entries(auditLog, { where, ...page }),
        owners: rows(accounts, { from: 'seen', path: 'subject' }),
      }
      return ask(ports, at, plan).map(({ seen, owners }) => ({ found: standing(owners), after: endOf(seen) }))
    }
  }
}

const ask = <Plan extends ReadPlan>({ storage, shop }: AccountsPorts, at: Instant, plan: Plan) =>
  readFacts(storage, { shop, scope: { kind: 'all' }, at, plan })

const standing = (owners: readonly Stored<Account>[]): AffectedPage['found'] =>
  owners.flatMap(({ state }) => (isStanding(state) ? [state] : []))

const endOf = (page: readonly { readonly id: string }[]): string | null =>
  page.length < affectedPageSize ? null : (page.at(-1)?.id ?? null)

// Of whom the shop keeps none of the records, none leaked. Everybody has an account.
const ofRecords = (
  ports: AccountsPorts,
  { records }: Incident,
  owners: AffectedPage['found'],
  at: Instant,
): ResultAsync<AffectedPage['found'], ReadError> => {
  if (records.includes(accounts.name)) return okAsync(owners)
  const kept = ports.personalRecords.filter(({ name }) => records.includes(name))
  const plan = Object.fromEntries(
    owners.flatMap(({ accountId }) =>
      kept.map(({ name, ask: askOf }) => [`${accountId} ${name}`, askOf(accountId, { limit: 1 })]),
    ),
  )
  return ask(ports, at, plan).andThen(
    (facts): Result<AffectedPage['found'], never> =>
      ok(owners.filter(({ accountId }) => kept.some(({ name }) => (facts[`${accountId} ${name}`]?.length ?? 0) > 0))),
  )
}
