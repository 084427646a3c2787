import { type OutOfStock, stockId } from './stock.js'

/** What an order wants of the stock. */
export type WantedLine = { readonly lineId: string; readonly sku: string; readonly quantity: number }

/** Pieces of an order line that one warehouse gives. */
export type AllocatedLine = WantedLine & { readonly warehouse: string }

/** Free pieces by `stockId`; a missing counter is none. */
export type FreeStock = ReadonlyMap<string, number>

/**
 * Says which warehouse gives which pieces, in as few parcels as it can: one warehouse that has all of the order, the
 * first in order of preference; else line by line one that has all of the line, those that send something already
 * first; else the line is split, from the fullest on.
 *
 * @param warehouses - in order of preference
 * @param lines - together no more of a SKU than is free (`findMissing`); what is not free is left out
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
  const leftOf = (sku: string, warehouse: string): number => Math.max(0, left.get(stockId(sku, warehouse)) ?? 0)
  return lines.flatMap((line) => {
    const inOrder = [
      ...warehouses.filter((warehouse) => sending.has(warehouse)),
      ...warehouses.filter((warehouse) => !sending.has(warehouse)),
    ]
    const one = inOrder.find((warehouse) => leftOf(line.sku, warehouse) >= line.quantity)
    const givers =
      one === undefined
        ? [...inOrder].sort((first, second) => leftOf(line.sku, second) - leftOf(line.sku, first))
        : [one]
    let rest = line.quantity
    return givers.flatMap((warehouse) => {
      const quantity = Math.min(rest, leftOf(line.sku, warehouse))
      if (quantity === 0) return []
      rest -= quantity
      left.set(stockId(line.sku, warehouse), leftOf(line.sku, warehouse) - quantity)
      sending.add(warehouse)
      return [{ ...line, quantity, warehouse }]
    })
  })
}

/** The lines that cannot be had: of each SKU, all its lines together must be free, over all warehouses. */
export const findMissing = (
  free: FreeStock,
  warehouses: readonly string[],
  lines: readonly WantedLine[],
): OutOfStock['lines'] => {
  const wanted = sumBySku(lines)
  return lines.flatMap(({ lineId, sku, quantity }) => {
    const available = freePieces(free, warehouses, sku)
    return (wanted.get(sku) ?? 0) > available ? [{ lineId, sku, wanted: quantity, available }] : []
  })
}

/** Free pieces of a SKU over all warehouses. */
export const freePieces = (free: FreeStock, warehouses: readonly string[], sku: string): number =>
  warehouses.reduce((sum, warehouse) => sum + Math.max(0, free.get(stockId(sku, warehouse)) ?? 0), 0)

const sumBySku = (lines: readonly WantedLine[]): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>()
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity)
  return sums
}
