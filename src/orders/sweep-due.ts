import type { ResultAsync } from 'neverthrow'
import type { Collection } from '../shared/collection.js'
import type { StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import type { Condition } from '../shared/read-plan.js'
import { type MoveRow, type SweepReport, sweepEach } from '../shared/sweep-each.js'

export type { SweepReport }

/** How much one turn of a sweep takes on. */
export type SweepOptions = { readonly limit: number }

/**
 * Moves the rows of a collection that are due now, the longest due first. One that cannot be moved, or read, is told of
 * and stops none of the rest.
 *
 * @param due - `field` holds the moment from which a row is due
 * @errors StorageError when the due rows cannot be found
 */
export const sweepDue = <State>(
  ports: CorePorts,
  collection: Collection<State>,
  due: SweepOptions & { readonly field: string; readonly where?: readonly Condition[] },
  move: MoveRow,
): ResultAsync<SweepReport, StorageError> => sweepEach(ports, { collection, until: ports.clock.now(), ...due }, move)
