import { type PersonalRecord, personalEntries, personalRows, transactionKeptDays } from '../shared/personal-record.js'
import { addressBooks } from './addresses/address-book.schema.js'
import { orders, parcels } from './order.collection.schema.js'
import { endOfOrder } from './order-end.js'
import { orderHistory } from './order-history.schema.js'
import { parcelTracking } from './parcels/parcel-tracking.schema.js'
import { ordersPersonalData } from './personal-data.js'
import { paymentWatches } from './watch/payment-watch.schema.js'

const threeYears = { verdict: 'restrict', law: 'E-Commerce Law 31', days: transactionKeptDays } as const
const fieldsOf = (name: string) => ordersPersonalData.filter(({ collection }) => collection === name)

/** What orders keep of people, and what becomes of it with the account. */
export const ordersPersonalRecords: readonly PersonalRecord[] = [
  personalRows(orders, {
    purpose: 'To do what was ordered, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
    fields: fieldsOf('order'),
    endedAt: endOfOrder,
    openWhere: [
      {
        field: 'status',
        is: 'in',
        values: ['awaitingPayment', 'closing', 'paid', 'partlyShipped', 'shipped', 'signed', 'cancelling'],
      },
    ],
  }),
  personalRows(addressBooks, {
    purpose: 'To order again without writing an address anew',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    fields: fieldsOf('addressBook'),
  }),
  personalRows(paymentWatches, {
    purpose: 'To see when somebody else pays in the person’s name',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    omitted: ['attempts.*.device'],
  }),
  personalRows(parcels, {
    purpose: 'To follow what was sent, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
  }),
  personalEntries(parcelTracking, {
    purpose: 'To show where a parcel was, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
  }),
  personalEntries(orderHistory, {
    purpose: 'To show what happened to an order, and to prove it',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'withoutEnd' },
    onErasure: threeYears,
  }),
]
