import { ResultAsync } from 'neverthrow'
import type { MovedSplit, Outcome, SplitPort, SplitRequest } from 'shopwright/payments'
import * as z from 'zod'
import { untold } from '../untold.js'
import { toStripeAmount } from './amount.js'
import { ask, decline, refuse, type StripeAnswer } from './ask.js'
import { chargeIdOf, type StripeIntent } from './facts.js'
import { find, isIntent, type Reference, type Setup } from './find.js'
import { listAll, type NoAnswer } from './list-all.js'
import type { StripeSplits } from './options.js'

/** What of a payment says that nothing more is transferred of it: Stripe itself knows no such end. */
const overMark = 'splits_over'

const metadata = z.record(z.string(), z.string()).nullable()
const transferBody = z.object({
  id: z.string().min(1),
  object: z.literal('transfer'),
  amount: z.int(),
  destination: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullable(),
  metadata,
})
const reversalBody = z.object({
  id: z.string().min(1),
  object: z.literal('transfer_reversal'),
  amount: z.int(),
  metadata,
})

const noGroup = 'no transfer_group'

const isUndivided = (found: Exclude<Outcome<never>, { kind: 'ok' }>): boolean =>
  found.kind === 'declined' && found.error.gatewayCode === noGroup

type Transfer = z.infer<typeof transferBody>

/**
 * Divides payments among connected accounts by separate charges and transfers: each part is a transfer out of the charge
 * itself (`source_transaction`), found again by the payment's `transfer_group`, and comes back by a reversal. Stripe
 * forgets a key after a day and a transfer never, so what was done is looked for before anything is sent.
 *
 * @source https://docs.stripe.com/connect/separate-charges-and-transfers
 */
export const createSplitPort = (setup: Setup, { accountOf, mostBasisPoints = 10_000 }: StripeSplits): SplitPort => ({
  mostBasisPoints,
  accountOf: (payee) =>
    ResultAsync.fromSafePromise(
      Promise.resolve(accountOf(payee)).then((value): Outcome<string | null> => ({ kind: 'ok', value })),
    ),
  send: (request) => ResultAsync.fromSafePromise(send(setup, request)),
  takeBack: (request) => ResultAsync.fromSafePromise(takeBack(setup, request)),
  finish: (request) => ResultAsync.fromSafePromise(finish(setup, request)),
})

const send = async (setup: Setup, request: SplitRequest): Promise<Outcome<MovedSplit>> => {
  const { splitRef, attemptRef, account, amount, key } = request
  const units = unitsOf(amount)
  if (units === null) return decline('AmountInvalid', 'not offered')
  if (!/^acct_\w+$/.test(account)) return decline('InstrumentInvalid', 'no connected account')
  const found = await findDivided(setup, request)
  if ('kind' in found) return found
  const { intent, group } = found
  const before = await findTransfer(setup, group, splitRef)
  if (before !== null && 'kind' in before) return before
  if (before !== null) {
    return before.amount === units && before.destination === account
      ? moved(before)
      : decline('DuplicateReference', 'split_ref')
  }
  if (intent.metadata[overMark] !== undefined) return decline('MerchantConfig', overMark)
  const charge = chargeIdOf(intent)
  if (charge === null || intent.amount_received === 0) return decline('MerchantConfig', 'no charge')
  const params = {
    amount: units,
    currency: amount.currency.toLowerCase(),
    destination: account,
    source_transaction: charge,
    transfer_group: group,
    metadata: { split_ref: splitRef, attempt_ref: attemptRef },
  }
  const answer = await ask(() => setup.client.transfers.create(params, { idempotencyKey: key }))
  return readMove(answer, transferBody)
}

const takeBack = async (
  setup: Setup,
  request: SplitRequest & { readonly returnRef: string },
): Promise<Outcome<MovedSplit>> => {
  const { splitRef, returnRef, amount, key } = request
  const units = unitsOf(amount)
  if (units === null) return decline('AmountInvalid', 'not offered')
  const found = await findDivided(setup, request)
  if ('kind' in found) return found
  const transfer = await findTransfer(setup, found.group, splitRef)
  if (transfer === null) return decline('MerchantConfig', 'resource_missing')
  if ('kind' in transfer) return transfer
  const reversals = await listAll(reversalBody, (page) => setup.client.transfers.listReversals(transfer.id, page))
  if ('kind' in reversals) return reversals
  const before = reversals.find((each) => each.metadata?.return_ref === returnRef)
  if (before !== undefined) {
    return before.amount === units ? moved(before) : decline('DuplicateReference', 'return_ref')
  }
  const params = { amount: units, metadata: { return_ref: returnRef } }
  const answer = await ask(() => setup.client.transfers.createReversal(transfer.id, params, { idempotencyKey: key }))
  return readMove(answer, reversalBody)
}

const finish = async (setup: Setup, request: Reference): Promise<Outcome<'finished'>> => {
  const found = await findDivided(setup, request)
  // One that was never to be divided has nothing to end.
  if ('kind' in found) return isUndivided(found) ? { kind: 'ok', value: 'finished' } : found
  if (found.intent.metadata[overMark] !== undefined) return { kind: 'ok', value: 'finished' }
  // No key: to mark it a second time changes nothing.
  const answer = await ask(() =>
    setup.client.paymentIntents.update(found.intent.id, { metadata: { [overMark]: 'yes' } }),
  )
  return answer.kind === 'done' ? { kind: 'ok', value: 'finished' } : refuse(answer)
}

/** A payment that was made to be divided, and the group that its transfers are in. */
const findDivided = async (
  setup: Setup,
  { attemptRef, gatewayRef, at }: Reference,
): Promise<{ readonly intent: StripeIntent; readonly group: string } | Exclude<Outcome<never>, { kind: 'ok' }>> => {
  const intent = await find(setup, { attemptRef, gatewayRef, at })
  if (intent === 'notFound') return decline('MerchantConfig', 'resource_missing')
  if (!isIntent(intent)) return untold(intent)
  const { transfer_group: group } = intent
  return group === attemptRef ? { intent, group } : decline('MerchantConfig', noGroup)
}

const findTransfer = async (
  { client }: Setup,
  group: string,
  splitRef: string,
): Promise<Transfer | NoAnswer | null> => {
  const all = await listAll(transferBody, (page) => client.transfers.list({ transfer_group: group, ...page }))
  return 'kind' in all ? all : (all.find((each) => each.metadata?.split_ref === splitRef) ?? null)
}

const readMove = (answer: StripeAnswer, body: typeof transferBody | typeof reversalBody): Outcome<MovedSplit> => {
  const made = answer.kind === 'done' ? body.safeParse(answer.value).data : undefined
  return made === undefined ? refuse(answer) : moved(made)
}

const moved = ({ id }: { readonly id: string }): Outcome<MovedSplit> => ({ kind: 'ok', value: { gatewayRef: id } })

const unitsOf = (amount: SplitRequest['amount']): number | null => (amount.minor > 0 ? toStripeAmount(amount) : null)
