import { err, ok, type Result, type ResultAsync } from 'neverthrow'
import {
  type Change,
  type CommitError,
  type Committed,
  type PreparedCommit,
  prepareCommit,
} from '../../shared/commit.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import { readFacts } from '../../shared/read-facts.js'
import { rows, rowsUpwards, type Stored } from '../../shared/read-plan.js'
import type { Category } from '../category.js'
import { categories } from '../category.schema.js'
import type { CatalogPorts } from '../ports.js'
import { type Product, productIdOf } from '../product.js'
import { products } from '../product.schema.js'
import { storedPath } from './category-path.js'
import { decideRow, type NewCategory, newCategories, type RowDecision } from './decide-row.js'
import type { RowIssue } from './import-row.js'
import type { RowContent } from './row-content.js'

/** A row waiting to be written. */
export type PendingRow = { readonly line: number; readonly row: RowContent }

/** What became of a row. */
export type RowOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly productId: string; readonly pending: PendingRow }
  | { readonly kind: 'failed'; readonly pending: PendingRow; readonly issues: readonly RowIssue[] }

/**
 * Writes rows in one go, each a decision of its own; those that another wrote meanwhile are decided again.
 *
 * @errors StorageError; Busy when rows still conflict after all attempts
 */
export const writeRows = async (
  ports: CatalogPorts,
  merchantId: string,
  waiting: readonly PendingRow[],
): Promise<Result<readonly RowOutcome[], StorageError>> => {
  const outcomes: RowOutcome[] = []
  let pending = waiting
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > ports.attempts + 1) return err({ type: 'Busy', retryAfterMs: 1_000 })
    const now = ports.clock.now()
    const read = await readStored(ports, merchantId, pending)
    if (read.isErr()) return err(read.error)
    pending = withStoredPaths(pending, read.value.branch)
    const made = newCategories(
      pending.map(({ row, line }) => ({ path: row.path, line })),
      read.value.branch,
    )
    if (made.length > 0) {
      // Rows are decided on the tree as it then stands, whoever made its categories.
      const refused = await makeCategories(ports, made, now)
      if (refused.isErr()) return err(refused.error)
      const [failed, left] = withoutCategories(pending, refused.value)
      outcomes.push(...failed)
      pending = left
      continue
    }
    const written = await decideAndWrite(ports, merchantId, pending, read.value, now)
    if (written.isErr()) return err(written.error)
    outcomes.push(...written.value.outcomes)
    pending = written.value.again
  }
  return ok(outcomes)
}

type StoredCatalog = { readonly products: readonly Stored<Product>[]; readonly branch: readonly Stored<Category>[] }

const readStored = (
  ports: CatalogPorts,
  merchantId: string,
  pending: readonly PendingRow[],
): ResultAsync<StoredCatalog, StorageError> => {
  const steps = new Set(pending.flatMap(({ row }) => row.path.flatMap((step) => [step.categoryId, step.plainId])))
  const plan = {
    products: rows(
      products,
      pending.map(({ row }) => productIdOf(merchantId, row.externalId)),
    ),
    branch: rowsUpwards(categories, [...steps], 'parentId'),
    // Where those are that a row does not place.
    homes: rowsUpwards(categories, { from: 'products', path: 'homeCategoryIds.*' }, 'parentId'),
  }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).map(
    (read) => ({ products: read.products, branch: [...read.branch, ...read.homes] }),
  )
}

const withStoredPaths = (
  pending: readonly PendingRow[],
  branch: readonly Stored<Category>[],
): readonly PendingRow[] => {
  const stored = new Map(branch.map((each) => [each.id, each]))
  return pending.map(({ line, row }) => {
    const path = storedPath(row.path, stored)
    const home = path.at(-1)
    if (home === undefined) return { line, row }
    return { line, row: { ...row, path, content: { ...row.content, homeCategoryIds: [home.categoryId] } } }
  })
}

/** Makes categories, and answers why some can never be; what another wrote meanwhile is looked at again. */
const makeCategories = async (
  ports: CatalogPorts,
  made: readonly NewCategory[],
  now: number,
): Promise<Result<ReadonlyMap<string, RowIssue>, StorageError>> => {
  const committed = await commitAll(
    ports,
    made.map(({ changes }) => changes),
    now,
  )
  if (committed.isErr()) return err(committed.error)
  const issues = new Map<string, RowIssue>()
  for (const [index, { categoryId }] of made.entries()) {
    const answer = committed.value[index]
    if (answer === undefined || answer.isOk()) continue
    const refused = refusalOf(answer.error)
    if (refused.kind === 'stop') return err(refused.error)
    if (refused.kind === 'row') {
      issues.set(categoryId, { ...refused.issue, path: 'categoryPath', message: 'The category cannot be stored' })
    }
  }
  return ok(issues)
}

