import { okAsync, type ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import { type Json, valuesAt } from '../shared/json.js'
import type { CorePorts } from '../shared/ports.js'
import type { Condition } from '../shared/read-plan.js'
import { type Ahead, type MoveRow, type SweepReport, sweepEach } from '../shared/sweep-each.js'
import type { AskingPorts } from './spare-gateways.js'

export type { SweepReport }

/** How much one turn of a sweep takes on. */
export type SweepOptions = { readonly limit: number }

/**
 * Moves the rows of a collection that are due now, the longest due first. One that cannot be moved, or read, is told of
 * and stops none of the rest. One that would ask a gateway that answers nothing in this turn is left as it is.
 *
 * @param due - `field` holds the moment from which a row is due; where that is the moment of a next try, `ahead` says so
 * @errors StorageError when the due rows cannot be found
 */
export const sweepDue = <State>(
  ports: CorePorts & Partial<Pick<AskingPorts, 'isSilent'>>,
  collection: Collection<State>,
  due: SweepOptions & { readonly field: string; readonly where?: readonly Condition[]; readonly ahead?: Ahead },
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection, until: ports.clock.now(), ...due }, (id, stored) =>
    gatewaysOf(stored).some((gatewayId) => ports.isSilent?.(gatewayId)) ? okAsync(false) : move(id, stored),
  )

// Where a payment, a refund, a dispute or a payout names the gateway that would be asked.
const gatewaysOf = (stored: Json): readonly string[] =>
  ['gatewayId', 'split.gatewayId'].flatMap((path) => valuesAt(stored, path)).filter((each) => typeof each === 'string')
