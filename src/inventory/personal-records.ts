import { type PersonalRecord, personalRows } from '../shared/personal-record.js'
import { reservations } from './inventory.schema.js'

/** What inventory keeps of people, and what becomes of it with the account. */
export const inventoryPersonalRecords: readonly PersonalRecord[] = [
  personalRows(reservations, {
    purpose: 'To set goods aside for an order',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
  }),
]
