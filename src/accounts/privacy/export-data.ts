import { errAsync, ResultAsync } from 'neverthrow'
import { queueMessage } from '../../notify/queue-message.js'
import type { Actor } from '../../shared/actor.js'
import { auditEntry } from '../../shared/audit-entry.js'
import { claim, type DecidedChange } from '../../shared/commit.js'
import type { NotFound } from '../../shared/errors.js'
import { hoursMs, type Instant } from '../../shared/instant.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { LegalBasis, PersonalField, Retention, Sensitivity } from '../../shared/personal-data-registry.js'
import type { ErasureRule } from '../../shared/personal-record.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { claims, known, row, type Stored } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { Account } from '../account.js'
import { isStanding } from '../account-machine.js'
import { accounts } from '../accounts.schema.js'
import type { AccountsPorts } from '../ports.js'
import { noticeChannel } from '../profile.js'
import { askRequest, checkRequest, type PurposeMissing, subjectOf } from './on-request.js'
import { type OpenedRow, openRow } from './open-record.js'
import type { ExportCursor, ExportDataInput } from './privacy-inputs.js'
import { parseExportData } from './privacy-inputs.schema.js'

/** Something in a record that stands sealed: where, what it is kept for and how long. */
export type ExportedField = Pick<PersonalField, 'path' | 'purpose' | 'basis' | 'sensitivity' | 'retention'>

/** A page of what a shop keeps of a person: rows of one record, and what it is kept for. */
export type DataExportPage = {
  readonly accountId: string
  readonly exportedAt: Instant
  /** The collection or the log. */
  readonly record: string
  readonly purpose: string
  readonly basis: LegalBasis
  readonly sensitivity: Sensitivity
  readonly retention: Retention
  readonly onErasure: ErasureRule
  /** What is sealed in it, and for how long each is kept where that is shorter. */
  readonly fields: readonly ExportedField[]
  readonly rows: readonly OpenedRow[]
  /** Where the next page begins, as `after`; null where everything has been given. */
  readonly next: ExportCursor | null
}

const pageSize = 100

const toldSpace = 'exportTold'
const toldKeyOf = ({ accountId, session }: Extract<Actor, { readonly kind: 'customer' }>): string =>
  `${accountId}|${session?.sessionId ?? ''}`

// Whoever carries off everything of a person need not be the person.
const tellOfExport = (
  ports: AccountsPorts,
  actor: Extract<Actor, { readonly kind: 'customer' }>,
  owner: Stored<Account>,
  at: Instant,
): readonly DecidedChange[] => {
  const { accountId } = actor
  const note = auditEntry(ports.ids, {
    actor,
    action: 'accounts.exportData',
    subject: accountId,
    at,
    outcome: 'done',
  })
  const once = { space: toldSpace, key: toldKeyOf(actor), owner: note.id, expiresAt: at + hoursMs }
  const request = { cause: note.id, accountId, template: 'dataExported', facts: { at: { at } }, at } as const
  return [
    claim(once),
    note,
    ...(isStanding(owner.state) ? [queueMessage({ ...request, channel: noticeChannel(owner.state.identifiers) })] : []),
  ]
}

const fieldOf = ({ path, purpose, basis, sensitivity, retention }: PersonalField): ExportedField => ({
  path,
  purpose,
  basis,
  sensitivity,
  retention,
})

type ExportRefused = PurposeMissing | NotFound | CryptoUnavailable

/**
 * Gives a person everything that the shop keeps of them, page by page and record by record, as data: what is sealed is
 * opened, and nothing is left out but digests and secrets of the shop. `exportPages` with `jsonLines` makes a file of it.
 * That it was asked for stands in the audit log, and the person is told, once an hour and session, whichever page comes first.
 * Staff get the same pages on an open request for access or transfer of whoever cannot sign in; each page stands in the
 * audit log.
 *
 * @errors PurposeMissing and NotFound for staff, CryptoUnavailable, QueryError
 */
export const exportData = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ExportDataInput = {},
): ResultAsync<DataExportPage, PurposeMissing | NotFound | CryptoUnavailable | QueryError> => {
  const records = ports.personalRecords
  const placeOf = (after: ExportCursor | undefined): number =>
    Math.max(
      0,
      records.findIndex(({ name }) => name === after?.record),
    )
  return runQuery(ports, context, input, {
    action: 'accounts.exportData',
    parse: parseExportData,
    about: ({ actor, input: { onRequest } }) => subjectOf(actor, onRequest),
    plan: ({ actor, input: { after, onRequest } }) => {
      const accountId = subjectOf(actor, onRequest)
      const page = { limit: pageSize, ...(after?.id === undefined ? {} : { after: { value: after.id, id: after.id } }) }
      return {
        request: askRequest(onRequest),
        key: row(subjectKeys, accountId),
        owner: row(accounts, accountId),
        told: claims(toldSpace, actor.kind === 'customer' ? [toldKeyOf(actor)] : []),
        rows: records[placeOf(after)]?.ask(accountId, page) ?? known([]),
      }
    },
    leaves: ({ owner, told }, { actor, now }) =>
      actor.kind !== 'customer' || owner === undefined || told.size > 0 ? [] : tellOfExport(ports, actor, owner, now),
    answer: ({ request, key, rows }, { actor, now, input: { after, onRequest } }) => {
      const kinds = ['access', 'transfer'] as const
      const allowed = checkRequest(actor, { action: 'accounts.exportData', onRequest, request, kinds })
      if (allowed.isErr()) return errAsync<DataExportPage, ExportRefused>(allowed.error)
      const place = placeOf(after)
      const record = records[place]
      const following = records[place + 1]
      const last = rows.at(-1)
      const next: ExportCursor | null =
        record !== undefined && last !== undefined && rows.length === pageSize
          ? { record: record.name, id: last.id }
          : following === undefined
            ? null
            : { record: following.name }
      return ResultAsync.combine<readonly ResultAsync<OpenedRow, ExportRefused>[]>(
        rows.flatMap((each) => (record === undefined ? [] : [openRow(ports.sealer, key?.state, record, each)])),
      ).map(
        (opened): DataExportPage => ({
          accountId: subjectOf(actor, onRequest),
          exportedAt: now,
          record: record?.name ?? '',
          purpose: record?.purpose ?? '',
          basis: record?.basis ?? 'contract',
          sensitivity: record?.sensitivity ?? 'ordinary',
          retention: record?.retention ?? { kind: 'untilErased' },
          onErasure: record?.onErasure ?? { verdict: 'erase' },
          fields: (record?.fields ?? []).map(fieldOf),
          rows: opened,
          next,
        }),
      )
    },
  })
}
