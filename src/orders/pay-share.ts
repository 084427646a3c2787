import { err, errAsync, type ResultAsync } from 'neverthrow'
import { type CommandContext, type CommandError, startCommand } from '../shared/run-command.js'
import { askPaymentProof } from '../shared/step-up.js'
import {
  type AttemptAnswer,
  type AttemptStep,
  beginAttempt,
  finishAttempt,
  type PaidOrder,
  type PayOrderError,
} from './attempt-payment.js'
import { invitedPayer, orderIdOf } from './invited-payer.js'
import { askOrder, closeDraft, openDraft, orderIn } from './order-draft.js'
import type { PayShareInput } from './order-inputs.js'
import type { PayOrderPorts } from './ports.js'
import { gatewayOf } from './record-outcome.js'
import { digestLink } from './share-payment.js'
import { parsePayShare } from './share-payment.schema.js'

const action = 'orders.payShare'

/**
 * Pays a part of an order that several pay together: by the link that its payer was invited by, or by the account that
 * it is for. It is written down and asked for as any attempt is.
 *
 * @errors NotFound for everybody else, as if there were no such order; PaymentShared where the part is paid; PayOrderError,
 * CommandError
 */
export const payShare = (
  ports: PayOrderPorts,
  context: CommandContext,
  input: unknown,
): ResultAsync<PaidOrder, PayOrderError | CommandError> => {
  const given = parsePayShare(input)
  const link = given.map((asked) => asked.link ?? '').unwrapOr('')
  return digestLink(ports, link)
    .mapErr((error): PayOrderError | CommandError => error)
    .andThen((digest) =>
      startCommand<
        PayShareInput,
        ReturnType<typeof askOrder>,
        AttemptAnswer,
        AttemptStep,
        PayOrderError | CommandError
      >(ports, context, input, {
        action,
        parse: parsePayShare,
        plan: ({ input: asked }) => askOrder(orderIdOf(asked)),
        decide: (read, { input: asked, actor, now }) =>
          invitedPayer(read.order?.state, { actor, input: asked, digest })
            .mapErr((error): PayOrderError | CommandError => error)
            .andThen((payer) =>
              gatewayOf(ports, asked.gatewayId).andThen((gateway) =>
                openDraft(read, orderIdOf(asked), now).andThen((draft) =>
                  orderIn(draft)
                    .andThen(({ orderId }) =>
                      payer.paidBy === null
                        ? beginAttempt(draft, gateway, asked, ports.ids.next('pay'), payer)
                        : err<never, PayOrderError>({ type: 'PaymentShared', orderId }),
                    )
                    .andThen((step) => {
                      const { amountMinor: minor, currency } = step
                      const payment = { action, amount: { minor, currency }, challenged: false, at: now }
                      return askPaymentProof(actor, ports.paymentProof, payment).map(() => ({
                        changes: closeDraft(draft),
                        answer: step,
                      }))
                    }),
                ),
              ),
            ),
      }),
    )
    .andThen((progress): ResultAsync<PaidOrder, PayOrderError | CommandError> => {
      if (given.isErr()) return errAsync(given.error)
      const { orderId: _, link: __, ...how } = given.value
      return finishAttempt(ports, context, { action, input: how }, progress)
    })
}
