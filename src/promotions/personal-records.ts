import { type PersonalRecord, personalRows } from '../shared/personal-record.js'
import { coupons } from './coupon.collection.schema.js'

/** What promotions keep of people, and what becomes of it with the account. */
export const promotionsPersonalRecords: readonly PersonalRecord[] = [
  personalRows(coupons, {
    owner: 'holderId',
    purpose: 'To take off what a coupon promises, once',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
  }),
]
