import { errAsync, type ResultAsync } from 'neverthrow'
import type { Money } from '../../shared/money.js'
import { type CommandContext, type CommandError, startCommand } from '../../shared/run-command.js'
import { ownPayer } from '../money/order-payers.js'
import { askOpenOnDelivery } from '../on-delivery/choose-on-delivery.js'
import { askOrder, closeDraft, openDraft, orderIn } from '../order-draft.js'
import type { PayOrderInput } from '../order-inputs.js'
import { parsePayOrder } from '../order-inputs.schema.js'
import type { PayOrderPorts } from '../ports.js'
import { askWatch, judgeAttempt } from '../watch/judge-attempt.js'
import { answerVerdict } from './answer-verdict.js'
import {
  type AttemptAnswer,
  type AttemptStep,
  beginAttempt,
  type PaidOrder,
  type PayOrderError,
} from './attempt-payment.js'
import { finishAttempt } from './finish-attempt.js'
import { onceAsked } from './once-asked.js'
import { gatewayOf } from './record-outcome.js'

/**
 * Pays an order: the attempt is written down, the gateway asked under a key of its own, and its answer written,
 * *unknown* included. The same command key goes on where a crash left off and never makes a second attempt. Where the
 * shop wants it, the buyer shows first that it is they who pay.
 *
 * @errors StepUpRequired with the proofs that count, PayOrderError, CommandError
 */
export const payOrder = (
  ports: PayOrderPorts,
  context: CommandContext,
  input: PayOrderInput,
): ResultAsync<PaidOrder, PayOrderError | CommandError> =>
  onceAsked(ports, () =>
    startCommand<
      PayOrderInput,
      ReturnType<typeof askAttempt>,
      AttemptAnswer,
      AttemptStep,
      PayOrderError | CommandError
    >(ports, context, input, {
      action,
      parse: parsePayOrder,
      plan: ({ input: { orderId } }) => askAttempt(orderId),
      decide: ({ watch, watched, openOnDelivery, ...read }, { input, actor, now }) =>
        gatewayOf(ports, input.gatewayId)
          .andThen((gateway) =>
            openDraft(read, input.orderId, now).andThen((draft) =>
              orderIn(draft).andThen((order) =>
                ownPayer(order).andThen((payer) =>
                  beginAttempt(draft, gateway, input, ports.ids.next('pay'), { payer, openOnDelivery }).andThen(
                    (attempt) => orderIn(draft).map((now) => ({ draft, attempt, order: now })),
                  ),
                ),
              ),
            ),
          )
          .asyncAndThen(({ draft, attempt, order }) =>
            judgeAttempt(ports.digests, { watch, watched }, draft, order, { ...attempt, origin: context.origin })
              .andThen((verdict) =>
                answerVerdict(
                  ports,
                  draft,
                  actor,
                  { action, amount: amountOf(attempt), paymentId: attempt.paymentId },
                  verdict,
                ),
              )
              .map(() => ({ changes: closeDraft(draft), answer: attempt })),
          ),
    }),
  ).andThen((progress): ResultAsync<PaidOrder, PayOrderError | CommandError> => {
    const given = parsePayOrder(input)
    if (given.isErr()) return errAsync(given.error)
    return finishAttempt(ports, context, { action, input: given.value }, progress)
  })

const action = 'orders.pay'

const askAttempt = (orderId: string) => ({ ...askOrder(orderId), ...askWatch(), ...askOpenOnDelivery() })

const amountOf = ({ amountMinor: minor, currency }: AttemptStep): Money => ({ minor, currency })
