import { ok, type ResultAsync } from 'neverthrow'
import { compareCodePoints } from '../shared/json.js'
import type { NoInput } from '../shared/no-input.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { Category } from './category.js'
import { categories } from './category.schema.js'
import type { CatalogPorts } from './ports.js'

/** A place in the tree with those below it. */
export type CategoryNode = Pick<Category, 'categoryId' | 'parentId' | 'name' | 'slug'> & {
  readonly children: readonly CategoryNode[]
}

/** The most categories one answer holds. */
export const mostCategories = 5_000

/**
 * The whole category tree, siblings by position, then by id.
 *
 * @errors QueryError
 */
export const listCategories = (
  ports: CatalogPorts,
  context: QueryContext,
  input: NoInput = {},
): ResultAsync<readonly CategoryNode[], QueryError> =>
  runQuery(ports, context, input, {
    action: 'catalog.listCategories',
    parse: parseNothing,
    plan: () => ({ categories: find(categories, { where: [], limit: mostCategories }) }),
    answer: (facts) => ok(buildTree(facts.categories.map(({ state }) => state))),
  })

/** Puts categories under their parents; one whose parent is not among them stands at the top. */
export const buildTree = (found: readonly Category[]): readonly CategoryNode[] => {
  const known = new Set(found.map(({ categoryId }) => categoryId))
  const below = new Map<string | null, Category[]>()
  for (const category of found) {
    const parentId = category.parentId !== null && known.has(category.parentId) ? category.parentId : null
    below.set(parentId, [...(below.get(parentId) ?? []), category])
  }
  const nodesUnder = (parentId: string | null): readonly CategoryNode[] =>
    [...(below.get(parentId) ?? [])]
      .sort((a, b) => a.position - b.position || compareCodePoints(a.categoryId, b.categoryId))
      .map(({ categoryId, parentId: parent, name, slug }) => ({
        categoryId,
        parentId: parent,
        name,
        slug,
        children: nodesUnder(categoryId),
      }))
  return nodesUnder(null)
}
