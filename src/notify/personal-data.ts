import type { PersonalField } from '../shared/personal-data-registry.js'

/** What notify keeps of people. */
export const notifyPersonalData: readonly PersonalField[] = [
  {
    collection: 'message',
    path: 'secret',
    purpose: 'The code in a message, until the message has been sent',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'untilDone' },
  },
]
