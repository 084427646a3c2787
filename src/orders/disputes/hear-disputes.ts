import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import { disputes } from '../../payments/dispute.schema.js'
import { guardGateway } from '../../payments/guard-gateway.js'
import { payments } from '../../payments/payment.schema.js'
import type { DisputePort, DisputeReference, PaymentGateway } from '../../payments/ports.js'
import { claim } from '../../shared/commit.js'
import { daysMs, hoursMs, type Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { readable, rows } from '../../shared/read-plan.js'
import { commitChanges } from '../../shared/storage.js'
import type { SweepReport } from '../../shared/sweep-each.js'
import type { MoneyPorts } from '../ports.js'
import { disputeIdOf, recordDispute } from './record-dispute.js'

type Named = Omit<DisputeReference, 'at'>

/** How far back is asked: what nobody told of for a week is heard all the same. */
const lookBackMs = 7 * daysMs
const askEveryMs = hoursMs

/**
 * Asks the gateways that can name their disputes for those that the shop was never told of, once an hour each, whoever
 * asks. Those of payments that are not the shop's are left alone: an account at a gateway may serve several shops.
 *
 * @returns what was written, and what could not be; it comes up again
 */
export const hearDisputes = (ports: MoneyPorts): ResultAsync<SweepReport, never> =>
  Object.entries(ports.gateways).reduce<ResultAsync<SweepReport, never>>((sofar, [gatewayId, given]) => {
    const gateway = guardGateway(given, gatewayId)
    const port = gateway.disputes
    const list = port?.list
    if (port === undefined || list === undefined) return sofar
    return sofar.andThen((before) =>
      hearFrom(ports, gateway, port, list)
        .map(({ done, failed }) => ({ done: before.done + done, failed: [...before.failed, ...failed] }))
        .orElse(({ type }) =>
          okAsync<SweepReport, never>({
            ...before,
            failed: [...before.failed, { id: gateway.gatewayId, reason: type }],
          }),
        ),
    )
  }, okAsync(nothingHeard))

const nothingHeard: SweepReport = { done: 0, failed: [] }

type Failure = { readonly type: string }

const hearFrom = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  port: DisputePort,
  list: NonNullable<DisputePort['list']>,
): ResultAsync<SweepReport, Failure> => {
  const at = ports.clock.now()
  return takeTurn(ports, gateway.gatewayId).andThen((isOurs): ResultAsync<SweepReport, Failure> => {
    if (!isOurs) return okAsync(nothingHeard)
    return list({ since: at - lookBackMs, at }).andThen((outcome): ResultAsync<SweepReport, Failure> => {
      if (outcome.kind !== 'ok') {
        return okAsync({ done: 0, failed: [{ id: gateway.gatewayId, reason: 'GatewayNotAnswering' }] })
      }
      return unheard(ports, gateway, outcome.value).andThen(({ named, unreadable }) =>
        fromAnother(named, at).reduce<ResultAsync<SweepReport, Failure>>(
          (sofar, each) => sofar.andThen((before) => hear(ports, gateway, port, each, before)),
          okAsync({ done: 0, failed: unreadable.map((id) => ({ id, reason: 'StoredDataInvalid' })) }),
        ),
      )
    })
  })
}

// Each hour another is the first: those that are never answered for take the turn of no other.
const fromAnother = (named: readonly Named[], at: Instant): readonly Named[] => {
  const first = named.length === 0 ? 0 : Math.floor(at / askEveryMs) % named.length
  return [...named.slice(first), ...named.slice(0, first)]
}

// The turn of an hour is taken before anything is asked: of many machines one asks, and none asks more often than it should. A
// clock that is ahead takes that of another hour.
const takeTurn = (ports: MoneyPorts, gatewayId: string): ResultAsync<boolean, Failure> => {
  const at = ports.clock.now()
  const owner = ports.ids.next('turn')
  const key = `${gatewayId}/${Math.floor(at / askEveryMs)}`
  const turn = claim({ space: 'disputesHeard', key, owner, expiresAt: at + askEveryMs })
  return commitChanges(ports.storage, { shop: ports.shop, at, changes: [turn] })
    .map(() => true)
    .orElse((error) =>
      error.type === 'AlreadyClaimed' ? okAsync<boolean, Failure>(false) : errAsync<boolean, Failure>(error),
    )
}

const unheard = (
  ports: MoneyPorts,
  { gatewayId }: PaymentGateway,
  named: readonly Named[],
): ResultAsync<{ readonly named: readonly Named[]; readonly unreadable: readonly string[] }, Failure> => {
  if (named.length === 0) return okAsync({ named: [], unreadable: [] })
  const plan = {
    known: readable(
      rows(
        disputes,
        named.map(({ disputeRef }) => disputeIdOf(gatewayId, disputeRef)),
      ),
    ),
    ours: readable(rows(payments, [...new Set(named.map(({ attemptRef }) => attemptRef))])),
  }
  const at = ports.clock.now()
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at, plan }).map(({ known, ours }) => {
    const heard = new Set(known.ids)
    const paid = new Set(ours.found.flatMap(({ id, state }) => (state.gatewayId === gatewayId ? [id] : [])))
    const unread = new Set(ours.ids.filter((id) => !ours.found.some((each) => each.id === id)))
    const news = named.filter(({ disputeRef }) => !heard.has(disputeIdOf(gatewayId, disputeRef)))
    return {
      named: news.filter(({ attemptRef }) => paid.has(attemptRef)),
      // Of a payment that cannot be read nothing can be written; its disputes are heard once it can.
      unreadable: news
        .filter(({ attemptRef }) => unread.has(attemptRef))
        .map(({ disputeRef }) => disputeIdOf(gatewayId, disputeRef)),
    }
  })
}

const hear = (
  ports: MoneyPorts,
  gateway: PaymentGateway,
  port: DisputePort,
  named: Named,
  before: SweepReport,
): ResultAsync<SweepReport, Failure> => {
  if (ports.isSilent?.(gateway.gatewayId) === true) return okAsync(before)
  return port
    .query({ ...named, at: ports.clock.now() })
    .andThen((outcome): ResultAsync<SweepReport, Failure> => {
      if (outcome.kind !== 'ok' || outcome.value === 'notFound') {
        return errAsync({ type: outcome.kind === 'ok' ? 'NotFound' : 'GatewayNotAnswering' })
      }
      return recordDispute(ports, gateway, outcome.value).map((): SweepReport => ({ ...before, done: before.done + 1 }))
    })
    .orElse(({ type }) =>
      okAsync<SweepReport, Failure>({
        ...before,
        failed: [...before.failed, { id: disputeIdOf(gateway.gatewayId, named.disputeRef), reason: type }],
      }),
    )
}
