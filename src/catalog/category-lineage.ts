import type { Category } from './category.js'

type Placed = Pick<Category, 'categoryId' | 'parentId'>

/**
 * How many of some categories stand above each of them. One whose parent is not among them stands at the top, and a circle
 * ends where it began.
 */
export const depthsOf = (branch: readonly Placed[]): ReadonlyMap<string, number> => {
  const parentOf = new Map(branch.map(({ categoryId, parentId }) => [categoryId, parentId]))
  const depths = new Map<string, number>()
  for (const { categoryId } of branch) {
    const way = new Set<string>()
    let above: string | null = categoryId
    while (above !== null && parentOf.has(above) && !depths.has(above) && !way.has(above)) {
      way.add(above)
      above = parentOf.get(above) ?? null
    }
    let depth = above === null ? 0 : (depths.get(above) ?? -1) + 1
    for (const each of [...way].reverse()) {
      depths.set(each, depth)
      depth += 1
    }
  }
  return depths
}

/** Of some categories those of a place and all above it, each once. */
export const lineageOf = <Row extends { readonly id: string; readonly state: Pick<Category, 'parentId'> }>(
  homeIds: readonly string[],
  known: ReadonlyMap<string, Row>,
): readonly Row[] => {
  const lineage = new Map<string, Row>()
  for (const homeId of homeIds) {
    let found = known.get(homeId)
    while (found !== undefined && !lineage.has(found.id)) {
      lineage.set(found.id, found)
      found = found.state.parentId === null ? undefined : known.get(found.state.parentId)
    }
  }
  return [...lineage.values()]
}
