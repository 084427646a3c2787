import type { PersonalField } from '../../shared/personal-data-registry.js'

/** What reviews keep of people. */
export const reviewsPersonalData: readonly PersonalField[] = [
  {
    collection: 'review',
    path: 'details.words',
    sealedAs: 'words',
    purpose: 'What a buyer says in public of what they bought, and the name they sign with; given freely',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]
