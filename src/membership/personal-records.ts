import { type PersonalRecord, personalEntries, personalRows } from '../shared/personal-record.js'
import { levelEntries, members } from './member.collection.schema.js'
import { membershipPersonalData } from './personal-data.js'
import { pointsAccounts } from './points-account.collection.schema.js'
import { pointsEntries } from './points-entry.schema.js'

/** What membership keeps of people, and what becomes of it with the account. */
export const membershipPersonalRecords: readonly PersonalRecord[] = [
  personalRows(members, {
    purpose: 'To give what the programme promises its members',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
    fields: membershipPersonalData,
    omitted: ['birthday.key'],
  }),
  personalRows(pointsAccounts, {
    idOf: (accountId) => accountId,
    purpose: 'To know how many points a member has',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
  }),
  personalEntries(pointsEntries, {
    purpose: 'To say where points came from and went',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
  }),
  personalEntries(levelEntries, {
    purpose: 'To say why a member has a level',
    basis: 'contract',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'anonymise' },
  }),
]
