import { okAsync, type ResultAsync } from 'neverthrow'
import type { Payment } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { put } from '../../shared/commit.js'
import type { Instant } from '../../shared/instant.js'
import { type Origin, originParts } from '../../shared/origin.js'
import type { CryptoUnavailable, KeyedDigest } from '../../shared/ports.js'
import { type Asked, type IdsFrom, row, rows, type Stored } from '../../shared/read-plan.js'
import type { OrderPayer } from '../order.js'
import type { OrderDraft } from '../order-draft.js'
import type { OrderRow } from '../order-row.js'
import {
  type EarlierAttempt,
  type PaymentWatchTerms,
  type WatchFacts,
  type WatchRule,
  type WatchVerdict,
  watchLinkPayment,
  watchPayment,
} from './payment-watch.js'
import { type PaymentWatch, paymentWatches, rememberedAttempts } from './payment-watch.schema.js'

/** What a payment is judged by, as it was read. */
export type WatchRead = {
  readonly watch: Stored<PaymentWatch> | undefined
  readonly watched: readonly Stored<Payment>[]
}

/**
 * Asks for the attempts of whoever pays, beside an order: its buyer, unless an account is named. Of shops that watch nothing
 * it is one row that is not there.
 */
export const askWatch = (
  accountId: string | IdsFrom = { from: 'order', path: 'accountId' },
): { readonly [Name in keyof WatchRead]: Asked<WatchRead[Name]> } => ({
  watch: row(paymentWatches, accountId),
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

/** An attempt to pay, and by whom. */
export type JudgedAttempt = {
  readonly paymentId: string
  readonly amountMinor: number
  readonly origin: Origin | undefined
  /** Who pays, where it may not be the buyer; the account is null of a visitor without one. */
  readonly by?: { readonly accountId: string | null; readonly part: OrderPayer }
}

/**
 * Judges an attempt to pay by the terms of its order, and notes it in the draft. The note is a row that every attempt of
 * the one who pays writes: of any number at once, each is judged knowing those before it. Of who has no account and is not
 * the buyer nothing is noted; they are judged by what was tried of the order.
 *
 * @errors CryptoUnavailable
 */
export const judgeAttempt = (
  digests: KeyedDigest,
  read: WatchRead,
  draft: OrderDraft,
  order: OrderRow,
  attempt: JudgedAttempt,
): ResultAsync<WatchVerdict, CryptoUnavailable> => {
  const { policy } = order.details
  const terms = policy.watch
  if (terms === undefined) return okAsync(unwatched)
  const { amountMinor, by } = attempt
  const { currency } = order
  const inCurrencyOfTerms = policy.currency === undefined || policy.currency === currency
  const facts = { at: draft.at, amountMinor, currency, inCurrencyOfTerms }
  const accountId = by === undefined ? order.accountId : by.accountId
  if (accountId !== null) return judgeAccount(digests, read, draft, { ...attempt, accountId, order, terms, facts })
  const tried = draft.read.payments.map(({ state }) => state)
  const ofPart = tried.filter(({ paymentId }) => by?.part.paymentIds.includes(paymentId))
  const ofLinks = tried.filter(({ payerAccountId }) => payerAccountId === null)
  return okAsync(
    watchLinkPayment(terms.rules, { ...facts, ofPart: ofPart.map(attemptOf), ofLinks: ofLinks.map(attemptOf) }),
  )
}

const attemptOf = (payment: Payment): EarlierAttempt => {
  const { startedAt: at, amountMinor, currency } = payment
  return { at, amountMinor, currency, outcome: outcomeOf(payment) }
}

const judgeAccount = (
  digests: KeyedDigest,
  { watch, watched }: WatchRead,
  draft: OrderDraft,
  {
    accountId,
    paymentId,
    origin,
    order: { orderId },
    terms,
    facts,
  }: JudgedAttempt & {
    readonly accountId: string
    readonly order: OrderRow
    readonly terms: PaymentWatchTerms
    readonly facts: Omit<WatchFacts, 'earlier' | 'device'>
  },
): ResultAsync<WatchVerdict, CryptoUnavailable> => {
  const { device } = originParts(origin)
  const { at, amountMinor, currency } = facts
  const named: ResultAsync<{ readonly device?: string }, CryptoUnavailable> =
    device === undefined ? okAsync({}) : digests.digest('device', device).map((digest) => ({ device: digest }))
  return named.map((digest) => {
    const before = watch?.state.attempts ?? []
    const earlier = before.map((each): EarlierAttempt => {
      const payment = watched.find(({ id }) => id === each.paymentId)?.state
      return { ...each, outcome: payment === undefined ? 'failed' : outcomeOf(payment) }
    })
    const verdict = watchPayment(terms.rules, { ...facts, ...digest, earlier })
    const flagged: PaymentFlagged = { type: 'PaymentFlagged', orderId, paymentId, ...verdict, at }
    const attempts = [...before, { paymentId, at, amountMinor, currency, ...digest }].slice(-rememberedAttempts)
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
