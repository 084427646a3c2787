import { type PersonalRecord, personalRows } from '../shared/personal-record.js'
import { cartIdOf } from './cart.js'
import { carts } from './cart.schema.js'

/** What carts keep of people, and what becomes of it with the account. */
export const cartPersonalRecords: readonly PersonalRecord[] = [
  personalRows(carts, {
    owner: 'ownerId',
    idOf: cartIdOf,
    purpose: 'To remember what the person means to buy',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
]
