import type { PersonalField } from '../shared/personal-data-registry.js'

/** What membership keeps of people. */
export const membershipPersonalData: readonly PersonalField[] = [
  {
    collection: 'member',
    path: 'birthday.day',
    sealedAs: 'birthday',
    purpose: 'For a birthday gift; told freely',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]