const withoutCategories = (
  pending: readonly PendingRow[],
  issues: ReadonlyMap<string, RowIssue>,
): readonly [failed: readonly RowOutcome[], left: readonly PendingRow[]] => {
  const failed: RowOutcome[] = []
  const left: PendingRow[] = []
  for (const each of pending) {
    const issue = each.row.path.flatMap(({ categoryId }) => issues.get(categoryId) ?? [])[0]
    if (issue === undefined) left.push(each)
    else failed.push({ kind: 'failed', pending: each, issues: [issue] })
  }
  return [failed, left]
}

type Written = { readonly outcomes: readonly RowOutcome[]; readonly again: readonly PendingRow[] }

const decideAndWrite = async (
  ports: CatalogPorts,
  merchantId: string,
  pending: readonly PendingRow[],
  stored: StoredCatalog,
  now: number,
): Promise<Result<Written, StorageError>> => {
  const byId = new Map(stored.products.map((each) => [each.id, each]))
  const categoryOf = new Map(stored.branch.map((each) => [each.id, each]))
  const outcomes: RowOutcome[] = []
  const writes: { readonly pending: PendingRow; readonly decision: Extract<RowDecision, { kind: 'written' }> }[] = []
  for (const each of pending) {
    const facts = {
      merchantId,
      before: byId.get(productIdOf(merchantId, each.row.externalId)),
      branch: categoryOf,
      now,
    }
    const decision = decideRow(each.row, facts)
    if (decision.isErr()) outcomes.push({ kind: 'failed', pending: each, issues: decision.error })
    else if (decision.value.kind === 'written') writes.push({ pending: each, decision: decision.value })
    else outcomes.push({ kind: 'unchanged', productId: decision.value.productId, pending: each })
  }
  const committed = await commitAll(
    ports,
    writes.map(({ decision }) => decision.changes),
    now,
  )
  if (committed.isErr()) return err(committed.error)
  const again: PendingRow[] = []
  for (const [index, { pending: each, decision }] of writes.entries()) {
    const answer = committed.value[index]
    if (answer === undefined || answer.isOk()) {
      outcomes.push({ kind: decision.isNew ? 'created' : 'updated', productId: decision.productId, pending: each })
      continue
    }
    const refused = refusalOf(answer.error)
    if (refused.kind === 'stop') return err(refused.error)
    if (refused.kind === 'again') again.push(each)
    else outcomes.push({ kind: 'failed', pending: each, issues: [refused.issue] })
  }
  return ok({ outcomes, again })
}

type Refusal =
  | { readonly kind: 'again' }
  | { readonly kind: 'row'; readonly issue: RowIssue }
  | { readonly kind: 'stop'; readonly error: StorageError }

const refusalOf = (error: CommitError): Refusal => {
  switch (error.type) {
    case 'VersionConflict':
    case 'FloorReached':
      return { kind: 'again' }
    case 'AlreadyClaimed':
      return {
        kind: 'row',
        issue: { path: 'sku', code: 'sku_taken', message: 'Another product has the SKU' },
      }
    case 'MalformedCommit':
      return { kind: 'row', issue: { path: '', code: error.reason, message: 'The row cannot be stored' } }
    case 'StorageUnavailable':
      return { kind: 'stop', error }
  }
}

/** Commits independent decisions in one transaction; listeners are told of those that stand. */
const commitAll = async (
  ports: CatalogPorts,
  decisions: readonly (readonly Change[])[],
  at: number,
): Promise<Result<readonly Result<Committed, CommitError>[], StorageError>> => {
  const prepared = decisions.map((changes) => prepareCommit({ shop: ports.shop, at, changes }))
  const sound = prepared.flatMap((each) => (each.isOk() ? [each.value] : []))
  if (sound.length === 0) return ok(prepared.map((each) => each.map((): Committed => ({ counters: [] }))))
  const committed = await ports.storage.commitEach(sound)
  if (committed.isErr()) return err(committed.error)
  const answers = committed.value.values()
  const told: PreparedCommit[] = []
  const all = prepared.map((each): Result<Committed, CommitError> => {
    if (each.isErr()) return err(each.error)
    const answer = answers.next().value ?? err({ type: 'StorageUnavailable', detail: 'a commit went unanswered' })
    if (answer.isOk()) told.push(each.value)
    return answer
  })
  if (told.length > 0) ports.emit(told.flatMap(({ events }) => events))
  return ok(all)
}
