import { errAsync, type ResultAsync } from 'neverthrow'
import { payments } from '../../payments/payment.schema.js'
import type { StorageError } from '../../shared/decide-and-commit.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import type { MoneyPorts } from '../ports.js'
import { resolvePayment } from './resolve-money.js'

/**
 * Asks what became of a capture whose answer was lost.
 *
 * @errors the refusal where there is none, or its gateway does not say; StorageError
 */
export const learnOfCapture = <Refusal>(
  ports: MoneyPorts,
  paymentId: string,
  refusal: Refusal,
): ResultAsync<void, Refusal | StorageError> => {
  const plan = { found: row(payments, paymentId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan })
    .andThen(({ found }) =>
      found?.state.capturing === undefined
        ? errAsync(refusal)
        : resolvePayment(ports, found.state, 'person').mapErr((): Refusal | StorageError => refusal),
    )
    .map(() => undefined)
}

/**
 * Does something that needs money which is being taken: where that is why it is refused, the gateway is asked what became
 * of that, and it is done once more.
 *
 * @errors what it is refused for
 */
export const onceCaptured = <Answer, Refusal extends { readonly type: string }>(
  ports: MoneyPorts,
  attempt: () => ResultAsync<Answer, Refusal>,
): ResultAsync<Answer, Refusal | StorageError> =>
  attempt().orElse(
    (refusal): ResultAsync<Answer, Refusal | StorageError> =>
      isUnderway(refusal)
        ? learnOfCapture<Refusal>(ports, refusal.paymentId, refusal).andThen(attempt)
        : errAsync(refusal),
  )

const isUnderway = (refusal: {
  readonly type: string
}): refusal is { readonly type: 'CaptureUnderway'; readonly paymentId: string } => refusal.type === 'CaptureUnderway'
