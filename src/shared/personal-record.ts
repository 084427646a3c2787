import { ok, type Result } from 'neverthrow'
import type { Collection, Log, StoredDataInvalid } from './collection.js'
import type { Change } from './commit.js'
import { removeRow } from './commit.js'
import { daysMs, type Instant } from './instant.js'
import { type Json, valuesAt } from './json.js'
import type { LegalBasis, PersonalField, Retention, Sensitivity } from './personal-data-registry.js'
import {
  type Asked,
  type Condition,
  currentShape,
  entries,
  find,
  type PageEnd,
  type RawRow,
  rows,
} from './read-plan.js'

/** Why the law keeps a record when its person goes. */
export type RetentionLaw =
  /** E-Commerce Law of the PRC, article 31: three years from the end of a transaction. */
  | 'E-Commerce Law 31'
  /** What was agreed to has to be provable (PIPL articles 14 and 55). */
  | 'PIPL 14'

/** How many days what is sealed of a transaction stays from its end (E-Commerce Law 31). */
export const transactionKeptDays = 1_096

/** Until when what is sealed of a transaction stays. */
export const keptUntil = (endedAt: Instant): Instant => endedAt + transactionKeptDays * daysMs

/** What becomes of a record when its person's account is erased. */
export type ErasureRule =
  /** Its rows are removed. */
  | { readonly verdict: 'erase' }
  /** Its rows stay with ids, amounts and states; nothing in them says any more who it was. */
  | { readonly verdict: 'anonymise' }
  /** Its rows stay, and what is sealed in them is unreadable to everybody but for a legal claim, until so long after. */
  | { readonly verdict: 'restrict'; readonly law: RetentionLaw; readonly days: number }

/** A row or an entry that is about a person, in the shape it is stored in. */
export type PersonalRow = {
  readonly id: string
  readonly state: Json
  /** When the business it belongs to came to its end; null while it has not, undefined where it belongs to none. */
  readonly endedAt?: Instant | null
  /** Removes it. */
  readonly remove?: Change
}

/** A collection or a log that keeps rows of people, and what is owed to them for it. */
export type PersonalRecord = {
  /** The name of the collection or the log, or another where its rows are about a second person, too. */
  readonly name: string
  /** The record of whom else its rows are about, under the name of their collection. */
  readonly secondOf?: string
  readonly purpose: string
  readonly basis: LegalBasis
  /** That of its most sensitive field, or of what its rows tell beside their fields. */
  readonly sensitivity: Sensitivity
  readonly retention: Retention
  readonly onErasure: ErasureRule
  /** What is sealed in it; each place is registered. */
  readonly fields: readonly PersonalField[]
  /** Members that are no data of the person's but digests and secrets of the shop, dotted; left out of an export. */
  readonly omitted: readonly string[]
  /** Asks for a person's rows, by id. */
  readonly ask: (
    accountId: string,
    page: { readonly limit: number; readonly after?: PageEnd },
  ) => Asked<readonly PersonalRow[]>
  /** Asks for the same rows to remove them, whatever they hold: one that cannot be read is erased as well. */
  readonly askToRemove?: (accountId: string, page: { readonly limit: number }) => Asked<readonly Change[]>
  /** Asks for a person's rows whose business is not at its end; what any of the questions finds is open. */
  readonly askOpen?: (accountId: string) => readonly Asked<readonly PersonalRow[]>[]
  /** Asks whose the rows of some ids are: accounts by the id of the row. */
  readonly askOwners?: (ids: readonly string[]) => Asked<ReadonlyMap<string, readonly string[]>>
  /** Asks for one row, if it is the person's. */
  readonly askOne?: (accountId: string, id: string) => Asked<readonly PersonalRow[]>
}

/** What is declared of a collection or a log whose rows are about people. */
export type AboutPersons<State> = Pick<
  PersonalRecord,
  'purpose' | 'basis' | 'sensitivity' | 'retention' | 'onErasure'
> & {
  readonly fields?: readonly PersonalField[]
  readonly omitted?: readonly string[]
  /** The declared field that names the person; `accountId` when absent. */
  readonly owner?: string
  /** What the rows are called where they are about a second person, whom `owner` names: a record of its own. */
  readonly name?: string
  /** Where a person has one row at most: its id. */
  readonly idOf?: (accountId: string) => string
  /** Says of a row when its business came to an end. */
  readonly endedAt?: (state: State) => Instant | null
  /** What holds of rows whose business is not at its end. */
  readonly openWhere?: readonly Condition[]
  /** What holds of others whose business is not, either. */
  readonly alsoOpenWhere?: readonly Condition[]
  /** Whether the business of such a row is this person's; it is when absent. */
  readonly isOpenFor?: (state: State) => boolean
}

// How many rows are looked at for business that is open, and how many are named.
const lookedAtOpen = 200
const namedOpen = 20

