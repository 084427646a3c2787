import { ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { AuditEntry, AuditSeal } from './audit.js'
import { auditLog, auditSeals } from './audit.schema.js'
import { put } from './commit.js'
import { type Decision, decideAndCommit, type StorageError } from './decide-and-commit.js'
import { type Instant, minutesMs } from './instant.js'
import { canonicalJson } from './json.js'
import type { CorePorts, CryptoUnavailable, KeyedDigest } from './ports.js'
import { type Entry, entries, find, row, type Stored } from './read-plan.js'

/** What one turn of sealing came to. */
export type SealReport = {
  /** Entries sealed this time. */
  readonly sealed: number
  /** The last batch, to be kept outside the database as well; null while nothing is sealed. */
  readonly last: { readonly sequence: number; readonly root: string; readonly upTo: Instant } | null
}

/**
 * Seals the oldest audit entries that are not sealed yet as one batch. Two sealers at once make one batch.
 *
 * @param options.limit - the most entries of a batch; 500 when absent
 * @param options.settleMs - how old an entry must be, so that none lands behind the seal that was decided before it: longer
 * than any transaction of the host is open, and than clocks differ; 900,000 when absent
 * @errors CryptoUnavailable, StorageError
 */
export const sealAudit = (
  ports: CorePorts,
  options: { readonly limit?: number; readonly settleMs?: number } = {},
): ResultAsync<SealReport, CryptoUnavailable | StorageError> =>
  lastSeal(ports).andThen((before) =>
    decideAndCommit<ReturnType<typeof sealPlan>, SealReport, CryptoUnavailable>(ports, {
      scope: { kind: 'all' },
      plan: ({ now }) =>
        sealPlan(before?.state, { until: now - (options.settleMs ?? 15 * minutesMs), limit: options.limit ?? 500 }),
      decide: (facts, { now }) => {
        const last = facts.next?.state ?? before?.state
        const batch = facts.open
        const end = batch.at(-1)
        if (facts.next !== undefined || end === undefined) return ok({ changes: [], answer: reportOf(0, last) })
        const sequence = (before?.state.sequence ?? 0) + 1
        const previousRoot = before?.state.root ?? ''
        return digestLeaves(ports.digests, batch).andThen((leaves) =>
          rootOf(ports.digests, { leaves: leaves.map(({ digest }) => digest), sequence, previousRoot }).map(
            (root): Decision<SealReport> => {
              const upTo = { at: end.body.at, id: end.id }
              const seal: AuditSeal = { sequence, upTo, leaves, previousRoot, root, sealedAt: now }
              return {
                changes: [put(auditSeals, { id: sealId(sequence), version: 0, state: seal })],
                answer: reportOf(leaves.length, seal),
              }
            },
          ),
        )
      },
    }),
  )

/** The row id of a batch; ids sort as the batches do. */
export const sealId = (sequence: number): string => `seal_${String(sequence).padStart(12, '0')}`

const sealPlan = (last: AuditSeal | undefined, { until, limit }: { until: Instant; limit: number }) => ({
  open: entries(auditLog, {
    where: [{ field: 'at', is: 'lte', value: until }],
    orderBy: { field: 'at', direction: 'ascending' },
    limit,
    ...(last === undefined ? {} : { after: { value: last.upTo.at, id: last.upTo.id } }),
  }),
  next: row(auditSeals, sealId((last?.sequence ?? 0) + 1)),
})

const lastSeal = (ports: CorePorts): ResultAsync<Stored<AuditSeal> | undefined, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      last: find(auditSeals, { where: [], orderBy: { field: 'sequence', direction: 'descending' }, limit: 1 }),
    }),
    decide: ({ last }): Result<Decision<Stored<AuditSeal> | undefined>, never> => ok({ changes: [], answer: last[0] }),
  })

const reportOf = (sealed: number, last: AuditSeal | undefined): SealReport => ({
  sealed,
  last: last === undefined ? null : { sequence: last.sequence, root: last.root, upTo: last.upTo.at },
})

/** The keyed digest of each entry, over its id and all that it says. */
export const digestLeaves = (
  digests: KeyedDigest,
  batch: readonly Entry<AuditEntry>[],
): ResultAsync<AuditSeal['leaves'], CryptoUnavailable> =>
  ResultAsync.combine(
    batch.map(({ id, body }) =>
      digests.digest('audit-entry', canonicalJson({ id, body })).map((digest) => ({ id, digest })),
    ),
  )

/** The root of a batch: a binary tree over the leaves, an odd one carried up, closed over sequence and previous root. */
export const rootOf = (
  digests: KeyedDigest,
  batch: { readonly leaves: readonly string[]; readonly sequence: number; readonly previousRoot: string },
): ResultAsync<string, CryptoUnavailable> =>
  foldTree(digests, batch.leaves).andThen((top) =>
    digests.digest('audit-root', canonicalJson([batch.sequence, batch.leaves.length, batch.previousRoot, top])),
  )

const foldTree = (digests: KeyedDigest, level: readonly string[]): ResultAsync<string, CryptoUnavailable> => {
  if (level.length <= 1) return okAsync(level[0] ?? '')
  const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => level.slice(index * 2, index * 2 + 2))
  const parents = pairs.map(([left = '', right]) =>
    right === undefined ? okAsync(left) : digests.digest('audit-node', `${left}${right}`),
  )
  return ResultAsync.combine(parents).andThen((next) => foldTree(digests, next))
}
