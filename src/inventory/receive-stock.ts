import { err, ok, type ResultAsync } from 'neverthrow'
import { actorName } from '../shared/actor.js'
import { adjust, type Change, prepareCommit } from '../shared/commit.js'
import type { StorageUnavailable } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { counters } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { moveLine } from './move-stock.js'
import type { InventoryPorts } from './ports.js'
import { parseReceiveStock } from './receive-stock.schema.js'
import { defaultWarehouse, type StockTooLow, stockCounters, stockId, type WarehouseUnknown } from './stock.js'
import type { ReceiveStockInput } from './stock-inputs.js'

/** How many pieces are free after a receipt. */
export type ReceivedStock = {
  readonly reference: string
  readonly lines: readonly { readonly sku: string; readonly warehouse: string; readonly quantity: number }[]
}

/**
 * Takes pieces into stock, or corrects it downwards after a count; all lines or none.
 *
 * @errors WarehouseUnknown where pieces are to come in that is none of the shop's; StockTooLow when a correction takes more
 * than is free, CommandError
 */
export const receiveStock = (
  ports: InventoryPorts,
  context: CommandContext,
  input: ReceiveStockInput,
): ResultAsync<ReceivedStock, StockTooLow | WarehouseUnknown | CommandError> =>
  runCommand(ports, context, input, {
    action: 'inventory.receive',
    parse: parseReceiveStock,
    plan: ({ input }) => ({
      free: counters(
        stockCounters,
        linesOf(ports, input).map((line) => stockId(line.sku, line.warehouse)),
      ),
    }),
    decide: ({ free }, { input, actor, now }) => {
      const lines = linesOf(ports, input)
      const stray = lines.find((line) => isStray(ports, line))
      if (stray !== undefined) {
        return err<never, StockTooLow | WarehouseUnknown>({ type: 'WarehouseUnknown', warehouse: stray.warehouse })
      }
      const after = new Map(free)
      for (const line of lines) {
        const id = stockId(line.sku, line.warehouse)
        const level = (after.get(id) ?? 0) + line.quantity
        if (level < 0) {
          const available = after.get(id) ?? 0
          return err<never, StockTooLow | WarehouseUnknown>({
            type: 'StockTooLow',
            sku: line.sku,
            warehouse: line.warehouse,
            available,
          })
        }
        after.set(id, level)
      }
      return ok({
        changes: lines.flatMap((line, index) =>
          receiveLine(line, { reference: input.reference, id: `${actorName(actor)}:${context.key}:${index}`, at: now }),
        ),
        answer: { reference: input.reference, lines },
      })
    },
  })

/** What one row of a bulk receipt came to. */
export type BulkReceipt = {
  readonly received: number
  /** Rows that were received before, under the same reference. */
  readonly repeated: number
  readonly failed: readonly { readonly index: number; readonly sku: string; readonly reason: string }[]
}

/**
 * Takes many lines into stock, each on its own: one that fails stops no other, and one that stands already under the
 * reference is not taken in twice.
 *
 * @errors StorageUnavailable
 */
export const receiveStockRows = (
  ports: InventoryPorts,
  receipt: {
    readonly reference: string
    /** At most as many as one transaction of the storage shall hold; some hundreds do well. */
    readonly rows: ReceiveStockInput['lines']
  },
): ResultAsync<BulkReceipt, StorageUnavailable> => {
  const at = ports.clock.now()
  const failed: { index: number; sku: string; reason: string }[] = []
  const prepared = receipt.rows.flatMap((row, index) => {
    const warehouse = row.warehouse ?? firstOf(ports)
    if (isStray(ports, { ...row, warehouse })) {
      failed.push({ index, sku: row.sku, reason: 'WarehouseUnknown' })
      return []
    }
    const id = `${receipt.reference}:${row.sku}@${warehouse}`
    const changes = receiveLine({ ...row, warehouse }, { reference: receipt.reference, id, at })
    return prepareCommit({ shop: ports.shop, at, changes }).match(
      (commit) => [{ index, sku: row.sku, commit }],
      (error) => {
        failed.push({ index, sku: row.sku, reason: error.type === 'MalformedCommit' ? error.reason : error.type })
        return []
      },
    )
  })
  return ports.storage.commitEach(prepared.map(({ commit }) => commit)).map((answers) => {
    let received = 0
    let repeated = 0
    for (const [place, answer] of answers.entries()) {
      const row = prepared[place]
      if (row === undefined) continue
      if (answer.isOk()) received += 1
      else if (answer.error.type === 'AlreadyClaimed') repeated += 1
      else failed.push({ index: row.index, sku: row.sku, reason: answer.error.type })
    }
    return { received, repeated, failed }
  })
}

const firstOf = ({ warehouses }: InventoryPorts): string => warehouses?.[0] ?? defaultWarehouse

// What lies in a warehouse that was given up may still be taken out of it.
const isStray = ({ warehouses = [defaultWarehouse] }: InventoryPorts, line: ReceivedStock['lines'][number]): boolean =>
  line.quantity >= 0 && !warehouses.includes(line.warehouse)

const linesOf = (ports: InventoryPorts, input: ReceiveStockInput): ReceivedStock['lines'] =>
  input.lines.map((line) => ({
    sku: line.sku,
    warehouse: line.warehouse ?? firstOf(ports),
    quantity: line.quantity,
  }))

const receiveLine = (
  line: ReceivedStock['lines'][number],
  receipt: { readonly reference: string; readonly id: string; readonly at: Instant },
): readonly Change[] => {
  // A counter that stands at nothing tells a SKU that is sold out from one that the shop never had.
  if (line.quantity === 0) return [adjust(stockCounters, { id: stockId(line.sku, line.warehouse), by: 0 })]
  return line.quantity < 0
    ? moveLine(line, -line.quantity, { from: 'available', to: 'outside', reason: 'corrected', ...receipt })
    : moveLine(line, line.quantity, { from: 'outside', to: 'available', reason: 'received', ...receipt })
}
