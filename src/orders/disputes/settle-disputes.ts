import { err, errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type { DisputeError } from '../../payments/dispute.js'
import { disputes } from '../../payments/dispute.schema.js'
import { disputeAskedEveryMs } from '../../payments/dispute-machine.js'
import { moveDispute, writeDispute } from '../../payments/move-payment.js'
import { decideAndCommit, type StorageError } from '../../shared/decide-and-commit.js'
import type { NotFound } from '../../shared/errors.js'
import type { CorePorts } from '../../shared/ports.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { type SweepReport, sumOfSweeps, sweepEach } from '../../shared/sweep-each.js'
import { nameOverdue } from '../name-overdue.js'
import { type GatewayUnknown, gatewayOf, type RecordError } from '../paying/record-outcome.js'
import type { MoneyPorts } from '../ports.js'
import { type SweepOptions, sweepDue } from '../sweep-due.js'
import { hearDisputes } from './hear-disputes.js'
import { recordDispute } from './record-dispute.js'

type SettleError = RecordError | DisputeError | GatewayUnknown

/**
 * Asks the gateways about disputes that are open, once a day each, and for those that the shop was never told of, once an
 * hour each gateway, so that what was not heard unasked is known. Then reminds, once each, of those that want evidence or
 * an answer soon (`EvidenceDueSoon`). One of which the gateway has not said for three days how it stands is in every
 * report, as `DisputeUnheard`; where the shop has it no more, that is told once before, as `GatewayUnknown`.
 *
 * @errors StorageError when the due disputes cannot be read
 */
export const settleDisputes = (ports: MoneyPorts, { limit }: SweepOptions): ResultAsync<SweepReport, StorageError> =>
  sweepDue(ports, disputes, { field: 'queryAt', ahead: { pauseMs: disputeAskedEveryMs }, limit }, (id) =>
    settle(ports, id),
  ).andThen((settled) =>
    hearDisputes(ports).andThen((heard) =>
      remindOfEvidence(ports, limit).andThen((reminded) =>
        nameOverdue(ports, disputes, { ...unheard, limit }).map((late) => sumOfSweeps(settled, heard, reminded, late)),
      ),
    ),
  )

const unheard = { field: 'unheardSince', where: [], reason: 'DisputeUnheard' } as const

/** Last, when it is known how they stand: what was answered in the meantime wants no reminder. */
const remindOfEvidence = (ports: MoneyPorts, limit: number): ResultAsync<SweepReport, StorageError> =>
  sweepEach(ports, { collection: disputes, field: 'remindAt', until: ports.clock.now(), limit }, (id) =>
    move(ports, id, 'RemindOfEvidence'),
  )

const settle = (ports: MoneyPorts, disputeId: string): ResultAsync<unknown, SettleError> => {
  const plan = { found: row(disputes, disputeId) }
  const at = ports.clock.now()
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).andThen(({ found }) => {
    if (found === undefined) return okAsync(false)
    const { gatewayId, disputeRef, paymentId: attemptRef, queryable, unheardSince } = found.state
    const noteUnheard = () => move(ports, disputeId, 'RecordDisputeUnheard')
    // Asked for the next time first: one of which the gateway's word cannot be written stands in nobody's way.
    return move(ports, disputeId, 'RecordDisputeAsked').andThen((): ResultAsync<unknown, SettleError> => {
      const gateway = gatewayOf(ports, gatewayId)
      if (gateway.isErr()) {
        return noteUnheard().andThen(() => (unheardSince === undefined ? errAsync(gateway.error) : okAsync(false)))
      }
      const port = gateway.value.disputes
      // What never could be asked tells by itself how it stands.
      if (port === undefined) return queryable ? noteUnheard() : okAsync(false)
      return port
        .query({ disputeRef, attemptRef, at })
        .andThen(
          (outcome): ResultAsync<unknown, SettleError> =>
            outcome.kind === 'ok' && outcome.value !== 'notFound'
              ? recordDispute(ports, gateway.value, outcome.value)
              : noteUnheard(),
        )
    })
  })
}

const move = (
  ports: CorePorts,
  disputeId: string,
  type: 'RecordDisputeAsked' | 'RecordDisputeUnheard' | 'RemindOfEvidence',
): ResultAsync<undefined, SettleError> =>
  decideAndCommit(ports, {
    scope: { kind: 'all' },
    plan: () => ({ found: row(disputes, disputeId) }),
    decide: ({ found }, { now }) =>
      found === undefined
        ? err<never, NotFound | DisputeError>({ type: 'NotFound', entity: 'dispute', id: disputeId })
        : moveDispute(found, [{ type, at: now }]).map((moved) => ({
            changes: writeDispute(moved, now),
            answer: undefined,
          })),
  })
