import type { CartLine, CartPolicy, LineLimits, MergedLine } from './cart.js'

/** The two lists of a cart. */
export type CartLists = { readonly lines: readonly CartLine[]; readonly later: readonly CartLine[] }

/** Pieces of a guest's cart that did not come among the lines of the cart that took it in. */
export type NotTaken = {
  readonly productId: string
  readonly sku: string
  readonly quantity: number
  /** Saved for later, for want of room among the lines or of any that may be had; otherwise they are gone. */
  readonly savedForLater: boolean
}

/**
 * Takes the lines of a guest's cart into another: the same item sums, no line above its limits, and never below what
 * stood there before. What finds no room among the lines is saved for later; what finds none there either is left out.
 *
 * @returns the lines that are new or have another quantity, as they stand afterwards, and what was not taken in
 */
export const takeInLines = (
  before: CartLists,
  merge: { readonly lines: readonly MergedLine[]; readonly later: readonly CartLine[]; readonly policy: CartPolicy },
): CartLists & { readonly notTaken: readonly NotTaken[] } => {
  const { maxLines } = merge.policy
  const lines = [...before.lines]
  const later = new Map(before.later.map((line) => [line.lineId, line]))
  const changed = new Map<string, CartLine>()
  const saved: CartLine[] = []
  const notTaken: NotTaken[] = []
  const miss = ({ productId, sku }: CartLine, quantity: number, savedForLater: boolean): void => {
    notTaken.push({ productId, sku, quantity, savedForLater })
  }
  const save = (line: CartLine): boolean => {
    if (later.size >= maxLines || later.has(line.lineId)) return false
    later.set(line.lineId, line)
    saved.push(line)
    return true
  }
  for (const { line, limits } of merge.lines) {
    const at = lines.findIndex((each) => isSameItem(each, line))
    const held = lines[at]
    const most = mostOf(lines, line, limits)
    if (held === undefined && (most < 1 || lines.length >= maxLines)) {
      miss(line, line.quantity, save(line))
      continue
    }
    const quantity = Math.max(held?.quantity ?? 0, Math.min((held?.quantity ?? 0) + line.quantity, most))
    const missing = (held?.quantity ?? 0) + line.quantity - quantity
    if (missing > 0) miss(line, missing, false)
    if (quantity === held?.quantity) continue
    const taken = { ...(held ?? line), quantity }
    if (held === undefined) lines.push(taken)
    else lines[at] = taken
    changed.set(taken.lineId, taken)
  }
  for (const line of merge.later) if (!save(line)) miss(line, line.quantity, false)
  return { lines: [...changed.values()], later: saved, notTaken }
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
