import { ok } from 'neverthrow'
import { queueMessage } from '../../notify/queue-message.js'
import { disputes } from '../../payments/dispute.schema.js'
import type { DisputeReason } from '../../payments/snapshot.js'
import type { Change } from '../../shared/commit.js'
import { offsetMinutesOf } from '../../shared/local-day.js'
import type { Messages } from '../../shared/messages.js'
import { type Reaction, reactOnce } from '../../shared/reaction.js'
import { row } from '../../shared/read-plan.js'
import { causeOf } from '../notices/order-notice.js'
import { orders } from '../order.collection.schema.js'
import { shopPolicyId } from '../policy/shop-policy.js'
import { policyBooks } from '../policy/shop-policy.schema.js'

/** Tells those whom the shop's terms name that evidence, or an answer, is due soon; not where it was sent meanwhile. */
export const tellWatchers: Reaction = {
  name: 'orders.tellWatchers',
  listensTo: ['dispute/EvidenceDueSoon'],
  react: (ports, event) =>
    reactOnce(
      ports,
      { name: 'orders.tellWatchers', event },
      {
        plan: () => ({
          dispute: row(disputes, event.rowId),
          order: row(orders, { from: 'dispute', path: 'orderId' }),
          policy: row(policyBooks, shopPolicyId),
        }),
        decide: ({ dispute, order, policy }, { now }) => {
          const { disputeWatchers = [], timeZone } = policy?.state ?? {}
          const dueAt = dispute?.state.known.word.evidenceDueAt ?? null
          if (dispute === undefined || order === undefined || dueAt === null || timeZone === undefined) return nothing
          const { disputeId, currency, known } = dispute.state
          const facts = {
            orderNumber: order.state.orderNumber,
            disputeId,
            amount: { minor: known.word.amountMinor, currency },
            reason: disputeReasonNames[known.word.reason],
            dueAt: { at: dueAt, utcOffsetMinutes: offsetMinutesOf(dueAt, timeZone) },
          }
          const about = { cause: event.id, template: 'evidenceDue', facts, at: causeOf(event, now).at } as const
          return ok({
            changes: disputeWatchers.map((accountId) => queueMessage({ ...about, accountId })),
            answer: undefined,
          })
        },
      },
    ),
}

const nothing = ok({ changes: [] as readonly Change[], answer: undefined })

/** What a payer says is wrong, as it is shown. */
const disputeReasonNames: Messages<DisputeReason> = {
  fraudulent: { en: 'says that they did not pay', 'zh-CN': '称非本人支付' },
  notReceived: { en: 'nothing came', 'zh-CN': '未收到货' },
  notAsDescribed: { en: 'not as described', 'zh-CN': '与描述不符' },
  wrongCharge: { en: 'charged wrongly', 'zh-CN': '扣款有误' },
  refundMissing: { en: 'a refund did not come', 'zh-CN': '退款未到账' },
  other: { en: 'another reason', 'zh-CN': '其他原因' },
}
