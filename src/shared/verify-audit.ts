import { okAsync, type ResultAsync } from 'neverthrow'
import type { AuditSeal } from './audit.js'
import { auditAsStored, auditSeals } from './audit.schema.js'
import type { StoredDataInvalid } from './collection.js'
import type { StorageUnavailable } from './errors.js'
import type { Instant } from './instant.js'
import { compareCodePoints, type JsonObject } from './json.js'
import type { CorePorts, CryptoUnavailable } from './ports.js'
import { readFacts } from './read-facts.js'
import { type Condition, type Entry, entries, find, type ReadPlan, type Stored } from './read-plan.js'
import { type CheckedEntry, checkEntries, rootOf, sealId } from './seal-audit.js'

/** Something in the audit log that is not as it was when it was written, or sealed. */
export type AuditFault =
  /**
   * The entry says something else than was written, or the shop never wrote it; `sequence` is null while it is not sealed.
   */
  | { readonly kind: 'changed'; readonly id: string; readonly sequence: number | null }
  /** The entry is gone. */
  | { readonly kind: 'removed'; readonly id: string; readonly sequence: number }
  /**
   * The entry stands at another moment than it tells of: out of its place in its batch, among those of another, or behind the
   * last; `sequence` is null where it was in none, because it was moved before it was sealed.
   */
  | { readonly kind: 'moved'; readonly id: string; readonly sequence: number | null }
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
  /** Up to when entries are sealed; null while nothing is. What is younger may have been removed without a trace. */
  readonly sealedUpTo: Instant | null
  readonly batches: number
}

/** A root that was kept outside the database; what came before it cannot be rewritten without being found out. */
export type AuditAnchor = { readonly sequence: number; readonly root: string }

/**
 * Holds the whole audit log against its seals, and what is not sealed yet against the digest that it was written with; names
 * every entry and batch that does not fit. An entry that was removed before it was sealed leaves no trace.
 *
 * @param anchor - a root kept elsewhere; without one the last batches may be cut off unnoticed
 * @errors CryptoUnavailable, StorageUnavailable; StoredDataInvalid of a seal that cannot be read
 */
