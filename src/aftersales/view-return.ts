import { type Actor, buyerAsTold } from '../shared/actor.js'
import type { Without } from '../shared/without.js'
import type { ReturnRequest, ReturnRow } from './return-request.js'

/** A return as lists show it: without its buyer's own words, which `aftersales.returnPage` shows. */
export type ListedReturn = Without<ReturnRequest, 'accountId'> & {
  /** The buyer; null to merchants. */
  readonly accountId: string | null
}

/** Shows a return, member by member: what is stored with one later is shown once somebody has decided to whom. */
export const viewReturn = (state: ReturnRow, actor: Actor): ListedReturn => ({
  returnId: state.returnId,
  orderId: state.orderId,
  accountId: buyerAsTold(actor, state.accountId),
  merchantId: state.merchantId,
  kind: state.kind,
  reason: state.reason,
  lines: state.lines,
  freightPayer: state.freightPayer,
  service: state.service,
  requestedAt: state.requestedAt,
  ...standingOf(state),
})

const standingOf = (state: ReturnRow) => {
  switch (state.status) {
    case 'requested':
      return { status: state.status }
    case 'approved':
      return { status: state.status, ...approvalOf(state), sendBy: state.sendBy }
    case 'refused':
      return { status: state.status, ground: state.ground, refusedAt: state.refusedAt }
    case 'received':
      return { status: state.status, ...approvalOf(state), receivedAt: state.receivedAt }
    case 'inspected':
      return {
        status: state.status,
        ...approvalOf(state),
        inspected: state.inspected,
        inspectedAt: state.inspectedAt,
        refundBy: state.refundBy,
      }
    case 'refunded':
      return {
        status: state.status,
        ...approvalOf(state),
        inspected: state.inspected,
        refundId: state.refundId,
        refundedAt: state.refundedAt,
      }
    case 'closed':
      return { status: state.status, ...approvalOf(state), inspected: state.inspected, closedAt: state.closedAt }
    case 'cancelled':
      return { status: state.status, cancelledBy: state.cancelledBy, cancelledAt: state.cancelledAt }
  }
}

const approvalOf = (state: Extract<ReturnRow, { readonly approvedAt: number }>) => ({
  approvedAt: state.approvedAt,
  approvedBy: state.approvedBy,
})
