import type { PersonalField } from '../shared/personal-data-registry.js'

/** What notify keeps of people. */
export const notifyPersonalData: readonly PersonalField[] = [
  {
    collection: 'message',
    path: 'secret',
    sealedAs: 'secret',
    withheld: true,
    purpose: 'The code in a message, until the message has been sent',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilDone' },
  },
  {
    collection: 'message',
    path: 'to',
    sealedAs: 'to',
    purpose: 'The address of a message that goes to none of the account’s own, until the message has been sent',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilDone' },
  },
]
