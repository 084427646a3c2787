import { errAsync, ok, okAsync, ResultAsync } from 'neverthrow'

import { type Json, valuesAt } from '../../shared/json.js'
import { openValue, type Sealed, type Sealer, type SubjectKey } from '../../shared/personal-data.js'
import { isSealed, type PersonalField } from '../../shared/personal-data-registry.js'
import type { PersonalRecord, PersonalRow } from '../../shared/personal-record.js'
import type { CryptoUnavailable } from '../../shared/ports.js'

/** A row of a person as it is handed to them: what is sealed is opened, digests and secrets of the shop are left out. */
export type OpenedRow = { readonly id: string; readonly state: Json }

/**
 * Opens everything in a row that its record registers. A secret of the shop's, and what cannot be opened, is null.
 *
 * @errors CryptoUnavailable
 */
export const openRow = (
  sealer: Sealer,
  key: SubjectKey | undefined,
  record: PersonalRecord,
  row: PersonalRow,
): ResultAsync<OpenedRow, CryptoUnavailable> => {
  const openSealed = (sealed: Sealed, path: string, item: Members): ResultAsync<Json, CryptoUnavailable> => {
    const field = record.fields.find((each) => each.path === path)
    if (field === undefined || field.withheld === true) return okAsync(null)
    const place = { collection: record.secondOf ?? record.name, id: sealedIn(field, row), field: sealedAs(field, item) }
    return openValue<Json>(sealer, key, place, sealed, (value) => ok(value as Json)).orElse((error) =>
      error.type === 'Unreadable' ? okAsync(null) : errAsync(error),
    )
  }
  const visit = (
    value: Json | undefined,
    path: readonly string[],
    item: Members,
  ): ResultAsync<Json, CryptoUnavailable> => {
    if (value === undefined || value === null || typeof value !== 'object') return okAsync(value ?? null)
    if (isList(value)) {
      return ResultAsync.combine(
        value.map((member) => visit(member, [...path, '*'], isMembers(member) ? member : item)),
      )
    }
    if (isSealed(value)) return openSealed(value, path.join('.'), item)
    const kept = Object.keys(value).filter((name) => !record.omitted.includes([...path, name].join('.')))
    return ResultAsync.combine(kept.map((name) => visit(value[name], [...path, name], item))).map(
      (opened): Json => Object.fromEntries(kept.map((name, index) => [name, opened[index] ?? null])),
    )
  }
  return visit(row.state, [], isMembers(row.state) ? row.state : {}).map((state) => ({ id: row.id, state }))
}

type Members = { readonly [key: string]: Json | undefined }

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
const isMembers = (value: Json): value is Members => typeof value === 'object' && value !== null && !isList(value)

// The row that a value was sealed in.
const sealedIn = ({ sealedIn: path }: PersonalField, { id, state }: PersonalRow): string =>
  String((path === undefined ? undefined : valuesAt(state, path)[0]) ?? id)

// The name under which a value was sealed; `{member}` stands for a member of the list item that holds it.
const sealedAs = ({ sealedAs: name }: PersonalField, item: Members): string =>
  name.replace(/\{(\w+)\}/g, (_, member: string) => String(item[member] ?? ''))
