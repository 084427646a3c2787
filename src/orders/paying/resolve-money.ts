import { okAsync, type ResultAsync } from 'neverthrow'
import { coveredShares } from '../../payments/cover-refund.js'
import { gatewayErrors } from '../../payments/gateway-error.js'
import { remembersKey } from '../../payments/key-window.js'
import {
  commandsOfCapture,
  commandsOfClose,
  commandsOfQuery,
  commandsOfRefund,
  commandsOfRefundQuery,
} from '../../payments/outcome.js'
import type { Capturing, Payment, PaymentCommand } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { checkRefundLeaves, paymentMachine, takenMinor } from '../../payments/payment-machine.js'
import type { Outcome, PaymentGateway } from '../../payments/ports.js'
import { longestPauseMs } from '../../payments/query-schedule.js'
import type { Refund } from '../../payments/refund.js'
import { refunds } from '../../payments/refund.schema.js'
import { endedAt } from '../../payments/refund-facts.js'
import type { PaymentSnapshot, RefundSnapshot } from '../../payments/snapshot.js'
import { isDue } from '../../shared/due.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { rows } from '../../shared/read-plan.js'
import { tryEach } from '../../shared/try-each.js'
import { isEnding } from '../money/order-money.js'
import type { MoneyPorts } from '../ports.js'
import { returnSplits } from '../settlement/return-splits.js'
import {
  checkGateway,
  type GatewayUnknown,
  gatewayOf,
  type PaymentStanding,
  type RecordError,
  type RefundStanding,
  recordPayment,
  recordRefund,
} from './record-outcome.js'

const everywhere = { kind: 'all' } as const

/**
 * Asks the gateway how a payment stands, or, where it is to end, to end it; and writes the answer.
 *
 * @param by - who asks: only what is asked by itself is asked at growing distances
 * @errors GatewayUnknown, RecordError
 */
export const resolvePayment = (
  ports: MoneyPorts,
  payment: Payment,
  by: 'person' | 'itself' = 'itself',
): ResultAsync<PaymentStanding, RecordError | GatewayUnknown> =>
  gatewayOf(ports, payment.gatewayId).asyncAndThen((gateway) => {
    const { paymentId } = payment
    const reference = { attemptRef: paymentId, gatewayRef: payment.known.gatewayRef }
    // An answer knows of what had happened when it was asked for, however late it is written.
    const query = (at = ports.clock.now()): ResultAsync<Asked, RecordError> =>
      gateway.query({ ...reference, at }).andThen((outcome) =>
        recordPayment(ports, paymentId, (stored) => askedBy(by, commandsOfQuery(outcome, { ...stored, at }))).map(
          (standing) => ({
            standing,
            isAnswered: outcome.kind === 'ok',
          }),
        ),
      )
    const over = isHoldOver(payment, ports.clock.now())
    if (!over && !isEnding(payment)) {
      return query().andThen((asked) =>
        payment.capturing === undefined ? okAsync(asked.standing) : retryCapture(ports, gateway, paymentId, asked),
      )
    }
    // Meanwhile somebody may have asked for money of it, and the gateway gives up what it has not taken yet.
    let ends = !over
    const asked: ResultAsync<PaymentStanding | undefined, RecordError> = over
      ? recordPayment(ports, paymentId, (stored, now) => {
          ends = isHoldOver(stored, now)
          return ends ? [{ type: 'RequestClose', reason: 'holdExpired', at: now }] : []
        })
      : okAsync(undefined)
    const end = (at = ports.clock.now()) =>
      gateway.close({ ...reference, at, key: `close:${paymentId}` }).andThen((outcome) => {
        // That it was paid is the gateway's word; how much, only a snapshot can say.
        if (outcome.kind === 'ok' && outcome.value === 'alreadyPaid') return query().map(({ standing }) => standing)
        return recordPayment(ports, paymentId, (stored) => askedBy(by, commandsOfClose(outcome, { ...stored, at })))
      })
    return asked.andThen((standing) => (standing === undefined || ends ? end() : okAsync(standing)))
  })

