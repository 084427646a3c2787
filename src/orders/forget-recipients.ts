import { ok, type ResultAsync } from 'neverthrow'
import { put } from '../shared/commit.js'
import { decideAndCommit, type StorageError } from '../shared/decide-and-commit.js'
import type { CorePorts } from '../shared/ports.js'
import { row } from '../shared/read-plan.js'
import { type SweepReport, sweepEach } from '../shared/sweep-each.js'
import { orders } from './order.collection.schema.js'
import type { OrderDetails } from './order-row.js'

/**
 * Takes out of orders who got them, who was to get them before and where the buyer was told of them, once the three years from their end are over; what was
 * bought and what it cost stays. One bad row stops no other.
 *
 * @errors StorageError when what is due cannot be found
 */
export const forgetRecipients = (
  ports: CorePorts,
  { limit }: { readonly limit: number },
): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: orders, field: 'forgetAt', until: ports.clock.now(), limit }, (id) =>
    decideAndCommit(ports, {
      scope: { kind: 'all' },
      plan: () => ({ order: row(orders, id) }),
      decide: ({ order }, { now }) => {
        const { forgetAt } = order?.state.details ?? {}
        if (order === undefined || forgetAt === undefined || now < forgetAt) return ok({ changes: [], answer: false })
        const state = { ...order.state, details: withoutRecipients(order.state.details) }
        return ok({ changes: [put(orders, { id, version: order.version, state })], answer: true })
      },
    }),
  )

const withoutRecipients = ({
  forgetAt: _,
  contact: __,
  earlier,
  proposed,
  ...details
}: OrderDetails): OrderDetails => ({
  ...details,
  recipient: null,
  ...(earlier === undefined ? {} : { earlier: earlier.map(withoutRecipient) }),
  ...(proposed === undefined ? {} : { proposed: withoutRecipient(proposed) }),
})

const withoutRecipient = <Part extends { readonly recipient?: unknown }>({
  recipient: _,
  ...rest
}: Part): Omit<Part, 'recipient'> => rest
