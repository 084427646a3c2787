import { err, errAsync, type ResultAsync } from 'neverthrow'
import { type Actor, customerIdOf, guestOwnerId } from '../../shared/actor.js'
import type { Money } from '../../shared/money.js'
import { type CommandContext, type CommandError, startCommand } from '../../shared/run-command.js'
import { askOpenOnDelivery } from '../on-delivery/choose-on-delivery.js'
import type { OrderPayer } from '../order.js'
import { askOrder, closeDraft, openDraft, orderIn } from '../order-draft.js'
import type { PayShareInput } from '../order-inputs.js'
import type { OrderRow } from '../order-row.js'
import { answerVerdict } from '../paying/answer-verdict.js'
import {
  type AttemptAnswer,
  type AttemptStep,
  beginAttempt,
  type PaidOrder,
  type PayOrderError,
} from '../paying/attempt-payment.js'
import { finishAttempt } from '../paying/finish-attempt.js'
import { onceAsked } from '../paying/once-asked.js'
import { gatewayOf } from '../paying/record-outcome.js'
import type { PayOrderPorts } from '../ports.js'
import { askWatch, judgeAttempt } from '../watch/judge-attempt.js'
import { invitedPayer, orderIdOf } from './invited-payer.js'
import { digestLink } from './share-payment.js'
import { parsePayShare } from './share-payment.schema.js'

const action = 'orders.payShare'

const askShare = (orderId: string, actor: Actor) => ({
  ...askOrder(orderId),
  ...askWatch(ownerIdOf(actor)),
  ...askOpenOnDelivery(),
})

// Whose order it is splits no payment to be asked for less.
const provenFor = (actor: Actor, { accountId, currency, totals }: OrderRow, { amountMinor }: AttemptStep): Money => ({
  minor: customerIdOf(actor) === accountId ? totals.payableMinor : amountMinor,
  currency,
})

// Under whom the attempts stand of whoever pays; of a visitor there are some where it is they who ordered.
const ownerIdOf = (actor: Actor): string => (actor.kind === 'guest' ? guestOwnerId(actor.guestId) : customerIdOf(actor))

// Whoever comes by a link pays for themselves; a visitor has no account, unless it is they who ordered.
const payerAccountOf = (actor: Actor, payer: OrderPayer, buyerId: string): string | null => {
  if (payer.accountId !== null) return payer.accountId
  if (actor.kind === 'customer') return actor.accountId
  return actor.kind === 'guest' && guestOwnerId(actor.guestId) === buyerId ? buyerId : null
}

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
  input: PayShareInput,
): ResultAsync<PaidOrder, PayOrderError | CommandError> => {
  const given = parsePayShare(input)
  const link = given.map((asked) => asked.link ?? '').unwrapOr('')
  return digestLink(ports, link)
    .andThen((digest) =>
      onceAsked(ports, () =>
        startCommand<
          PayShareInput,
          ReturnType<typeof askShare>,
          AttemptAnswer,
          AttemptStep,
          PayOrderError | CommandError
        >(ports, context, input, {
          action,
          parse: parsePayShare,
          plan: ({ input: asked, actor }) => askShare(orderIdOf(asked), actor),
          decide: ({ watch, watched, openOnDelivery, ...read }, { input: asked, actor, now }) =>
            invitedPayer(read.order?.state, { actor, input: asked, digest })
              .andThen((payer) =>
                gatewayOf(ports, asked.gatewayId).andThen((gateway) =>
                  openDraft(read, orderIdOf(asked), now).andThen((draft) =>
                    orderIn(draft)
                      .andThen(({ orderId, accountId }) => {
                        if (payer.paidBy !== null) return err<never, PayOrderError>({ type: 'PaymentShared', orderId })
                        const payingAs = payerAccountOf(actor, payer, accountId)
                        const by = { payer, payingAs, openOnDelivery }
                        return beginAttempt(draft, gateway, asked, ports.ids.next('pay'), by).map((step) => ({
                          step,
                          payingAs,
                        }))
                      })
                      .andThen((begun) => orderIn(draft).map((order) => ({ draft, ...begun, part: payer, order }))),
                  ),
                ),
              )
              .asyncAndThen(({ draft, step, payingAs: accountId, part, order }) =>
                judgeAttempt(ports.digests, { watch, watched }, draft, order, {
                  ...{ ...step, origin: context.origin },
                  by: { accountId, part },
                })
                  .andThen((verdict) =>
                    answerVerdict(
                      ports,
                      draft,
                      actor,
                      { action, amount: provenFor(actor, order, step), paymentId: step.paymentId },
                      verdict,
                    ),
                  )
                  .map(() => ({ changes: closeDraft(draft), answer: step })),
              ),
        }),
      ),
    )
    .andThen((progress): ResultAsync<PaidOrder, PayOrderError | CommandError> => {
      if (given.isErr()) return errAsync(given.error)
      const { orderId: _, link: __, ...how } = given.value
      return finishAttempt(ports, context, { action, input: how }, progress)
    })
}
