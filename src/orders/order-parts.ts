import { err, ok, type Result } from 'neverthrow'
import { type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Stored } from '../shared/read-plan.js'
import { orders } from './order.collection.schema.js'
import type { Order } from './order.js'
import type { OrderCommand } from './order-command.js'
import { orderRow } from './order-end.js'
import type { OrderError } from './order-error.js'
import type { OrderEvent } from './order-event.js'
import { appendHistory } from './order-history.schema.js'
import { orderMachine } from './order-machine.js'
import type { OrderRow } from './order-row.js'

type Part = { readonly stored: Stored<OrderRow>; state: Order; readonly events: OrderEvent[] }

/** The orders that a checkout was divided into, moving with what paid for them all. */
export type OrderParts = readonly Part[]

/** Takes the orders of a checkout into a decision. */
export const openParts = (found: readonly Stored<OrderRow>[]): OrderParts =>
  found.map((stored) => ({ stored, state: stored.state, events: [] }))

/**
 * Puts a command to those of the orders that it is for.
 *
 * @errors OrderError of the first that refuses
 */
export const moveParts = (
  parts: OrderParts,
  isFor: (order: Order) => boolean,
  command: OrderCommand,
): Result<void, OrderError> => {
  for (const part of parts) {
    if (!isFor(part.state)) continue
    const moved = decideNext(orderMachine, part.state, command)
    if (moved.isErr()) return err(moved.error)
    if (moved.value.state.status === 'absent') continue
    part.state = moved.value.state
    part.events.push(...moved.value.events)
  }
  return ok(undefined)
}

/** Writes the orders that have moved. */
export const writeParts = (parts: OrderParts): readonly Change[] =>
  parts.flatMap(({ stored: { id, version, state: before }, state, events }) =>
    events.length === 0
      ? []
      : [
          put(orders, { id, version, state: orderRow(state, before.details), events }),
          ...appendHistory(state, version, events),
        ],
  )