/** Declares a collection whose rows are about people. */
export const personalRows = <State>(collection: Collection<State>, about: AboutPersons<State>): PersonalRecord => {
  const { owner = 'accountId', name, idOf, endedAt, openWhere, alsoOpenWhere, isOpenFor, ...declared } = about
  const { fields = [], omitted = [], ...rest } = declared
  const asPersonal = (asked: ReturnType<typeof find<State>>): Asked<readonly PersonalRow[]> => ({
    query: asked.query,
    answer: (raw): Result<readonly PersonalRow[], StoredDataInvalid> =>
      asked.answer(raw).map((rows) =>
        rows.map((stored, index) => ({
          id: stored.id,
          state: shapeOf(raw[index]),
          remove: removeRow(collection, stored),
          ...(endedAt === undefined ? {} : { endedAt: endedAt(stored.state) }),
        })),
      ),
  })
  const shapeOf = (found: RawRow | undefined): Json => (found === undefined ? null : currentShape(collection, found))
  const ownedBy = (accountId: string): Condition => ({ field: owner, is: 'eq', value: accountId })
  const ownerPath = collection.fields[owner]?.path ?? owner
  const ownersIn = (state: Json): readonly string[] =>
    valuesAt(state, ownerPath).filter((value) => typeof value === 'string')
  const isOf =
    (accountId: string) =>
    ({ state }: PersonalRow): boolean =>
      valuesAt(state, ownerPath).includes(accountId)
  // The row of one person by its id, if it is theirs.
  const askRow = (accountId: string, ids: readonly string[]): Asked<readonly PersonalRow[]> => {
    const asked = rows(collection, ids)
    const found = asPersonal({
      query: asked.query,
      answer: (raw) => asked.answer(raw).map((each) => [...each.values()]),
    })
    return { query: found.query, answer: (raw) => found.answer(raw).map((each) => each.filter(isOf(accountId))) }
  }
  const askOpenRows = (asked: ReturnType<typeof find<State>>): Asked<readonly PersonalRow[]> => ({
    query: asked.query,
    answer: (raw) =>
      asPersonal(asked)
        .answer(raw)
        .andThen((found) =>
          asked.answer(raw).map((stored) => {
            const own = found.filter((_, index) => {
              const state = stored[index]?.state
              return state === undefined || (isOpenFor?.(state) ?? true)
            })
            // Where there are more than were looked at, one that was not may be theirs.
            return (own.length === 0 && found.length === lookedAtOpen ? found : own).slice(0, namedOpen)
          }),
        ),
  })
  return {
    ...rest,
    name: name ?? collection.name,
    ...(name === undefined ? {} : { secondOf: collection.name }),
    fields,
    omitted,
    ask: (accountId, page) =>
      idOf === undefined
        ? asPersonal(find(collection, { where: [ownedBy(accountId)], ...page }))
        : askRow(accountId, page.after === undefined ? [idOf(accountId)] : []),
    askToRemove: (accountId, page) => {
      const asked =
        idOf === undefined
          ? find(collection, { where: [ownedBy(accountId)], ...page })
          : rows(collection, [idOf(accountId)])
      return {
        query: asked.query,
        answer: (raw) =>
          ok(
            raw
              .filter((found) => valuesAt(shapeOf(found), ownerPath).includes(accountId))
              .map((found) => removeRow(collection, found)),
          ),
      }
    },
    askOwners: (ids) => {
      const asked = rows(collection, ids)
      return {
        query: asked.query,
        answer: (raw) => asked.answer(raw).map(() => new Map(raw.map((found) => [found.id, ownersIn(shapeOf(found))]))),
      }
    },
    askOne: (accountId, id) => askRow(accountId, [id]),
    ...(openWhere === undefined
      ? {}
      : {
          askOpen: (accountId) =>
            [openWhere, ...(alsoOpenWhere === undefined ? [] : [alsoOpenWhere])].map((conditions) =>
              askOpenRows(find(collection, { where: [ownedBy(accountId), ...conditions], limit: lookedAtOpen })),
            ),
        }),
  }
}

/** What becomes of an entry of a log: entries are never removed. */
export type EntryRule = Exclude<ErasureRule, { readonly verdict: 'erase' }>

/** Declares a log whose entries are about people. */
export const personalEntries = <Body>(
  log: Log<Body>,
  about: Omit<
    AboutPersons<never>,
    'idOf' | 'endedAt' | 'openWhere' | 'alsoOpenWhere' | 'isOpenFor' | 'name' | 'onErasure'
  > & {
    readonly onErasure: EntryRule
  },
): PersonalRecord => {
  const { owner = 'accountId', fields = [], omitted = [], ...rest } = about
  return {
    ...rest,
    name: log.name,
    fields,
    omitted,
    ask: (accountId, page) => {
      const asked = entries(log, { where: [{ field: owner, is: 'eq', value: accountId }], ...page })
      return {
        query: asked.query,
        answer: (raw) => asked.answer(raw).andThen(() => ok(raw.map(({ id, state }) => ({ id, state })))),
      }
    },
  }
}