const askedBy = (by: 'person' | 'itself', commands: readonly PaymentCommand[]): readonly PaymentCommand[] =>
  by === 'itself'
    ? commands
    : commands.map((command) => (command.type === 'RecordAsked' ? { ...command, byPerson: true } : command))

const isHoldOver = ({ status, capturing, holdUntil }: Payment, at: Instant): boolean =>
  (status === 'authorised' || status === 'partlyCaptured') &&
  capturing === undefined &&
  holdUntil !== undefined &&
  at >= holdUntil

/** Where a payment stands after a question, and whether the gateway answered it. */
type Asked = { readonly standing: PaymentStanding; readonly isAnswered: boolean }

// A capture whose answer was lost, and of which the gateway knows nothing, is sent again under the same key once the call
// before is over, by whoever is first to write that they do. Where the gateway may have forgotten the key, only once it has
// said that it knows nothing.
const retryCapture = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  paymentId: string,
  { isAnswered }: Asked,
): ResultAsync<PaymentStanding, RecordError> => {
  let sent: Payment | undefined
  return recordPayment(ports, paymentId, (payment, at) => {
    sent = undefined
    const { capturing } = payment
    if (capturing === undefined || !(isAnswered || remembersKey(gateway, capturing.since, at))) return []
    const resend = { type: 'ResendCapture', captureId: capturing.captureId, at } as const
    if (paymentMachine.decide(payment, resend).unwrapOr([]).length === 0) return []
    sent = payment
    return [resend]
  }).andThen((standing) => {
    if (sent?.capturing === undefined) return okAsync(standing)
    const { capturing, currency, known } = sent
    const { captureId } = capturing
    const asked = { ...capturing, paymentId, currency, gatewayRef: known.gatewayRef }
    return askCapture(ports, gateway, asked).andThen((outcome) =>
      recordPayment(ports, paymentId, (_, at) =>
        commandsOfCapture(outcome, { captureId, at, inDoubt: !isAnswered || isOfTheMoment(outcome) }),
      ),
    )
  })
}

// Who is asked too often, or is not there, may have taken on what was sent before.
const isOfTheMoment = (outcome: Outcome<unknown>): boolean =>
  outcome.kind === 'declined' && gatewayErrors[outcome.error.code].retry === 'newAttempt'

/** Asks a gateway to take held money, under a key that is the same for every try. */
export const askCapture = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  capture: Pick<Payment, 'paymentId' | 'currency'> &
    Pick<Capturing, 'captureId' | 'amountMinor' | 'final'> &
    Partial<Pick<Capturing, 'since'>> & { readonly gatewayRef: string | null },
): ResultAsync<Outcome<PaymentSnapshot>, never> =>
  gateway.capture === undefined
    ? okAsync({ kind: 'declined', error: { code: 'MerchantConfig', gatewayCode: 'no capture' } })
    : gateway.capture({
        attemptRef: capture.paymentId,
        gatewayRef: capture.gatewayRef,
        key: `capture:${capture.captureId}`,
        amount: { minor: capture.amountMinor, currency: capture.currency },
        final: capture.final,
        ...(capture.since === undefined ? {} : { since: capture.since }),
        at: ports.clock.now(),
      })

/**
 * Sends a refund that waits to be sent, or that nobody knows the fate of: what payees have of it by their gateways is
 * taken back first, and while that is under way it waits; then the intent is written, the gateway asked
 * under the same reference and key, its answer written. One that is under way, or whose key the gateway may have
 * forgotten, is asked about, and sent again where the gateway has never heard of it; one that is done is left alone. Where
 * the shop has no such gateway any more it stays as it is, not sent.
 *
 * Only what is sent just now, or is due, is taken on, and of two at once by one: two requests at once may be judged
 * differently, and the no be heard last.
 *
 * @param begun - the try of it that the caller has just written down, where they did
 * @errors GatewayUnknown, RecordError
 */
