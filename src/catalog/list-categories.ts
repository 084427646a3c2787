import { okAsync, type ResultAsync } from 'neverthrow'
import { compareCodePoints } from '../shared/json.js'
import type { NoInput } from '../shared/no-input.js'
import { readFacts } from '../shared/read-facts.js'
import { find, type Stored } from '../shared/read-plan.js'
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

/** How many categories are read at once. */
const pageSize = 5_000

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
    plan: () => ({ first: pageBehind(undefined) }),
    answer: ({ first }, { scope, now }) =>
      readBehind(first, (last) =>
        readFacts(ports.storage, { shop: ports.shop, scope, at: now, plan: { page: pageBehind(last) } }).map(
          ({ page }) => page,
        ),
      ).map(buildTree),
  })

type Page = readonly Stored<Category>[]

const pageBehind = (last: string | undefined) =>
  find(categories, {
    where: [],
    limit: pageSize,
    ...(last === undefined ? {} : { after: { value: last, id: last } }),
  })

/** All categories, of which some pages are read: a tree that lacks one would show what stands below it at the top. */
const readBehind = (
  page: Page,
  readPage: (last: string) => ResultAsync<Page, QueryError>,
  sofar: readonly Category[] = [],
): ResultAsync<readonly Category[], QueryError> => {
  const all = [...sofar, ...page.map(({ state }) => state)]
  const last = page.length < pageSize ? undefined : page.at(-1)
  return last === undefined ? okAsync(all) : readPage(last.id).andThen((next) => readBehind(next, readPage, all))
}

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
