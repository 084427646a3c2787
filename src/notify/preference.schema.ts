import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { parseStored } from '../shared/stored.schema.js'
import { channels } from './message.js'
import type { MessagePreference } from './preference.js'

/** How each person wants to be written to; absent means no marketing. */
export const messagePreferences: Collection<MessagePreference> = {
  name: 'messagePreference',
  rank: 89,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    marketing: { type: 'textList', path: 'marketing' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<MessagePreference>('messagePreference')(
    z.object({
      accountId: z.string(),
      locale: z.enum(['zh-CN', 'en']),
      marketing: z.array(z.enum(channels)),
      noticeVersion: z.exactOptional(z.string()),
      changedAt: z.int(),
    }),
  ),
}
