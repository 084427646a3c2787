import type { PersonalField } from '../shared/personal-data-registry.js'

/** What orders keep of people. */
export const ordersPersonalData: readonly PersonalField[] = [
  {
    collection: 'order',
    path: 'details.recipient',
    sealedAs: 'recipient',
    purpose: 'To bring the goods to who gets them',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'daysAfterEnd', days: 1_096 },
  },
  {
    collection: 'addressBook',
    path: 'addresses.*.recipient',
    sealedAs: 'addresses.{addressId}',
    purpose: 'To order again without writing an address anew; given freely',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]
