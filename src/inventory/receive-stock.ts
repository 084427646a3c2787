import { err, ok, okAsync, type ResultAsync } from 'neverthrow'
import { actorName } from '../shared/actor.js'
import type { StoredDataInvalid } from '../shared/collection.js'
import { adjust, type Change, prepareCommit } from '../shared/commit.js'
import type { StorageUnavailable } from '../shared/errors.js'
import type { Instant } from '../shared/instant.js'
import { readFacts } from '../shared/read-facts.js'
import { counters, entries } from '../shared/read-plan.js'
import { type CommandContext, type CommandError, runCommand } from '../shared/run-command.js'
import { stockMovements } from './inventory.schema.js'
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

/** What the rows of a bulk receipt came to. */
export type BulkReceipt = {
  readonly received: number
  /** Rows that were received before, under the same reference. */
  readonly repeated: number
  /** `QuantityDiffers` where another quantity was received before under the same reference. */
  readonly failed: readonly { readonly index: number; readonly sku: string; readonly reason: string }[]
}

/**
 * Takes many rows into stock: those of one SKU and warehouse together, each such line on its own. One that fails stops no
 * other, and one that stands already under the reference is not taken in twice.
 *
 * @errors StorageUnavailable, StoredDataInvalid
 */
export const receiveStockRows = (
  ports: InventoryPorts,
  receipt: {
    readonly reference: string
    /** At most as many as one transaction of the storage shall hold; some hundreds do well. */
    readonly rows: ReceiveStockInput['lines']
  },
): ResultAsync<BulkReceipt, StorageUnavailable | StoredDataInvalid> => {
  const at = ports.clock.now()
  const { reference } = receipt
  const failed: BulkReceipt['failed'][number][] = []
  const fail = ({ sku, indexes }: BulkLine, reason: string) => {
    failed.push(...indexes.map((index) => ({ index, sku, reason })))
  }
  // Added up, half pieces could come to whole ones.
  for (const [index, { sku, quantity }] of receipt.rows.entries()) {
    if (!Number.isSafeInteger(quantity)) failed.push({ index, sku, reason: 'AmountNotSafe' })
  }
  const prepared = bulkLines(ports, receipt.rows).flatMap((line) => {
    if (isStray(ports, line)) {
      fail(line, 'WarehouseUnknown')
      return []
    }
    const id = bulkId(reference, line)
    return prepareCommit({ shop: ports.shop, at, changes: receiveLine(line, { reference, id, at }) }).match(
      (commit) => [{ line, commit }],
      (error) => {
        fail(line, error.type === 'MalformedCommit' ? error.reason : error.type)
        return []
      },
    )
  })
  return ports.storage.commitEach(prepared.map(({ commit }) => commit)).andThen((answers) => {
    let received = 0
    const stood: BulkLine[] = []
    for (const [place, answer] of answers.entries()) {
      const line = prepared[place]?.line
      if (line === undefined) continue
      if (answer.isOk()) received += line.indexes.length
      else if (answer.error.type === 'AlreadyClaimed') stood.push(line)
      else fail(line, answer.error.type)
    }
    return receivedBefore(ports, { reference, at }, stood).map((before) => {
      let repeated = 0
      for (const line of stood) {
        if (before.get(bulkId(reference, line)) === line.quantity) repeated += line.indexes.length
        else fail(line, 'QuantityDiffers')
      }
      return { received, repeated, failed: failed.sort((one, other) => one.index - other.index) }
    })
  })
}

/** What rows of one SKU and warehouse come to, of whole pieces, and which rows they are. */
type BulkLine = ReceivedStock['lines'][number] & { readonly indexes: readonly number[] }

const bulkLines = (ports: InventoryPorts, rows: ReceiveStockInput['lines']): readonly BulkLine[] => {
  const lines = new Map<string, BulkLine>()
  for (const [index, { sku, warehouse = firstOf(ports), quantity }] of rows.entries()) {
    if (!Number.isSafeInteger(quantity)) continue
    const id = stockId(sku, warehouse)
    const before = lines.get(id) ?? { sku, warehouse, quantity: 0, indexes: [] }
    lines.set(id, { ...before, quantity: before.quantity + quantity, indexes: [...before.indexes, index] })
  }
  return [...lines.values()]
}

const bulkId = (reference: string, { sku, warehouse }: BulkLine): string => `${reference}:${sku}@${warehouse}`

/** What stands of lines under a reference, by the id of the movement; below zero what was taken out. */
const receivedBefore = (
  ports: InventoryPorts,
  { reference, at }: { readonly reference: string; readonly at: Instant },
  lines: readonly BulkLine[],
): ResultAsync<ReadonlyMap<string, number>, StorageUnavailable | StoredDataInvalid> => {
  if (lines.length === 0) return okAsync(new Map())
  const moved = entries(stockMovements, {
    where: [
      { field: 'reference', is: 'eq', value: reference },
      { field: 'sku', is: 'in', values: [...new Set(lines.map(({ sku }) => sku))] },
    ],
    // What else stands under the reference: of other warehouses, or received by hand.
    limit: lines.length + 10_000,
  })
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan: { moved } }).map(
    (found) =>
      new Map(found.moved.map(({ id, body }) => [id, body.to === 'outside' ? 0 - body.quantity : body.quantity])),
  )
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