export const verifyAudit = (
  ports: CorePorts,
  anchor?: AuditAnchor,
): ResultAsync<AuditVerdict, CryptoUnavailable | StorageUnavailable | StoredDataInvalid> =>
  verifyFrom(ports, anchor, { last: undefined, faults: [] }, undefined).andThen(({ last, faults }) =>
    verifyUnsealed(ports, last, faults).map((found): AuditVerdict => {
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

const broken = ({ id, state: { sequence } }: Stored<AuditSeal>): AuditFault => ({ kind: 'sealBroken', id, sequence })

const verifyFrom = (
  ports: CorePorts,
  anchor: AuditAnchor | undefined,
  { last, faults }: Progress,
  after: string | undefined,
): ResultAsync<Progress, Failure> =>
  ask(ports, {
    seals: find(auditSeals, {
      where: [],
      limit: 1,
      ...(after === undefined ? {} : { after: { value: after, id: after } }),
    }),
  }).andThen(({ seals: [seal] }): ResultAsync<Progress, Failure> => {
    if (seal === undefined) return okAsync({ last, faults })
    // Which batch it is, its id says: one that says otherwise itself would lead back, or past others.
    if (seal.id !== sealId(seal.state.sequence))
      return verifyFrom(ports, anchor, { last, faults: [...faults, broken(seal)] }, seal.id)
    return verifyBatch(ports, { anchor, last, seal }).andThen((found) =>
      verifyFrom(ports, anchor, { last: seal.state, faults: [...faults, ...found] }, seal.id),
    )
  })

const verifyBatch = (
  ports: CorePorts,
  { anchor, last, seal }: { anchor: AuditAnchor | undefined; last: AuditSeal | undefined; seal: Stored<AuditSeal> },
): ResultAsync<readonly AuditFault[], Failure> => {
  const { sequence, previousRoot, root, upTo } = seal.state
  const expected = (last?.sequence ?? 0) + 1
  const gaps = Array.from({ length: Math.max(0, sequence - expected) }, (_, index) => missing(expected + index))
  return rootOf(ports.digests, seal.state).andThen((made) => {
    const follows = gaps.length > 0 || previousRoot === (last?.root ?? '')
    const anchored = anchor?.sequence !== sequence || anchor.root === root
    const ofSeal = made === root && follows && anchored ? [] : [broken(seal)]
    const none: readonly CheckedEntry[] = []
    return foldBands(ports, bandsOf(last?.upTo, upTo), none, (sofar, page) => [...sofar, ...page])
      .map((found) => compareLeaves(seal.state, found, gaps.length > 0))
      .andThen((compared) =>
        askOrder(ports, last, seal.state).map((order) => [
          ...gaps,
          ...ofSeal,
          ...compared,
          ...outOfPlace(seal.state, order, compared),
        ]),
      )
  })
}

// The entries as the sealer had them, in one page: what lies about its moment could lead from page to page for ever.
const askOrder = (
  ports: CorePorts,
  last: AuditSeal | undefined,
  { leaves }: AuditSeal,
): ResultAsync<readonly string[], Failure> =>
  leaves.length < 2
    ? okAsync([])
    : ask(ports, {
        order: entries(auditAsStored, {
          where: [],
          orderBy: { field: 'at', direction: 'ascending' },
          limit: leaves.length,
          ...(last === undefined ? {} : { after: { value: last.upTo.at, id: last.upTo.id } }),
        }),
      }).map(({ order }) => order.map(({ id }) => id))

// Of those that stand in another order than they were sealed in, the fewest that can have been moved; where it may be this one or
// that one, as of two neighbours, both.
const outOfPlace = (
  { sequence, leaves }: AuditSeal,
  order: readonly string[],
  faults: readonly AuditFault[],
): readonly AuditFault[] => {
  const named = new Set(faults.map(({ id }) => id))
  const places = new Map(leaves.map(({ id }, place) => [id, place]))
  const found = order.flatMap((id) => {
    const place = named.has(id) ? undefined : places.get(id)
    return place === undefined ? [] : [place]
  })
  const inOrder = new Set(alwaysRising(found))
  return found.flatMap((place): AuditFault[] => {
    const leaf = leaves[place]
    return leaf === undefined || inOrder.has(place) ? [] : [{ kind: 'moved', id: leaf.id, sequence }]
  })
}

// The numbers that are in every longest rise of a list: whatever else stands in it may have been moved. Each is in it once.
const alwaysRising = (numbers: readonly number[]): readonly number[] => {
  const upTo = risesUpTo(numbers)
  const from = risesUpTo(numbers.map((number) => -number).reverse()).reverse()
  const longest = Math.max(0, ...upTo)
  const isOfLongest = (place: number): boolean => (upTo[place] ?? 0) + (from[place] ?? 0) - 1 === longest
  const sharing = new Map<number, number>()
  for (const [place, length] of upTo.entries())
    if (isOfLongest(place)) sharing.set(length, (sharing.get(length) ?? 0) + 1)
  return numbers.filter((_, place) => isOfLongest(place) && sharing.get(upTo[place] ?? 0) === 1)
}

// How long the longest rise is that ends with each number.
const risesUpTo = (numbers: readonly number[]): number[] => {
  // By the length of a rise, the lowest number that one of it ends with.
  const ends: number[] = []
  return numbers.map((number) => {
    const shorter = countBelow(ends, number)
    ends[shorter] = number
    return shorter + 1
  })
}

// How many of rising numbers are lower than one.
const countBelow = (rising: readonly number[], number: number): number => {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rising[middle] ?? 0) < number) low = middle + 1
    else high = middle
  }
  return low
}

// After a gap the entries of the lost batch stand here too, and none of them is a fault of its own unless it was changed.
const compareLeaves = (seal: AuditSeal, found: readonly CheckedEntry[], afterGap: boolean): readonly AuditFault[] => {
  const { sequence } = seal
  const sealed = new Set(seal.leaves.map(({ id }) => id))
  const standing = new Map(found.map((entry) => [entry.id, entry]))
  return [
    ...seal.leaves.flatMap(({ id, digest }): AuditFault[] => {
      const now = standing.get(id)
      if (now === undefined) return [{ kind: 'removed', id, sequence }]
      return now.isTrue && now.made === digest ? [] : [{ kind: 'changed', id, sequence }]
    }),
    ...found.flatMap(({ id, isTrue }): AuditFault[] => {
      if (sealed.has(id)) return []
      if (!afterGap) return [{ kind: 'added', id, sequence }]
      return isTrue ? [] : [{ kind: 'changed', id, sequence: null }]
    }),
  ]
}

/**
 * What stands behind the last seal: entries missed in a batch, those that do not say what was written, and those of a moment
 * that is sealed, which nobody has sealed.
 */
type Unsealed = {
  readonly moved: ReadonlySet<string>
  readonly changed: readonly string[]
  readonly misplaced: readonly string[]
}

