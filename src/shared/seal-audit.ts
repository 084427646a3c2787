import { err, ok, okAsync, type Result, ResultAsync } from 'neverthrow'
import type { AuditSeal } from './audit.js'
import { auditAsStored, auditSeals } from './audit.schema.js'
import { claim, put, release } from './commit.js'
import { type Decision, decideAndCommit, type StorageError } from './decide-and-commit.js'
import { type Instant, minutesMs } from './instant.js'
import { canonicalJson, type JsonObject } from './json.js'
import type { CorePorts, CryptoUnavailable, KeyedDigest } from './ports.js'
import { type Entry, entries, find, row, type Stored } from './read-plan.js'
import { digestEntry } from './sign-audit.js'
import { commitChanges } from './storage.js'

/** What one turn of sealing came to. */
export type SealReport = {
  /** Entries sealed this time. */
  readonly sealed: number
  /** Another sealer is at it: nothing was done. */
  readonly underWay: boolean
  /** Entries come by that say something else than was written, or that the shop never wrote; `verifyAudit` names them too. */
  readonly failed: readonly { readonly id: string; readonly reason: 'EntryChanged' }[]
  /** The last batch, to be kept outside the database as well; null while nothing is sealed. */
  readonly last: { readonly sequence: number; readonly root: string; readonly upTo: Instant } | null
}

/**
 * Seals the oldest audit entries that are not sealed yet as one batch. One sealer is at it at a time, for a minute at
 * most: another one is told so and does nothing, and takes over from one that died.
 *
 * @param options.limit - the most entries of a batch; 500 when absent
 * @param options.settleMs - how old an entry must be, so that none lands behind the seal that was decided before it: longer
 * than any transaction of the host is open, and than clocks differ; 900,000 when absent
 * @errors CryptoUnavailable, StorageError
 */
export const sealAudit = (
  ports: CorePorts,
  options: { readonly limit?: number; readonly settleMs?: number } = {},
): ResultAsync<SealReport, StorageError> =>
  lastSeal(ports).andThen((before) =>
    takeTurn(ports, before?.state, options).andThen((turn) =>
      turn.kind === 'ours'
        ? sealBatch(ports, turn.batch, before?.state, turn.owner).orElse((error) =>
            // Whoever cannot go on makes nobody wait; where that fails too, the turn ends by itself.
            giveBack(ports, turn.owner).andThen(() => err(error)),
          )
        : ok<SealReport, StorageError>({
            sealed: 0,
            underWay: turn.kind === 'underWay',
            failed: [],
            last: summaryOf(turn.kind === 'nothing' ? turn.last : before?.state),
          }),
    ),
  )

type Batch = readonly Entry<JsonObject>[]

type Turn =
  | { readonly kind: 'ours'; readonly owner: string; readonly batch: Batch }
  | { readonly kind: 'nothing'; readonly last: AuditSeal | undefined }
  | { readonly kind: 'underWay' }

const turnOf = { space: 'auditSealing', key: 'audit' }
const turnMs = minutesMs

const takeTurn = (
  ports: CorePorts,
  before: AuditSeal | undefined,
  { limit = 500, settleMs = 15 * minutesMs }: { readonly limit?: number; readonly settleMs?: number },
): ResultAsync<Turn, StorageError> => {
  const owner = ports.ids.next('turn')
  return decideAndCommit<ReturnType<typeof sealPlan>, Turn, never>(ports, {
    scope: { kind: 'all' },
    plan: ({ now }) => sealPlan(before, { until: now - settleMs, limit }),
    decide: ({ open, next }, { now }): Result<Decision<Turn>, never> =>
      next !== undefined || open.length === 0
        ? ok({ changes: [], answer: { kind: 'nothing', last: next?.state ?? before } })
        : ok({
            changes: [claim({ ...turnOf, owner, expiresAt: now + turnMs })],
            answer: { kind: 'ours', owner, batch: open },
          }),
    claimed: () => ok({ kind: 'underWay' }),
  })
}

const giveBack = (ports: CorePorts, owner: string): ResultAsync<void, never> =>
  commitChanges(ports.storage, {
    shop: ports.shop,
    at: ports.clock.now(),
    changes: [release({ ...turnOf, owner })],
  })
    .map(() => undefined)
    .orElse(() => okAsync(undefined))

