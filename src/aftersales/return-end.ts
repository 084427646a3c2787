import type { Instant } from '../shared/instant.js'
import { keptUntil } from '../shared/personal-record.js'
import type { ReturnDetails, ReturnRequest, ReturnRow } from './return-request.js'

/** When a return came to its end; null while it has not. */
export const endOfReturn = (request: ReturnRequest): Instant | null => {
  switch (request.status) {
    case 'refused':
      return request.refusedAt
    case 'refunded':
      return request.refundedAt
    case 'closed':
      return request.closedAt
    case 'cancelled':
      return request.cancelledAt
    case 'requested':
    case 'approved':
    case 'received':
    case 'inspected':
      return null
  }
}

/** A return as it is written: once it has come to its end it says until when what its buyer wrote is kept. */
export const returnRow = (request: ReturnRequest, { description }: ReturnDetails): ReturnRow => {
  const end = description === null ? null : endOfReturn(request)
  return { ...request, details: end === null ? { description } : { description, forgetAt: keptUntil(end) } }
}
