import { partsOf, piecesOf, type StockItem } from '../catalog/stock-source.js'
import { type OutOfStock, stockId } from './stock.js'

/** What an order wants of the stock. */
export type WantedLine = StockItem & { readonly lineId: string; readonly quantity: number }

/** Pieces of an order line that one warehouse gives. */
export type AllocatedLine = WantedLine & { readonly warehouse: string }

/** Free pieces by `stockId`; a missing counter is none. */
export type FreeStock = ReadonlyMap<string, number>

/**
 * Says which warehouse gives which pieces, in as few parcels as it can: one warehouse that has all of the order, the
 * first in order of preference; else line by line one that has all of the line, those that send something already
 * first; else the line is split, from the fullest on. A piece of a kit comes from one warehouse, whole; kits are served
 * before what may lie anywhere, those first of which the fewest can be made.
 *
 * @param warehouses - in order of preference
 * @param lines - what is not free is left out (`findMissing`)
 */
export const allocateLines = (
  free: FreeStock,
  warehouses: readonly string[],
  lines: readonly WantedLine[],
): readonly AllocatedLine[] => {
  const wanted = sumBySku(lines)
  const whole = warehouses.find((warehouse) =>
    [...wanted].every(([sku, quantity]) => (free.get(stockId(sku, warehouse)) ?? 0) >= quantity),
  )
  if (whole !== undefined) return lines.map((line) => ({ ...line, warehouse: whole }))
  const left = new Map(free)
  const sending = new Set<string>()
  const leftOf = (line: WantedLine, warehouse: string): number => piecesIn(left, warehouse, line)
  return inTurn(free, warehouses, lines).flatMap((line) => {
    const inOrder = [
      ...warehouses.filter((warehouse) => sending.has(warehouse)),
      ...warehouses.filter((warehouse) => !sending.has(warehouse)),
    ]
    const one = inOrder.find((warehouse) => leftOf(line, warehouse) >= line.quantity)
    const givers =
      one === undefined ? [...inOrder].sort((first, second) => leftOf(line, second) - leftOf(line, first)) : [one]
    let rest = line.quantity
    return givers.flatMap((warehouse) => {
      const quantity = Math.min(rest, leftOf(line, warehouse))
      if (quantity === 0) return []
      rest -= quantity
      for (const part of partsOf(line)) {
        const id = stockId(part.sku, warehouse)
        left.set(id, (left.get(id) ?? 0) - quantity * part.quantity)
      }
      sending.add(warehouse)
      return [{ ...line, quantity, warehouse }]
    })
  })
}

// Sorting is stable: without kits the lines keep their order.
const inTurn = (
  free: FreeStock,
  warehouses: readonly string[],
  lines: readonly WantedLine[],
): readonly WantedLine[] => {
  const scarcity = ({ parts, ...line }: WantedLine): number =>
    parts === undefined ? Number.MAX_SAFE_INTEGER : freePieces(free, warehouses, { ...line, parts })
  return [...lines].sort((first, second) => scarcity(first) - scarcity(second))
}

/**
 * The lines that cannot be had: of each SKU, all its lines and all kits with it together must be free, over all
 * warehouses, and every kit be found whole in one.
 */
export const findMissing = (
  free: FreeStock,
  warehouses: readonly string[],
  lines: readonly WantedLine[],
): OutOfStock['lines'] => {
  const wanted = sumBySku(lines)
  const short = new Set(
    [...wanted].flatMap(([sku, quantity]) => (quantity > freePieces(free, warehouses, { sku }) ? [sku] : [])),
  )
  const told = (line: WantedLine): OutOfStock['lines'][number] => {
    const { lineId, sku, quantity } = line
    return { lineId, sku, wanted: quantity, available: freePieces(free, warehouses, line) }
  }
  const missing = lines.filter((line) => partsOf(line).some(({ sku }) => short.has(sku)))
  if (missing.length > 0 || lines.every(({ parts }) => parts === undefined)) return missing.map(told)
  const given = allocateLines(free, warehouses, lines)
  const givenTo = ({ lineId }: WantedLine): number =>
    given.reduce((sum, each) => (each.lineId === lineId ? sum + each.quantity : sum), 0)
  return lines.filter((line) => givenTo(line) < line.quantity).map(told)
}

/** Free pieces of an item over all warehouses. */
export const freePieces = (free: FreeStock, warehouses: readonly string[], item: StockItem): number =>
  warehouses.reduce((sum, warehouse) => sum + piecesIn(free, warehouse, item), 0)

const piecesIn = (free: FreeStock, warehouse: string, item: StockItem): number =>
  piecesOf(item, (sku) => Math.max(0, free.get(stockId(sku, warehouse)) ?? 0))

/** Pieces wanted of each SKU that stock is kept under. */
const sumBySku = (lines: readonly WantedLine[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const line of lines) {
    for (const { sku, quantity } of partsOf(line)) sums.set(sku, (sums.get(sku) ?? 0) + line.quantity * quantity)
  }
  return sums
}
