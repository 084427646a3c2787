import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { GatewayErrorCode } from '../../payments/gateway-error.js'
import { commandsOfCapture } from '../../payments/outcome.js'
import { payments } from '../../payments/payment.schema.js'
import { capturableMinor } from '../../payments/payment-machine.js'
import type { Outcome } from '../../payments/ports.js'
import { stillHeldMinor, surelyTakenMinor } from '../../payments/said-payment.js'
import type { PaymentSnapshot } from '../../payments/snapshot.js'
import type { RefundSplitError } from '../../pricing/refund-of.js'
import type { Currency } from '../../shared/currency.js'
import type { Instant } from '../../shared/instant.js'
import { readFacts } from '../../shared/read-facts.js'
import { row } from '../../shared/read-plan.js'
import { type CommandContext, type CommandError, completeCommand, startCommand } from '../../shared/run-command.js'
import { leastUncapturedMinor, payingOf, payingsOf, takeableMinor, uncapturedMinor } from '../money/order-money.js'
import { isOnDelivery } from '../money/promised-money.js'
import { refundsIn } from '../money/refund-outcome.js'
import {
  askOrder,
  askOrderOfMoney,
  closeDraft,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from '../order-draft.js'
import type { CaptureOrderInput } from '../order-inputs.js'
import { parseCaptureOrder } from '../order-inputs.schema.js'
import { learnOfPayment } from '../order-moves.js'
import type { MoneyPorts } from '../ports.js'
import { noteHeld } from '../watch/note-amiss.js'
import { type GatewayUnknown, gatewayOf } from './record-outcome.js'
import { askRetake, retakeOf } from './reinstate-order.js'
import { askCapture, resolvePayment } from './resolve-money.js'

/** A capture that was written down before the gateway is asked. */
export type CaptureStep = {
  readonly orderId: string
  readonly paymentId: string
  readonly captureId: string
  readonly gatewayId: string
  readonly gatewayRef: string | null
  readonly amountMinor: number
  /** What will have been taken by all captures once this one is done. */
  readonly targetMinor: number
  readonly currency: Currency
  readonly final: boolean
}

/** What came of taking held money. */
export type CapturedOrder = Omit<CaptureStep, 'gatewayId' | 'gatewayRef' | 'targetMinor'> & {
  /** `underway` where the answer was lost: the sweep of payments asks and sends it again. */
  readonly status: 'captured' | 'declined' | 'underway'
  /** Why it was declined; null unless it was, and where the answer itself was lost. */
  readonly code: GatewayErrorCode | null
  /** Taken so far, minor units. */
  readonly capturedMinor: number
  /** Held, and not taken yet. */
  readonly heldMinor: number
}

/** Nothing of what is held is missing, or nothing is held. */
export type NothingToCapture = { readonly type: 'NothingToCapture'; readonly orderId: string }

/** The gateway takes what it holds only whole, or gives up the rest with the first part. */
export type CaptureNotOffered = {
  readonly type: 'CaptureNotOffered'
  readonly gatewayId: string
  readonly heldMinor: number
}

/** It would be the last that is taken, and pays for no piece: nothing of the order could leave any more. */
export type CapturePaysNoPiece = {
  readonly type: 'CapturePaysNoPiece'
  readonly orderId: string
  readonly amountMinor: number
  /** What lets the piece leave that asks for the least, with carriage, minor units. */
  readonly leastMinor: number
}

/** Why no money is taken. */
export type CaptureOrderError =
  | NothingToCapture
  | CapturePaysNoPiece
  | CaptureNotOffered
  | GatewayUnknown
  | RefundSplitError
  | OrderMoveError

/**
 * Takes money that is held for an order, whole or in parts: written down first, then asked of the gateway under a key of
 * its own, its answer written. What is taken is never more than is held: also what staff said was taken (`decidePayment`), and
 * its gateway holds still, while the order stands. What is `final` pays for a piece, at least where
 * nothing has left: the rest is given up with it, and an order that is to be given up whole is cancelled.
 *
 * @errors CaptureExceedsHold, CapturePaysNoPiece before anything is asked; CaptureUnderway; CaptureOrderError, CommandError
 */
export const captureOrder = (
  ports: MoneyPorts,
  context: CommandContext,
  input: CaptureOrderInput,
): ResultAsync<CapturedOrder, CaptureOrderError | CommandError> =>
  startCommand<CaptureOrderInput, ReturnType<typeof askOrder>, CapturedOrder, CaptureStep, CaptureOrderError>(
    ports,
    context,
    input,
    {
      action,
      parse: parseCaptureOrder,
      plan: ({ input: { orderId } }) => askOrder(orderId),
      decide: (read, { input, now }) =>
        openDraft(read, input.orderId, now).andThen((draft) =>
          beginCapture(ports, draft, input, ports.ids.next('cap')).map((step) => ({
            changes: closeDraft(draft),
            answer: step,
          })),
        ),
    },
  ).andThen((progress): ResultAsync<CapturedOrder, CaptureOrderError | CommandError> => {
    if (progress.kind === 'answered') return okAsync(progress.answer)
    const { step, scope, resumed } = progress
    return gatewayOf(ports, step.gatewayId)
      .asyncAndThen(
        (gateway): ResultAsync<Outcome<PaymentSnapshot> | undefined, CaptureOrderError | CommandError> =>
          resumed ? learnCapture(ports, step) : askCapture(ports, gateway, step),
      )
      .andThen((outcome) => complete(ports, context, { step, scope, outcome }))
  })

/**
 * Of a capture that was written down at an earlier moment: asks what came of it, and sends it again where that call is over
 * and the gateway knows of none. What is still open then the sweep asks about.
 */
const learnCapture = (
  ports: MoneyPorts,
  { paymentId, captureId }: CaptureStep,
): ResultAsync<undefined, CaptureOrderError | CommandError> => {
  const plan = { found: row(payments, paymentId) }
  return readFacts(ports.storage, { shop: ports.shop, scope: { kind: 'all' }, at: ports.clock.now(), plan }).andThen(
    ({ found }): ResultAsync<undefined, CaptureOrderError | CommandError> =>
      found?.state.capturing?.captureId === captureId
        ? resolvePayment(ports, found.state, 'person').map(() => undefined)
        : okAsync(undefined),
  )
}

const action = 'orders.capture'

const askCaptured = (ports: MoneyPorts, orderId: string, now: Instant) => ({
  ...askOrderOfMoney(orderId),
  ...askRetake(ports, now),
})

const beginCapture = (
  ports: MoneyPorts,
  draft: OrderDraft,
  { lines, amountMinor: asked, final = false }: CaptureOrderInput,
  captureId: string,
): Result<CaptureStep, CaptureOrderError> =>
  safeTry(function* () {
    const { at } = draft
    const order = yield* orderIn(draft)
    const { orderId, currency } = order
    const payment = payingOf(draft, order)
    // What is promised on delivery its courier brings.
    if (payment === undefined || isOnDelivery(payment)) {
      return err<never, CaptureOrderError>({ type: 'NothingToCapture', orderId })
    }
    const { paymentId, gatewayId, known } = payment
    const { capabilities } = yield* gatewayOf(ports, gatewayId)
    const heldMinor = takeableMinor(order, payment)
    const inParts = capabilities.partialCapture && (capabilities.multiCapture || final)
    if (asked !== undefined && asked < heldMinor && !inParts) {
      return err<never, CaptureOrderError>({ type: 'CaptureNotOffered', gatewayId, heldMinor })
    }
    // What a person said was taken, and was not, is missing beside what pieces cost.
    const deniedMinor = heldMinor - capturableMinor(payment)
    const missingMinor =
      lines === undefined
        ? heldMinor
        : deniedMinor + (yield* uncapturedMinor(order, payingsOf(draft, order), refundsIn(draft), lines))
    const partMinor = inParts ? missingMinor : Math.max(missingMinor, heldMinor)
    const amountMinor = asked ?? (missingMinor === 0 ? 0 : partMinor)
    if (amountMinor === 0) return err<never, CaptureOrderError>({ type: 'NothingToCapture', orderId })
    yield* draftPayment(draft, paymentId, [{ type: 'RequestCapture', captureId, amountMinor, final, at }])
    if (final && order.status === 'paid') {
      const leastMinor = (yield* leastUncapturedMinor(order, payingsOf(draft, order), refundsIn(draft))) ?? 0
      if (leastMinor > amountMinor) {
        return err<never, CaptureOrderError>({ type: 'CapturePaysNoPiece', orderId, amountMinor, leastMinor })
      }
    }
    const capturing = draft.payments.get(paymentId)?.state.capturing
    const { targetMinor = amountMinor, final: last = final } = capturing ?? {}
    return ok({
      orderId,
      paymentId,
      captureId,
      gatewayId,
      gatewayRef: known.gatewayRef,
      amountMinor,
      targetMinor,
      currency,
      final: last,
    })
  })

const complete = (
  ports: MoneyPorts,
  context: CommandContext,
  {
    step,
    scope,
    outcome,
  }: {
    readonly step: CaptureStep
    readonly scope: Parameters<typeof completeCommand>[2]['scope']
    /** Absent where it was heard at another time. */
    readonly outcome: Outcome<PaymentSnapshot> | undefined
  },
): ResultAsync<CapturedOrder, CaptureOrderError | CommandError> => {
  const { gatewayId: _, gatewayRef: __, targetMinor, ...facts } = step
  const { paymentId, captureId } = step
  return completeCommand<ReturnType<typeof askCaptured>, CapturedOrder, CaptureOrderError>(ports, context, {
    action,
    scope,
    plan: ({ now }) => askCaptured(ports, step.orderId, now),
    decide: (read, { now }) =>
      openDraft(read, step.orderId, now).andThen((draft) => {
        // Where this call took so long that another has sent it again, a no of this one says nothing of that.
        const before = draft.payments.get(paymentId)?.state
        const capturing = before?.capturing
        const inDoubt = capturing !== undefined && capturing.sentAt > capturing.since
        const commands = outcome === undefined ? [] : commandsOfCapture(outcome, { captureId, at: now, inDoubt })
        return learnOfPayment(draft, paymentId, commands, retakeOf(ports, read)).map(() => {
          const payment = draft.payments.get(paymentId)?.state
          const capturedMinor = payment === undefined ? 0 : surelyTakenMinor(payment)
          const underway = payment?.capturing?.captureId === captureId
          const declined = !underway && (outcome?.kind === 'declined' || capturedMinor < targetMinor)
          const answer: CapturedOrder = {
            ...facts,
            status: underway ? 'underway' : declined ? 'declined' : 'captured',
            code: declined && outcome?.kind === 'declined' ? outcome.error.code : null,
            capturedMinor,
            heldMinor: payment === undefined ? 0 : capturableMinor(payment) + stillHeldMinor(payment),
          }
          return { changes: [...closeDraft(draft), ...noteHeld(ports.ids, before, payment, now)], answer }
        })
      }),
  })
}
