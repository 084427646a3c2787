import type { PersonalField } from '../shared/personal-data-registry.js'

/** What accounts keep of people. */
export const accountsPersonalData: readonly PersonalField[] = [
  {
    collection: 'account',
    path: 'email',
    purpose: 'To sign in, to prove that an account is one’s own, and to be told of one’s orders',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
  {
    collection: 'account',
    path: 'name',
    purpose: 'To be called by a name; given freely',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]
