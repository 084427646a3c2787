import type { PersonalField } from '../shared/personal-data-registry.js'
import { transactionKeptDays } from '../shared/personal-record.js'

const recipient = {
  collection: 'order',
  sealedAs: 'recipient',
  sealedIn: 'details.partOf.checkoutId',
  basis: 'contract',
  sensitivity: 'ordinary',
  retention: { kind: 'daysAfterEnd', days: transactionKeptDays },
} as const

/** What orders keep of people. */
export const ordersPersonalData: readonly PersonalField[] = [
  { ...recipient, path: 'details.recipient', purpose: 'To bring the goods to who gets them' },
  { ...recipient, path: 'details.earlier.*.recipient', purpose: 'To undo a change of who gets the goods' },
  {
    ...recipient,
    path: 'details.proposed.recipient',
    purpose: 'To bring the goods to who gets them once that is paid',
  },
  {
    ...recipient,
    path: 'details.contact',
    sealedAs: 'contact',
    purpose: 'To tell of the order who has no account',
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
