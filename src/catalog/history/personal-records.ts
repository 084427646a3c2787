import type { PersonalField } from '../../shared/personal-data-registry.js'
import { type PersonalRecord, personalRows } from '../../shared/personal-record.js'
import { browsingHistories } from './browsing-history.schema.js'

const historyPersonalData: readonly PersonalField[] = [
  {
    collection: 'browsingHistory',
    path: 'items',
    sealedAs: 'items',
    purpose: 'To show what was looked at and for, and to recommend by it; kept for 90 days',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
  },
]

/** What histories keep of people: gone with the consent, and with the account. */
export const historyPersonalRecords: readonly PersonalRecord[] = [
  personalRows(browsingHistories, {
    purpose: 'To show what was looked at and for, and to recommend by it',
    basis: 'consent',
    onErasure: { verdict: 'erase' },
    fields: historyPersonalData,
  }),
]
