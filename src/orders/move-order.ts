import { err, ok, type Result } from 'neverthrow'
import { type Change, put } from '../shared/commit.js'
import { decideNext } from '../shared/decider.js'
import type { Stored } from '../shared/read-plan.js'
import type { OrderCommand, OrderError, OrderEvent } from './order.js'
import { orders } from './order.collection.schema.js'
import { orderMachine, type OrderState } from './order-machine.js'
import type { OrderDetails, OrderRow } from './order-row.js'

/** Where an order stands after a decision, and how that is written. */
export type MovedOrder = {
  readonly row: OrderRow
  readonly events: readonly OrderEvent[]
  /** Nothing where nothing happened. */
  readonly changes: readonly Change[]
}

/**
 * Puts commands to an order one after another and writes where it ends.
 *
 * @errors OrderError of the first that is refused
 */
export const moveOrder = (
  stored: Stored<OrderRow>,
  commands: readonly OrderCommand[],
): Result<MovedOrder, OrderError> => moveState(stored.id, stored.version, stored.state, stored.state.details, commands)

/**
 * Places an order and writes it with what never changes.
 *
 * @errors OrderError
 */
export const createOrder = (
  orderId: string,
  details: OrderDetails,
  commands: readonly OrderCommand[],
): Result<MovedOrder, OrderError> => moveState(orderId, 0, orderMachine.initial, details, commands)

const moveState = (
  id: string,
  version: number,
  before: OrderState,
  details: OrderDetails,
  commands: readonly OrderCommand[],
): Result<MovedOrder, OrderError> =>
  commands
    .reduce<Result<{ readonly state: OrderState; readonly events: readonly OrderEvent[] }, OrderError>>(
      (sofar, command) =>
        sofar.andThen(({ state, events }) =>
          decideNext(orderMachine, state, command).map((next) => ({
            state: next.state,
            events: [...events, ...next.events],
          })),
        ),
      ok({ state: before, events: [] }),
    )
    .andThen(({ state, events }) => {
      if (state.status === 'absent') return err({ type: 'OrderStateForbids', status: 'absent', command: 'Place' } as const)
      const row: OrderRow = { ...state, details }
      return ok({ row, events, changes: events.length === 0 ? [] : [put(orders, { id, version, state: row, events })] })
    })
