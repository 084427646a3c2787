import { okAsync, type ResultAsync } from 'neverthrow'
import { remembersKey } from '../../payments/key-window.js'
import { commandsOfCreate } from '../../payments/outcome.js'
import type { Payment, PaymentCommand } from '../../payments/payment.js'
import { payments } from '../../payments/payment.schema.js'
import { isAwaited } from '../../payments/payment-machine.js'
import type { CreatedPayment, Outcome, PaymentGateway } from '../../payments/ports.js'
import { safeNextStep } from '../../payments/redirect.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand, type Progress } from '../../shared/run-command.js'
import { orders } from '../order.collection.schema.js'
import { askOrder, closeDraft, openDraft } from '../order-draft.js'
import { learnOfPayment } from '../order-moves.js'
import type { MoneyPorts, PayOrderPorts } from '../ports.js'
import { noteHeld } from '../watch/note-amiss.js'
import type { AttemptAnswer, AttemptInput, AttemptStep, PaidOrder, PayOrderError } from './attempt-payment.js'
import { gatewayOf, standingOf } from './record-outcome.js'
import { askRetake, retakeOf } from './reinstate-order.js'
import { endAttempts, resolvePayment } from './resolve-money.js'

type Given = { readonly action: string; readonly input: AttemptInput }
type Failure = PayOrderError | CommandError
/** What the payer is shown of what the gateway wants of them. */
type Shown = Pick<PaidOrder, 'next' | 'withheld'>
type Scope = Parameters<typeof completeCommand>[2]['scope']

/**
 * Goes on with an attempt that was written down: the gateway is asked and its answer written; of one that is answered
 * already the payer is told again what to do, which is not kept.
 *
 * An attempt of an earlier moment is looked at first. Of one that is decided only what is known is told; and where the
 * gateway may have forgotten the key, the same request would be another one for money: it is asked what it knows instead.
 *
 * @errors PayOrderError, CommandError
 */
export const finishAttempt = (
  ports: PayOrderPorts,
  context: CommandContext,
  given: Given,
  progress: Progress<AttemptAnswer, AttemptStep>,
): ResultAsync<PaidOrder, Failure> => {
  if (progress.kind === 'answered') {
    const { answer } = progress
    if (answer.paymentStatus !== 'requiresAction') return okAsync(forPayer({ ...answer, next: null }))
    return mayAskAgain(ports, answer).andThen((may) =>
      may
        ? createAt(ports, given.input, answer).map(({ shown }) => forPayer({ ...answer, ...shown }))
        : lookAt(ports, answer).map((found) => forPayer({ ...answer, ...found, next: null })),
    )
  }
  const { step, scope, resumed } = progress
  const { replacedIds = [] } = step
  return endReplaced(ports, replacedIds)
    .andThen(() => (resumed || replacedIds.length > 0 ? mayAskAgain(ports, step) : okAsync<boolean, Failure>(true)))
    .andThen((may) =>
      may
        ? askGateway(ports, context, given, { attempt: step, scope, resumed })
        : complete(ports, context, given, step, scope, () => []).map((answer) => ({ ...answer, next: null })),
    )
    .map(forPayer)
}

// What the payer was shown before must not be paid beside this. Where it was paid already, the order is paid by it and the
// new attempt is to end, so nothing is asked for; what could not be ended now the sweep ends.
const endReplaced = (ports: PayOrderPorts, paymentIds: readonly string[]): ResultAsync<unknown, Failure> =>
  endAttempts(ports, paymentIds)
    .map((): unknown => undefined)
    .orElse(() => okAsync<unknown, Failure>(undefined))

// Whom the shop shares its money with is no payer's business.
const forPayer = ({ isSplit: _, ...paid }: AttemptAnswer & Shown): PaidOrder => paid

/** Whether the same may be asked of the gateway again; where not, what can be learned of the attempt has been. */
const mayAskAgain = (ports: PayOrderPorts, attempt: AttemptStep): ResultAsync<boolean, Failure> =>
  readAttempt(ports, attempt).andThen(({ payment }): ResultAsync<boolean, Failure> => {
    if (payment === undefined || !isAwaited(payment)) return okAsync(false)
    return gatewayOf(ports, attempt.gatewayId)
      .mapErr((error): Failure => error)
      .asyncAndThen((gateway) =>
        payment.status !== 'processing' && remembersKey(gateway, payment.startedAt, ports.clock.now())
          ? okAsync(true)
          : resolvePayment(ports, payment)
              .map(() => false)
              .mapErr((error): Failure => error),
      )
  })

