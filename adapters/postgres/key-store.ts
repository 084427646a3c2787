import { ResultAsync } from 'neverthrow'
import type { CryptoUnavailable, SubjectKeyStore } from 'shopwright'
import { unavailable } from './errors.js'
import type { Queryable } from './queryable.js'
import { quoteName } from './sql.js'

/** A store of keys kept apart, and what makes its table. */
export type PostgresKeyStore = SubjectKeyStore & {
  /** Makes the schema and the table where they are not there; safe to repeat. */
  readonly prepare: () => ResultAsync<void, CryptoUnavailable>
}

/**
 * Keeps the shares of people's keys in a table of a database of its own: one whose backups are kept for no longer than an
 * erased person may be readable, and never restored together with the shop's. In the shop's own database it would be in
 * the same backups, and prove nothing. The schema is `shopwright_keys` when absent.
 */
export const createPostgresKeyStore = ({
  pool,
  schema = 'shopwright_keys',
}: {
  readonly pool: Queryable
  readonly schema?: string
}): PostgresKeyStore => {
  const table = `${quoteName(schema)}.subject_share`
  const ask = <Value>(work: () => Promise<Value>): ResultAsync<Value, CryptoUnavailable> =>
    ResultAsync.fromPromise(work(), (error) => ({
      type: 'CryptoUnavailable' as const,
      detail: `the keys kept apart cannot be asked: ${unavailable(error).detail}`,
    }))
  const shareIn = (rows: readonly Readonly<Record<string, unknown>>[]): string | undefined => {
    const share = rows[0]?.share
    return typeof share === 'string' ? share : undefined
  }
  return {
    prepare: () =>
      ask(async () => {
        await pool.query(`create schema if not exists ${quoteName(schema)}`)
        await pool.query(
          `create table if not exists ${table} (subject_id text collate "C" primary key, share text, destroyed_at timestamptz)`,
        )
      }),
    get: (subjectId) =>
      ask(async () =>
        shareIn((await pool.query(`select share from ${table} where subject_id = $1`, [subjectId])).rows),
      ),
    put: (subjectId, share) =>
      ask(async () => {
        await pool.query(`insert into ${table} (subject_id, share) values ($1, $2) on conflict do nothing`, [
          subjectId,
          share,
        ])
        return shareIn((await pool.query(`select share from ${table} where subject_id = $1`, [subjectId])).rows)
      }),
    // The row stays without its share, so that nobody who was erased is given another.
    destroy: (subjectId) =>
      ask(async () => {
        await pool.query(
          `insert into ${table} (subject_id, destroyed_at) values ($1, now())
           on conflict (subject_id) do update set share = null, destroyed_at = now() where ${table}.share is not null`,
          [subjectId],
        )
      }),
  }
}
