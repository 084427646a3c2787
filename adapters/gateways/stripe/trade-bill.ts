import { err, ok, type Result, ResultAsync } from 'neverthrow'
import { currencyExponent } from 'shopwright'
import type { FineAmount, GatewayBillRow } from 'shopwright/payments'
import * as z from 'zod'
import { type GatewayBillError, type GatewayBills, type GatewayBillUnavailable, readBillDay } from '../bills.js'
import type { GatewayConfigInvalid } from '../config.js'
import { fromStripeAmount } from './amount.js'
import { ask, refuse } from './ask.js'
import { listAll } from './list-all.js'
import { checkOptions, type StripeOptions } from './options.js'
import { loadPackage, type PackageMissing, type StripeClient } from './package.js'

/** A day of so many movements is a million of them. */
const mostPages = 10_000

const metadata = z.record(z.string(), z.string()).nullish()

const paymentBody = z.union([z.string(), z.object({ id: z.string().min(1), metadata })]).nullish()

const chargeBody = z.object({
  id: z.string().min(1),
  object: z.literal('charge'),
  amount: z.int(),
  amount_captured: z.int().optional(),
  currency: z.string(),
  metadata,
  payment_intent: paymentBody,
})

const refundBody = z.object({
  id: z.string().min(1),
  object: z.literal('refund'),
  amount: z.int(),
  currency: z.string(),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
  metadata,
  payment_intent: paymentBody,
})

const movementBody = z.object({
  id: z.string().min(1),
  type: z.string(),
  amount: z.int(),
  currency: z.string(),
  fee: z.int(),
  created: z.int(),
  source: z.unknown().optional(),
})

type Movement = z.infer<typeof movementBody>

/**
 * Fetches bills from Stripe: what moved its balance on a day of UTC, payments and refunds of the shop's. What is of neither
 * (payouts, disputes, Stripe's own invoices), and charges that carry no reference of a shop's, are left out.
 *
 * @errors GatewayConfigInvalid; PackageMissing, which says what to install
 */
export const createStripeBills = (
  options: StripeOptions,
): ResultAsync<GatewayBills, GatewayConfigInvalid | PackageMissing> =>
  checkOptions(options).asyncAndThen(({ client }) =>
    ResultAsync.fromPromise(
      (options.load ?? loadPackage)(),
      (): PackageMissing => ({ type: 'PackageMissing', package: 'stripe', install: 'npm install stripe' }),
    ).map((createClient): GatewayBills => {
      const stripe = createClient(options.secretKey, client)
      return {
        fetchTradeBill: ({ day, at }) =>
          ResultAsync.fromSafePromise(fetchBill(stripe, day, at)).andThen((fetched) => fetched),
      }
    }),
  )

const unavailable = (why: { reason: 'notReady' } | { reason: 'refused'; gatewayCode: string }) =>
  err<never, GatewayBillError>({ type: 'GatewayBillUnavailable', ...why })

const fetchBill = async (
  client: StripeClient,
  day: string,
  at: number,
): Promise<Result<readonly GatewayBillRow[], GatewayBillError>> => {
  const period = readBillDay(day, 0)
  if (period === null) return unavailable({ reason: 'refused', gatewayCode: 'day' })
  if (at < period.to) return unavailable({ reason: 'notReady' })
  const created = { gte: period.from / 1000, lt: period.to / 1000 }
  const expand = ['data.source', 'data.source.payment_intent']
  // What the list refuses is told apart from what it does not answer: the key may not be one that sees the balance.
  let refused: GatewayBillUnavailable | undefined
  const movements = await listAll(
    movementBody,
    async (page) => {
      const answer = await ask(() => client.balanceTransactions.list({ ...page, created, expand }))
      if (answer.kind === 'done') return answer.value
      const said = refuse(answer)
      refused =
        said.kind === 'declined'
          ? { type: 'GatewayBillUnavailable', reason: 'refused', gatewayCode: said.error.gatewayCode }
          : { type: 'GatewayBillUnavailable', reason: 'unknown', cause: said.cause }
      return null
    },
    { mostPages },
  )
  if (refused !== undefined) return err(refused)
  if ('kind' in movements) {
    return err({ type: 'GatewayBillUnavailable', reason: 'unknown', cause: 'unparsable' })
  }
  const rows: GatewayBillRow[] = []
  for (const [index, movement] of movements.entries()) {
    const row = rowOf(movement)
    if (row === 'unreadable') return err({ type: 'GatewayBillUnreadable', reason: 'row', line: index + 1 })
    if (row !== null) rows.push(row)
  }
  return ok(rows)
}

