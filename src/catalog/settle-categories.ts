import { err, errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type CommitError, type Committed, type PreparedCommit, prepareCommit, put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { Instant } from '../shared/instant.js'
import { eachAlone, type ReadAlone, readable } from '../shared/read-alone.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row, rows, rowsUpwards, type Stored } from '../shared/read-plan.js'
import type { Category, CategoryEvent } from './category.js'
import { categories } from './category.schema.js'
import { lineageOf } from './category-lineage.js'
import { branchIds, readAnew } from './compose-product.js'
import type { CatalogPorts } from './ports.js'
import type { Product } from './product.js'
import { products } from './product.schema.js'
import { expectBranch } from './save-product.js'

/** What a turn of the sweep came to. */
export type SettleReport = {
  /** Categories whose products all name their new ancestors. */
  readonly settled: readonly string[]
  /** Products written. */
  readonly placed: number
  /**
   * Categories that could not be settled, which come up again, and products that cannot be read: these are searched and
   * listed where they were until they are saved anew.
   */
  readonly failed: readonly { readonly id: string; readonly reason: string }[]
}

const batchSize = 200

/**
 * Finishes what moves and new names of categories began: gives every product of a moved branch its new ancestors, and has
 * every product of a renamed one searched by the new name, in batches. Safe to run at any time and on several machines;
 * where a turn ends by its limit, the next one goes on. What fails of one category or product stops no other.
 *
 * @param options - `limit`: the most products to write; `categoryId`: only this category
 * @errors StorageUnavailable
 */
export const settleCategories = (
  ports: CatalogPorts,
  options: { readonly limit: number; readonly categoryId?: string },
): ResultAsync<SettleReport, StorageError> => {
  const plan = {
    moving:
      options.categoryId === undefined
        ? find(eachAlone(categories), { where: [{ field: 'status', is: 'eq', value: 'moving' }], limit: 100 })
        : rows(eachAlone(categories), [options.categoryId]),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ moving }) => {
      const waiting = readable(moving).filter(({ state }) => state.status === 'moving')
      const course = { waiting, after: undefined, left: options.limit, tries: 1 }
      return settleNext(ports, course, { settled: [], placed: 0, failed: unreadIn(moving) })
    },
  )
}

type Course = {
  readonly waiting: readonly Stored<Category>[]
  /** The product after which the next batch begins. */
  readonly after: string | undefined
  /** Products that may still be written. */
  readonly left: number
  readonly tries: number
}

const settleNext = (
  ports: CatalogPorts,
  course: Course,
  report: SettleReport,
): ResultAsync<SettleReport, StorageError> => {
  const [category, ...rest] = course.waiting
  if (category === undefined) return okAsync(report)
  return failingAlone(placeBatch(ports, category, course)).andThen((placing) => {
    const goOn = (left: number, sofar: SettleReport) =>
      settleNext(ports, { waiting: rest, after: undefined, left, tries: 1 }, sofar)
    const failing = (left: number, sofar: SettleReport, reason: string) =>
      goOn(left, { ...sofar, failed: [...sofar.failed, { id: category.id, reason }] })
    if (placing.isErr()) return failing(course.left, report, placing.error)
    const batch = placing.value
    const soFar = { ...report, placed: report.placed + batch.placed }
    const left = course.left - batch.placed
    if (batch.conflicts > 0) {
      if (course.tries >= ports.attempts) return failing(left, soFar, 'Busy')
      return settleNext(ports, { ...course, left, tries: course.tries + 1 }, soFar)
    }
    if (batch.isCut) return okAsync<SettleReport, StorageError>(soFar)
    const looked = { ...soFar, failed: [...soFar.failed, ...batch.unread] }
    if (batch.last !== undefined) return settleNext(ports, { ...course, after: batch.last, left, tries: 1 }, looked)
    return failingAlone(markSettled(ports, category)).andThen((marking) => {
      if (marking.isErr()) return failing(left, looked, marking.error)
      return goOn(left, marking.value ? { ...looked, settled: [...looked.settled, category.id] } : looked)
    })
  })
}

/** What a step came to, or why it failed: of all but a storage that is out of reach the next category may know nothing. */
const failingAlone = <Done>(step: ResultAsync<Done, StorageError>): ResultAsync<Result<Done, string>, StorageError> =>
  step
    .map((done): Result<Done, string> => ok(done))
    .orElse((error) => (error.type === 'StorageUnavailable' ? errAsync(error) : okAsync(err(error.type))))

const unreadIn = <State>(found: readonly Stored<ReadAlone<State>>[]): SettleReport['failed'] =>
  found.flatMap(({ id, state: { read } }) => (read.isErr() ? [{ id, reason: read.error.type }] : []))

