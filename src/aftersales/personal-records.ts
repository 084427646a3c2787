import { type PersonalRecord, personalRows, transactionKeptDays } from '../shared/personal-record.js'
import { aftersalesPersonalData } from './personal-data.js'
import { returnRequests } from './return.collection.schema.js'
import { endOfReturn } from './return-end.js'

/** What after-sales keeps of people, and what becomes of it with the account. */
export const aftersalesPersonalRecords: readonly PersonalRecord[] = [
  personalRows(returnRequests, {
    purpose: 'To take goods back, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: { verdict: 'restrict', law: 'E-Commerce Law 31', days: transactionKeptDays },
    fields: aftersalesPersonalData,
    endedAt: endOfReturn,
    openWhere: [{ field: 'status', is: 'in', values: ['requested', 'approved', 'received', 'inspected'] }],
  }),
]
