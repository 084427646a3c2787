import { errAsync, type ResultAsync } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import type { AttemptUnderway } from '../money/attempt-underway.js'
import type { MoneyPorts } from '../ports.js'
import { resolvePayment } from './resolve-money.js'

type Refusal = { readonly type: string }

/**
 * Begins an attempt to pay. Where one of before stands in its way whose answer was lost, its gateway is asked what became
 * of it, and it is tried once more: one that failed, or that the gateway has never heard of, is in nobody's way.
 */
export const onceAsked = <Begun, Failure extends Refusal>(
  ports: MoneyPorts,
  begin: () => ResultAsync<Begun, Failure>,
): ResultAsync<Begun, Failure> =>
  begin().orElse((refusal) => {
    const paymentId = lostAttempt(refusal)
    if (paymentId === undefined) return errAsync(refusal)
    return readFacts(ports.storage, {
      shop: ports.shop,
      scope: { kind: 'all' },
      at: ports.clock.now(),
      plan: { found: row(payments, paymentId) },
    })
      .mapErr((): Failure => refusal)
      .andThen(({ found }) =>
        found === undefined ? errAsync(refusal) : resolvePayment(ports, found.state).mapErr((): Failure => refusal),
      )
      .andThen(begin)
  })

const lostAttempt = (refusal: Refusal): string | undefined => {
  if (!isUnderway(refusal)) return undefined
  return refusal.status === 'created' || refusal.status === 'unknown' ? refusal.paymentId : undefined
}

const isUnderway = (refusal: Refusal): refusal is AttemptUnderway => refusal.type === 'AttemptUnderway'
