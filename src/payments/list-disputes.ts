import { ok, type ResultAsync } from 'neverthrow'
import type { Scope } from '../shared/actor.js'
import type { Instant } from '../shared/instant.js'
import { listed, pageOf, type UnreadableRows } from '../shared/list-page.js'
import type { Money } from '../shared/money.js'
import type { CorePorts } from '../shared/ports.js'
import { type Condition, find } from '../shared/read-plan.js'
import { type QueryContext, type QueryError, runQuery } from '../shared/run-query.js'
import type { Dispute, SentEvidence } from './dispute.js'
import { disputes } from './dispute.schema.js'
import { disputedMinor, partOf, standingWord } from './dispute-machine.js'
import { type DisputeCursor, type ListDisputesInput, parseListDisputes } from './list-disputes.schema.js'
import type { DisputeReason } from './snapshot.js'

/** A dispute as a person sees it. */
export type DisputeView = {
  readonly disputeId: string
  readonly orderId: string
  readonly paymentId: string
  readonly status: Dispute['status']
  readonly reason: DisputeReason
  /** What the payer wants back. */
  readonly amount: Money
  /** What of it is held, or lost, in the same currency; 0 where nothing has moved or it is the shop's again. */
  readonly heldMinor: number
  readonly openedAt: Instant
  /** Until when it can be contested; null where nothing can be done, or nobody says. */
  readonly evidenceDueAt: Instant | null
  /** Whether it is lost and may still be appealed, as it was last heard of. */
  readonly mayAppeal: boolean
  /** Since when its gateway, though asked, or gone, has not said how it stands; null while it says so. */
  readonly unheardSince: Instant | null
  /** When a person said how it has ended; null where the gateway says how it stands. */
  readonly decidedAt: Instant | null
  /** The last evidence that was sent; null before any was. */
  readonly evidence: SentEvidence | null
}

/** A page of disputes, the latest first. */
export type DisputePage = UnreadableRows & {
  readonly disputes: readonly DisputeView[]
  readonly next: DisputeCursor | null
}

/**
 * Lists disputes, within the actor's reach: how each stands, what it is about, and until when it can be contested; or those
 * alone of which nobody says how they stand.
 *
 * @errors QueryError
 */
export const listDisputes = (
  ports: CorePorts,
  context: QueryContext,
  input: ListDisputesInput = {},
): ResultAsync<DisputePage, QueryError> =>
  runQuery(ports, context, input, {
    action: 'payments.disputes',
    parse: parseListDisputes,
    about: ({ input: { orderId } }) => orderId ?? 'disputes',
    plan: ({ input: { limit = 20, after, ...asked }, scope }) => ({
      found: listed(
        find(disputes, {
          where: conditionsOf(asked, scope),
          orderBy: { field: 'openedAt', direction: 'descending' },
          limit: limit + 1,
          ...(after === undefined ? {} : { after: { value: after.openedAt, id: after.disputeId } }),
        }),
      ),
    }),
    answer: ({ found }, { input: { limit = 20, orderId }, scope }) => {
      const { rows, unreadable, end } = pageOf(found, { limit, scope })
      const views = rows.map(({ state }) => viewDisputeFor(state, scope.kind === 'merchant' ? scope.merchantId : null))
      // The order of another merchant is none that this one could ask for.
      const page =
        scope.kind === 'merchant' && orderId !== undefined ? views.filter((view) => view.orderId === orderId) : views
      const next = end === null ? null : { openedAt: Number(end.value), disputeId: end.id }
      return ok({ disputes: page, unreadable, next })
    },
  })

const conditionsOf = (
  { orderId, open = false, unheard = false }: Pick<ListDisputesInput, 'orderId' | 'open' | 'unheard'>,
  scope: Scope,
): readonly Condition[] => [
  ...(orderId === undefined
    ? []
    : scope.kind === 'merchant'
      ? [{ field: 'orderIds', is: 'containsAll' as const, values: [orderId] }]
      : [{ field: 'orderId', is: 'eq' as const, value: orderId }]),
  ...(unheard ? [{ field: 'unheardSince', is: 'gte' as const, value: 0 }] : []),
  ...(open ? [{ field: 'status', is: 'in' as const, values: ['inquiry', 'evidenceDue', 'underReview'] }] : []),
]

/**
 * Shows a dispute: of what was divided a merchant sees their own part, and nothing of what others sold.
 *
 * @param merchantId - null to whoever is none
 */
export const viewDisputeFor = (dispute: Dispute, merchantId: string | null): DisputeView => {
  const view = viewDispute(dispute)
  const part = merchantId === null ? null : partOf(dispute, merchantId)
  if (part === null) return view
  const { orderId, amountMinor, heldMinor } = part
  return { ...view, orderId, amount: { minor: amountMinor, currency: dispute.currency }, heldMinor }
}

const viewDispute = (dispute: Dispute): DisputeView => {
  const { firstAt } = dispute.known
  const word = standingWord(dispute)
  return {
    disputeId: dispute.disputeId,
    orderId: dispute.orderId,
    paymentId: dispute.paymentId,
    status: dispute.status,
    reason: word.reason,
    amount: { minor: word.amountMinor, currency: dispute.currency },
    heldMinor: disputedMinor(dispute),
    openedAt: firstAt,
    evidenceDueAt: dispute.status === 'evidenceDue' || dispute.status === 'inquiry' ? word.evidenceDueAt : null,
    mayAppeal: word.mayAppeal ?? false,
    unheardSince: dispute.unheardSince ?? null,
    decidedAt: dispute.decided?.at ?? null,
    evidence: dispute.evidence,
  }
}
