import { okAsync, type ResultAsync } from 'neverthrow'
import type { DisputeError } from '../../payments/dispute.js'
import { payments } from '../../payments/payment.schema.js'
import { isAskedAbout } from '../../payments/payment-machine.js'
import type {
  NotificationRejected,
  NotificationReply,
  PaymentGateway,
  VerifiedNotification,
} from '../../payments/ports.js'
import { put } from '../../shared/commit.js'
import { readFacts } from '../../shared/read-facts.js'
import { rows } from '../../shared/read-plan.js'
import { commitChanges } from '../../shared/storage.js'
import { recordDispute } from '../disputes/record-dispute.js'
import type { MoneyPorts } from '../ports.js'
import { noteRejected } from '../watch/note-amiss.js'
import type { ParkedFact } from './parked-fact.js'
import { parkedFacts } from './parked-fact.schema.js'
import { type GatewayUnknown, gatewayOf, type RecordError, recordPayment, recordRefund } from './record-outcome.js'
import { resolvePayment } from './resolve-money.js'

/** A notification as it came over the wire. */
export type RawNotification = {
  readonly gatewayId: string
  /** The bytes as they came; nothing may have parsed and written them anew. */
  readonly body: Uint8Array
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A notification speaks of a payment, refund or dispute that the shop does not know, or of a refund that it has given up or
 * has in another amount; it is kept for a person to look at.
 */
export type ReferenceUnknown = {
  readonly type: 'ReferenceUnknown'
  readonly gatewayId: string
  readonly eventId: string
  readonly reference: string
}

/** What a notification came to, and what the gateway is to be told. */
export type HandledNotification = {
  readonly acknowledgement: NotificationReply
  readonly outcome: 'handled' | 'rejected' | 'parked' | 'postponed'
  /** What stood in the way; empty when it was handled. */
  readonly problems: readonly (NotificationRejected | ReferenceUnknown | RecordError | DisputeError | GatewayUnknown)[]
}

type Problem = ReferenceUnknown | RecordError | DisputeError | GatewayUnknown

/**
 * Takes in what a gateway says unasked: proved on the raw bytes, then written with everything that follows from it, in
 * one read and one commit. It may come any number of times and in any order: what is known already changes nothing.
 *
 * @returns what to answer the gateway, also where the notification was not believed or could not be written
 * @errors GatewayUnknown
 */
export const receiveNotification = (
  ports: MoneyPorts,
  notification: RawNotification,
): ResultAsync<HandledNotification, GatewayUnknown> =>
  gatewayOf(ports, notification.gatewayId).asyncAndThen((gateway) => {
    const { body, headers } = notification
    const told = (
      handled: 'ok' | 'retry' | 'rejected',
      outcome: HandledNotification['outcome'],
      problems: HandledNotification['problems'],
    ): HandledNotification => ({ acknowledgement: gateway.acknowledge(handled), outcome, problems })
    return gateway
      .verifyNotification({ body, headers, receivedAt: ports.clock.now() })
      .andThen((verified) =>
        takeIn(ports, gateway, verified).map((problems) => {
          if (problems.length === 0) return told('ok', 'handled', [])
          // What the shop does not know now it will not know later; what could not be written it will be sent again.
          const parked = problems.every((problem) => problem.type === 'ReferenceUnknown')
          return parked ? told('ok', 'parked', problems) : told('retry', 'postponed', problems)
        }),
      )
      .orElse((rejection) =>
        rejection.reason === 'unverifiable'
          ? okAsync<HandledNotification, GatewayUnknown>(told('retry', 'postponed', [rejection]))
          : noteRejection(ports, notification.gatewayId, rejection).map(() =>
              told('rejected', 'rejected', [rejection]),
            ),
      )
  })

// Whoever asks whether forgeries are believed, and is refused, has attacked nothing.
const noteRejection = (
  ports: MoneyPorts,
  gatewayId: string,
  { reason }: NotificationRejected,
): ResultAsync<void, never> =>
  reason === 'signatureProbe' ? okAsync(undefined) : noteRejected(ports, gatewayId, reason)

const takeIn = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  verified: VerifiedNotification,
): ResultAsync<readonly Problem[], never> =>
  writeFacts(ports, gateway, verified).andThen((problems) =>
    askAbout(ports, gateway, verified.toQuery ?? [])
      .map(() => problems)
      .orElse((problem) => okAsync<readonly Problem[], never>([...problems, problem])),
  )

