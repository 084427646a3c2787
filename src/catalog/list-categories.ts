import { ok, type ResultAsync } from 'neverthrow'
import { compareCodePoints } from '../shared/json.js'
import type { NoInput } from '../shared/no-input.js'
import { find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import { parseNothing } from '../shared/stored.schema.js'
import type { Category } from './category.js'
import { categories } from './category.schema.js'
import { depthsOf } from './category-lineage.js'
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

/**
 * Puts categories under their parents; one whose parent is not among them stands at the top. A tree may be deeper than calls
 * can be nested, so it is made of the deepest level first.
 */
export const buildTree = (found: readonly Category[]): readonly CategoryNode[] => {
  const depths = depthsOf(found)
  const levels: Category[][] = []
  for (const category of found) {
    const depth = depths.get(category.categoryId) ?? 0
    const level = levels[depth]
    if (level === undefined) levels[depth] = [category]
    else level.push(category)
  }
  let nodes: readonly CategoryNode[] = []
  for (const level of levels.reverse()) {
    const below = new Map<string | null, CategoryNode[]>()
    for (const node of nodes) {
      const siblings = below.get(node.parentId)
      if (siblings === undefined) below.set(node.parentId, [node])
      else siblings.push(node)
    }
    nodes = level.sort(byPosition).map(({ categoryId, parentId, name, slug }) => ({
      categoryId,
      parentId,
      name,
      slug,
      children: below.get(categoryId) ?? [],
    }))
  }
  return nodes
}

const byPosition = (a: Category, b: Category): number =>
  a.position - b.position || compareCodePoints(a.categoryId, b.categoryId)
