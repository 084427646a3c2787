import { okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Origin, originParts } from '../../shared/origin.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { type Asked, row, rows, type Stored } from '../../shared/read-plan.js'
import type { OrderDraft } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'
import { type EarlierAttempt, type WatchRule, type WatchVerdict, watchPayment } from './payment-watch.js'
import { type PaymentWatch, paymentWatches, rememberedAttempts } from './payment-watch.schema.js'

/** What a payment is judged by, as it was read. */
export type WatchRead = {
  readonly watch: Stored<PaymentWatch> | undefined
  readonly watched: readonly Stored<Payment>[]
}

/** Asks, beside an order, for the attempts of its buyer; of shops that watch nothing it is one row that is not there. */
export const askWatch = (): { readonly [Name in keyof WatchRead]: Asked<WatchRead[Name]> } => ({
  watch: row(paymentWatches, { from: 'order', path: 'accountId' }),
  watched: rows(payments, { from: 'watch', path: 'attempts.*.paymentId' }),
})

/** A payment stood out; for the shop, and for nobody else. */
export type PaymentFlagged = {
  readonly type: 'PaymentFlagged'
  readonly orderId: string
  readonly paymentId: string
  readonly response: WatchVerdict['response']
  readonly reasons: readonly WatchRule['kind'][]
  readonly at: Instant
}

const unwatched: WatchVerdict = { response: 'allow', reasons: [] }

/**
 * Judges an attempt to pay by the terms of its order, and notes it in the draft. The note is a row that every attempt of
 * the buyer writes: of any number at once, each is judged knowing those before it.
 *
 * @errors CryptoUnavailable
 */
export const judgeAttempt = (
  digests: KeyedDigest,
  { watch, watched }: WatchRead,
  draft: OrderDraft,
  order: OrderRow,
  attempt: { readonly paymentId: string; readonly amountMinor: number; readonly origin: Origin | undefined },
): ResultAsync<WatchVerdict, CryptoUnavailable> => {
  const { policy } = order.details
  const terms = policy.watch
  if (terms === undefined) return okAsync(unwatched)
  const { paymentId, amountMinor } = attempt
  const { device } = originParts(attempt.origin)
  const { at } = draft
  const { orderId, accountId, currency } = order
  const named: ResultAsync<{ readonly device?: string }, CryptoUnavailable> =
    device === undefined ? okAsync({}) : digests.digest('device', device).map((digest) => ({ device: digest }))
  return named.map((device) => {
    const before = watch?.state.attempts ?? []
    const earlier = before.map((each): EarlierAttempt => {
      const payment = watched.find(({ id }) => id === each.paymentId)?.state
      return { ...each, outcome: payment === undefined ? 'failed' : outcomeOf(payment) }
    })
    const verdict = watchPayment(terms.rules, {
      at,
      amountMinor,
      currency,
      ...device,
      earlier,
      inCurrencyOfTerms: policy.currency === undefined || policy.currency === currency,
    })
    const flagged: PaymentFlagged = { type: 'PaymentFlagged', orderId, paymentId, ...verdict, at }
    const attempts = [...before, { paymentId, at, amountMinor, currency, ...device }].slice(-rememberedAttempts)
    draft.further.push(
      put(paymentWatches, {
        id: accountId,
        version: watch?.version ?? 0,
        state: { accountId, attempts },
        events: verdict.response === 'allow' ? [] : [flagged],
      }),
    )
    return verdict
  })
}

const outcomeOf = (payment: Payment): EarlierAttempt['outcome'] => {
  switch (payment.status) {
    case 'captured':
    case 'authorised':
    case 'partlyCaptured':
      return 'paid'
    case 'created':
    case 'requiresAction':
    case 'processing':
    case 'unknown':
    case 'closing':
    case 'integrityHold':
    case 'capturedAfterClose':
      return 'open'
    case 'failed':
    case 'closed':
      return 'failed'
  }
}
