import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { AuditEntry, AuditSeal } from './audit.js'
import { auditLog, auditSeals } from './audit.schema.js'
import type { StoredDataInvalid } from './collection.js'
import type { StorageUnavailable } from './errors.js'
import type { Instant } from './instant.js'
import { compareCodePoints } from './json.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { readFacts } from './read-facts.js'
import { type Entry, entries, find, type Stored } from './read-plan.js'
import { digestLeaves, rootOf, sealId } from './seal-audit.js'

/** Something in the audit log that is not as it was when it was sealed. */
export type AuditFault =
  /** The entry says something else. */
  | { readonly kind: 'changed'; readonly id: string; readonly sequence: number }
  /** The entry is gone. */
  | { readonly kind: 'removed'; readonly id: string; readonly sequence: number }
  /** The entry stands at another moment. */
  | { readonly kind: 'moved'; readonly id: string; readonly sequence: number }
  /** The entry stands among sealed ones and was not sealed with them. */
  | { readonly kind: 'added'; readonly id: string; readonly sequence: number }
  /** The batch itself was changed, or its root does not follow from the one before. */
  | { readonly kind: 'sealBroken'; readonly id: string; readonly sequence: number }
  /** The batch is gone: the next one, or the anchor, says that it was there. */
  | { readonly kind: 'sealMissing'; readonly id: string; readonly sequence: number }

/** What the audit log looks like. */
export type AuditVerdict = {
  readonly intact: boolean
  readonly faults: readonly AuditFault[]
  /** Up to when entries are sealed; null while nothing is. */
  readonly sealedUpTo: Instant | null
  readonly batches: number
}

/** A root that was kept outside the database; what came before it cannot be rewritten without being found out. */
export type AuditAnchor = { readonly sequence: number; readonly root: string }

/**
 * Holds the whole audit log against its seals, and names every entry and batch that does not fit.
 *
 * @param anchor - a root kept elsewhere; without one the last batches may be cut off unnoticed
 * @errors CryptoUnavailable, StorageUnavailable, StoredDataInvalid
 */
export const verifyAudit = (
  ports: CorePorts,
  anchor?: AuditAnchor,
): ResultAsync<AuditVerdict, CryptoUnavailable | StorageUnavailable | StoredDataInvalid> =>
  verifyFrom(ports, anchor, undefined, []).andThen(({ last, faults }) =>
    findLost(ports, last, faults).map((found): AuditVerdict => {
      const cut = anchor !== undefined && (last?.sequence ?? 0) < anchor.sequence ? [missing(anchor.sequence)] : []
      const all = [...found, ...cut]
      return {
        intact: all.length === 0,
        faults: all,
        sealedUpTo: last?.upTo.at ?? null,
        batches: last?.sequence ?? 0,
      }
    }),
  )

type Failure = CryptoUnavailable | StorageUnavailable | StoredDataInvalid
type Progress = { readonly last: AuditSeal | undefined; readonly faults: readonly AuditFault[] }

const missing = (sequence: number): AuditFault => ({ kind: 'sealMissing', id: sealId(sequence), sequence })

const verifyFrom = (
  ports: CorePorts,
  anchor: AuditAnchor | undefined,
  last: AuditSeal | undefined,
  faults: readonly AuditFault[],
): ResultAsync<Progress, Failure> =>
  ask(ports, {
    seals: find(auditSeals, {
      where: [{ field: 'sequence', is: 'gt', value: last?.sequence ?? 0 }],
      orderBy: { field: 'sequence', direction: 'ascending' },
      limit: 1,
    }),
  }).andThen(({ seals: [seal] }) =>
    seal === undefined
      ? okAsync({ last, faults })
      : verifyBatch(ports, { anchor, last, seal }).andThen((found) =>
          verifyFrom(ports, anchor, seal.state, [...faults, ...found]),
        ),
  )

const verifyBatch = (
  ports: CorePorts,
  {
    anchor,
    last,
    seal: { state: seal },
  }: { anchor: AuditAnchor | undefined; last: AuditSeal | undefined; seal: Stored<AuditSeal> },
): ResultAsync<readonly AuditFault[], Failure> => {
  const expected = (last?.sequence ?? 0) + 1
  const gaps = Array.from({ length: Math.max(0, seal.sequence - expected) }, (_, index) => missing(expected + index))
  const leaves = seal.leaves.map(({ digest }) => digest)
  return rootOf(ports.digests, { leaves, sequence: seal.sequence, previousRoot: seal.previousRoot }).andThen((root) => {
    const follows = gaps.length > 0 || seal.previousRoot === (last?.root ?? '')
    const anchored = anchor?.sequence !== seal.sequence || anchor.root === seal.root
    const broken: AuditFault[] =
      root === seal.root && follows && anchored
        ? []
        : [{ kind: 'sealBroken', id: sealId(seal.sequence), sequence: seal.sequence }]
    return entriesOf(ports, last?.upTo, seal.upTo, [])
      .andThen((found) => digestLeaves(ports.digests, found))
      .map((found) => [...gaps, ...broken, ...compareLeaves(seal, found, gaps.length > 0)])
  })
}

