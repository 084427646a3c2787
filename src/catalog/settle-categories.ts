import { errAsync, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type CommitError, type Committed, type PreparedCommit, prepareCommit, put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import { readFacts } from '../shared/read-facts.js'
import { find, row, rows, type Stored } from '../shared/read-plan.js'
import type { Category, CategoryEvent } from './category.js'
import { categories } from './category.schema.js'
import { branchIds } from './compose-product.js'
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
}

const batchSize = 200

/**
 * Finishes the moves of categories: gives every product of a moved branch its new ancestors, in batches. Safe to run
 * at any time and on several machines.
 *
 * @param options - `limit`: the most products to look at; `categoryId`: only this move
 * @errors StorageError
 */
export const settleCategories = (
  ports: CatalogPorts,
  options: { readonly limit: number; readonly categoryId?: string },
): ResultAsync<SettleReport, StorageError> => {
  const plan = {
    moving: find(categories, { where: [{ field: 'status', is: 'eq', value: 'moving' }], limit: 100 }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .mapErr((error): StorageError => error)
    .andThen(({ moving }) => {
      const waiting = moving.filter(({ id }) => options.categoryId === undefined || id === options.categoryId)
      return settleNext(ports, { waiting, after: undefined, left: options.limit, tries: 1 }, { settled: [], placed: 0 })
    })
}

type Course = {
  readonly waiting: readonly Stored<Category>[]
  /** The product after which the next batch begins. */
  readonly after: string | undefined
  /** Products that may still be looked at. */
  readonly left: number
  readonly tries: number
}

const settleNext = (
  ports: CatalogPorts,
  course: Course,
  report: SettleReport,
): ResultAsync<SettleReport, StorageError> => {
  const [category, ...rest] = course.waiting
  if (category === undefined || course.left <= 0) return okAsync(report)
  return placeBatch(ports, category.id, course.after, Math.min(course.left, batchSize)).andThen((batch) => {
    const soFar = { ...report, placed: report.placed + batch.placed }
    if (batch.conflicts > 0) {
      if (course.tries >= ports.attempts)
        return errAsync<SettleReport, StorageError>({ type: 'Busy', retryAfterMs: 1_000 })
      return settleNext(ports, { ...course, tries: course.tries + 1 }, soFar)
    }
    const left = course.left - batch.seen
    if (batch.last !== undefined) return settleNext(ports, { ...course, after: batch.last, left, tries: 1 }, soFar)
    return markSettled(ports, category).andThen((isSettled) =>
      settleNext(
        ports,
        { waiting: rest, after: undefined, left, tries: 1 },
        isSettled ? { ...soFar, settled: [...soFar.settled, category.id] } : soFar,
      ),
    )
  })
}

type PlacedBatch = {
  readonly seen: number
  readonly placed: number
  /** Products that another wrote meanwhile; the batch is looked at again. */
  readonly conflicts: number
  /** The last product of a full batch. */
  readonly last: string | undefined
}

const placeBatch = (
  ports: CatalogPorts,
  categoryId: string,
  after: string | undefined,
  limit: number,
): ResultAsync<PlacedBatch, StorageError> => {
  const now = ports.clock.now()
  const plan = {
    found: find(products, {
      where: [{ field: 'categoryIds', is: 'containsAll', values: [categoryId] }],
      limit,
      ...(after === undefined ? {} : { after: { value: after, id: after } }),
    }),
    homes: rows(categories, { from: 'found', path: 'homeCategoryIds.*' }),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: now, plan })
    .mapErr((error): StorageError => error)
    .andThen(({ found, homes }) =>
      commitPlaces(ports, found, homes, now).map((answers): PlacedBatch => {
        const placed = answers.filter((answer) => answer.isOk()).length
        return {
          seen: found.length,
          placed,
          conflicts: answers.length - placed,
          last: found.length < limit ? undefined : found.at(-1)?.id,
        }
      }),
    )
}

const commitPlaces = (
  ports: CatalogPorts,
  found: readonly Stored<Product>[],
  homes: readonly Stored<Category>[],
  at: number,
): ResultAsync<readonly Result<Committed, CommitError>[], StorageError> => {
  const prepared: PreparedCommit[] = []
  for (const each of found) {
    const own = homes.filter(({ id }) => each.state.homeCategoryIds.includes(id))
    const categoryIds = branchIds(own.map(({ state }) => state))
    if (categoryIds.join('\n') === each.state.categoryIds.join('\n')) continue
    const commit = prepareCommit({
      shop: ports.shop,
      at,
      changes: [put(products, { ...each, state: { ...each.state, categoryIds, updatedAt: at } }), ...expectBranch(own)],
    })
    if (commit.isErr()) return errAsync(commit.error)
    prepared.push(commit.value)
  }
  return prepared.length === 0 ? okAsync([]) : ports.storage.commitEach(prepared)
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
        changes: [put(categories, { ...category, state: { ...category.state, status: 'settled' }, events: [event] })],
      })
    },
  })

const settlePlan = (categoryId: string) => ({ category: row(categories, categoryId) })
