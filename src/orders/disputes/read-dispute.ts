import { err, errAsync, ok, type Result, type ResultAsync } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import type { DisputeCase, Outcome } from '../../payments/ports.js'
import type { NotFound } from '../../shared/errors.js'
import { row } from '../../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../../shared/run-query.js'
import { type GatewayUnknown, gatewayOf } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import type { ReadDisputeInput } from './read-dispute.schema.js'
import { parseReadDispute } from './read-dispute.schema.js'

/** The gateway shows what is said in a dispute on its own pages only. */
export type DisputeNotShown = { readonly type: 'DisputeNotShown'; readonly gatewayId: string }

/** The gateway gives no answer now; nothing was changed. */
export type GatewayNotAnswering = { readonly type: 'GatewayNotAnswering'; readonly gatewayId: string }

/** What is said in a dispute, and how its payer is reached. */
export type ReadDispute = DisputeCase & { readonly disputeId: string }

/** Why a dispute is not read. */
export type ReadDisputeError = NotFound | GatewayUnknown | DisputeNotShown | GatewayNotAnswering

/**
 * Asks the gateway what is said in a dispute or complaint, and how its payer is reached. The answer is kept nowhere; that
 * staff have seen it stands in the audit log.
 *
 * @errors NotFound; DisputeNotShown, GatewayNotAnswering, GatewayUnknown; QueryError
 */
export const readDispute = (
  ports: MoneyPorts,
  context: QueryContext,
  input: ReadDisputeInput,
): ResultAsync<ReadDispute, ReadDisputeError | QueryError> =>
  runQuery(ports, context, input, {
    action: 'orders.readDispute',
    parse: parseReadDispute,
    plan: ({ input: { disputeId } }) => ({ dispute: row(disputes, disputeId) }),
    about: ({ input: { disputeId } }) => disputeId,
    answer: ({ dispute }, { now: at, input: { disputeId } }): ResultAsync<ReadDispute, ReadDisputeError> => {
      if (dispute === undefined) return errAsync({ type: 'NotFound', entity: 'dispute', id: disputeId })
      const { gatewayId, disputeRef, paymentId: attemptRef } = dispute.state
      return gatewayOf(ports, gatewayId).asyncAndThen((gateway): ResultAsync<ReadDispute, ReadDisputeError> => {
        const read = gateway.disputes?.read
        return read === undefined
          ? errAsync({ type: 'DisputeNotShown', gatewayId })
          : read({ disputeRef, attemptRef, at }).andThen((outcome) => caseOf({ disputeId, gatewayId }, outcome))
      })
    },
  })

const caseOf = (
  { disputeId, gatewayId }: { readonly disputeId: string; readonly gatewayId: string },
  outcome: Outcome<DisputeCase | 'notFound'>,
): Result<ReadDispute, ReadDisputeError> => {
  switch (outcome.kind) {
    case 'ok':
      return outcome.value === 'notFound'
        ? err({ type: 'NotFound', entity: 'dispute', id: disputeId })
        : ok({ disputeId, ...outcome.value })
    case 'pending':
    case 'declined':
    case 'unknown':
      return err({ type: 'GatewayNotAnswering', gatewayId })
  }
}