type PlacedBatch = {
  readonly placed: number
  /** Products that another wrote meanwhile; the batch is looked at again. */
  readonly conflicts: number
  /** Whether products wait that are more than may be written. */
  readonly isCut: boolean
  /** The last product of a full batch. */
  readonly last: string | undefined
  /** Products that cannot be read. */
  readonly unread: SettleReport['failed']
}

const placeBatch = (
  ports: CatalogPorts,
  { id: categoryId, state }: Stored<Category>,
  { after, left }: Pick<Course, 'after' | 'left'>,
): ResultAsync<PlacedBatch, StorageError> => {
  const now = ports.clock.now()
  const plan = {
    found: find(eachAlone(products), {
      where: [{ field: 'categoryIds', is: 'containsAll', values: [categoryId] }],
      limit: batchSize,
      ...(after === undefined ? {} : { after: { value: after, id: after } }),
    }),
    branch: rowsUpwards(categories, { from: 'found', path: 'homeCategoryIds.*' }, 'parentId'),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan }).andThen(
    ({ found, branch }) => {
      const known = new Map(branch.map((each) => [each.id, each]))
      const waiting = readable(found).flatMap((each) => placementOf(each, known, state.movingSince) ?? [])
      // No product looks as if it was saved before the change, whatever the clocks of two machines say.
      return commitPlaces(ports, waiting.slice(0, Math.max(0, left)), Math.max(now, state.movingSince ?? 0)).map(
        (answers): PlacedBatch => {
          const placed = answers.filter((answer) => answer.isOk()).length
          return {
            placed,
            conflicts: answers.length - placed,
            isCut: waiting.length > left,
            last: found.length < batchSize ? undefined : found.at(-1)?.id,
            unread: unreadIn(found),
          }
        },
      )
    },
  )
}

type Placement = {
  readonly product: Stored<Product>
  /** Its homes and all above them. */
  readonly branch: readonly Stored<Category>[]
}

/** Where a product belongs; undefined where it says so already, and was saved since. */
const placementOf = (
  product: Stored<Product>,
  known: ReadonlyMap<string, Stored<Category>>,
  since: Instant | undefined,
): Placement | undefined => {
  const { homeCategoryIds, categoryIds: before, updatedAt } = product.state
  const branch = lineageOf(homeCategoryIds, known)
  const categoryIds = branchIds(branch.map(({ state }) => state))
  const isPlaced = categoryIds.join('\n') === before.join('\n')
  return isPlaced && (since === undefined || updatedAt >= since) ? undefined : { product, branch }
}

/** How many rows the commits of one transaction may rely on together. */
const mostReliedOn = 20_000

const commitPlaces = (
  ports: CatalogPorts,
  waiting: readonly Placement[],
  at: Instant,
  sofar: readonly Result<Committed, CommitError>[] = [],
): ResultAsync<readonly Result<Committed, CommitError>[], StorageError> => {
  const prepared: PreparedCommit[] = []
  let reliedOn = 0
  for (const { product, branch } of waiting) {
    reliedOn += branch.length
    if (prepared.length > 0 && reliedOn > mostReliedOn) break
    const anew = readAnew(
      product.state,
      branch.map((each) => each.state),
    )
    const state = { ...product.state, ...anew, updatedAt: at }
    const changes = [put(products, { ...product, state }), ...expectBranch(branch)]
    const commit = prepareCommit({ shop: ports.shop, at, changes })
    if (commit.isErr()) return errAsync(commit.error)
    prepared.push(commit.value)
  }
  if (prepared.length === 0) return okAsync(sofar)
  return ports.storage
    .commitEach(prepared)
    .andThen((answers) => commitPlaces(ports, waiting.slice(prepared.length), at, [...sofar, ...answers]))
}

const markSettled = (ports: CatalogPorts, started: Stored<Category>): ResultAsync<boolean, StorageError> =>
  decideAndCommit<ReturnType<typeof settlePlan>, boolean, never>(ports, {
    scope: { kind: 'all' },
    plan: () => settlePlan(started.id),
    decide: ({ category }) => {
      // One that was saved meanwhile may have moved again: the next turn looks at its products anew.
      if (category === undefined || category.version !== started.version) return ok({ answer: false, changes: [] })
      const event: CategoryEvent = { type: 'CategorySettled', categoryId: category.id }
      return ok({
        answer: true,
        changes: [put(categories, { ...category, state: settledState(category.state), events: [event] })],
      })
    },
  })

const settledState = ({ movingSince: _, ...category }: Category): Category => ({ ...category, status: 'settled' })

const settlePlan = (categoryId: string) => ({ category: row(categories, categoryId) })
