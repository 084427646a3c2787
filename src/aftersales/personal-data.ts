import type { PersonalField } from '../shared/personal-data-registry.js'
import { transactionKeptDays } from '../shared/personal-record.js'

/** What after-sales keeps of people. */
export const aftersalesPersonalData: readonly PersonalField[] = [
  {
    collection: 'returnRequest',
    path: 'details.description',
    sealedAs: 'description',
    purpose: 'What the buyer writes of why goods come back',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'daysAfterEnd', days: transactionKeptDays },
  },
]