const isBehind = (end: End | undefined, { at, id }: CheckedEntry): boolean =>
  end === undefined || at > end.at || (at === end.at && compareCodePoints(id, end.id) > 0)

// An entry missed in its batch and met in another, or behind the last seal, was moved there.
const verifyUnsealed = (
  ports: CorePorts,
  last: AuditSeal | undefined,
  faults: readonly AuditFault[],
): ResultAsync<readonly AuditFault[], Failure> => {
  const removed = new Set(faults.filter(({ kind }) => kind === 'removed').map(({ id }) => id))
  const added = new Set(faults.filter(({ kind }) => kind === 'added').map(({ id }) => id))
  const none: Unsealed = { moved: new Set(), changed: [], misplaced: [] }
  return foldBands(ports, bandsOf(last?.upTo, undefined), none, (sofar, page) => ({
    moved: new Set([...sofar.moved, ...page.map(({ id }) => id).filter((id) => removed.has(id))]),
    changed: [...sofar.changed, ...page.filter(({ id, isTrue }) => !isTrue && !removed.has(id)).map(({ id }) => id)],
    misplaced: [
      ...sofar.misplaced,
      // Its moment is what was written: what is behind the seal all the same was put there.
      ...page
        .filter((entry) => entry.isTrue && !removed.has(entry.id) && !isBehind(last?.upTo, entry))
        .map(({ id }) => id),
    ],
  })).map(({ moved, changed, misplaced }) => [
    ...faults.flatMap((fault): AuditFault[] => {
      if (fault.kind === 'removed' && (added.has(fault.id) || moved.has(fault.id))) return [{ ...fault, kind: 'moved' }]
      return fault.kind === 'added' && removed.has(fault.id) ? [] : [fault]
    }),
    ...changed.map((id): AuditFault => ({ kind: 'changed', id, sequence: null })),
    ...misplaced.map((id): AuditFault => ({ kind: 'moved', id, sequence: null })),
  ])
}

/** Entries of one moment or of the time between two, by id. */
type Band = { readonly where: readonly Condition[]; readonly afterId?: string; readonly lastId?: string }

type End = AuditSeal['upTo']

// Where an entry stands is asked of the storage: what it says of its own moment may be a lie, and would end the search early
// or never.
const bandsOf = (after: End | undefined, upTo: End | undefined): readonly Band[] => {
  const moment = (is: 'eq' | 'gt' | 'lt', { at }: End): Condition => ({ field: 'at', is, value: at })
  if (after !== undefined && upTo !== undefined && after.at === upTo.at)
    return [{ where: [moment('eq', upTo)], afterId: after.id, lastId: upTo.id }]
  const between = [
    ...(after === undefined ? [] : [moment('gt', after)]),
    ...(upTo === undefined ? [] : [moment('lt', upTo)]),
  ]
  return [
    ...(after === undefined ? [] : [{ where: [moment('eq', after)], afterId: after.id }]),
    { where: between },
    ...(upTo === undefined ? [] : [{ where: [moment('eq', upTo)], lastId: upTo.id }]),
  ]
}

const pageSize = 1_000

const foldBands = <Folded>(
  ports: CorePorts,
  bands: readonly Band[],
  sofar: Folded,
  add: (sofar: Folded, page: readonly CheckedEntry[]) => Folded,
): ResultAsync<Folded, Failure> => {
  if (bands.length === 0) return okAsync(sofar)
  const plan = Object.fromEntries(bands.map((band, place) => [String(place), askBand(band)]))
  return ask(ports, plan).andThen((facts) => {
    const pages = bands.map((band, place) => ({ band, page: facts[String(place)] ?? [] }))
    const found = pages.flatMap(({ band, page }) => page.filter((entry) => isIn(band, entry)))
    const rest = pages.flatMap(({ band, page }): Band[] => {
      const end = page.at(-1)
      return end === undefined || page.length < pageSize || !isIn(band, end) ? [] : [{ ...band, afterId: end.id }]
    })
    return checkEntries(ports, found).andThen((checked) => foldBands(ports, rest, add(sofar, checked), add))
  })
}

const askBand = ({ where, afterId }: Band) =>
  entries(auditAsStored, {
    where,
    limit: pageSize,
    ...(afterId === undefined ? {} : { after: { value: afterId, id: afterId } }),
  })

const isIn = ({ lastId }: Band, { id }: Entry<JsonObject>): boolean =>
  lastId === undefined || compareCodePoints(id, lastId) <= 0

const ask = <Plan extends ReadPlan>(ports: CorePorts, plan: Plan) =>
  readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