// Whoever shares the gateway's account may have payments there: only what the shop has written down as its own is asked about.
const askAbout = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  paymentIds: readonly string[],
): ResultAsync<unknown, Problem> => {
  if (paymentIds.length === 0) return okAsync(undefined)
  const plan = { found: rows(payments, paymentIds) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ found }) =>
      found
        .filter(({ state }) => state.gatewayId === gateway.gatewayId && isAskedAbout(state))
        .reduce<ResultAsync<unknown, Problem>>(
          (sofar, { state }) => sofar.andThen(() => resolvePayment(ports, state)),
          okAsync(undefined),
        ),
  )
}

const writeFacts = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  { eventId, facts }: VerifiedNotification,
): ResultAsync<readonly Problem[], never> =>
  facts.reduce<ResultAsync<readonly Problem[], never>>(
    (sofar, fact, index) =>
      sofar.andThen((problems) => {
        const { gatewayId } = gateway
        const reference = fact.kind === 'refund' ? fact.refundRef : fact.attemptRef
        return writeFact(ports, gateway, fact)
          .map((): Problem | undefined => undefined)
          .orElse((error) =>
            isNotTaken(error)
              ? park(ports, { gatewayId, eventId, reference, index, fact })
              : okAsync<Problem, never>(error),
          )
          .map((problem) => (problem === undefined ? problems : [...problems, problem]))
      }),
    okAsync([]),
  )

// What the shop does not know, or has given up and never sent, or is told of in another amount, it will not know later either.
const isNotTaken = ({ type }: Problem): boolean =>
  type === 'NotFound' || type === 'RefundStateForbids' || type === 'SnapshotOfOtherRefund'

const writeFact = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  fact: VerifiedNotification['facts'][number],
): ResultAsync<unknown, Problem> => {
  const { gatewayId } = gateway
  switch (fact.kind) {
    case 'payment':
      return recordPayment(ports, fact.attemptRef, () => [{ type: 'RecordSnapshot', snapshot: fact }], { gatewayId })
    case 'refund':
      return recordRefund(ports, fact.refundRef, () => [{ type: 'RecordRefundSnapshot', snapshot: fact }], {
        gatewayId,
      })
    case 'dispute':
      return recordDispute(ports, gateway, fact)
  }
}

// Kept once for each notification: its second delivery finds it there.
const park = (
  ports: MoneyPorts,
  parked: {
    readonly gatewayId: string
    readonly eventId: string
    readonly reference: string
    readonly index: number
    readonly fact: VerifiedNotification['facts'][number]
  },
): ResultAsync<Problem, never> => {
  const { gatewayId, eventId, reference, index, fact } = parked
  const at = ports.clock.now()
  const minor = fact.kind === 'payment' ? fact.capturedMinor : fact.amount.minor
  const currency = fact.kind === 'payment' ? fact.total.currency : fact.amount.currency
  const factId = `${gatewayId}:${eventId}:${index}`
  const { kind, status: stands } = fact
  const state: ParkedFact = {
    ...{ factId, gatewayId, eventId, reference, kind, stands, minor, currency, at },
    status: 'open',
  }
  const entry = put(parkedFacts, { id: factId, version: 0, state })
  const unknown: Problem = { type: 'ReferenceUnknown', gatewayId, eventId, reference }
  return commitChanges(ports.storage, { shop: ports.shop, at, changes: [entry] })
    .map(() => unknown)
    .orElse((error) => {
      if (error.type === 'VersionConflict') return okAsync<Problem, never>(unknown)
      if (error.type === 'StorageUnavailable' || error.type === 'MalformedCommit') return okAsync<Problem, never>(error)
      return okAsync<Problem, never>({ type: 'Busy', retryAfterMs: 50 })
    })
}
