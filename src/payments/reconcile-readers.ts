import { err, ok, type Result } from 'neverthrow'
import type { AmountOverflow } from '../shared/money.js'
import { type AddedRows, addBillRows } from './add-bill-rows.js'
import type { GatewayBillRow } from './gateway-bill.js'
import { compareRows, type LedgerRow } from './reconcile-row.js'

/** A reference comes after one that it should stand before. */
export type RowsNotSorted = {
  readonly type: 'RowsNotSorted'
  readonly side: 'ledger' | 'bill'
  readonly reference: string
}

type Rows<Row> = Iterable<Row> | AsyncIterable<Row>
type Read<Row> = Result<Row | undefined, RowsNotSorted | AmountOverflow>
type Keyed = Pick<LedgerRow, 'kind' | 'reference'>

/** One side: `ready` answers where there is nothing to wait for, and undefined where there is; nothing more is `ok(undefined)`. */
type Reader<Row> = {
  readonly ready: () => Read<Row> | undefined
  readonly next: () => Promise<Read<Row>>
  readonly close: () => Promise<void>
}

/** Reads the ledger row by row, each reference once; what comes twice is told as it comes. */
export const readLedger = (rows: Rows<LedgerRow>, tellDuplicate: (row: LedgerRow) => void): Reader<LedgerRow> =>
  createReader(rows, 'ledger', (row, isAgain) => {
    if (row === undefined) return ok(undefined)
    if (!isAgain) return ok(row)
    tellDuplicate(row)
    return 'more'
  })

/** Reads a bill, the rows of each reference added up. */
export const readBill = (rows: Rows<GatewayBillRow>): Reader<AddedRows> => {
  let first: GatewayBillRow | undefined
  let more: GatewayBillRow[] = []
  return createReader<GatewayBillRow, AddedRows>(rows, 'bill', (row, isAgain) => {
    if (row !== undefined && isAgain) {
      more.push(row)
      return 'more'
    }
    const whole = first === undefined ? undefined : addBillRows(first, more)
    first = row
    if (more.length > 0) more = []
    return whole ?? (row === undefined ? ok(undefined) : 'more')
  })
}

/**
 * Reads rows one by one and checks their order.
 *
 * @param take - given each row, and undefined at the end: what is read by it, or that it takes more rows to say
 */
const createReader = <Row extends Keyed, Whole>(
  rows: Rows<Row>,
  side: RowsNotSorted['side'],
  take: (row: Row | undefined, isAgain: boolean) => Read<Whole> | 'more',
): Reader<Whole> => {
  const iterator = Symbol.iterator in rows ? rows[Symbol.iterator]() : undefined
  const awaited = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : undefined
  let last: Row | undefined
  const read = (step: IteratorResult<Row>): Read<Whole> | 'more' => {
    if (step.done === true) return take(undefined, false)
    const row = step.value
    const order = last === undefined ? -1 : compareRows(last, row)
    if (order > 0) return err({ type: 'RowsNotSorted', side, reference: row.reference })
    last = row
    return take(row, order === 0)
  }
  return {
    ready: () => {
      if (iterator === undefined) return undefined
      for (;;) {
        const whole = read(iterator.next())
        if (whole !== 'more') return whole
      }
    },
    next: async () => {
      for (;;) {
        if (awaited === undefined) return ok(undefined)
        const whole = read(await awaited.next())
        if (whole !== 'more') return whole
      }
    },
    close: async () => {
      iterator?.return?.()
      await awaited?.return?.()
    },
  }
}