export const resolveRefund = (
  ports: MoneyPorts,
  refundId: string,
  begun?: { readonly tries: number },
): ResultAsync<RefundStanding, RecordError | GatewayUnknown> =>
  returnSplits(ports, refundId)
    .andThen((mayLeave) =>
      recordRefund(ports, refundId, (refund, at) => {
        // What nobody can be asked to send is not under way: a person may pay it.
        if (mayLeave && mustSend(refund)) {
          return checkGateway(ports, refund.gatewayId).isOk() ? [{ type: 'SubmitRefund', at }] : []
        }
        return isToAsk(refund, at) ? [{ type: 'RecordRefundAsked', at }] : []
      }),
    )
    .andThen(({ refund, before, payment, ...standing }): ResultAsync<RefundStanding, RecordError | GatewayUnknown> => {
      if (payment === undefined) return okAsync(standing)
      if (mustSend(refund)) return checkGateway(ports, refund.gatewayId).asyncAndThen(() => okAsync(standing))
      const isTakenOn = refund.tries !== before.tries || refund.queries !== before.queries
      const isBegun = refund.tries === begun?.tries
      if (!isTakenOn && !isBegun) return okAsync(standing)
      const isFirst = mustSend(before) || (isBegun && !isTakenOn)
      switch (refund.status) {
        case 'submitted':
        case 'unknown':
          return gatewayOf(ports, refund.gatewayId).asyncAndThen((gateway) =>
            // It may have gone out or not; where a dispute holds the money, or has taken some, it is not sent again, and where
            // the gateway has forgotten the key, or nobody but a person said that the try before had not moved, not without asking.
            checkRefundLeaves(payment, refundId).isOk() &&
            (isFirst || !isPartLost(payment)) &&
            mayJustSend(gateway, refund, ports.clock.now())
              ? sendRefund(ports, gateway, { refund, payment, isAgain: !mustSend(before) })
              : askRefund(ports, gateway, { refund, payment }),
          )
        case 'pending':
          return gatewayOf(ports, refund.gatewayId).asyncAndThen((gateway) =>
            askRefund(ports, gateway, { refund, payment }),
          )
        case 'requested':
        case 'succeeded':
        case 'failed':
        case 'manualPayout':
        case 'paidManually':
        case 'held':
        case 'chargedBack':
        case 'cancelled':
          return okAsync(standing)
      }
    })

const mustSend = (refund: Refund): boolean => refund.status === 'requested'

const mayJustSend = (gateway: PaymentGateway, { past, submittedAt }: Refund, at: Instant): boolean =>
  past.decidedAt === undefined && submittedAt !== null && remembersKey(gateway, submittedAt, at)

const isToAsk = ({ queryAt }: Refund, at: Instant): boolean => queryAt !== null && isDue(queryAt, at, longestPauseMs)

const sendRefund = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  sending: {
    readonly refund: Refund
    readonly payment: Payment
    /** Whether it may have been sent before, and nobody knows what came of that. */
    readonly isAgain: boolean
  },
): ResultAsync<RefundStanding, RecordError> => {
  const { refund, payment, isAgain } = sending
  return gateway
    .refund({
      refundRef: refund.refundId,
      attemptRef: refund.paymentId,
      gatewayRef: payment.known.gatewayRef,
      key: `refund:${refund.refundId}:${refund.tries}`,
      captured: { minor: takenMinor(payment), currency: payment.currency },
      amount: { minor: refund.amountMinor, currency: refund.currency },
      ...(refund.submittedAt === null ? {} : { since: refund.submittedAt }),
      at: ports.clock.now(),
    })
    .andThen((outcome) =>
      isAgain && outcome.kind === 'declined' && gatewayErrors[outcome.error.code].atTheDoor
        ? queryRefund(ports, gateway, refund, payment).map((known) => outcomeAfter(known, outcome))
        : okAsync(outcome),
    )
    .andThen((outcome) =>
      recordRefund(ports, refund.refundId, (_, at) => commandsOfRefund(outcome, { tries: refund.tries, at })),
    )
    .map(standingOfRefund)
}

// Whoever is turned away at the door learns nothing of the request before; only where the gateway has never heard of it
// is it a no.
const outcomeAfter = (
  known: Outcome<RefundSnapshot | 'notFound'>,
  refused: Outcome<RefundSnapshot>,
): Outcome<RefundSnapshot> =>
  known.kind !== 'ok'
    ? { kind: 'unknown', cause: 'ambiguous' }
    : known.value === 'notFound'
      ? refused
      : { kind: 'ok', value: known.value }

