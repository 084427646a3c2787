import type { CartLine, CartPolicy, LineLimits, MergedLine } from './cart.js'

/** The two lists of a cart. */
export type CartLists = { readonly lines: readonly CartLine[]; readonly later: readonly CartLine[] }

/**
 * Takes the lines of a guest's cart into another: the same item sums, no line above its limits, and never below what
 * stood there before. What finds no room among the lines is saved for later; what finds none there either is left out.
 *
 * @returns the lines that are new or have another quantity, as they stand afterwards
 */
export const takeInLines = (
  before: CartLists,
  merge: { readonly lines: readonly MergedLine[]; readonly later: readonly CartLine[]; readonly policy: CartPolicy },
): CartLists => {
  const { maxLines } = merge.policy
  const lines = [...before.lines]
  const later = new Map(before.later.map((line) => [line.lineId, line]))
  const changed = new Map<string, CartLine>()
  const saved: CartLine[] = []
  const save = (line: CartLine): void => {
    if (later.size >= maxLines || later.has(line.lineId)) return
    later.set(line.lineId, line)
    saved.push(line)
  }
  for (const { line, limits } of merge.lines) {
    const at = lines.findIndex((each) => isSameItem(each, line))
    const held = lines[at]
    const most = mostOf(lines, line, limits)
    if (held === undefined && (most < 1 || lines.length >= maxLines)) {
      save(line)
      continue
    }
    const quantity = Math.max(held?.quantity ?? 0, Math.min((held?.quantity ?? 0) + line.quantity, most))
    if (quantity === held?.quantity) continue
    const taken = { ...(held ?? line), quantity }
    if (held === undefined) lines.push(taken)
    else lines[at] = taken
    changed.set(taken.lineId, taken)
  }
  for (const line of merge.later) save(line)
  return { lines: [...changed.values()], later: saved }
}

/** Whether two lines are of the same item; a SKU may have gone to another product, which is another item. */
export const isSameItem = (left: LineItem, right: LineItem): boolean =>
  left.sku === right.sku && left.productId === right.productId

type LineItem = Pick<CartLine, 'sku' | 'productId'>

/** The most pieces that a line may hold beside the others. */
const mostOf = (lines: readonly CartLine[], item: CartLine, limits: LineLimits): number => {
  const others = lines
    .filter(({ sku, productId }) => productId === item.productId && sku !== item.sku)
    .reduce((sum, { quantity }) => sum + quantity, 0)
  return Math.min(
    limits.maxQuantity,
    limits.available ?? Number.MAX_SAFE_INTEGER,
    limits.personRemaining === null ? Number.MAX_SAFE_INTEGER : limits.personRemaining - others,
  )
}
