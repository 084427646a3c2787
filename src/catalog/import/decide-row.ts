import { err, ok, type Result } from 'neverthrow'
import type { Change } from '../../shared/commit.js'
import { expectRow, put } from '../../shared/commit.js'
import { decideNext } from '../../shared/decider.js'
import type { Instant } from '../../shared/instant.js'
import type { Stored } from '../../shared/read-plan.js'
import type { Category, CategoryEvent } from '../category.js'
import { categories } from '../category.schema.js'
import { lineageOf } from '../category-lineage.js'
import { composeFacts, isSameProduct, missingForSale, withStatus } from '../compose-product.js'
import { productMachine } from '../machine.js'
import { type Product, type ProductEvent, productIdOf } from '../product.js'
import { products } from '../product.schema.js'
import { expectBranch, skuClaims } from '../save-product.js'
import type { PathStep } from './category-path.js'
import type { RowIssue } from './import-row.js'
import { contentAfter, type RowContent } from './row-content.js'

/** What a row comes to against what is stored. */
export type RowDecision =
  | { readonly kind: 'unchanged'; readonly productId: string }
  | {
      readonly kind: 'written'
      readonly productId: string
      readonly isNew: boolean
      readonly changes: readonly Change[]
    }

/** What a row is decided on. */
export type RowFacts = {
  readonly merchantId: string
  readonly before: Stored<Product> | undefined
  /** Every category of the row's path, those where the product is, and all above them, as stored, by id. */
  readonly branch: ReadonlyMap<string, Stored<Category>>
  readonly now: Instant
}

/**
 * Decides what a row writes: the product with its content as the row states it, on sale unless the row or the product
 * says otherwise. A product on sale stays so, also when the row says draft.
 *
 * @errors what is missing for sale
 */
export const decideRow = (row: RowContent, facts: RowFacts): Result<RowDecision, readonly RowIssue[]> => {
  const { before, branch, merchantId, now } = facts
  const productId = productIdOf(merchantId, row.externalId)
  const content = contentAfter(row, before?.state)
  const relied = lineageOf(content.homeCategoryIds, branch)
  const missing = missingForSale(
    content,
    relied.map(({ state }) => state),
  )
  const wanted = row.status ?? (before === undefined ? 'active' : before.state.status)
  const absent = { status: before?.state.status ?? 'absent' } as const
  const decided = decideNext(productMachine, absent, { type: 'SaveProduct', productId, missing }).andThen((saved) => {
    if (wanted !== 'active') return ok(saved)
    return decideNext(productMachine, saved.state, { type: 'PublishProduct', productId, missing }).map((published) => ({
      state: published.state,
      events: [...saved.events, ...published.events] as readonly ProductEvent[],
    }))
  })
  if (decided.isErr()) {
    return err(missing.map((path) => ({ path, code: 'missing_for_sale', message: 'Needed by a product on sale' })))
  }
  const { state, events } = decided.value
  const parts = {
    productId,
    externalId: row.externalId,
    merchantId,
    content,
    branch: relied.map(({ state }) => state),
    before: before?.state,
    now,
  }
  const product = withStatus(composeFacts(parts), state.status === 'absent' ? 'draft' : state.status, before?.state)
  if (before !== undefined && isSameProduct(before.state, product)) return ok({ kind: 'unchanged', productId })
  return ok({
    kind: 'written',
    productId,
    isNew: before === undefined,
    changes: [
      put(products, { id: productId, version: before?.version ?? 0, state: product, events }),
      ...skuClaims(before?.state, product),
      ...expectBranch(relied),
    ],
  })
}

/** A category that is not there yet, and the commit that makes it. */
export type NewCategory = { readonly categoryId: string; readonly changes: readonly Change[] }

/** The categories of some paths that are not there yet, parents first. */
export const newCategories = (
  paths: readonly { readonly path: readonly PathStep[]; readonly line: number }[],
  stored: readonly Stored<Category>[],
): readonly NewCategory[] => {
  const known = new Map(stored.map((each) => [each.id, each]))
  const made: NewCategory[] = []
  for (const { path, line } of paths) {
    let parent: Stored<Category> | undefined
    for (const { categoryId, name, slug } of path) {
      const found = known.get(categoryId)
      if (found !== undefined) {
        parent = found
        continue
      }
      const state: Category = {
        categoryId,
        parentId: parent?.id ?? null,
        name,
        slug,
        // In the order of the file.
        position: Math.min(line, 1_000_000),
        requiredAttributes: [],
        status: 'settled',
      }
      const event: CategoryEvent = { type: 'CategorySaved', categoryId }
      made.push({
        categoryId,
        changes: [
          put(categories, { id: categoryId, version: 0, state, events: [event] }),
          ...(parent === undefined ? [] : [expectRow(categories, parent)]),
        ],
      })
      parent = { id: categoryId, version: 1, state }
      known.set(categoryId, parent)
    }
  }
  return made
}
