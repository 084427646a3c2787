import { ok, type ResultAsync } from 'neverthrow'
import { counters } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { InventoryPorts } from './ports.js'
import { type CountedPlace, defaultWarehouse, placeCounters, placeId, stockCounters, stockId } from './stock.js'
import type { StockLevelsInput } from './stock-inputs.js'
import { parseStockLevels } from './stock-levels.schema.js'

/** How many pieces stand in each place, and how many of them are in the building. */
export type PlaceCounts = Readonly<Record<CountedPlace | 'available' | 'onHand', number>>

/** The pieces of a SKU by place, over all warehouses and in each. */
export type SkuLevels = PlaceCounts & {
  readonly sku: string
  /** Those that it ever stood in, in the shop's order; none where the shop never had it, and of a kit. */
  readonly warehouses: readonly (PlaceCounts & { readonly warehouse: string })[]
}

/** The levels of each SKU, in the order asked. */
export type StockLevelsAnswer = { readonly levels: readonly SkuLevels[] }

/**
 * Says how many pieces of each SKU stand in each place; each level is the sum of its movements.
 *
 * @errors QueryError
 */
export const stockLevels = (
  ports: InventoryPorts,
  context: QueryContext,
  input: StockLevelsInput,
): ResultAsync<StockLevelsAnswer, QueryError> =>
  runQuery(ports, context, input, {
    action: 'inventory.levels',
    parse: parseStockLevels,
    plan: ({ input }) => {
      const stands = input.skus.flatMap((sku) => warehousesOf(ports, input).map((warehouse) => ({ sku, warehouse })))
      return {
        free: counters(
          stockCounters,
          stands.map(({ sku, warehouse }) => stockId(sku, warehouse)),
        ),
        placed: counters(
          placeCounters,
          stands.flatMap(({ sku, warehouse }) => countedPlaces.map((place) => placeId(sku, warehouse, place))),
        ),
      }
    },
    answer: ({ free, placed }, { input }) =>
      ok({
        levels: input.skus.map((sku) => {
          const warehouses = warehousesOf(ports, input).flatMap((warehouse) => {
            const counted = (place: CountedPlace | 'available') =>
              place === 'available' ? free.get(stockId(sku, warehouse)) : placed.get(placeId(sku, warehouse, place))
            const isKnown = [...countedPlaces, 'available' as const].some((place) => counted(place) !== undefined)
            return isKnown ? [{ warehouse, ...countPlaces((place) => counted(place) ?? 0) }] : []
          })
          return {
            sku,
            ...countPlaces((place) => warehouses.reduce((total, each) => total + each[place], 0)),
            warehouses,
          }
        }),
      }),
  })

const countedPlaces: readonly CountedPlace[] = ['reserved', 'allocated', 'shipped', 'quarantined', 'scrapped']

const countPlaces = (of: (place: CountedPlace | 'available') => number): PlaceCounts => ({
  onHand: of('available') + of('reserved') + of('allocated') + of('quarantined'),
  available: of('available'),
  reserved: of('reserved'),
  allocated: of('allocated'),
  shipped: of('shipped'),
  quarantined: of('quarantined'),
  scrapped: of('scrapped'),
})

const warehousesOf = ({ warehouses = [defaultWarehouse] }: InventoryPorts, { warehouse }: StockLevelsInput) =>
  warehouse === undefined ? warehouses : [warehouse]