// After a gap the entries of the lost batch stand here too, and none of them is a fault of its own.
const compareLeaves = (seal: AuditSeal, found: AuditSeal['leaves'], afterGap: boolean): readonly AuditFault[] => {
  const { sequence } = seal
  const sealed = new Map(seal.leaves.map(({ id, digest }) => [id, digest]))
  const standing = new Map(found.map(({ id, digest }) => [id, digest]))
  return [
    ...seal.leaves.flatMap(({ id, digest }): AuditFault[] => {
      const now = standing.get(id)
      if (now === undefined) return [{ kind: 'removed', id, sequence }]
      return now === digest ? [] : [{ kind: 'changed', id, sequence }]
    }),
    ...found.flatMap(({ id }): AuditFault[] => (sealed.has(id) || afterGap ? [] : [{ kind: 'added', id, sequence }])),
  ]
}

const pageSize = 1_000

const entriesOf = (
  ports: CorePorts,
  after: AuditSeal['upTo'] | undefined,
  upTo: AuditSeal['upTo'],
  before: readonly Entry<AuditEntry>[],
): ResultAsync<readonly Entry<AuditEntry>[], Failure> =>
  ask(ports, {
    page: entries(auditLog, {
      where: [{ field: 'at', is: 'lte', value: upTo.at }],
      orderBy: { field: 'at', direction: 'ascending' },
      limit: pageSize,
      ...(after === undefined ? {} : { after: { value: after.at, id: after.id } }),
    }),
  }).andThen(({ page }) => {
    const isIn = ({ id, body }: Entry<AuditEntry>): boolean => body.at < upTo.at || compareCodePoints(id, upTo.id) <= 0
    const all = [...before, ...page.filter(isIn)]
    // Behind the end of the batch there may be more of its last moment: the next page begins after what was read.
    const end = page.at(-1)
    return end === undefined || page.length < pageSize || !isIn(end)
      ? okAsync(all)
      : entriesOf(ports, { at: end.body.at, id: end.id }, upTo, all)
  })

// An entry missed in its batch and met in another, or after the last seal, was moved there.
const findLost = (
  ports: CorePorts,
  last: AuditSeal | undefined,
  faults: readonly AuditFault[],
): ResultAsync<readonly AuditFault[], Failure> => {
  const removed = new Set(faults.filter(({ kind }) => kind === 'removed').map(({ id }) => id))
  const added = new Set(faults.filter(({ kind }) => kind === 'added').map(({ id }) => id))
  if (removed.size === 0 || last === undefined) return okAsync(faults)
  return tailOf(ports, last.upTo, removed, new Set()).map((inTail) =>
    faults.flatMap((fault): AuditFault[] => {
      if (fault.kind === 'removed' && (added.has(fault.id) || inTail.has(fault.id)))
        return [{ ...fault, kind: 'moved' }]
      return fault.kind === 'added' && removed.has(fault.id) ? [] : [fault]
    }),
  )
}

const tailOf = (
  ports: CorePorts,
  after: AuditSeal['upTo'],
  wanted: ReadonlySet<string>,
  found: ReadonlySet<string>,
): ResultAsync<ReadonlySet<string>, Failure> =>
  ask(ports, {
    page: entries(auditLog, {
      where: [],
      orderBy: { field: 'at', direction: 'ascending' },
      limit: pageSize,
      after: { value: after.at, id: after.id },
    }),
  }).andThen(({ page }) => {
    const all = new Set([...found, ...page.map(({ id }) => id).filter((id) => wanted.has(id))])
    const end = page.at(-1)
    return end === undefined || page.length < pageSize
      ? okAsync<ReadonlySet<string>, Failure>(all)
      : tailOf(ports, { at: end.body.at, id: end.id }, wanted, all)
  })

const ask = <Plan extends Parameters<typeof readFacts>[1]['plan']>(ports: CorePorts, plan: Plan) =>
  readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).orElse(
    (error: Failure) => errAsync(error),
  )
