import { ResultAsync as Async, err, ok, type Result, type ResultAsync, safeTry } from 'neverthrow'
import { allocate } from '../../shared/allocate.js'
import type { Instant } from '../../shared/instant.js'
import type { CryptoUnavailable } from '../../shared/ports.js'
import { type CommandContext, type CommandError, runCommand } from '../../shared/run-command.js'
import type { OrderPayer } from '../order.js'
import {
  askOrder,
  closeDraft,
  draftOrder,
  draftPayment,
  type OrderDraft,
  openDraft,
  orderIn,
  paymentsIn,
} from '../order-draft.js'
import type { OrderError } from '../order-error.js'
import type { PayerInput, SharePaymentInput } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'
import type { MoneyPorts } from '../ports.js'
import { checkPayers, checkSharing, type SharePaymentError } from './check-sharing.js'
import { parseSharePayment } from './share-payment.schema.js'

/** An order whose payment is shared, and what each is to pay. */
export type SharedPayment = {
  readonly orderId: string
  readonly currency: string
  readonly payBy: Instant
  /** In the order they were named. */
  readonly payers: readonly {
    readonly payerId: string
    readonly accountId: string | null
    readonly amountMinor: number
    /** What lets whoever has it see and pay this part; to be sent to its payer, and told only now. Null of an account. */
    readonly link: string | null
  }[]
}

/**
 * Shares what an order costs among several who each pay their own part until the order is due: by amounts, by shares of
 * what those leave, or the rest. It is paid once all have paid; if it is not in time, everything goes back. Until one
 * has paid it may be shared anew, ten times in all, and earlier links then open nothing.
 *
 * @errors SharesDiffer where the parts are not the whole; PaymentShared once one has paid; SharedTooOften; AttemptUnderway,
 * PaymentOverdue, SharingNotOffered, CommandError
 */
export const sharePayment = (
  ports: MoneyPorts,
  context: CommandContext,
  input: SharePaymentInput,
): ResultAsync<SharedPayment, SharePaymentError | CommandError> =>
  runCommand(ports, context, input, {
    action: 'orders.sharePayment',
    parse: parseSharePayment,
    secret: true,
    plan: ({ input: { orderId } }) => askOrder(orderId),
    decide: (read, { input: { orderId, payers }, now }) =>
      openDraft(read, orderId, now)
        .andThen((draft) => share(draft, payers, () => ports.ids.next('pyr')).map((parts) => ({ draft, parts })))
        .asyncAndThen(({ draft, parts }) =>
          Async.combine(
            parts.map(({ payerId, accountId, amountMinor }) => {
              const link = accountId === null ? linkOf(orderId, payerId, ports.ids.secret()) : null
              return digestLink(ports, link ?? '').map((digest) => ({ payerId, accountId, amountMinor, link, digest }))
            }),
          ).andThen((linked) =>
            orderIn(draft).map((order) => {
              const links = linked.flatMap(({ payerId, link, digest }) => (link === null ? [] : [[payerId, digest]]))
              const { sharedTimes = 0 } = draft.details
              draft.details = {
                ...{ ...draft.details, payerLinks: Object.fromEntries(links) },
                sharedTimes: sharedTimes + 1,
              }
              return {
                changes: closeDraft(draft),
                answer: {
                  orderId,
                  currency: order.currency,
                  payBy: order.status === 'awaitingPayment' ? order.closeAt : now,
                  payers: linked.map(({ digest: _, ...payer }) => payer),
                },
              }
            }),
          ),
        ),
  })

const linkOf = (orderId: string, payerId: string, secret: string): string => `${orderId}.${payerId}.${secret}`

/** What of a link is kept: nobody who reads the order can make the link of it. */
export const digestLink = (ports: MoneyPorts, link: string): ResultAsync<string, CryptoUnavailable> =>
  ports.digests.digest('payer-link', link)

const share = (
  draft: OrderDraft,
  wanted: readonly PayerInput[],
  newId: () => string,
): Result<readonly Pick<OrderPayer, 'payerId' | 'accountId' | 'amountMinor'>[], SharePaymentError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    yield* checkPayers(order, wanted)
    for (const paymentId of yield* checkSharing(order, paymentsIn(draft), at)) {
      yield* draftPayment(draft, paymentId, [{ type: 'RequestClose', reason: 'replacedByAnother', at }])
    }
    const amounts = yield* partsOf(order, wanted)
    const payers = wanted.map(({ accountId }, place) => ({
      payerId: newId(),
      accountId: accountId ?? null,
      amountMinor: amounts[place] ?? 0,
    }))
    yield* draftOrder(draft, { type: 'SharePayment', payers, at })
    return ok(payers)
  })

/** Amounts first; what they leave is split by shares, and where there are none it is the rest of who takes it. */
const partsOf = (
  { orderId, totals: { payableMinor } }: OrderRow,
  wanted: readonly PayerInput[],
): Result<readonly number[], OrderError> => {
  const fixedMinor = wanted.reduce((sum, { part }) => (part.by === 'amount' ? sum + part.amountMinor : sum), 0)
  const weights = wanted.map(({ part }) => (part.by === 'amount' ? 0 : part.by === 'share' ? part.share : 1))
  const differ: OrderError = { type: 'SharesDiffer', orderId, expectedMinor: payableMinor, actualMinor: fixedMinor }
  if (weights.every((weight) => weight === 0)) {
    return fixedMinor === payableMinor ? ok(amountsOf(wanted, [])) : err(differ)
  }
  if (fixedMinor >= payableMinor) return err(differ)
  return allocate(payableMinor - fixedMinor, weights)
    .mapErr((): OrderError => differ)
    .map((parts) => amountsOf(wanted, parts))
}

const amountsOf = (wanted: readonly PayerInput[], parts: readonly number[]): readonly number[] =>
  wanted.map(({ part }, place) => (part.by === 'amount' ? part.amountMinor : (parts[place] ?? 0)))
