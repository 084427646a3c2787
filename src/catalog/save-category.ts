import { err, ok, okAsync, type Result, type ResultAsync } from 'neverthrow'
import { type Change, expectRow, put } from '../shared/commit.js'
import type { Instant } from '../shared/instant.js'
import { row, rowsUpwards, type Stored } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import type { Category, CategoryError, CategoryEvent } from './category.js'
import { categories, parseSaveCategory, type SaveCategoryInput } from './category.schema.js'
import type { LocalText } from './local-text.js'
import type { CatalogPorts } from './ports.js'
import { type SettleReport, settleCategories } from './settle-categories.js'

/** The level that a category may be made or moved to; far below any that a shop shows, it keeps what is read bounded. */
export const deepestLevel = 10_000

/** What a save came to. */
export type SavedCategory = {
  readonly categoryId: string
  /** Whether it went to another parent, with its branch and its products. */
  readonly moved: boolean
  /** Whether it has another name, by which the products of its branch are searched. */
  readonly renamed: boolean
}

/**
 * Saves a category: a new one, another name, or another parent. A move writes the category alone, and all below it is where
 * it is at once; the products of the branch follow in batches, as they do where a name changes, and what was interrupted is
 * finished by `settleCategories`.
 *
 * @errors CommandError, NotFound of the parent, CategoryCycle, CategoryTooDeep
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
      above: rowsUpwards(categories, parentId === null ? [] : [parentId], 'parentId'),
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
  /** The parent and all above it. */
  readonly above: readonly Stored<Category>[]
}

const decideSave = (
  { category, above }: Rows,
  input: SaveCategoryInput,
  now: Instant,
): Result<{ readonly changes: readonly Change[]; readonly answer: SavedCategory }, CategoryError> => {
  const { categoryId, parentId } = input
  if (parentId !== null) {
    const isInside = parentId === categoryId || above.some(({ id }) => id === categoryId)
    if (isInside) return err({ type: 'CategoryCycle', categoryId, parentId })
    if (!above.some(({ id }) => id === parentId)) return err({ type: 'NotFound', entity: 'category', id: parentId })
  }
  const moved = category !== undefined && category.state.parentId !== parentId
  const renamed = category !== undefined && !hasName(category.state, input.name)
  if ((category === undefined || moved) && above.length + 1 > deepestLevel) {
    return err({ type: 'CategoryTooDeep', categoryId, maximum: deepestLevel })
  }
  const saved: readonly CategoryEvent[] = [{ type: 'CategorySaved', categoryId }]
  const events: readonly CategoryEvent[] = moved ? [...saved, { type: 'CategoryMoved', categoryId, parentId }] : saved
  const state: Category = { ...input, ...standingOf(category?.state, moved || renamed, now) }
  return ok({
    answer: { categoryId, moved, renamed },
    changes: [
      put(categories, {
        id: categoryId,
        version: category?.version ?? 0,
        state,
        events,
      }),
      // All above must stay where it is, or moves at once could close a circle. A new category has nothing below it.
      ...above.filter(({ id }) => moved || id === parentId).map((each) => expectRow(categories, each)),
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