const rowOf = (movement: Movement): GatewayBillRow | 'unreadable' | null => {
  switch (movement.type) {
    case 'charge':
    case 'payment':
      return chargeOf(movement)
    case 'refund':
    case 'payment_refund':
      return refundOf(movement)
    default:
      return null
  }
}

const chargeOf = (movement: Movement): GatewayBillRow | 'unreadable' | null => {
  const read = chargeBody.safeParse(movement.source)
  if (!read.success) return 'unreadable'
  const { amount, amount_captured: taken = amount, currency, payment_intent: payment } = read.data
  const attemptRef = nameIn(read.data, 'attempt_ref')
  if (attemptRef === undefined) return null
  const facts = factsOf(movement, taken, currency)
  if (facts === null) return 'unreadable'
  // A payment is asked about by its intent, and not by the charge that was booked of it.
  const gatewayRef = (typeof payment === 'object' ? payment?.id : payment) ?? null
  return { kind: 'payment', reference: attemptRef, attemptRef, gatewayRef, status: 'succeeded', ...facts }
}

const statuses = {
  pending: 'pending',
  requires_action: 'pending',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
} as const

// Made on Stripe's own pages, a refund goes by Stripe's name for it.
const refundOf = (movement: Movement): GatewayBillRow | 'unreadable' | null => {
  const read = refundBody.safeParse(movement.source)
  if (!read.success) return 'unreadable'
  const { id, amount, currency, status } = read.data
  const attemptRef = nameIn(read.data, 'attempt_ref')
  if (attemptRef === undefined) return null
  const facts = factsOf(movement, amount, currency)
  if (facts === null) return 'unreadable'
  const reference = read.data.metadata?.refund_ref ?? id
  return { kind: 'refund', reference, attemptRef, gatewayRef: id, status: statuses[status], ...facts }
}

/** What the shop has written beside a charge or a refund, or beside the payment that it is of. */
const nameIn = (
  { metadata: own, payment_intent: payment }: Pick<z.infer<typeof chargeBody>, 'metadata' | 'payment_intent'>,
  name: string,
): string | undefined => own?.[name] ?? (typeof payment === 'object' ? payment?.metadata?.[name] : undefined)

// Stripe books in the currency that it pays out in: the amount is the payment's own, and a fee in another is none of it.
const factsOf = (
  movement: Movement,
  amount: number,
  currencyCode: string,
): Pick<GatewayBillRow, 'currency' | 'amountMinor' | 'fee' | 'at'> | null => {
  const money = fromStripeAmount(amount, currencyCode)
  const isSame = movement.currency === currencyCode
  if (money === null || money.minor <= 0 || (isSame && Math.abs(movement.amount) !== amount)) return null
  const fee = isSame ? feeOf(movement.fee, money.currency) : null
  if (isSame && fee === null) return null
  return { currency: money.currency, amountMinor: money.minor, fee, at: movement.created * 1000 }
}

const feeOf = (fee: number, currency: string): FineAmount | null => {
  const money = fromStripeAmount(fee, currency)
  const scale = currencyExponent(currency).unwrapOr(null)
  return money === null || scale === null ? null : { value: money.minor, scale }
}