const readAttempt = (ports: PayOrderPorts, { orderId, paymentId }: AttemptStep) =>
  readFacts(ports.storage, {
    shop: ports.shop,
    scope: { kind: 'all' },
    at: ports.clock.now(),
    plan: { payment: row(payments, paymentId), order: row(orders, orderId) },
  })
    .map(({ payment, order }) => ({ payment: payment?.state, order: order?.state }))
    .mapErr((error): Failure => error)

/** Where the attempt and its order stand now. */
const lookAt = (
  ports: PayOrderPorts,
  attempt: AttemptStep,
): ResultAsync<Partial<Pick<PaidOrder, 'orderStatus' | 'paymentStatus' | 'failure'>>, Failure> =>
  readAttempt(ports, attempt).map(({ payment, order }) =>
    payment === undefined || order === undefined
      ? {}
      : {
          orderStatus: order.status,
          paymentStatus: payment.status,
          failure: payment.known.failure?.code ?? null,
        },
  )

const createAt = (ports: MoneyPorts, input: AttemptInput, attempt: AttemptStep) =>
  gatewayOf(ports, attempt.gatewayId).asyncAndThen((gateway) =>
    gateway
      .create({
        attemptRef: attempt.paymentId,
        orderRef: attempt.orderId,
        orderNumber: attempt.orderNumber,
        key: `create:${attempt.paymentId}`,
        amount: { minor: attempt.amountMinor, currency: attempt.currency },
        method: attempt.method,
        instrumentToken: input.instrumentToken ?? null,
        capture: attempt.capture ?? 'automatic',
        ...(attempt.isSplit === true ? { isSplit: true } : {}),
        expiresAt: attempt.expiresAt,
        returnUrl: input.returnUrl ?? null,
        at: ports.clock.now(),
      })
      .map((outcome) => ({ outcome, shown: shownOf(gateway, outcome) })),
  )

const shownOf = ({ capabilities }: PaymentGateway, outcome: Outcome<CreatedPayment>): Shown => {
  if (outcome.kind !== 'ok' || outcome.value.next.kind === 'none') return { next: null }
  const next = safeNextStep(capabilities, outcome.value.next)
  return next === null ? { next, withheld: 'undeclaredHost' } : { next }
}

const askGateway = (
  ports: PayOrderPorts,
  context: CommandContext,
  given: Given,
  {
    attempt,
    scope,
    resumed,
  }: {
    readonly attempt: AttemptStep
    readonly scope: Scope
    /** It may have been asked before. */
    readonly resumed: boolean
  },
): ResultAsync<AttemptAnswer & Shown, Failure> =>
  createAt(ports, given.input, attempt).andThen(({ outcome, shown }) =>
    complete(ports, context, given, attempt, scope, (at, payment) =>
      commandsOfCreate(outcome, { at, inDoubt: resumed || payment?.status !== 'created' }),
    ).map((answer) => ({ ...answer, ...shown })),
  )

const askPaid = (ports: PayOrderPorts, orderId: string, now: Instant) => ({
  ...askOrder(orderId),
  ...askRetake(ports, now),
})

/** Writes what became known of the attempt, and its answer under the command key. */
const complete = (
  ports: PayOrderPorts,
  context: CommandContext,
  { action }: Given,
  attempt: AttemptStep,
  scope: Scope,
  commandsOf: (now: Instant, payment: Payment | undefined) => readonly PaymentCommand[],
): ResultAsync<AttemptAnswer, Failure> => {
  const { replacedIds: _, ...facts } = attempt
  return completeCommand<ReturnType<typeof askPaid>, AttemptAnswer, PayOrderError>(ports, context, {
    action,
    scope,
    plan: ({ now }) => askPaid(ports, attempt.orderId, now),
    decide: (read, { now }) =>
      openDraft(read, attempt.orderId, now)
        .mapErr((error): PayOrderError => error)
        .andThen((draft) => {
          const before = draft.payments.get(attempt.paymentId)?.state
          const commands = commandsOf(now, before)
          return learnOfPayment(draft, attempt.paymentId, commands, retakeOf(ports, read)).map(() => ({
            changes: [
              ...closeDraft(draft),
              ...noteHeld(ports.ids, before, draft.payments.get(attempt.paymentId)?.state, now),
            ],
            answer: {
              ...facts,
              ...standingOf(draft, attempt.paymentId),
              failure: draft.payments.get(attempt.paymentId)?.state.known.failure?.code ?? null,
            },
          }))
        }),
  })
}
