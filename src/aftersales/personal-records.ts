import type { Instant } from '../shared/instant.js'
import { type PersonalRecord, personalRows } from '../shared/personal-record.js'
import { aftersalesPersonalData } from './personal-data.js'
import { returnRequests } from './return.collection.schema.js'
import type { ReturnRow } from './return-request.js'

const endOf = (request: ReturnRow): Instant | null => {
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

/** What after-sales keeps of people, and what becomes of it with the account. */
export const aftersalesPersonalRecords: readonly PersonalRecord[] = [
  personalRows(returnRequests, {
    purpose: 'To take goods back, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'daysAfterEnd', days: 1_096 },
    onErasure: { verdict: 'restrict', law: 'E-Commerce Law 31', days: 1_096 },
    fields: aftersalesPersonalData,
    endedAt: endOf,
    openWhere: [{ field: 'status', is: 'in', values: ['requested', 'approved', 'received', 'inspected'] }],
  }),
]
