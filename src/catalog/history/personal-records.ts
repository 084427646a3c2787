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
  {
    collection: 'browsingHistory',
    path: 'counted.marks',
    sealedAs: 'counted.marks',
    // Digests, of which the shop alone can make anything.
    withheld: true,
    purpose:
      'To count nobody twice among those who looked at or for something, so that published figures are true; kept until a period of 90 days ends',
    basis: 'legalDuty',
    sensitivity: 'ordinary',
    retention: { kind: 'untilDone' },
  },
]

/** What histories keep of people: the items are gone with the consent, and all with the account. */
export const historyPersonalRecords: readonly PersonalRecord[] = [
  personalRows(browsingHistories, {
    idOf: (accountId) => accountId,
    purpose: 'To show what was looked at and for, and to recommend by it',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
    fields: historyPersonalData,
    omitted: ['counted.marks'],
  }),
]
