import type { ResultAsync } from 'neverthrow'
import type { Order } from '../../src/orders/order.js'
import type { OrderRow } from '../../src/orders/order-row.js'
import type { CommandContext } from '../../src/shared/run-command.js'
import { losing } from '../support/losing-storage.js'
import type { booksOf } from './books-of.js'
import type { createBillOf } from './history-bill.js'
import type { FatedStep } from './history-steps.js'
import { by, type TestShop } from './open-shop.js'

export type Books = Awaited<ReturnType<typeof booksOf>>
export type Answer = ResultAsync<unknown, { readonly type: string }>

/** A shop in which much happens: who buys there, and by how much its own clock is off. */
export type History = {
  readonly shop: TestShop
  /** The same shop on another machine: over the same storage, sharing nothing else that it remembers. */
  readonly other: TestShop
  readonly buyers: readonly string[]
  /** Sets the shop's own clock forward or back. */
  readonly jump: (ms: number) => void
  /** What everybody else's clock says. */
  readonly worldNow: () => number
  readonly openedAt: number
  /** What the gateway will bill. */
  readonly bill: ReturnType<typeof createBillOf>
  /** What the gateway has told and the shop has not acknowledged. */
  untold: readonly Uint8Array[]
  /** The last command, and what it was answered. */
  last: { readonly send: () => Answer; readonly answer: unknown } | undefined
}

/** What a step happens to: a shop on one of its machines, and what its books say at that moment. */
export type Scene = {
  readonly history: History
  readonly books: Books
  readonly shop: TestShop
  /** The same shop by a connection that may be lost. */
  readonly under: TestShop
  /** Sends a command by that; it may be refused, and may be sent again. */
  readonly send: (command: (world: TestShop) => Answer) => Promise<void>
  /** An order, mostly one that the step is meant for, now and then any. */
  readonly order: (at: number, ...fitting: readonly Order['status'][]) => OrderRow | undefined
}

export const pickFrom = <Row>(rows: readonly Row[], at: number): Row | undefined => rows[at % Math.max(rows.length, 1)]
export const buyerOf = (state: { readonly accountId: string }): CommandContext => by(state.accountId)
export const lineOf = (state: OrderRow, at: number): string => pickFrom(state.lines, at)?.lineId ?? ''

/** Sets the scene for a step, on a machine. */
export const setScene = (
  history: History,
  books: Books,
  { fates }: Pick<FatedStep, 'fates'>,
  shop: TestShop,
): Scene => {
  const under = { ...shop, storage: losing(shop.storage, fates) }
  return {
    ...{ history, books, shop, under },
    send: async (command) => {
      const answered = await command(under)
      // Sent again, it goes by a connection that holds.
      history.last = { send: () => command(shop), answer: answered.isOk() ? answered.value : undefined }
    },
    order: (at, ...fitting) => {
      const fit = at % 10 === 0 ? ([] as const) : books.orders.filter(({ state }) => fitting.includes(state.status))
      return pickFrom(fit.length === 0 ? books.orders : fit, at)?.state
    },
  }
}
