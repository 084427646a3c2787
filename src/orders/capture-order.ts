import { err, ok, okAsync, type Result, type ResultAsync, safeTry } from 'neverthrow'
import type { GatewayErrorCode } from '../payments/gateway-error.js'
import { commandsOfCapture } from '../payments/outcome.js'
import { capturableMinor } from '../payments/payment-machine.js'
import type { PaymentGateway } from '../payments/ports.js'
import type { RefundSplitError } from '../pricing/refund-of.js'
import type { Currency } from '../shared/currency.js'
import type { Instant } from '../shared/instant.js'
import { type CommandContext, type CommandError, completeCommand, startCommand } from '../shared/run-command.js'
import { payingOf, payingsOf, uncapturedMinor } from './held-money.js'
import {
  askOrder,
  askOrderOfMoney,
  closeDraft,
  draftPayment,
  type OrderDraft,
  type OrderMoveError,
  openDraft,
  orderIn,
} from './order-draft.js'
import type { CaptureOrderInput } from './order-inputs.js'
import { parseCaptureOrder } from './order-inputs.schema.js'
import { learnOfPayment } from './order-moves.js'
import type { MoneyPorts } from './ports.js'
import { type GatewayUnknown, gatewayOf } from './record-outcome.js'
import { refundsIn } from './refund-outcome.js'
import { askRetake, retakeOf } from './reinstate-order.js'
import { askCapture } from './resolve-money.js'

/** A capture that was written down before the gateway is asked. */
export type CaptureStep = {
  readonly orderId: string
  readonly paymentId: string
  readonly captureId: string
  readonly gatewayId: string
  readonly gatewayRef: string | null
  readonly amountMinor: number
  readonly currency: Currency
  readonly final: boolean
}

/** What came of taking held money. */
export type CapturedOrder = Omit<CaptureStep, 'gatewayId' | 'gatewayRef'> & {
  /** `underway` where the answer was lost: the sweep of payments asks and sends it again. */
  readonly status: 'captured' | 'declined' | 'underway'
  /** Why it was declined; null unless it was. */
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

/** Why no money is taken. */
export type CaptureOrderError =
  | NothingToCapture
  | CaptureNotOffered
  | GatewayUnknown
  | RefundSplitError
  | OrderMoveError

/**
 * Takes money that is held for an order, whole or in parts: written down first, then asked of the gateway under a key of
 * its own, its answer written. What is taken is never more than is held.
 *
 * @errors CaptureExceedsHold before anything is asked; CaptureUnderway; CaptureOrderError, CommandError
 */
export const captureOrder = (
  ports: MoneyPorts,
  context: CommandContext,
  input: unknown,
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
        openDraft(read, input.orderId, now)
          .mapErr((error): CaptureOrderError => error)
          .andThen((draft) =>
            beginCapture(ports, draft, input, ports.ids.next('cap')).map((step) => ({
              changes: closeDraft(draft),
              answer: step,
            })),
          ),
    },
  ).andThen((progress): ResultAsync<CapturedOrder, CaptureOrderError | CommandError> => {
    if (progress.kind === 'answered') return okAsync(progress.answer)
    const { step, scope } = progress
    return gatewayOf(ports, step.gatewayId)
      .mapErr((error): CaptureOrderError => error)
      .asyncAndThen((gateway) => take(ports, context, gateway, step, scope))
  })

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
    if (payment === undefined) return err<never, CaptureOrderError>({ type: 'NothingToCapture', orderId })
    const { paymentId, gatewayId, known } = payment
    const { capabilities } = yield* gatewayOf(ports, gatewayId)
    const heldMinor = capturableMinor(payment)
    const inParts = capabilities.partialCapture && (capabilities.multiCapture || final)
    if (asked !== undefined && asked < heldMinor && !inParts) {
      return err<never, CaptureOrderError>({ type: 'CaptureNotOffered', gatewayId, heldMinor })
    }
    const missingMinor =
      lines === undefined ? heldMinor : yield* uncapturedMinor(order, payingsOf(draft, order), refundsIn(draft), lines)
    const partMinor = inParts ? missingMinor : Math.max(missingMinor, heldMinor)
    const amountMinor = asked ?? (missingMinor === 0 ? 0 : partMinor)
    if (amountMinor === 0) return err<never, CaptureOrderError>({ type: 'NothingToCapture', orderId })
    yield* draftPayment(draft, paymentId, [{ type: 'RequestCapture', captureId, amountMinor, final, at }])
    const last = draft.payments.get(paymentId)?.state.capturing?.final ?? final
    return ok({
      orderId,
      paymentId,
      captureId,
      gatewayId,
      gatewayRef: known.gatewayRef,
      amountMinor,
      currency,
      final: last,
    })
  })

const take = (
  ports: MoneyPorts,
  context: CommandContext,
  gateway: PaymentGateway,
  step: CaptureStep,
  scope: Parameters<typeof completeCommand>[2]['scope'],
): ResultAsync<CapturedOrder, CaptureOrderError | CommandError> => {
  const { gatewayId: _, gatewayRef, ...facts } = step
  return askCapture(ports, gateway, { ...step, gatewayRef }).andThen((outcome) =>
    completeCommand<ReturnType<typeof askCaptured>, CapturedOrder, CaptureOrderError>(ports, context, {
      action,
      scope,
      plan: ({ now }) => askCaptured(ports, step.orderId, now),
      decide: (read, { now }) =>
        openDraft(read, step.orderId, now)
          .mapErr((error): CaptureOrderError => error)
          .andThen((draft) =>
            learnOfPayment(
              draft,
              step.paymentId,
              commandsOfCapture(outcome, { captureId: step.captureId, at: now }),
              retakeOf(ports, read),
            ).map(() => {
              const payment = draft.payments.get(step.paymentId)?.state
              const underway = payment?.capturing?.captureId === step.captureId
              const declined = !underway && outcome.kind === 'declined'
              const answer: CapturedOrder = {
                ...facts,
                status: underway ? 'underway' : declined ? 'declined' : 'captured',
                code: declined ? outcome.error.code : null,
                capturedMinor: payment?.known.captured?.minor ?? 0,
                heldMinor: payment === undefined ? 0 : capturableMinor(payment),
              }
              return { changes: closeDraft(draft), answer }
            }),
          ),
    }),
  )
}
