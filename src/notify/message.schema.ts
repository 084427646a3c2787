import * as z from 'zod'
import type { Collection } from '../shared/collection.js'
import { moneySchema } from '../shared/money.schema.js'
import { sealedSchema } from '../shared/personal-data.schema.js'
import { parseStored } from '../shared/stored.schema.js'
import { channels, type MessageRecord } from './message.js'
import { templateNames } from './templates.js'

const fact = z.union([
  z.string(),
  z.number(),
  moneySchema,
  z.object({ at: z.int(), utcOffsetMinutes: z.exactOptional(z.int()) }),
  z.object({ en: z.string(), 'zh-CN': z.string() }),
])

const facts = {
  messageId: z.string(),
  cause: z.string(),
  accountId: z.string(),
  channel: z.enum(channels),
  template: z.enum(templateNames),
  facts: z.record(z.string(), fact),
  orderId: z.exactOptional(z.string()),
  queuedAt: z.int(),
}

const due = {
  dueAt: z.int(),
  tries: z.int().min(0),
  secret: z.exactOptional(sealedSchema),
  to: z.exactOptional(sealedSchema),
}

const messageSchema = z.discriminatedUnion('status', [
  z.object({ ...facts, status: z.literal('queued'), ...due }),
  z.object({ ...facts, status: z.literal('sending'), ...due }),
  z.object({ ...facts, status: z.literal('sent'), sentAt: z.int(), tries: z.int().min(0) }),
  z.object({
    ...facts,
    status: z.literal('failed'),
    failedAt: z.int(),
    tries: z.int().min(0),
    reason: z.enum(['refusedByChannel', 'triesUsedUp', 'outOfTime', 'notReadable']),
  }),
  z.object({
    ...facts,
    status: z.literal('suppressed'),
    suppressedAt: z.int(),
    reason: z.enum(['noConsent', 'noAddress']),
  }),
])

/** Messages on their way and what became of them. */
export const messages: Collection<MessageRecord> = {
  name: 'message',
  rank: 90,
  schemaVersion: 1,
  fields: {
    accountId: { type: 'text', path: 'accountId' },
    status: { type: 'text', path: 'status' },
    template: { type: 'text', path: 'template' },
    channel: { type: 'text', path: 'channel' },
    dueAt: { type: 'instant', path: 'dueAt' },
    queuedAt: { type: 'instant', path: 'queuedAt' },
  },
  ownership: { own: 'accountId' },
  parse: parseStored<MessageRecord>('message')(messageSchema),
}
