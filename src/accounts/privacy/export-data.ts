import { ResultAsync } from 'neverthrow'
import { customerIdOf } from '../../shared/actor.js'
import type { Instant } from '../../shared/instant.js'
import { subjectKeys } from '../../shared/personal-data.schema.js'
import type { LegalBasis } from '../../shared/personal-data-registry.js'
import type { ErasureRule } from '../../shared/personal-record.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { known, row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import type { AccountsPorts } from '../ports.js'
import { type OpenedRow, openRow } from './open-record.js'
import type { ExportCursor, ExportDataInput } from './privacy-inputs.js'
import { parseExportData } from './privacy-inputs.schema.js'

/** A page of what a shop keeps of a person: rows of one record, and what it is kept for. */
export type DataExportPage = {
  readonly accountId: string
  readonly exportedAt: Instant
  /** The collection or the log. */
  readonly record: string
  readonly purpose: string
  readonly basis: LegalBasis
  readonly onErasure: ErasureRule
  readonly rows: readonly OpenedRow[]
  /** Where the next page begins, as `after`; null where everything has been given. */
  readonly next: ExportCursor | null
}

const pageSize = 100

/**
 * Gives a person everything that the shop keeps of them, page by page and record by record, as data: what is sealed is
 * opened, and nothing is left out but digests and secrets of the shop. `exportPages` with `jsonLines` makes a file of it.
 *
 * @errors CryptoUnavailable, QueryError
 */
export const exportData = (
  ports: AccountsPorts,
  context: QueryContext,
  input: ExportDataInput = {},
): ResultAsync<DataExportPage, CryptoUnavailable | QueryError> => {
  const records = ports.personalRecords
  const placeOf = (after: ExportCursor | undefined): number =>
    Math.max(
      0,
      records.findIndex(({ name }) => name === after?.record),
    )
  return runQuery(ports, context, input, {
    action: 'accounts.exportData',
    parse: parseExportData,
    plan: ({ actor, input: { after } }) => {
      const accountId = customerIdOf(actor)
      const page = { limit: pageSize, ...(after?.id === undefined ? {} : { after: { value: after.id, id: after.id } }) }
      return {
        key: row(subjectKeys, accountId),
        rows: records[placeOf(after)]?.ask(accountId, page) ?? known([]),
      }
    },
    answer: ({ key, rows }, { actor, now, input: { after } }) => {
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
      return ResultAsync.combine(
        rows.flatMap((each) => (record === undefined ? [] : [openRow(ports.sealer, key?.state, record, each)])),
      ).map(
        (opened): DataExportPage => ({
          accountId: customerIdOf(actor),
          exportedAt: now,
          record: record?.name ?? '',
          purpose: record?.purpose ?? '',
          basis: record?.basis ?? 'contract',
          onErasure: record?.onErasure ?? { verdict: 'erase' },
          rows: opened,
          next,
        }),
      )
    },
  })
}