const sealBatch = (
  ports: CorePorts,
  found: Batch,
  before: AuditSeal | undefined,
  owner: string,
): ResultAsync<SealReport, StorageError> =>
  checkEntries(ports, found).andThen((checked) => {
    // What ends a batch must be true, or it would end at another moment; what is behind it waits for the next.
    const end = checked.map(({ isTrue }) => isTrue).lastIndexOf(true)
    const failed = checked.flatMap(({ id, isTrue }) => (isTrue ? [] : [{ id, reason: 'EntryChanged' as const }]))
    // What is sealed is the digest of the commit, so that a row which was changed before stays found out.
    const leaves = checked.slice(0, end + 1).map(({ id, written }) => ({ id, digest: written }))
    const last = checked[end]
    const report: SealReport = { sealed: 0, underWay: false, failed, last: summaryOf(before) }
    if (last === undefined) return giveBack(ports, owner).map(() => report)
    const sequence = (before?.sequence ?? 0) + 1
    return decideAndCommit<ReturnType<typeof nextPlan>, SealReport, CryptoUnavailable>(ports, {
      scope: { kind: 'all' },
      plan: () => nextPlan(sequence),
      decide: ({ next }, { now: sealedAt }) => {
        // Our turn ended before we did, and another has sealed them.
        if (next !== undefined)
          return ok({
            changes: [release({ ...turnOf, owner })],
            answer: { ...report, last: summaryOf(next.state) },
          })
        const upTo = { at: last.at, id: last.id }
        const open = { sequence, upTo, leaves, previousRoot: before?.root ?? '', sealedAt }
        return rootOf(ports.digests, open).map((root): Decision<SealReport> => {
          const seal: AuditSeal = { ...open, root }
          return {
            changes: [
              put(auditSeals, { id: sealId(sequence), version: 0, state: seal }),
              release({ ...turnOf, owner }),
            ],
            answer: { ...report, sealed: leaves.length, last: summaryOf(seal) },
          }
        })
      },
    })
  })

/** The row id of a batch; ids sort as the batches do. */
export const sealId = (sequence: number): string => `seal_${String(sequence).padStart(12, '0')}`

const nextPlan = (sequence: number) => ({ next: row(auditSeals, sealId(sequence)) })

const sealPlan = (last: AuditSeal | undefined, { until, limit }: { until: Instant; limit: number }) => ({
  open: entries(auditAsStored, {
    where: [{ field: 'at', is: 'lte', value: until }],
    orderBy: { field: 'at', direction: 'ascending' },
    limit,
    ...(last === undefined ? {} : { after: { value: last.upTo.at, id: last.upTo.id } }),
  }),
  ...nextPlan((last?.sequence ?? 0) + 1),
})

const lastSeal = (ports: CorePorts): ResultAsync<Stored<AuditSeal> | undefined, StorageError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({
      last: find(auditSeals, { where: [], orderBy: { field: 'sequence', direction: 'descending' }, limit: 1 }),
    }),
    decide: ({ last }): Result<Decision<Stored<AuditSeal> | undefined>, never> => ok({ changes: [], answer: last[0] }),
  })

const summaryOf = (last: AuditSeal | undefined): SealReport['last'] =>
  last === undefined ? null : { sequence: last.sequence, root: last.root, upTo: last.upTo.at }

/** An entry of the audit log, held against its digest. */
export type CheckedEntry = {
  readonly id: string
  readonly at: Instant
  /** The digest that stands in it; empty where none does. */
  readonly written: string
  /** The digest of what it says. */
  readonly made: string
  /** It says what was written, digest and all. */
  readonly isTrue: boolean
}

/** Makes the digest of each entry anew and holds it against the one that stands there. */
export const checkEntries = (
  ports: Pick<CorePorts, 'shop' | 'digests'>,
  found: Batch,
): ResultAsync<readonly CheckedEntry[], CryptoUnavailable> =>
  ResultAsync.combine(
    found.map((entry) =>
      digestEntry(ports, entry).map((made): CheckedEntry => {
        const { at, digest } = entry.body
        const written = typeof digest === 'string' ? digest : ''
        return { id: entry.id, at: typeof at === 'number' ? at : 0, written, made, isTrue: made === written }
      }),
    ),
  )

/** The root of a batch: a binary tree over the digests, an odd one carried up, closed over all else that the batch says. */
export const rootOf = (
  digests: KeyedDigest,
  { sequence, upTo, leaves, previousRoot, sealedAt }: Omit<AuditSeal, 'root'>,
): ResultAsync<string, CryptoUnavailable> =>
  foldTree(
    digests,
    leaves.map(({ digest }) => digest),
  ).andThen((top) => {
    const ids = leaves.map(({ id }) => id)
    return digests.digest('audit-root', canonicalJson([sequence, upTo, ids, previousRoot, sealedAt, top]))
  })

const foldTree = (digests: KeyedDigest, level: readonly string[]): ResultAsync<string, CryptoUnavailable> => {
  if (level.length <= 1) return okAsync(level[0] ?? '')
  const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => level.slice(index * 2, index * 2 + 2))
  const parents = pairs.map(([left = '', right]) =>
    right === undefined ? okAsync(left) : digests.digest('audit-node', `${left}${right}`),
  )
  return ResultAsync.combine(parents).andThen((next) => foldTree(digests, next))
}