const queryRefund = (ports: MoneyPorts, gateway: PaymentGateway, refund: Refund, payment: Payment) =>
  gateway.queryRefund({
    refundRef: refund.refundId,
    attemptRef: refund.paymentId,
    gatewayRef: refund.known.gatewayRef,
    paymentGatewayRef: payment.known.gatewayRef,
    at: ports.clock.now(),
  })

const askRefund = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  { refund, payment }: { readonly refund: Refund; readonly payment: Payment },
): ResultAsync<RefundStanding, RecordError> =>
  queryRefund(ports, gateway, refund, payment).andThen((outcome) =>
    recordRefund(ports, refund.refundId, () => commandsOfRefundQuery(outcome, refund.tries)).andThen(
      (recorded): ResultAsync<RefundStanding, RecordError> => {
        if (outcome.kind !== 'ok' || !isWithoutLastTry(refund, outcome.value))
          return okAsync(standingOfRefund(recorded))
        const leaves = checkRefundLeaves(payment, refund.refundId)
        if (leaves.isErr() && leaves.error.type === 'DisputeOpen') return okAsync(standingOfRefund(recorded))
        return hasByDispute(ports, refund, payment).andThen((isCovered) =>
          // What was taken note of and is not there any more would wait for ever; the same reference is one refund. Where the
          // payer has the money, or a part of it, by a lost dispute, it ends as one that failed, and the rest goes by itself.
          leaves.isOk() && !isCovered
            ? sendRefund(ports, gateway, { refund, payment, isAgain: false })
            : recordRefund(ports, refund.refundId, (_, at) => [
                { type: 'RecordRefundDeclined', tries: refund.tries, code: 'MerchantConfig', at },
              ]).map(standingOfRefund),
        )
      },
    ),
  )

const isPartLost = ({ disputes = [] }: Payment): boolean => disputes.some(({ status }) => status === 'lost')

/** Whether a lost dispute has brought anything of a refund that never went out. */
const hasByDispute = (ports: MoneyPorts, refund: Refund, payment: Payment): ResultAsync<boolean, RecordError> => {
  if (!isPartLost(payment)) return okAsync(false)
  const ids = payment.refunds.map(({ refundId }) => refundId)
  const plan = { found: rows(refunds, ids) }
  return readFacts(ports.storage, { shop: ports.shop, scope: everywhere, at: ports.clock.now(), plan }).map(
    ({ found }) =>
      coveredShares(
        payment,
        found.map(({ state }) => state),
        refund.amountMinor,
      ).length > 0,
  )
}

// A gateway that has never heard of the refund, or shows the end of an earlier try of it, has not got the last one.
const isWithoutLastTry = ({ past }: Refund, found: RefundSnapshot | 'notFound'): boolean => {
  const before = endedAt(past)
  return found === 'notFound' || (found.status === 'failed' && before !== null && found.at <= before)
}

const standingOfRefund = ({
  orderId,
  refundId,
  orderStatus,
  refundStatus,
  wholeStatus,
}: RefundStanding): RefundStanding => ({
  orderId,
  refundId,
  orderStatus,
  refundStatus,
  wholeStatus,
})

/**
 * Ends at their gateways the attempts that were asked to end. One of which that fails keeps no other from being ended.
 *
 * @returns where those stand that could be asked about
 * @errors GatewayUnknown, RecordError, where none could
 */
export const endAttempts = (
  ports: MoneyPorts,
  paymentIds: readonly string[],
): ResultAsync<readonly PaymentStanding[], RecordError | GatewayUnknown> => {
  if (paymentIds.length === 0) return okAsync([])
  const plan = { found: rows(payments, paymentIds) }
  return readFacts(ports.storage, { shop: ports.shop, scope: everywhere, at: ports.clock.now(), plan }).andThen(
    ({ found }) =>
      tryEach(
        found.filter(({ state }) => isEnding(state)),
        ({ state }) => resolvePayment(ports, state),
      ).map((standings) => standings.filter((standing) => standing !== null)),
  )
}
