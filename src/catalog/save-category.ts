import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type Change, expectRow, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { find, known, row, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Category, CategoryError, CategoryEvent } from './category.js'
import { categories, parseSaveCategory, type SaveCategoryInput } from './category.schema.js'
import type { LocalText } from './local-text.js'
import type { CatalogPorts } from './ports.js'
import { type SettleReport, settleCategories } from './settle-categories.js'

/** How deep a tree may be, and how many categories may move at once. */
export const categoryBounds = { maxDepth: 100, maxBranch: 2_000 }

/** What a save came to. */
export type SavedCategory = {
  readonly categoryId: string
  /** Whether it went to another parent, with its branch and its products. */
  readonly moved: boolean
  /** Whether it has another name, by which the products of its branch are searched. */
  readonly renamed: boolean
}

/**
 * Saves a category: a new one, another name, or another parent. A move takes the whole branch along in one commit; the
 * products of the branch follow in batches, as they do where a name changes, and what was interrupted is finished by
 * `settleCategories`.
 *
 * @errors CommandError, NotFound of the parent, CategoryCycle, CategoryTooDeep, BranchTooLarge
 */
export const saveCategory = (
  ports: CatalogPorts,
  context: CommandContext,
  input: SaveCategoryInput,
): ResultAsync<SavedCategory, CategoryError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'catalog.saveCategory',
    parse: parseSaveCategory,
    plan: ({ input: { categoryId, parentId } }) => ({
      category: row(categories, categoryId),
      parent: parentId === null ? known<Stored<Category> | undefined>(undefined) : row(categories, parentId),
      branch: find(categories, {
        where: [{ field: 'ancestorIds', is: 'containsAll', values: [categoryId] }],
        limit: categoryBounds.maxBranch + 1,
      }),
    }),
    decide: (facts, { input: asked, now }) => decideSave(facts, asked, now),
  }).andThen((saved) => {
    // Also on a replay: what an interrupted move left undone is done now.
    const settled: ResultAsync<SettleReport | null, CommandError> =
      saved.moved || saved.renamed
        ? settleCategories(ports, { limit: 1_000_000, categoryId: saved.categoryId })
        : okAsync(null)
    return settled.map(() => saved)
  })

type Rows = {
  readonly category: Stored<Category> | undefined
  readonly parent: Stored<Category> | undefined
  readonly branch: readonly Stored<Category>[]
}

const decideSave = (
  { category, parent, branch }: Rows,
  input: SaveCategoryInput,
  now: Instant,
): Result<{ readonly changes: readonly Change[]; readonly answer: SavedCategory }, CategoryError> => {
  const { categoryId, parentId } = input
  if (parentId !== null) {
    const isInside = parentId === categoryId || parent?.state.ancestorIds.includes(categoryId) === true
    if (isInside) return err({ type: 'CategoryCycle', categoryId, parentId })
    if (parent === undefined) return err({ type: 'NotFound', entity: 'category', id: parentId })
  }
  const ancestorIds = parent === undefined ? [] : [...parent.state.ancestorIds, parent.id]
  const moved = category !== undefined && category.state.parentId !== parentId
  const renamed = category !== undefined && !hasName(category.state, input.name)
  const depthBelow = moved ? Math.max(0, ...branch.map(({ state }) => depthUnder(state, categoryId))) : 0
  if (ancestorIds.length + 1 + depthBelow > categoryBounds.maxDepth) {
    return err({ type: 'CategoryTooDeep', categoryId, maximum: categoryBounds.maxDepth })
  }
  if (moved && branch.length > categoryBounds.maxBranch) {
    return err({ type: 'BranchTooLarge', categoryId, maximum: categoryBounds.maxBranch })
  }
  const saved: readonly CategoryEvent[] = [{ type: 'CategorySaved', categoryId }]
  const events: readonly CategoryEvent[] = moved ? [...saved, { type: 'CategoryMoved', categoryId, parentId }] : saved
  const state: Category = { ...input, ancestorIds, ...standingOf(category?.state, moved || renamed, now) }
  return ok({
    answer: { categoryId, moved, renamed },
    changes: [
      put(categories, {
        id: categoryId,
        version: category?.version ?? 0,
        state,
        events,
      }),
      // The parent must stay where it is, or two moves at once could close a circle.
      ...(parent === undefined ? [] : [expectRow(categories, parent)]),
      ...(moved
        ? branch.map((each) => put(categories, { ...each, state: rebase(each.state, categoryId, ancestorIds) }))
        : []),
    ],
  })
}

const hasName = (category: Category, name: LocalText): boolean =>
  category.name.en === name.en && category.name['zh-CN'] === name['zh-CN']

const standingOf = (
  before: Category | undefined,
  isChanged: boolean,
  now: Instant,
): Pick<Category, 'status' | 'movingSince'> => {
  if (isChanged) return { status: 'moving', movingSince: now }
  if (before?.status !== 'moving') return { status: 'settled' }
  const { movingSince } = before
  return { status: 'moving', ...(movingSince === undefined ? {} : { movingSince }) }
}

const depthUnder = (category: Category, ancestorId: string): number =>
  category.ancestorIds.length - category.ancestorIds.indexOf(ancestorId)

const rebase = (category: Category, movedId: string, ancestorIds: readonly string[]): Category => ({
  ...category,
  ancestorIds: [...ancestorIds, ...category.ancestorIds.slice(category.ancestorIds.indexOf(movedId))],
})
