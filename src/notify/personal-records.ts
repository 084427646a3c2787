import { type PersonalRecord, personalRows } from '../shared/personal-record.js'
import { messages } from './message.schema.js'
import { notifyPersonalData } from './personal-data.js'
import { messagePreferences } from './preference.schema.js'
import { messagesKeptDays } from './sweep-messages.js'

/** What notify keeps of people, and what becomes of it with the account. */
export const notifyPersonalRecords: readonly PersonalRecord[] = [
  personalRows(messages, {
    purpose: 'To tell of orders, codes and what the person agreed to hear of',
    basis: 'contract',
    sensitivity: 'sensitive',
    retention: { kind: 'daysAfterEnd', days: messagesKeptDays },
    onErasure: { verdict: 'erase' },
    fields: notifyPersonalData,
  }),
  personalRows(messagePreferences, {
    purpose: 'To write in the person’s language, and of nothing they did not agree to',
    basis: 'consent',
    sensitivity: 'ordinary',
    retention: { kind: 'untilErased' },
    onErasure: { verdict: 'erase' },
  }),
]
